"""HTTP/1.1 messages as the fake provider reads and records them (RFC 9112).

Only what a well-behaved client may send is accepted: the fake stands behind the gateway, so a
request that is not well framed is itself a finding and raises `BadFraming`.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import threading
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

KEEP_BODY_BYTES = 8 * 1024 * 1024


class BadFraming(Exception):
    """The bytes on the connection are no HTTP/1.1 request."""


@dataclass
class RecordedRequest:
    """One request as it arrived. Written by the fake's loop, read by tests after `received`."""

    method: str
    target: str
    head: bytes
    headers: list[tuple[str, str]]
    connection: int
    order: int
    body: bytes = b""
    body_length: int = 0
    body_digest: str = ""
    bytes_sent: int = 0
    received: threading.Event = field(default_factory=threading.Event)
    client_closed: threading.Event = field(default_factory=threading.Event)
    finished: threading.Event = field(default_factory=threading.Event)

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.target).query, keep_blank_values=True)

    def header(self, name: str) -> str | None:
        """The first field of that name, or None."""
        values = self.header_values(name)
        return values[0] if values else None

    def header_values(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def json(self) -> dict:
        return json.loads(self.body)

    def model(self) -> str:
        """The model a JSON or multipart body asks for, or an empty string."""
        content_type = (self.header("content-type") or "").lower()
        if "multipart/form-data" in content_type:
            found = re.search(rb'name="model"\r\n(?:[^\r\n]+\r\n)*\r\n([^\r\n]*)', self.body)
            return found.group(1).decode() if found else ""
        try:
            parsed = json.loads(self.body)
        except ValueError:
            return ""
        return str(parsed.get("model", "")) if isinstance(parsed, dict) else ""


def parse_head(head: bytes, connection: int, order: int) -> RecordedRequest:
    lines = head[:-4].split(b"\r\n")
    parts = lines[0].split(b" ")
    if len(parts) != 3 or parts[2] != b"HTTP/1.1":
        raise BadFraming(f"request line {lines[0]!r}")
    headers = []
    for line in lines[1:]:
        name, colon, value = line.partition(b":")
        if not colon or not re.fullmatch(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
            raise BadFraming(f"field line {line!r}")
        headers.append((name.decode(), value.strip(b" \t").decode("latin-1")))
    return RecordedRequest(parts[0].decode(), parts[1].decode("latin-1"), head, headers, connection, order)


class BodyReader:
    """Reads one request body in pieces, so that a scenario may read it slowly or not at all."""

    def __init__(self, stream: WatchedReader, request: RecordedRequest):
        self._stream = stream
        self._request = request
        self._digest = hashlib.sha256()
        self._chunked = False
        self._left = 0
        self._done = False
        self._choose_framing()

    def _choose_framing(self) -> None:
        lengths = self._request.header_values("content-length")
        codings = self._request.header_values("transfer-encoding")
        if codings and lengths:
            raise BadFraming("both Content-Length and Transfer-Encoding")
        if len(lengths) > 1 or any(not re.fullmatch(r"[0-9]+", length) for length in lengths):
            raise BadFraming(f"Content-Length {lengths}")
        if codings and codings != ["chunked"]:
            raise BadFraming(f"Transfer-Encoding {codings}")
        self._chunked = bool(codings)
        self._left = int(lengths[0]) if lengths else 0
        self._done = not self._chunked and self._left == 0

    @property
    def is_done(self) -> bool:
        return self._done

    async def read_some(self, limit: int = 65536) -> bytes:
        """The next piece of the body; empty at its end."""
        if self._done:
            return b""
        piece = await (self._read_chunked(limit) if self._chunked else self._read_sized(limit))
        self._digest.update(piece)
        self._request.body_length += len(piece)
        self._request.body_digest = self._digest.hexdigest()
        if len(self._request.body) < KEEP_BODY_BYTES:
            self._request.body += piece
        return piece

    async def _read_sized(self, limit: int) -> bytes:
        piece = await self._stream.read(min(limit, self._left))
        if not piece:
            raise ConnectionResetError("the client left inside its body")
        self._left -= len(piece)
        self._done = self._left == 0
        return piece

    async def _read_chunked(self, limit: int) -> bytes:
        if self._left == 0:
            line = await self._stream.read_until(b"\r\n")
            self._left = int(line.split(b";")[0], 16)
            if self._left == 0:
                while await self._stream.read_until(b"\r\n") != b"\r\n":
                    pass
                self._done = True
                return b""
        piece = await self._read_sized(limit)
        self._done = False
        if self._left == 0:
            await self._stream.read_until(b"\r\n")
        return piece

    async def read_all(self) -> None:
        pieces = []
        while not self._done:
            pieces.append(await self.read_some())


class WatchedReader:
    """Buffered reads from a connection, with an event for the moment the peer closes it."""

    def __init__(self, reader: asyncio.StreamReader):
        self._reader = reader
        self._buffer = b""
        self.closed = asyncio.Event()

    async def _fill(self) -> bool:
        try:
            piece = await self._reader.read(65536)
        except (ConnectionError, OSError):
            piece = b""
        if not piece:
            self.closed.set()
            return False
        self._buffer += piece
        return True

    async def read(self, limit: int) -> bytes:
        if not self._buffer:
            await self._fill()
        piece, self._buffer = self._buffer[:limit], self._buffer[limit:]
        return piece

    async def read_until(self, mark: bytes) -> bytes:
        """Bytes up to and including `mark`; empty when the peer closed before the first byte."""
        while (at := self._buffer.find(mark)) < 0:
            if not await self._fill():
                if self._buffer:
                    raise ConnectionResetError("the client left inside a line")
                return b""
        piece, self._buffer = self._buffer[: at + len(mark)], self._buffer[at + len(mark) :]
        return piece

    async def watch(self) -> None:
        """Runs while a scenario answers: keeps early bytes, sets `closed` when the peer leaves."""
        while await self._fill():
            pass
