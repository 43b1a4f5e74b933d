"""Heads and framings: RFC 9112 sections 2 to 7, and what smugglers make of them."""

from __future__ import annotations

from verdicts import CLOSED, GOOD_BODY, REFUSED, SMUGGLED, SURVIVED, Afterwards, Kind, Verdict

LENGTH = b"content-length: %d" % len(GOOD_BODY)
CHUNKED_BODY = b"%x\r\n%s\r\n0\r\n\r\n" % (len(GOOD_BODY), GOOD_BODY)


def framing(name: str, verdict: Verdict, *lines: bytes, **members) -> Kind:
    """A request whose framing lines are its own; what follows it must never be read as a request."""
    members.setdefault("body", GOOD_BODY + SMUGGLED)
    members.setdefault("afterwards", Afterwards.closes)
    members.setdefault("provider", b"openai")
    return Kind(name, verdict, lines, content_length=False, **members)


def lengths() -> list[Kind]:
    values = {
        "plus": b"+5", "minus": b"-5", "hex": b"0x5", "letters": b"five", "empty": b"", "dot": b"5.0",
        "exponent": b"1e1", "list": b"5,6", "spaces": b"5 6", "overflow": b"9" * 30, "underscore": b"6_4",
        "quote": b'"5"', "semicolon": b"5;a=b", "just above": b"18446744073709551616", "arabic": "٥".encode(),
        "minus zero": b"-0", "tab inside": b"5\t6", "null": b"null",
    }  # fmt: skip
    kinds = [
        framing(f"length {name}", REFUSED, b"content-length: " + value) for name, value in values.items()
    ]
    kinds += [
        framing("two lengths that differ", REFUSED, b"content-length: 3", LENGTH),
        framing("two lengths that differ, other case", REFUSED, LENGTH, b"Content-LENGTH: 3"),
        framing("three lengths", REFUSED, LENGTH, LENGTH, b"content-length: 1"),
        framing("a length with a name of spaces", REFUSED, b"content-length : 5"),
        framing("a length before a tab", REFUSED, b"content-length\t: 5"),
        Kind("the same length twice", SURVIVED, (LENGTH, LENGTH), GOOD_BODY, content_length=False),
        Kind(
            "a length with zeros",
            SURVIVED,
            (b"content-length: 000%d" % len(GOOD_BODY),),
            GOOD_BODY,
            content_length=False,
        ),
    ]
    return kinds


def codings() -> list[Kind]:
    chunked = CHUNKED_BODY + SMUGGLED
    values = {
        "not last": b"chunked, gzip", "unknown last": b"xchunked", "identity": b"identity",
        "twice": b"chunked, chunked",
        "gzip alone": b"gzip", "vertical tab": b"\x0bchunked", "suffix": b"chunkedx", "quoted": b'"chunked"',
        "empty": b"", "comma": b",", "semicolon": b"chunked;a=b", "null byte": b"chunked\x00",
        "gzip first": b"gzip, chunked",
        "spaces": b"chun ked", "high bit": b"chunked\xff", "deflate": b"deflate, chunked",
    }  # fmt: skip
    kinds = [
        framing(f"coding {name}", REFUSED, b"transfer-encoding: " + value, body=chunked)
        for name, value in values.items()
    ]
    te = b"transfer-encoding: chunked"
    kinds += [
        framing("coding and length", REFUSED, te, b"content-length: 5", body=chunked),
        framing("length and coding", REFUSED, b"content-length: %d" % len(chunked), te, body=chunked),
        framing("length zero and coding", REFUSED, b"content-length: 0", te, body=chunked),
        framing("two codings", REFUSED, te, b"transfer-encoding: identity", body=chunked),
        framing("two chunked", REFUSED, te, te, body=chunked),
        framing("coding with a space in its name", REFUSED, b"transfer-encoding : chunked", body=chunked),
        framing("coding with a tab in its name", REFUSED, b"transfer-encoding\t: chunked", body=chunked),
        framing(
            "coding folded away",
            REFUSED,
            b"x-a: b",
            b" transfer-encoding: chunked",
            b"transfer-encoding: x",
            body=chunked,
        ),
        framing("coding after a lone CR", REFUSED, b"x-a: b\rtransfer-encoding: chunked", LENGTH),
        framing("coding after a NUL", REFUSED, b"x-a: b\x00transfer-encoding: chunked", LENGTH),
        framing(
            "underscored coding",
            SURVIVED,
            b"transfer_encoding: chunked",
            LENGTH,
            body=GOOD_BODY,
            afterwards=Afterwards.any,
            provider=b"demo",
        ),
    ]
    return kinds


