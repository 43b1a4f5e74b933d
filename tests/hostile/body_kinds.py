"""Well-framed requests with hostile contents: JSON, UTF-8, multipart, and the gateway's own headers."""

from __future__ import annotations

from verdicts import GOOD_BODY, REFUSED, SURVIVED, Kind, Verdict

MESSAGES = b'"messages":[{"role":"user","content":"hi"}]'
EDGE = b"multipart/form-data; boundary=edge"


def chat(name: str, verdict: Verdict, body: bytes) -> Kind:
    return Kind(name, verdict, body=body)


def broken_json() -> list[Kind]:
    bodies = {
        "empty": b"", "space": b"   ", "word": b"hello", "brace": b"{", "list": b"[]", "number": b"5",
        "string": b'"s"', "null": b"null", "true": b"true",
        "single quotes": b"{'model':'m'}", "trailing comma": b'{"model":"m",}',
        "two documents": GOOD_BODY * 2, "garbage behind": GOOD_BODY + b" x",
        "comment": b"/* c */" + GOOD_BODY,
        "unquoted key": b"{model:1}", "no colon": b'{"model" "m"}',
        "no comma": b'{"model":"m" "messages":[]}', "open string": b'{"model":"m',
        "open list": b'{"model":"m","messages":[',
        "nan": b'{"model":"m","temperature":NaN,' + MESSAGES + b"}",
        "closed twice": GOOD_BODY + b"}", "wrong bracket": b'{"model":"m","messages":[}',
        "raw line break in a string": b'{"model":"a\nb",' + MESSAGES + b"}",
        "raw control": b'{"model":"a\x01b",' + MESSAGES + b"}",
        "bad escape": b'{"model":"\\q",' + MESSAGES + b"}",
        "half escape": b'{"model":"\\u12",' + MESSAGES + b"}", "null byte": b"\x00" + GOOD_BODY,
        "null byte inside": b'{"model":\x00"m"}', "utf-16": GOOD_BODY.decode().encode("utf-16"),
        "utf-32": GOOD_BODY.decode().encode("utf-32"),
        "xml": b"<?xml version='1.0'?><a/>", "form": b"model=m&messages=x", "yaml": b"model: m",
        "only quotes": b'"' * 3000, "only braces": b"{" * 3000, "only brackets": b"[" * 3000,
        "only colons": b":" * 3000, "only backslashes": b"\\" * 3000,
    }  # fmt: skip
    kinds = [chat(f"json {name}", REFUSED, body) for name, body in bodies.items()]
    kinds += [chat(f"json cut at {at}", REFUSED, GOOD_BODY[:at]) for at in range(1, len(GOOD_BODY), 3)]
    return kinds


def deep_json() -> list[Kind]:
    kinds = []
    for depth in (2000, 20_000, 200_000):
        kinds += [
            chat(f"list {depth} deep", REFUSED, b"[" * depth + b"]" * depth),
            chat(f"object {depth} deep", REFUSED, b'{"a":' * depth + b"1" + b"}" * depth),
            chat(
                f"messages {depth} deep",
                REFUSED,
                b'{"model":"m","messages":' + b"[" * depth + b"]" * depth + b"}",
            ),
            chat(
                f"unknown member {depth} deep",
                REFUSED,
                b'{"model":"demo-chat","x":' + b"[" * depth + b"]" * depth + b"," + MESSAGES + b"}",
            ),
            chat(f"open list {depth} deep", REFUSED, b'{"model":"m","messages":' + b"[" * depth),
            chat(
                f"tool schema {depth} deep",
                REFUSED,
                b'{"model":"demo-chat",'
                + MESSAGES
                + b',"tools":[{"type":"function","function":{"name":"f","parameters":'
                + b'{"a":' * depth
                + b"1"
                + b"}" * depth
                + b"}}]}",
            ),
        ]
    return kinds


