"""A plain-socket HTTP/1.1 client that hides nothing: bytes out, bytes and their end in."""

from __future__ import annotations

import json
import socket
import ssl
from dataclasses import dataclass, field


class CutShort(Exception):
    """The connection ended before the message did."""


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes = b""
    head: bytes = b""
    chunks: list[bytes] = field(default_factory=list)

    def header(self, name: str) -> str | None:
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return values[0] if values else None

    def json(self) -> dict:
        return json.loads(self.body)

    @property
    def message(self) -> str:
        """The error's message in the OpenAI shape."""
        return self.json()["error"]["message"]


class RawClient:
    """One connection. `call` for a whole exchange; the smaller steps for everything odd."""

    def __init__(self, host: str, port: int, tls: ssl.SSLContext | None = None, **options):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.settimeout(options.get("timeout", 20))
        if "receive_buffer" in options:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, options["receive_buffer"])
        self.socket.connect((host, port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_hostname=options.get("server_name", host))
        self._host = host
        self._buffer = b""

    def __enter__(self) -> RawClient:
        return self

    def __exit__(self, *exc_info) -> None:
        self.close()

    def close(self) -> None:
        self.socket.close()

    # -- out ------------------------------------------------------------------------------------

    def send(self, piece: bytes) -> None:
        self.socket.sendall(piece)

    def send_request(self, method: str, target: str, body: bytes | dict, headers: dict) -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        fields = {"host": self._host} | headers
        names = {name.lower() for name in fields}
        if (raw or method in ("POST", "PUT", "PATCH")) and "content-length" not in names:
            fields["content-length"] = str(len(raw))
        if raw and "content-type" not in names:
            fields["content-type"] = "application/json"
        lines = [f"{method} {target} HTTP/1.1"] + [f"{name}: {value}" for name, value in fields.items()]
        self.send(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + raw)

    # -- in -------------------------------------------------------------------------------------

    def _fill(self) -> None:
        piece = self.socket.recv(65536)
        if not piece:
            raise CutShort(f"closed after {self._buffer[:200]!r}")
        self._buffer += piece

    def _until(self, mark: bytes) -> bytes:
        while (at := self._buffer.find(mark)) < 0:
            self._fill()
        at += len(mark)
        piece, self._buffer = self._buffer[:at], self._buffer[at:]
        return piece

    def read_exactly(self, count: int) -> bytes:
        parts, missing = [], count
        while missing:
            if not self._buffer:
                self._fill()
            part, self._buffer = self._buffer[:missing], self._buffer[missing:]
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def read_head(self) -> Answer:
        """Status and headers of the next answer; 1xx answers are passed over."""
        while True:
            head = self._until(b"\r\n\r\n")
            lines = head[:-4].split(b"\r\n")
            version, status, *_ = lines[0].split(b" ")
            assert version == b"HTTP/1.1", lines[0]
            pairs = [line.partition(b":") for line in lines[1:]]
            headers = [(name.decode(), value.strip().decode("latin-1")) for name, _, value in pairs]
            if int(status) >= 200:
                return Answer(int(status), headers, head=head)

    def read_chunk(self) -> bytes:
        """The next chunk of a chunked body; empty at its proper end."""
        size = int(self._until(b"\r\n").split(b";")[0], 16)
        if size == 0:
            while self._until(b"\r\n") != b"\r\n":
                pass
            return b""
        piece = self.read_exactly(size)
        assert self.read_exactly(2) == b"\r\n"
        return piece

    def read_event(self) -> bytes:
        """For answers that send one event in one chunk: chunks up to an empty line."""
        event = b""
        while not event.endswith(b"\n\n"):
            piece = self.read_chunk()
            if not piece:
                return event
            event += piece
        return event

    def read_body(self, answer: Answer, method: str = "GET") -> Answer:
        if method == "HEAD" or answer.status in (204, 304):
            return answer
        if (answer.header("transfer-encoding") or "").lower() == "chunked":
            while piece := self.read_chunk():
                answer.chunks.append(piece)
            answer.body = b"".join(answer.chunks)
        elif answer.header("content-length") is not None:
            answer.body = self.read_exactly(int(answer.header("content-length")))
        else:
            answer.body = self._until_close()
        return answer

    def _until_close(self) -> bytes:
        while True:
            try:
                self._fill()
            except CutShort:
                piece, self._buffer = self._buffer, b""
                return piece

    def read_answer(self, method: str = "GET") -> Answer:
        return self.read_body(self.read_head(), method)

    def read_to_any_end(self) -> tuple[bytes, bool]:
        """What is left of a chunked body, and whether it ended properly."""
        pieces = []
        try:
            while piece := self.read_chunk():
                pieces.append(piece)
        except (CutShort, ConnectionError):
            return b"".join(pieces), False
        return b"".join(pieces), True

    def call(self, method: str, target: str, body: bytes | dict = b"", headers: dict | None = None) -> Answer:
        self.send_request(method, target, body, headers or {})
        return self.read_answer(method)

    def is_closed_by_peer(self) -> bool:
        """Waits for the end of the connection; anything else on it is an error."""
        try:
            return not self._buffer and self.socket.recv(1) == b""
        except ConnectionError:
            return True