def chunk_sizes() -> list[Kind]:
    te = b"transfer-encoding: chunked"
    starts = {
        "letters": b"zz\r\n", "minus": b"-1\r\n", "plus": b"+5\r\n", "hex prefix": b"0x5\r\n",
        "space first": b" 5\r\n",
        "empty": b"\r\n", "overflow": b"f" * 17 + b"\r\n", "just above": b"10000000000000000\r\n",
        "dot": b"5.0\r\n",
        "underscore": b"1_0\r\n", "null": b"5\x00\r\n", "long zeros": b"0" * 70_000 + b"5\r\n",
        "comma": b"5,5\r\n",
        "lone cr": b"5\r", "quote": b'"5"\r\n', "extension with a control": b"5;a=\x01b\r\n",
        "huge extension": b"5;" + b"e" * 70_000 + b"\r\n",
        "extension with a bare cr": b"5;a=b\rc\r\n", "name only": b";a\r\n", "high bit": b"\xb5\r\n",
    }  # fmt: skip
    verdicts = {"extension with a control": SURVIVED}
    kinds = [
        framing(f"chunk size {name}", verdicts.get(name, REFUSED), te, body=start + b"hello\r\n0\r\n\r\n")
        for name, start in starts.items()
    ]
    tails = {
        "no end of line": b"5\r\nhelloX\r\n0\r\n\r\n", "too long": b"3\r\nhello\r\n0\r\n\r\n",
        "end of line of LF CR": b"5\r\nhello\n\r0\r\n\r\n", "garbage instead": b"5\r\nhello0\r\n\r\n",
    }  # fmt: skip
    kinds += [framing(f"chunk data {name}", REFUSED, te, body=tail) for name, tail in tails.items()]
    good = b"%x\r\n%s\r\n0\r\n" % (len(GOOD_BODY), GOOD_BODY)
    trailers = {
        "no colon": (SURVIVED, b"trailer\r\n\r\n"), "space in name": (SURVIVED, b"tra iler: x\r\n\r\n"),
        "null": (SURVIVED, b"t: \x00\r\n\r\n"), "huge": (REFUSED, b"t: " + b"t" * 200_000 + b"\r\n\r\n"),
        "many": (REFUSED, b"t: x\r\n" * 20_000 + b"\r\n"),
    }  # fmt: skip
    for name, (verdict, tail) in trailers.items():
        kinds.append(framing(f"trailer {name}", verdict, te, body=good + tail))
    for field in (
        b"content-length: 5",
        b"transfer-encoding: chunked",
        b"host: evil",
        b"authorization: Bearer evil",
    ):
        name = f"trailer smuggles {field.split(b':')[0].decode()}"
        kinds.append(framing(name, SURVIVED, te, body=good + field + b"\r\n\r\n"))
    return kinds