def wrong_types() -> list[Kind]:
    values = [b"null", b"5", b"-1.5e300", b"true", b"[]", b"{}", b'[["m"]]', b'{"a":"b"}', b'""']
    kinds = []
    for value in values:
        text = value.decode()
        kinds.append(chat(f"model is {text}", REFUSED, b'{"model":' + value + b"," + MESSAGES + b"}"))
        kinds.append(chat(f"messages is {text}", REFUSED, b'{"model":"demo-chat","messages":' + value + b"}"))
        kinds.append(
            chat(f"a message is {text}", REFUSED, b'{"model":"demo-chat","messages":[' + value + b"]}")
        )
        kinds.append(
            chat(
                f"role is {text}",
                REFUSED,
                b'{"model":"demo-chat","messages":[{"role":' + value + b',"content":"x"}]}',
            )
        )
        for member in (
            b"temperature",
            b"max_tokens",
            b"n",
            b"stop",
            b"tools",
            b"tool_choice",
            b"response_format",
            b"stream_options",
            b"user",
            b"seed",
            b"logit_bias",
        ):
            kinds.append(
                chat(
                    f"{member.decode()} is {text}",
                    SURVIVED,
                    b'{"model":"demo-chat",' + MESSAGES + b',"' + member + b'":' + value + b"}",
                )
            )
    for value in (b'"yes"', b"5", b"[]", b"{}", b'"true"'):
        kinds.append(
            chat(
                f"stream is {value.decode()}",
                REFUSED,
                b'{"model":"demo-chat",' + MESSAGES + b',"stream":' + value + b"}",
            )
        )
    return kinds


def odd_json() -> list[Kind]:
    members = {
        "a huge number": b'"n2":' + b"9" * 50_000, "a huge exponent": b'"e":1e999999999',
        "a lone surrogate": b'"s":"\\ud800"', "a reversed pair": b'"s":"\\udc00\\ud800"',
        "an escaped null": b'"s":"\\u0000"', "a member twice": b'"model":"demo-chat"',
        "stream twice": b'"stream":true,"stream":false', "an empty name": b'"":1',
        "a long name": b'"' + b"k" * 60_000 + b'":1',
        "many members": b",".join(b'"k%d":%d' % (number, number) for number in range(20_000)),
        "prototype": b'"__proto__":{"x":1}', "an escaped model": b'"\\u006dodel":"demo-chat"',
        "line breaks in the user": b'"user":"a\\r\\nX-Evil: 1"',
    }  # fmt: skip
    kinds = [
        chat(f"json with {name}", SURVIVED, b"{" + MESSAGES + b',"model":"demo-chat",' + member + b"}")
        for name, member in members.items()
    ]
    kinds.append(chat("json behind a byte order mark", SURVIVED, b"\xef\xbb\xbf" + GOOD_BODY))
    models = [
        b"@",
        b"@/",
        b"@x",
        b"portkey/",
        b"portkey//",
        b"portkey/x",
        b"/",
        b"//",
        b"../../etc/passwd",
        b"@../x",
        b"portkey/@/m",
        b"portkey/@nobody/m",
        b"a" * 50_000,
        b"nobody/m",
        b"%00/m",
        b"\\u0000/m",
        b"\\r\\nevil: 1/m",
    ]
    for model in models:
        body = b'{"model":"' + model + b'",' + MESSAGES + b"}"
        kinds.append(Kind(f"model {model[:20]!r} without a provider", REFUSED, body=body, provider=b""))
    return kinds


def wrong_utf8() -> list[Kind]:
    sequences = {
        "lone continuation": b"\x80", "lone start": b"\xc3", "overlong slash": b"\xc0\xaf",
        "overlong null": b"\xc0\x80", "overlong three": b"\xe0\x80\xaf", "surrogate": b"\xed\xa0\x80",
        "beyond unicode": b"\xf4\x90\x80\x80", "five bytes": b"\xf8\x88\x80\x80\x80", "fe": b"\xfe",
        "ff": b"\xff", "cut three": b"\xe4\xb8", "cut four": b"\xf0\x9f\x8c", "latin-1": b"Gr\xfcezi",
    }  # fmt: skip
    kinds = []
    for name, raw in sequences.items():
        kinds += [
            chat(
                f"utf-8 {name} in the content",
                REFUSED,
                b'{"model":"demo-chat","messages":[{"role":"user","content":"' + raw + b'"}]}',
            ),
            chat(f"utf-8 {name} in the model", REFUSED, b'{"model":"' + raw + b'",' + MESSAGES + b"}"),
            chat(
                f"utf-8 {name} in an unknown member",
                REFUSED,
                b'{"model":"demo-chat","x":"' + raw + b'",' + MESSAGES + b"}",
            ),
            chat(
                f"utf-8 {name} in a name",
                REFUSED,
                b'{"model":"demo-chat","' + raw + b'":1,' + MESSAGES + b"}",
            ),
        ]
    return kinds


