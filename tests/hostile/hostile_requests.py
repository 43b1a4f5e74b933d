"""20,000 hostile requests from one seed: every kind in many dresses, and honest requests with damaged bytes."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import pairwise

from body_kinds import body_kinds
from framing_kinds import framing_kinds, unfinished
from verdicts import GOOD_BODY, SURVIVED, Afterwards, Kind, Verdict

COUNT = 20_000
DAMAGED = 5_000
UNFINISHED = 1_000
SEED = 9112


@dataclass(frozen=True)
class Hostile:
    """The bytes, cut into the writes in which they are sent, and the verdict."""

    name: str
    pieces: tuple[bytes, ...]
    verdict: Verdict
    afterwards: Afterwards


def hostile_requests(key: str) -> list[Hostile]:
    """All of them; `key` is a gateway key, since most hostility needs to get past the door."""
    chance = random.Random(SEED)
    kinds = framing_kinds() + body_kinds()
    waiting = unfinished()
    made = [
        dressed(kinds[number % len(kinds)], key.encode(), chance)
        for number in range(COUNT - DAMAGED - UNFINISHED)
    ]
    made += [dressed(waiting[number % len(waiting)], key.encode(), chance) for number in range(UNFINISHED)]
    made += [damaged(number, key.encode(), chance) for number in range(DAMAGED)]
    chance.shuffle(made)
    return made


def kind_count() -> int:
    names = [kind.name for kind in framing_kinds() + body_kinds() + unfinished()]
    assert len(names) == len(set(names)), "every kind has a name of its own"
    return len(names)


# -- dressing -----------------------------------------------------------------------------------


def dressed(kind: Kind, key: bytes, chance: random.Random) -> Hostile:
    """A kind among harmless fields in random order and case, cut into writes at random places."""
    wire = kind.raw or wire_of(kind, key, chance)
    return Hostile(kind.name, cut(wire, chance), kind.verdict, kind.afterwards)


def wire_of(kind: Kind, key: bytes, chance: random.Random) -> bytes:
    harmless = [b"accept: */*", b"user-agent: hostile/1.0", b"x-request-source: test", b"accept-language: en"]
    first = harmless[: chance.randint(0, len(harmless))]
    names = b"\n".join(kind.lines).lower()
    if b"x-portkey-api-key:" not in names:
        first.append(b"x-portkey-api-key: " + key)
    if kind.provider:
        first.append(b"x-portkey-provider: " + kind.provider)
    if kind.provider == b"openai" and b"authorization:" not in names:
        first.append(b"authorization: Bearer sk-x")
    if kind.host:
        first.append(b"host: localhost")
    if kind.content_length:
        first.append(b"content-length: %d" % len(kind.body))
    if kind.content_type and kind.body:
        first.append(b"content-type: " + kind.content_type)
    chance.shuffle(first)
    at = chance.randint(1, len(first))
    lines = (
        [recased(line, chance) for line in first[:at]]
        + list(kind.lines)
        + [recased(line, chance) for line in first[at:]]
    )
    request_line = kind.request_line or b"POST " + kind.path + b" HTTP/1.1"
    return kind.newline.join([request_line, *lines, b"", b""]) + kind.body


def recased(line: bytes, chance: random.Random) -> bytes:
    name, colon, value = line.partition(b":")
    return chance.choice([name, name.title(), name.upper()]) + colon + value


def cut(wire: bytes, chance: random.Random) -> tuple[bytes, ...]:
    if not wire:
        return ()
    borders = sorted(chance.randrange(1, len(wire) + 1) for _ in range(chance.choice([0, 0, 0, 1, 3])))
    edges = [0, *borders, len(wire)]
    return tuple(wire[start:end] for start, end in pairwise(edges) if end > start)


# -- damage -------------------------------------------------------------------------------------

INTERESTING = [
    b"\x00",
    b"\r",
    b"\n",
    b"\r\n",
    b"\r\n\r\n",
    b"\xff",
    b" ",
    b"\t",
    b":",
    b"%",
    b"{",
    b"[",
    b'"',
    b"\\",
    b"0",
    b"-1",
    b"\x7f",
    b"\xc3",
]


def damaged(number: int, key: bytes, chance: random.Random) -> Hostile:
    """An honest request, damaged in one to eight places. Whatever it has become, it hurts nobody."""
    wire = honest(key, chance)
    for _ in range(chance.choice([1, 1, 2, 4, 8])):
        wire = damage(wire, chance)
    return Hostile(f"damaged {number}", cut(wire, chance), SURVIVED, Afterwards.any)


def honest(key: bytes, chance: random.Random) -> bytes:
    fields = (
        b"host: localhost\r\nx-portkey-api-key: "
        + key
        + b"\r\nx-portkey-provider: demo\r\ncontent-type: application/json\r\n"
    )
    if chance.random() < 0.3:
        return b"GET /v1/models HTTP/1.1\r\n" + fields + b"\r\n"
    start = b"POST /v1/chat/completions HTTP/1.1\r\n" + fields
    body = GOOD_BODY if chance.random() < 0.6 else GOOD_BODY[:-1] + b',"stream":true}'
    if chance.random() < 0.5:
        return start + b"content-length: %d\r\n\r\n" % len(body) + body
    return start + b"transfer-encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


def damage(wire: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(wire))
    way = chance.choice(["flip", "insert", "delete", "double", "cut", "swap"])
    if way == "flip":
        return wire[:at] + bytes([wire[at] ^ (1 << chance.randrange(8))]) + wire[at + 1 :]
    if way == "insert":
        return wire[:at] + chance.choice(INTERESTING) + wire[at:]
    length = chance.randint(1, 12)
    if way == "delete":
        return wire[:at] + wire[at + length :] or wire
    if way == "double":
        return wire[: at + length] + wire[at:]
    if way == "cut" and chance.random() < 0.3:
        return wire[: max(1, at)]
    other = chance.randrange(len(wire))
    low, high = min(at, other), max(at, other)
    return (
        wire[:low]
        + wire[high : high + length]
        + wire[low + length : high]
        + wire[low : low + length]
        + wire[high + length :]
    )