def field_lines() -> list[Kind]:
    refused = {
        "no colon": b"this is no field", "empty name": b": value", "space in name": b"bad name: x",
        "space before colon": b"name : x",
        "tab before colon": b"name\t: x", "control in name": b"na\x01me: x", "null in name": b"na\x00me: x",
        "null in value": b"name: a\x00b",
        "lone cr in value": b"name: a\rb", "high bit in name": b"n\xe4me: x",
        "parenthesis in name": b"na(me: x", "at sign in name": b"n@me: x",
        "brackets in name": b"[name]: x", "slash in name": b"na/me: x", "quote in name": b'"name": x',
        "comma in name": b"na,me: x",
"lone cr in name": b"na\rme: x", "del in name": b"na\x7fme: x",
    }  # fmt: skip
    survived = {
        "empty value": b"name:", "lone cr at its end": b"name: a\r\r", "space alone": b" ", "tabs around": b"name:\t\tvalue\t",
        "high bit in value": b"name: \xff\xfe\x80", "control in value": b"name: a\x01b",
        "del in value": b"name: \x7f", "escape in value": b"name: \x1b[31mred", "colons": b"name:::",
        "utf-8 in value": "name: ü🌍".encode(),
        "odd connection": b"connection: close, keep-alive, x", "upgrade to h2c": b"upgrade: h2c",
        "unknown expectation": b"expect: 200-ok",
        "range": b"range: bytes=0-,0-,0-,0-", "te trailers": b"te: trailers",
        "odd accept-encoding": b"accept-encoding: *;q=0, \x01",
        "websocket half": b"sec-websocket-key: x", "proxy header": b"proxy: http://evil",
        "forwarded loops": b"x-forwarded-for: " + b"1.1.1.1," * 200,
    }  # fmt: skip
    kinds = [Kind(f"field {name}", REFUSED, (line,), GOOD_BODY) for name, line in refused.items()]
    kinds += [Kind(f"field {name}", SURVIVED, (line,), GOOD_BODY) for name, line in survived.items()]
    kinds += [
        Kind("folded field", SURVIVED, (b"name: a", b" b", b"\tc"), GOOD_BODY),
        Kind(
            "folding before the first field",
            REFUSED,
            (b"name: x",),
            GOOD_BODY,
            request_line=b"POST /v1/chat/completions HTTP/1.1\r\n folded: x",
        ),
        Kind("bare LF everywhere", SURVIVED, (), GOOD_BODY, newline=b"\n"),
        Kind("lone CR everywhere", CLOSED, (), GOOD_BODY, newline=b"\r"),
        Kind("LF CR everywhere", CLOSED, (), GOOD_BODY, newline=b"\n\r"),
        Kind("no host", REFUSED, (), GOOD_BODY, host=False),
        Kind("two hosts", REFUSED, (b"host: evil",), GOOD_BODY),
        Kind("a host with a space", SURVIVED, (b"host: a b",), GOOD_BODY, host=False),
        Kind("a host with a path", SURVIVED, (b"host: a/b?c@d",), GOOD_BODY, host=False),
    ]
    return kinds


def request_lines() -> list[Kind]:
    path = b"/v1/chat/completions"
    refused = {
        "no version": b"POST " + path, "two spaces": b"POST  " + path + b" HTTP/1.1",
        "space in target": b"POST /v1/chat completions HTTP/1.1",
        "space at its end": b"POST " + path + b" HTTP/1.1 ", "space first": b" POST " + path + b" HTTP/1.1",
        "tab": b"POST\t" + path + b"\tHTTP/1.1",
        "version 2.0": b"POST " + path + b" HTTP/2.0", "version 3": b"POST " + path + b" HTTP/3",
        "lower case version": b"POST " + path + b" http/1.1",
        "version of letters": b"POST " + path + b" HTTP/x.y",
        "version 1.10": b"POST " + path + b" HTTP/1.10", "version 11": b"POST " + path + b" HTTP/11",
        "version with a space": b"POST " + path + b" HTTP/ 1.1",
        "version 0.9": b"POST " + path + b" HTTP/0.9",
        "method with a colon": b"PO:ST " + path + b" HTTP/1.1",
        "empty method": b" " + path + b" HTTP/1.1", "control in method": b"PO\x01ST " + path + b" HTTP/1.1",
        "null in target": b"POST /v1/\x00 HTTP/1.1",
        "control in target": b"POST /v1/\x01 HTTP/1.1", "no slash": b"POST v1/chat HTTP/1.1",
        "only a slash": b"/", "lone cr in target": b"POST /v1/\rchat HTTP/1.1",
        "quote of spaces": b'POST "/v1/a b" HTTP/1.1',
        "long target": b"POST /" + b"t" * 100_000 + b" HTTP/1.1",
        "long query": b"POST " + path + b"?" + b"q" * 100_000 + b" HTTP/1.1",
        "long method": b"M" * 100_000 + b" / HTTP/1.1", "unknown scheme": b"POST ftp://a/v1 HTTP/1.1",
        "asterisk for post": b"POST * HTTP/1.1", "connect": b"CONNECT evil.example:443 HTTP/1.1",
        "trace": b"TRACE /v1/models HTTP/1.1", "empty target": b"POST  HTTP/1.1",
        "version twice": b"POST " + path + b" HTTP/1.1 HTTP/1.1",
    }  # fmt: skip
    survived = {
        "lower case method": b"post " + path + b" HTTP/1.1",
        "unknown method": b"BREW " + path + b" HTTP/1.1",
        "absolute form": b"POST http://x" + path + b" HTTP/1.1",
        "dots": b"POST /v1/../../../etc/passwd HTTP/1.1",
        "encoded dots": b"POST /v1/%2e%2e/%2e%2e/etc HTTP/1.1", "encoded null": b"POST /v1/%00 HTTP/1.1",
        "bad escape": b"POST /v1/%zz HTTP/1.1", "double slash": b"POST //v1//chat//completions HTTP/1.1",
        "backslash": b"POST /v1\\chat HTTP/1.1",
        "high bit in target": b"POST /v1/\xff\xfe HTTP/1.1", "fragment": b"POST " + path + b"#frag HTTP/1.1",
        "pretty": b"POST " + path + b"?pretty&pretty=%ff HTTP/1.1",
        "version 1.2": b"POST " + path + b" HTTP/1.2", "priority": b"PRI * HTTP/1.1",
        "encoded line break": b"POST /v1/%0d%0aX:%20y HTTP/1.1",
        "user info": b"POST http://a:b@x/v1/models HTTP/1.1",
        "options asterisk": b"OPTIONS * HTTP/1.1", "version 1.0": b"POST " + path + b" HTTP/1.0",
    }  # fmt: skip
    kinds = [
        Kind(f"request line {name}", REFUSED, (), GOOD_BODY, request_line=line, afterwards=Afterwards.any)
        for name, line in refused.items()
    ]
    kinds += [
        Kind(f"request line {name}", SURVIVED, (), GOOD_BODY, request_line=line)
        for name, line in survived.items()
    ]
    return kinds