# What the gateway holds and reads (a form's model) it must refuse when it is broken; what is well formed
# but lacks a part, and uploads, which stream through unread, are the provider's to judge.
PROVIDERS_TO_JUDGE = {"only an end": SURVIVED, "no file": SURVIVED, "no name": SURVIVED, "bare LF": SURVIVED}
MULTIPART_PATHS = (
    (b"/v1/audio/transcriptions", b"demo", {"": REFUSED, "bare LF": SURVIVED}),
    (b"/v1/images/edits", b"openai", {"": REFUSED} | PROVIDERS_TO_JUDGE),
    (b"/v1/files", b"openai", {"": SURVIVED}),
)


def part(name: bytes, content: bytes, extra: bytes = b"") -> bytes:
    return (
        b'--edge\r\nContent-Disposition: form-data; name="'
        + name
        + b'"'
        + extra
        + b"\r\n\r\n"
        + content
        + b"\r\n"
    )


def multipart() -> list[Kind]:
    file_part = part(b"file", b"abc", b'; filename="a.jsonl"')
    whole = part(b"purpose", b"batch") + file_part
    bodies = {
        "no end": whole, "cut in a part": whole[:-10], "cut in a part's head": b"--edge\r\nContent-Dispo",
        "only an end": b"--edge--\r\n", "no parts": b"", "garbage": b"hello there",
        "another edge": whole.replace(b"edge", b"other") + b"--other--\r\n",
        "no blank line": b'--edge\r\nContent-Disposition: form-data; name="file"\r\nabc\r\n--edge--\r\n',
        "no name": b"--edge\r\nContent-Disposition: form-data\r\n\r\nabc\r\n--edge--\r\n",
        "bare LF": (whole + b"--edge--\r\n").replace(b"\r\n", b"\n"),
        "null bytes": b"\x00" * 500, "no file": part(b"purpose", b"batch") + b"--edge--\r\n",
    }  # fmt: skip
    odd_boundaries = {
        "no boundary": b"multipart/form-data",
        "empty boundary": b"multipart/form-data; boundary=",
        "long boundary": b"multipart/form-data; boundary=" + b"b" * 5000,
    }
    kinds = []
    for path, provider, verdicts in MULTIPART_PATHS:
        name_of = path.decode().rsplit("/", 1)[1]
        for name, body in bodies.items():
            options = {"path": path, "provider": provider, "content_type": EDGE}
            kinds.append(Kind(f"{name_of} {name}", verdicts.get(name, verdicts[""]), body=body, **options))
        for name, value in odd_boundaries.items():
            options = {"path": path, "provider": provider, "content_type": value}
            kinds.append(Kind(f"{name_of} {name}", verdicts[""], body=whole + b"--edge--\r\n", **options))
    return kinds


def content_types() -> list[Kind]:
    wrong = [
        b"text/plain",
        b"application/x-www-form-urlencoded",
        b"application/xml",
        b"application/jsonx",
        b"application",
        b"*/*",
        b"image/png",
        b"text/html; charset=utf-8",
    ]
    kinds = [
        Kind(f"content type {value.decode()}", REFUSED, body=GOOD_BODY, content_type=value) for value in wrong
    ]
    kinds.append(Kind("json called multipart", SURVIVED, body=GOOD_BODY, content_type=EDGE))
    return kinds


