"""A scripted OpenAI-compatible provider on raw sockets, for end-to-end tests.

What it answers is a *scenario*: a coroutine that gets an `Exchange` and may send any bytes, wait at
a gate, cut, reset or hold the connection. A scenario is chosen by "METHOD /path" (before the body
is read, so that it may read slowly) or else by the model that the body names; without one, the
OpenAI-shaped answers of openai_answers.py are given. Every request is recorded byte for byte.

It runs in a thread of its own: `with FakeUpstream() as fake: ... fake.base_url ...`.
As a program it serves the default answers and prints its address: `python fake_upstream.py`.
"""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import struct
import sys
import threading
import time
from collections.abc import Awaitable, Callable

import openai_answers
from http_message import BadFraming, BodyReader, RecordedRequest, WatchedReader, parse_head

Scenario = Callable[["Exchange"], Awaitable[None]]


class Gate:
    """A point where a scenario waits until the test opens it. `reached` tells the test."""

    def __init__(self, loop: asyncio.AbstractEventLoop):
        self._loop = loop
        self._opened = asyncio.Event()
        self.reached = threading.Event()

    def open(self) -> None:
        self._loop.call_soon_threadsafe(self._opened.set)

    async def passed(self) -> None:
        self.reached.set()
        await self._opened.wait()


class EndOfConnection(Exception):
    """A scenario is done with its connection."""