def sizes() -> list[Kind]:
    kinds = []
    for size in (70_000, 200_000, 1_000_000):
        kinds.append(Kind(f"a field of {size} bytes", REFUSED, (b"x-long: " + b"v" * size,), GOOD_BODY))
        kinds.append(Kind(f"a name of {size} bytes", REFUSED, (b"n" * size + b": v",), GOOD_BODY))
    for count in (101, 1000, 20_000):
        lines = tuple(b"x-%d: v" % number for number in range(count))
        kinds.append(Kind(f"{count} fields", REFUSED, lines, GOOD_BODY))
        kinds.append(Kind(f"{count} times one field", REFUSED, (b"cookie: a",) * count, GOOD_BODY))
    kinds.append(Kind("100,000 empty fields", REFUSED, (b"a:",) * 100_000, GOOD_BODY))
    return kinds


def no_http() -> list[Kind]:
    raws = {
        "tls hello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)),
        "ssh": b"SSH-2.0-OpenSSH_9.2\r\n", "binary": bytes(range(256)) * 20,
        "nulls": b"\x00" * 5000,
        "http/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00",
        "redis": b"*1\r\n$4\r\nPING\r\n",
        "smtp": b"EHLO evil\r\nMAIL FROM:<a@b>\r\n",
        "proxy protocol": b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\nGET / HTTP/1.1\r\nhost: x\r\n\r\n",
        "a mouse": b"\xf0\x9f\x90\xad" * 300,
        "http/0.9": b"GET /\r\n", "an answer": b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
        "json lines": b'{"a":1}\n' * 50, "one long line": b"A" * 300_000,
    }  # fmt: skip
    kinds = [Kind(f"no http: {name}", CLOSED, raw=raw + b"\r\n\r\n") for name, raw in raws.items()]
    empty_lines = Kind("empty lines without end", CLOSED, raw=b"\r\n" * 50_000)
    return [*kinds, empty_lines]


def unfinished() -> list[Kind]:
    """What never comes to its end: given up after the time for it."""
    head = b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nx-portkey-provider: demo\r\n"
    raws = {
        "request line": b"POST /v1/cha", "field": head + b"x-a: unfin", "end of head": head, "one byte": b"P",
        "length too long": head + b"content-length: 500\r\n\r\n" + GOOD_BODY,
        "no body": head + b"content-length: 10\r\n\r\n",
        "chunk size": head + b"transfer-encoding: chunked\r\n\r\n5",
        "chunk": head + b"transfer-encoding: chunked\r\n\r\nff\r\nhello",
        "no last chunk": head + b"transfer-encoding: chunked\r\n\r\n" + CHUNKED_BODY[:-5],
        "trailers": head + b"transfer-encoding: chunked\r\n\r\n" + CHUNKED_BODY[:-2] + b"t: x",
    }  # fmt: skip
    return [Kind(f"unfinished {name}", CLOSED, raw=raw) for name, raw in raws.items()]


def framing_kinds() -> list[Kind]:
    return lengths() + codings() + chunk_sizes() + field_lines() + request_lines() + sizes() + no_http()