def gateway_headers() -> list[Kind]:
    hosts = [
        b"http://169.254.169.254/", b"http://127.1/", b"http://0x7f000001/", b"http://2130706433/",
        b"http://[::ffff:169.254.169.254]/", b"file:///etc/passwd", b"gopher://a/", b"http://a@b/",
        b"http://user:pw@a.example/",
        b"http://metadata.google.internal/", b"http://10.0.0.1/", b"http://a.local/", b"http://a..b/",
        b"http:///x", b"http://a:99999/", b"http://a:0/", b"//a/", b"http://%31%32%37.0.0.1/",
        b"javascript:x", b"http://a b/", b"",
    ]  # fmt: skip
    kinds = []
    for host in hosts:
        verdict = SURVIVED if host == b"" else REFUSED
        lines = (b"x-portkey-custom-host: " + host, b"authorization: Bearer sk-x")
        kinds.append(Kind(f"custom host {host.decode()!r}", verdict, lines, GOOD_BODY, provider=b"openai"))
    providers = [
        b"nobody",
        b"open ai",
        b"../openai",
        b"openai,demo",
        b"@",
        b"@nobody",
        b"demo\xff",
        b"x" * 5000,
        b"%64emo",
        b"demo;x",
    ]
    kinds += [Kind(f"provider {name[:20]!r}", REFUSED, body=GOOD_BODY, provider=name) for name in providers]
    keys = [b"", b"x", b"gh-" + b"0" * 40, b"\xff" * 20, b"k" * 20_000, b"' OR 1=1 --", b"Bearer x"]
    kinds += [
        Kind(f"gateway key {key[:20]!r}", SURVIVED, (b"x-portkey-api-key: " + key,), GOOD_BODY)
        for key in keys
    ]
    odd = {
        b"x-portkey-metadata": [b"{", b"[1]", b'{"a":' * 500, b"\xff", b'{"a":"' + b"v" * 30_000 + b'"}'],
        b"x-portkey-trace-id": [b"t" * 30_000, b"\xff\xfe", b"a b", b"'; DROP TABLE"],
        b"x-portkey-request-timeout": [b"-1", b"0", b"x", b"9" * 40],
        b"x-portkey-cache": [b"{", b"[]", b"semantic", b"\xff"],
        b"x-portkey-retry": [b"{", b'{"max_retries":-5}', b'{"max_retries":1e99}', b'"x"'],
        b"x-portkey-user": [b"u" * 30_000, b"\x80"], b"x-portkey-organization": [b"\xff"],
        b"x-portkey-forward-headers": [b"host", b"content-length,transfer-encoding", b"x-portkey-api-key"],
        b"traceparent": [b"00-", b"x" * 500],
    }  # fmt: skip
    for name, values in odd.items():
        for value in values:
            kinds.append(
                Kind(f"{name.decode()} {value[:20]!r}", SURVIVED, (name + b": " + value,), GOOD_BODY)
            )
    for config in (
        b"{",
        b"[]",
        b'{"strategy":5}',
        b'{"targets":[]}',
        b'{"strategy":{"mode":"x"},"targets":[]}',
        b"\xff",
        b'{"targets":' * 300,
    ):
        kinds.append(Kind(f"config {config[:20]!r}", SURVIVED, (b"x-portkey-config: " + config,), GOOD_BODY))
    return kinds


def log_queries() -> list[Kind]:
    queries = [
        b"limit=-1",
        b"limit=abc",
        b"limit=99999999999999999999",
        b"status=abc",
        b"cursor=%ff",
        b"since=x",
        b"nobody=1",
        b"metadata.=x",
        b"headers.%00=x",
        b"trace_id=" + b"%27%20OR%201=1",
        b"&&&&",
        b"=",
        b"limit=%zz",
    ]
    kinds = []
    for query in queries:
        line = b"GET /v1/logs?" + query + b" HTTP/1.1"
        kinds.append(Kind(f"logs by {query.decode()}", SURVIVED, request_line=line, content_length=False))
    kinds.append(
        Kind(
            "a record of an odd id",
            SURVIVED,
            request_line=b"GET /v1/logs/%2e%2e%2fx%00 HTTP/1.1",
            content_length=False,
        )
    )
    return kinds


def body_kinds() -> list[Kind]:
    return (
        broken_json() + deep_json() + wrong_types() + odd_json() + wrong_utf8() + multipart()
        + content_types() + gateway_headers() + log_queries()
    )  # fmt: skip
