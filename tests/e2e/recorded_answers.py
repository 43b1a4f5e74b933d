"""500 recorded OpenAI-shaped answers and streams, made from a fixed seed.

Each has the exact bytes that a provider puts on the wire (framing included), the places where its
writes are cut, and the body that a client must receive: the same bytes, whatever the framing was.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from itertools import pairwise

COUNT = 500
SEED = 20240229

TEXTS = [
    "plain words",
    "",
    'quotes " and \\ backslashes / slashes',
    "line\nbreaks\r\nand\ttabs\u0000\u001f\u007f",
    "Grüezi, 世界, مرحبا, 🌍👩‍👩‍👧‍👦, \u2028\u2029, \ufeff",
    "data: not an event\n\ndata: [DONE]\n\n",
    '{"usage":{"prompt_tokens":999}}',
    "</script><!-- \u00a0 -->",
    "\U0010ffff\ud7ff\ue000",
    "long " * 3000,
]

UNKNOWN_MEMBERS = [
    {"x_groq": {"id": "req_1", "usage": None}},
    {"provider_specific": {"deep": {"deeper": {"deepest": [[[[1]]]]}}}},
    {"big": 123456789012345678901234567890, "small": 1e-320, "minus_zero": -0.0},
    {"citations": ["https://a.example/?q=1&b=%20"], "nulls": [None, {}, [], ""]},
    {"model_extra": True, "": "an empty name", "näme": "ünicode"},
    {"choices_extra": [{"finish_reason": "not this one"}]},
    {},
]

USAGES = [
    {"prompt_tokens": 9, "completion_tokens": 12, "total_tokens": 21},
    {
        "prompt_tokens": 2006, "completion_tokens": 300, "total_tokens": 2306,
        "prompt_tokens_details": {"cached_tokens": 1920, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 128},
    },
    {"total_tokens": 3, "completion_tokens": 1, "prompt_tokens": 2, "cost": 0.00012, "queue_time": 1e-3},
    None,
]  # fmt: skip


@dataclass
class Recorded:
    """One answer. `pieces` go out in one write each; `body` is what a client must get."""

    name: str
    kind: str
    content_type: str
    body: bytes
    pieces: list[bytes]
    closes: bool = False
    usage: dict | None = None
    extra_headers: dict[str, str] = field(default_factory=dict)


def recorded_answers() -> list[Recorded]:
    chance = random.Random(SEED)
    made = []
    for number in range(COUNT):
        maker = make_stream if number % 2 else make_json
        made.append(maker(f"case-{number:03d}", chance))
    return made


# -- JSON answers -------------------------------------------------------------------------------


def make_json(name: str, chance: random.Random) -> Recorded:
    shape = chance.choice([chat_answer, tool_answer, rich_answer, completion_answer])
    usage = chance.choice(USAGES)
    value = shape(chance) | chance.choice(UNKNOWN_MEMBERS)
    if usage or chance.random() < 0.5:
        value["usage"] = usage
    members = list(value.items())
    chance.shuffle(members)
    body = serialised(dict(members), chance)
    return framed(name, "json", "application/json", body, (usage, chance))


def serialised(value: dict, chance: random.Random) -> bytes:
    """JSON in one of the writings that servers use; all mean the same, none may be changed."""
    text = json.dumps(
        value,
        ensure_ascii=chance.random() < 0.5,
        indent=chance.choice([None, None, 1, 4, "\t"]),
        separators=chance.choice([(",", ":"), (", ", ": "), (" , ", " : ")]),
    )
    if chance.random() < 0.25:
        text = text.replace("/", "\\/")
    if chance.random() < 0.2:
        text = text.replace("\n", "\r\n")
    ends = ["", "", "\n", "\r\n", " \t\n"]
    return (chance.choice(["", "", "\n", "  "]) + text + chance.choice(ends)).encode("utf-8", "surrogatepass")


def choice_of(chance: random.Random, index: int, message: dict) -> dict:
    reason = chance.choice(["stop", "length", "content_filter", "tool_calls", None, "a_new_reason"])
    return {"index": index, "message": message, "logprobs": None, "finish_reason": reason}


def answer_head(chance: random.Random, kind: str) -> dict:
    return {
        "id": f"chatcmpl-{chance.getrandbits(60):x}",
        "object": kind,
        "created": 1_700_000_000,
        "model": "gpt-4o-2024-08-06",
    }


def chat_answer(chance: random.Random) -> dict:
    count = chance.choice([1, 1, 1, 3, 0])
    messages = [{"role": "assistant", "content": chance.choice(TEXTS), "refusal": None} for _ in range(count)]
    return answer_head(chance, "chat.completion") | {
        "choices": [choice_of(chance, index, one) for index, one in enumerate(messages)]
    }


def tool_answer(chance: random.Random) -> dict:
    calls = []
    for number in range(chance.randint(1, 3)):
        arguments = json.dumps({"text": chance.choice(TEXTS)}, ensure_ascii=chance.random() < 0.5)
        call = {"name": f"tool_{number}", "arguments": arguments}
        calls.append({"id": f"call_{number}", "type": "function", "function": call})
    message = {"role": "assistant", "content": None, "tool_calls": calls}
    return answer_head(chance, "chat.completion") | {"choices": [choice_of(chance, 0, message)]}


def rich_answer(chance: random.Random) -> dict:
    token = {"token": "Hi", "logprob": -0.0001, "bytes": [72, 105], "top_logprobs": []}
    message = {
        "role": "assistant", "content": chance.choice(TEXTS), "reasoning_content": chance.choice(TEXTS),
        "annotations": [{"type": "url_citation", "url_citation": {"start_index": 0, "end_index": 5}}],
        "audio": {"id": "audio_1", "data": "UklGRg==", "expires_at": 1, "transcript": chance.choice(TEXTS)},
    }  # fmt: skip
    one = choice_of(chance, 0, message) | {"logprobs": {"content": [token], "refusal": None}}
    return answer_head(chance, "chat.completion") | {"choices": [one], "service_tier": "default"}


def completion_answer(chance: random.Random) -> dict:
    one = {"text": chance.choice(TEXTS), "index": 0, "logprobs": None, "finish_reason": "stop"}
    return answer_head(chance, "text_completion") | {"choices": [one]}


# -- streams ------------------------------------------------------------------------------------


def make_stream(name: str, chance: random.Random) -> Recorded:
    newline = chance.choice(["\n", "\n", "\r\n"])
    style = {"newline": newline, "space": chance.choice([" ", " ", ""]), "noise": chance.random() < 0.5}
    usage = chance.choice(USAGES)
    events = [event(chunk, style, chance) for chunk in stream_chunks(usage, chance)]
    if chance.random() < 0.85:
        events.append(f"data:{style['space']}[DONE]{newline}{newline}".encode())
    body = (chance.choice([b"", b"", b": connected\n\n", b"retry: 3000\n\n"])) + b"".join(events)
    content_type = chance.choice(["text/event-stream", "text/event-stream; charset=utf-8"])
    return framed(name, "stream", content_type, body, (usage, chance))


def stream_chunks(usage: dict | None, chance: random.Random) -> list[dict]:
    head = answer_head(chance, "chat.completion.chunk")
    deltas: list[dict] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": chance.choice(TEXTS)} for _ in range(chance.randint(0, 12))]
    if chance.random() < 0.3:
        deltas += tool_deltas(chance)
    chunks = []
    for delta in deltas:
        one = {"index": 0, "delta": delta, "finish_reason": None}
        chunks.append(head | {"choices": [one]} | chance.choice(UNKNOWN_MEMBERS))
    chunks.append(head | {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    if usage is None:
        return chunks
    if chance.random() < 0.7:
        chunks.append(head | {"choices": [], "usage": usage})
    else:
        chunks[-1]["usage"] = usage
    return chunks


def tool_deltas(chance: random.Random) -> list[dict]:
    call = {"index": 0, "id": "call_1", "type": "function", "function": {"name": "f", "arguments": ""}}
    parts = ['{"a', '":"', chance.choice(["x", "ü", "\\n"]), '"}']
    return [{"tool_calls": [call]}] + [
        {"tool_calls": [{"index": 0, "function": {"arguments": part}}]} for part in parts
    ]


def event(chunk: dict, style: dict, chance: random.Random) -> bytes:
    """One server-sent event, by the WHATWG grammar, in any of its writings."""
    newline = style["newline"]
    text = json.dumps(chunk, ensure_ascii=chance.random() < 0.5, separators=(",", ":"))
    lines = []
    if style["noise"]:
        lines += chance.choice(
            [[], [": keep-alive"], [":"], ["event: message"], [f"id: {chance.randint(1, 99)}"]]
        )
    if style["noise"] and chance.random() < 0.1:
        lines += [f"data:{style['space']}{part}" for part in json.dumps(chunk, indent=1).split("\n")]
    else:
        lines.append(f"data:{style['space']}{text}")
    pause = f": OPENROUTER PROCESSING{newline}{newline}" if style["noise"] and chance.random() < 0.1 else ""
    return (pause + newline.join(lines) + newline + newline).encode("utf-8", "surrogatepass")


# -- framing and cutting ------------------------------------------------------------------------


def framed(name: str, kind: str, content_type: str, body: bytes, context: tuple) -> Recorded:
    usage, chance = context
    framing = chance.choice(
        ["length", "chunked", "chunked", "close"]
        if kind == "json"
        else ["chunked", "chunked", "chunked", "close"]
    )
    extra = {"X-Request-Id": f"req-{name}", "OpenAI-Processing-Ms": str(chance.randint(1, 999))}
    head = [f"HTTP/1.1 200 {chance.choice(['OK', '', 'Fine by me'])}", f"Content-Type: {content_type}"]
    head += [f"{key}: {value}" for key, value in extra.items()]
    head += {
        "length": [f"Content-Length: {len(body)}"],
        "chunked": ["Transfer-Encoding: chunked"],
        "close": ["Connection: close"],
    }[framing]
    early = chance.choice(["", "", "", "HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n"])
    wire = (early + "\r\n".join(head) + "\r\n\r\n").encode()
    wire += chunked(body, chance) if framing == "chunked" else body
    recorded = Recorded(name, kind, content_type, body, cut(wire, chance), framing == "close", usage)
    recorded.extra_headers = extra
    return recorded


def chunked(body: bytes, chance: random.Random) -> bytes:
    """The body in chunks whose borders ignore events, characters and JSON alike."""
    sizes = chance.choice([[1, 2, 3], [7, 13], [100, 1, 4096], [16384], [len(body) or 1]])
    if len(body) > 20000:
        sizes = [4096, 1, 16384]
    wire, at, turn = [], 0, 0
    while at < len(body):
        part = body[at : at + sizes[turn % len(sizes)]]
        extension = b";name=value" if chance.random() < 0.02 else b""
        number = chance.choice([b"%x", b"%X", b"%04x"]) % len(part)
        wire.append(number + extension + b"\r\n" + part + b"\r\n")
        at, turn = at + len(part), turn + 1
    trailer = chance.choice([b"", b"", b"", b"X-Trailer: late\r\n"])
    return b"".join(wire) + b"0\r\n" + trailer + b"\r\n"


def cut(wire: bytes, chance: random.Random) -> list[bytes]:
    """The wire bytes in up to a dozen writes, cut anywhere: in the head, in a CRLF, in a character."""
    borders = sorted(chance.randrange(1, len(wire)) for _ in range(chance.choice([0, 1, 3, 12])))
    edges = [0, *borders, len(wire)]
    return [wire[start:end] for start, end in pairwise(edges) if end > start]
