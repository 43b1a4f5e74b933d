"""What a hostile request is, and what it may be answered with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """`refused`: a 4xx, or 501/505 where RFC 9110 and 9112 ask for them.
    `refused_or_closed`: the same, or a close without an answer, since the framing is beyond repair.
    `survived`: RFC leaves it to the server: any well-formed answer that is no failure, or a close."""

    refused = "refused"
    refused_or_closed = "refused or closed"
    survived = "survived"


class Afterwards(Enum):
    """What must become of the connection. `closes`: nothing behind the request may be read as one."""

    any = "any"
    closes = "closes"


@dataclass(frozen=True)
class Kind:
    """One way to be hostile. `head` and `body` are joined by the wire builder in hostile_requests."""

    name: str
    verdict: Verdict
    lines: tuple[bytes, ...] = ()
    body: bytes = b""
    request_line: bytes = b""
    newline: bytes = b"\r\n"
    afterwards: Afterwards = Afterwards.any
    content_length: bool = True
    content_type: bytes = b"application/json"
    raw: bytes = b""
    path: bytes = b"/v1/chat/completions"
    host: bool = True
    provider: bytes = b"demo"


REFUSED, CLOSED, SURVIVED = Verdict.refused, Verdict.refused_or_closed, Verdict.survived
GOOD_BODY = b'{"model":"demo-chat","messages":[{"role":"user","content":"hi"}]}'
SMUGGLED = b"GET /v1/smuggled HTTP/1.1\r\nhost: x\r\nx-portkey-provider: openai\r\n\r\n"


def code_allows(verdict: Verdict, status: int) -> bool:
    """Whether a final status fits the verdict."""
    if status in (501, 505) or 400 <= status < 500:
        return True
    return verdict is Verdict.survived and 200 <= status < 400