class Exchange:
    """One request and the means to answer it."""

    def __init__(self, fake: FakeUpstream, request: RecordedRequest, streams: tuple):
        self.fake = fake
        self.request = request
        self._reader, self._writer, self._body = streams
        self._watcher: asyncio.Task | None = None
        self.keep_alive = (request.header("connection") or "").lower() != "close"

    async def read_some(self, limit: int = 65536) -> bytes:
        return await self._body.read_some(limit)

    async def read_body(self) -> bytes:
        """Reads the rest of the body; from then on a client that leaves is noticed."""
        await self._body.read_all()
        self.fake.note_received(self.request)
        if self._watcher is None:
            self._watcher = asyncio.ensure_future(self._watch())
        return self.request.body

    async def _watch(self) -> None:
        await self._reader.watch()
        self.request.client_closed.set()

    async def close(self) -> bool:
        """Ends the exchange. True when the connection may serve another one."""
        if self._watcher:
            self._watcher.cancel()
            await asyncio.gather(self._watcher, return_exceptions=True)
        if self._reader.closed.is_set():
            self.request.client_closed.set()
        self.request.finished.set()
        return self.keep_alive and self._body.is_done and not self._reader.closed.is_set()

    async def send(self, piece: bytes) -> None:
        """Sends in one write and waits until the kernel has taken nearly all of it."""
        self._writer.write(piece)
        await self._writer.drain()
        self.request.bytes_sent += len(piece)

    async def send_head(self, status: int = 200, headers: dict | None = None) -> None:
        lines = [f"HTTP/1.1 {status} {openai_answers.REASONS.get(status, 'Status')}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        await self.send(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))

    async def send_sse_head(self, headers: dict | None = None) -> None:
        fields = {"Content-Type": "text/event-stream; charset=utf-8", "Transfer-Encoding": "chunked"}
        await self.send_head(200, fields | (headers or {}))

    async def send_chunk(self, piece: bytes) -> None:
        await self.send(b"%x\r\n%s\r\n" % (len(piece), piece))

    async def send_event(self, value: dict | str) -> None:
        text = value if isinstance(value, str) else json.dumps(value)
        await self.send_chunk(b"data: " + text.encode() + b"\n\n")

    async def end_chunks(self) -> None:
        await self.send(b"0\r\n\r\n")

    async def answer(self, status: int, body: bytes | dict, headers: dict | None = None) -> None:
        """A whole answer with a Content-Length."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        fields = {"Content-Type": "application/json", "Content-Length": str(len(raw))}
        fields |= headers or {}
        lines = [f"HTTP/1.1 {status} {openai_answers.REASONS.get(status, 'Status')}"]
        lines += [f"{name}: {value}" for name, value in fields.items()]
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        await self.send(head if self.request.method == "HEAD" else head + raw)

    async def pause(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def until_client_leaves(self) -> None:
        await self._reader.closed.wait()

    def cut(self) -> None:
        """Closes with a FIN, whatever is still owed."""
        raise EndOfConnection

    def reset(self) -> None:
        """Closes with a RST."""
        peer = self._writer.get_extra_info("socket")
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()
        raise EndOfConnection


class FakeUpstream:
    """The server. Public members are for the test's thread; the rest runs on the fake's loop."""

    def __init__(self, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"):
        self._tls = tls
        self._host = host
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="fake-upstream", daemon=True)
        self._started = threading.Event()
        self._arrived = threading.Condition()
        self._scenarios: dict[str, Scenario] = {}
        self._writers: set[asyncio.StreamWriter] = set()
        self.requests: list[RecordedRequest] = []
        self.bad_framing: list[str] = []
        self.connections_opened = 0
        self.files: dict[str, dict] = {}
        self.port = 0

    # -- the test's side ------------------------------------------------------------------------

    def __enter__(self) -> FakeUpstream:
        self._thread.start()
        if not self._started.wait(10):
            raise RuntimeError("the fake provider did not start")
        return self

    def __exit__(self, *exc_info) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    @property
    def authority(self) -> str:
        return f"{'localhost' if self._tls else self._host}:{self.port}"

    @property
    def base_url(self) -> str:
        return f"{'https' if self._tls else 'http'}://{self.authority}/v1"

    @property
    def open_connections(self) -> int:
        return len(self._writers)

    def on(self, key: str, scenario: Scenario) -> None:
        """Answers "METHOD /path" or requests for the model `key` with this scenario."""
        self._scenarios[key] = scenario

    def gate(self) -> Gate:
        return Gate(self._loop)

    def forget(self) -> None:
        """Drops recorded requests, scenarios and files; connections stay."""
        with self._arrived:
            self.requests.clear()
        self._scenarios.clear()
        self.files.clear()
        self.bad_framing.clear()

    def close_idle_connections(self) -> None:
        """Closes every connection, as a provider does with idle ones, without a warning."""
        done = threading.Event()

        def close_all() -> None:
            for writer in list(self._writers):
                writer.close()
            done.set()

        self._loop.call_soon_threadsafe(close_all)
        done.wait(5)

    def note_received(self, request: RecordedRequest) -> None:
        """The exchange's word that a body is complete."""
        request.received.set()
        with self._arrived:
            self._arrived.notify_all()

    def wait_for(self, wanted: Callable[[RecordedRequest], bool], timeout: float = 5) -> RecordedRequest:
        """The first recorded request that `wanted` accepts, with its body received."""
        deadline = time.monotonic() + timeout
        with self._arrived:
            while True:
                found = next((one for one in self.requests if wanted(one)), None)
                if found:
                    break
                if not self._arrived.wait(max(0.0, deadline - time.monotonic())):
                    seen = [f"{one.method} {one.target}" for one in self.requests]
                    raise AssertionError(f"the provider saw no such request; it saw {seen}")
        return found

    def wait_for_model(self, model: str, timeout: float = 5) -> RecordedRequest:
        return self.wait_for(lambda one: one.received.is_set() and one.model() == model, timeout)

    def for_model(self, model: str) -> list[RecordedRequest]:
        with self._arrived:
            return [one for one in self.requests if one.model() == model]

    # -- the fake's loop ------------------------------------------------------------------------

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.set_exception_handler(lambda *_: None)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, self._host, 0, ssl=self._tls, limit=65536, backlog=4096)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections_opened += 1
        connection = self.connections_opened
        self._writers.add(writer)
        writer.transport.set_write_buffer_limits(high=16384)
        peer = writer.get_extra_info("socket")
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        watched = WatchedReader(reader)
        try:
            while await self._serve_one(watched, writer, connection):
                pass
        except BadFraming as bad:
            self.bad_framing.append(str(bad))
        except (EndOfConnection, ConnectionError, OSError, ssl.SSLError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _serve_one(self, reader, writer, connection: int) -> bool:
        head = await reader.read_until(b"\r\n\r\n")
        if not head:
            return False
        request = parse_head(head, connection, len(self.requests))
        body = BodyReader(reader, request)
        exchange = Exchange(self, request, (reader, writer, body))
        with self._arrived:
            self.requests.append(request)
            self._arrived.notify_all()
        may_go_on = False
        try:
            await self._answer(exchange)
        finally:
            may_go_on = await exchange.close()
        return may_go_on

    async def _answer(self, exchange: Exchange) -> None:
        request = exchange.request
        scenario = self._scenarios.get(f"{request.method} {request.path}")
        if scenario is None:
            await exchange.read_body()
            scenario = self._scenarios.get(request.model()) or openai_answers.answer
        await scenario(exchange)


def main() -> None:
    with FakeUpstream() as fake:
        print(f"listening on {fake.base_url}", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
