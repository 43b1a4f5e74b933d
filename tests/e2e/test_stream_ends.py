"""However a request ends, it settles exactly once, and the client is never shown a false clean end."""

import json
import socket
import struct

import pytest

import openai_answers
from gateway_process import chat_body, eventually, is_sanitized, standard_config
from raw_http import CutShort

ASKS_FOR_USAGE = {"stream": True, "stream_options": {"include_usage": True}}


class Stream:
    """A streaming chat of one trace, on a connection of its own."""

    def __init__(self, gateway, model: str, trace_id: str, **extra):
        self.client = gateway.connect()
        headers = gateway.headers(x_portkey_trace_id=trace_id) | extra.pop("headers", {})
        self.client.send_request(
            "POST", "/v1/chat/completions", chat_body(model, **(ASKS_FOR_USAGE | extra)), headers
        )

    def head(self):
        return self.client.read_head()

    def event(self) -> bytes:
        return self.client.read_event()

    def leave(self) -> None:
        self.client.close()


def words(count: int, then):
    """A scenario: the head, `count` chunks of text, then whatever the test wants."""

    async def play(exchange):
        body = exchange.request.json()
        await exchange.send_sse_head()
        for number in range(count):
            await exchange.send_event(openai_answers.chunk(body, {"content": f"w{number} "}))
        await then(exchange)

    return play


async def finish(exchange) -> None:
    body = exchange.request.json()
    await exchange.send_event(openai_answers.chunk(body, {}, "stop"))
    await exchange.send_event(openai_answers.usage_chunk(body))
    await exchange.send_event("[DONE]")
    await exchange.end_chunks()


def is_error(event: bytes) -> bool:
    try:
        return "error" in json.loads(event.removeprefix(b"data: "))
    except ValueError:
        return False  # what the upstream left half


def has_error_event(rest: bytes) -> bool:
    """Whether an error came as an event of its own."""
    return any(is_error(event) for event in rest.split(b"\n\n"))


# -- complete -----------------------------------------------------------------------------------


def test_a_whole_stream_is_complete(gateway, fake, trace_id):
    fake.on("whole", words(3, finish))
    stream = Stream(gateway, "whole", trace_id)
    stream.head()
    rest, ended = stream.client.read_to_any_end()
    assert ended and rest.endswith(b"data: [DONE]\n\n")
    row = gateway.settled_once(trace_id)
    assert (row["end"], row["status"], row["finish_reason"]) == ("complete", 200, "stop")
    assert (row["prompt_tokens"], row["completion_tokens"], row["total_tokens"]) == (11, 7, 18)


def test_a_client_that_leaves_after_usage_but_before_done_is_complete(gateway, fake, trace_id):
    gate = fake.gate()

    async def hold_done(exchange):
        body = exchange.request.json()
        await exchange.send_event(openai_answers.chunk(body, {}, "stop"))
        await exchange.send_event(openai_answers.usage_chunk(body))
        await gate.passed()
        await exchange.send_event("[DONE]")
        await exchange.end_chunks()

    fake.on("hold-done", words(1, hold_done))
    stream = Stream(gateway, "hold-done", trace_id)
    stream.head()
    while b'"usage"' not in stream.event():
        pass
    stream.leave()
    request = fake.wait_for_model("hold-done")
    assert request.client_closed.wait(2), "the upstream call is given up when nobody listens"
    row = gateway.settled_once(trace_id)
    assert (row["end"], row["total_tokens"], row["finish_reason"]) == ("complete", 18, "stop")
    gate.open()


# -- the client leaves --------------------------------------------------------------------------


def test_a_client_that_leaves_before_the_first_byte_is_gone_and_the_upstream_is_cancelled(
    gateway, fake, trace_id
):
    async def silent(exchange):
        await exchange.until_client_leaves()

    fake.on("silent", silent)
    stream = Stream(gateway, "silent", trace_id)
    request = fake.wait_for_model("silent")
    stream.leave()
    assert request.client_closed.wait(1), "the upstream call must end within a second"
    assert gateway.settled_once(trace_id)["end"] == "client_gone"


def test_a_client_that_leaves_a_blocking_call_is_gone_too(gateway, fake, trace_id):
    async def silent(exchange):
        await exchange.until_client_leaves()

    fake.on("silent", silent)
    with gateway.connect() as client:
        headers = gateway.headers(x_portkey_trace_id=trace_id)
        client.send_request("POST", "/v1/chat/completions", chat_body("silent"), headers)
        request = fake.wait_for_model("silent")
    assert request.client_closed.wait(1)
    assert gateway.settled_once(trace_id)["end"] == "client_gone"


def test_a_client_that_leaves_after_the_first_byte_is_gone_and_the_upstream_is_cancelled(
    gateway, fake, trace_id
):
    async def hold(exchange):
        await exchange.until_client_leaves()

    fake.on("hold", words(1, hold))
    stream = Stream(gateway, "hold", trace_id)
    assert stream.head().status == 200
    assert b"w0" in stream.event()
    stream.leave()
    assert fake.wait_for_model("hold").client_closed.wait(1)
    assert gateway.settled_once(trace_id)["end"] == "client_gone"


def test_a_client_that_resets_its_connection_is_gone(gateway, fake, trace_id):
    async def hold(exchange):
        await exchange.until_client_leaves()

    fake.on("hold", words(1, hold))
    stream = Stream(gateway, "hold", trace_id)
    stream.head()
    stream.event()
    stream.client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    stream.leave()
    assert fake.wait_for_model("hold").client_closed.wait(1)
    assert gateway.settled_once(trace_id)["end"] == "client_gone"


def test_a_client_that_leaves_while_an_endless_stream_flows_is_gone(gateway, fake, trace_id):
    async def endless(exchange):
        while True:
            await exchange.send_event(openai_answers.chunk(exchange.request.json(), {"content": "more"}))

    fake.on("endless", words(0, endless))
    stream = Stream(gateway, "endless", trace_id)
    stream.head()
    for _ in range(50):
        stream.event()
    stream.leave()
    assert fake.wait_for_model("endless").finished.wait(2)
    assert gateway.settled_once(trace_id)["end"] == "client_gone"


# -- the upstream fails -------------------------------------------------------------------------


async def cut(exchange):
    exchange.cut()


async def reset(exchange):
    exchange.reset()


async def cut_inside_an_event(exchange):
    await exchange.send_chunk(b'data: {"choices":[{"index":0,"del')
    exchange.cut()


async def cut_inside_a_chunk(exchange):
    await exchange.send(b"ff\r\ndata: {")
    exchange.cut()


async def a_chunk_size_that_is_none(exchange):
    await exchange.send(b"zz\r\n")
    await exchange.until_client_leaves()


MID_STREAM_FAILURES = [cut, reset, cut_inside_an_event, cut_inside_a_chunk, a_chunk_size_that_is_none]


@pytest.mark.parametrize("failure", MID_STREAM_FAILURES)
def test_an_upstream_that_breaks_off_a_stream_is_never_a_clean_end(gateway, fake, trace_id, failure):
    fake.on("broken", words(2, failure))
    stream = Stream(gateway, "broken", trace_id)
    assert stream.head().status == 200
    rest, ended = stream.client.read_to_any_end()
    assert b"[DONE]" not in rest
    assert has_error_event(rest), rest
    assert rest.count(b'"content"') == 2, "what had arrived is delivered"
    assert gateway.settled_once(trace_id)["end"] == "upstream_failed"


def test_what_comes_in_one_read_with_a_framing_error_is_delivered_first(gateway, fake, trace_id):
    async def good_then_bad(exchange):
        event = (
            b"data: " + openai_answers.dump(openai_answers.chunk({"model": "m"}, {"content": "w0"})) + b"\n\n"
        )
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        await exchange.send(head + b"%x\r\n%s\r\nzz\r\n" % (len(event), event))
        await exchange.until_client_leaves()

    fake.on("good-then-bad", good_then_bad)
    stream = Stream(gateway, "good-then-bad", trace_id)
    assert stream.head().status == 200
    rest, _ = stream.client.read_to_any_end()
    assert rest.count(b'"content"') == 1
    assert has_error_event(rest)
    assert gateway.settled_once(trace_id)["end"] == "upstream_failed"


async def nothing_at_all(exchange):
    exchange.cut()


async def reset_at_once(exchange):
    exchange.reset()


async def half_a_head(exchange):
    await exchange.send(b"HTTP/1.1 200 OK\r\nContent-Ty")
    exchange.cut()


async def no_http(exchange):
    await exchange.send(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
    await exchange.until_client_leaves()


async def two_lengths(exchange):
    await exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}")
    await exchange.until_client_leaves()


async def an_endless_head(exchange):
    await exchange.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        await exchange.send(b"X-More: " + b"m" * 1000 + b"\r\n")


EARLY_FAILURES = [nothing_at_all, reset_at_once, half_a_head, no_http, two_lengths, an_endless_head]


@pytest.mark.parametrize("streaming", [{}, {"stream": True}], ids=["blocking", "streaming"])
@pytest.mark.parametrize("failure", EARLY_FAILURES)
def test_an_upstream_that_fails_before_its_answer_is_a_502_or_503(
    gateway, fake, trace_id, failure, streaming
):
    fake.on("early", failure)
    answer = gateway.chat("early", gateway.headers(x_portkey_trace_id=trace_id), **streaming)
    assert answer.status in (502, 503), answer.body
    assert answer.json()["error"]["message"]
    assert answer.header("x-portkey-trace-id") == trace_id
    row = gateway.settled_once(trace_id)
    assert (row["end"], row["status"]) == ("upstream_failed", answer.status)


def test_an_upstream_that_cuts_a_json_body_is_never_a_clean_end(gateway, fake, trace_id):
    async def half(exchange):
        body = openai_answers.dump_completion("half")
        await exchange.send_head(200, {"Content-Type": "application/json", "Content-Length": str(len(body))})
        await exchange.send(body[:100])
        exchange.cut()

    fake.on("half", half)
    with gateway.connect() as client:
        headers = gateway.headers(x_portkey_trace_id=trace_id)
        client.send_request("POST", "/v1/chat/completions", chat_body("half"), headers)
        answer = client.read_head()
        if answer.status == 200:
            with pytest.raises((CutShort, ConnectionError)):
                client.read_body(answer)
        else:
            assert (answer.status, bool(client.read_body(answer).message)) == (502, True)
    assert gateway.settled_once(trace_id)["end"] == "upstream_failed"


def test_an_error_event_inside_a_stream_reaches_the_client_and_the_record(gateway, fake, trace_id):
    async def say_error(exchange):
        await exchange.send_event({"error": {"message": "overloaded", "type": "server_error", "code": 529}})
        await exchange.end_chunks()

    fake.on("says-error", words(1, say_error))
    stream = Stream(gateway, "says-error", trace_id)
    stream.head()
    rest, _ = stream.client.read_to_any_end()
    assert b'"overloaded"' in rest and b"[DONE]" not in rest
    row = gateway.settled_once(trace_id)
    assert row["end"] == "upstream_failed"
    assert "overloaded" in json.dumps(row["error"])


# -- deadlines ----------------------------------------------------------------------------------


@pytest.fixture
def hasty(fake, start_gateway):
    """A gateway with little patience."""
    patience = {"first_byte_timeout": "600ms", "idle_timeout": "700ms", "total_timeout": "2s"}
    return start_gateway(standard_config(fake.base_url, upstream=patience))


async def stall(exchange):
    await exchange.until_client_leaves()


async def trickle(exchange):
    while not exchange.request.client_closed.is_set():
        await exchange.send_event(openai_answers.chunk(exchange.request.json(), {"content": "."}))
        await exchange.pause(0.1)


@pytest.mark.parametrize("streaming", [{}, {"stream": True}], ids=["blocking", "streaming"])
def test_an_upstream_that_never_answers_is_a_deadline(hasty, fake, trace_id, streaming):
    fake.on("stalls", stall)
    answer = hasty.chat("stalls", hasty.headers(x_portkey_trace_id=trace_id), **streaming)
    assert answer.status in (408, 504)
    assert answer.message
    assert fake.wait_for_model("stalls").client_closed.wait(1)
    assert hasty.settled_once(trace_id)["end"] == "deadline"


@pytest.mark.parametrize("behaviour", [stall, trickle])
def test_a_stream_that_outlives_its_deadline_is_never_a_clean_end(hasty, fake, trace_id, behaviour):
    fake.on("late", words(1, behaviour))
    stream = Stream(hasty, "late", trace_id)
    assert stream.head().status == 200
    rest, _ = stream.client.read_to_any_end()
    assert b"[DONE]" not in rest
    assert has_error_event(rest), rest
    assert fake.wait_for_model("late").client_closed.wait(1)
    assert hasty.settled_once(trace_id)["end"] == "deadline"


def test_the_clients_own_request_timeout_is_kept(gateway, fake, trace_id):
    fake.on("stalls", stall)
    headers = gateway.headers(x_portkey_trace_id=trace_id, x_portkey_request_timeout="300")
    answer = gateway.chat("stalls", headers)
    assert answer.status == 408
    assert answer.message == "Request exceeded the timeout sent in the request: 300ms"
    assert answer.json()["error"]["type"] == "timeout_error"
    assert gateway.settled_once(trace_id)["end"] == "deadline"


# -- drain --------------------------------------------------------------------------------------


def test_a_stream_in_flight_is_drained_when_the_process_is_asked_to_end(fake, start_gateway, trace_id):
    gate = fake.gate()

    async def wait_then_finish(exchange):
        await gate.passed()
        await finish(exchange)

    fake.on("drained", words(1, wait_then_finish))
    gateway = start_gateway(standard_config(fake.base_url))
    stream = Stream(gateway, "drained", trace_id)
    stream.head()
    stream.event()
    gateway.terminate()
    eventually(lambda: refuses_connections(gateway), what="the listener's end")
    gate.open()
    rest, ended = stream.client.read_to_any_end()
    assert ended and rest.endswith(b"data: [DONE]\n\n")
    assert gateway.wait(5) == 0
    gateway.start()
    assert gateway.settled_once(trace_id)["end"] == "complete"


def refuses_connections(gateway) -> bool:
    try:
        gateway.connect().close()
        return False
    except (ConnectionRefusedError, ConnectionResetError):  # reset: it was in the backlog as it closed
        return True


def test_a_stream_that_outlives_the_drain_limit_is_ended_and_settled(fake, start_gateway, trace_id):
    fake.on("too-long", words(1, stall))
    gateway = start_gateway(standard_config(fake.base_url, server={"drain_timeout": "500ms"}))
    stream = Stream(gateway, "too-long", trace_id)
    stream.head()
    stream.event()
    gateway.terminate()
    assert gateway.wait(10) == 0
    rest, ended = stream.client.read_to_any_end()
    assert b"[DONE]" not in rest
    assert has_error_event(rest) or not ended
    gateway.start()
    assert gateway.settled_once(trace_id)["end"] == "deadline"


def test_an_idle_gateway_ends_at_once(start_gateway):
    gateway = start_gateway(None)
    idle = gateway.connect()
    gateway.terminate()
    assert gateway.wait(3) == 0
    assert idle.is_closed_by_peer()


# -- many at once -------------------------------------------------------------------------------


def test_hundreds_of_streams_ending_in_every_way_leave_nothing_behind(gateway, fake, trace_id):
    fake.on("whole", words(2, finish))
    fake.on("cut", words(2, cut))
    fake.on("hold", words(2, stall))
    gateway.chat("whole", **ASKS_FOR_USAGE)
    files_before = gateway.open_files()
    expected = {}
    for number in range(240):
        model = ("whole", "cut", "hold")[number % 3]
        name = f"{trace_id}-{number}"
        stream = Stream(gateway, model, name)
        stream.head()
        stream.event()
        if model != "hold":
            stream.client.read_to_any_end()
        stream.leave()
        expected[name] = {"whole": "complete", "cut": "upstream_failed", "hold": "client_gone"}[model]
    assert {name: gateway.log_row(name)["end"] for name in expected} == expected
    assert [gateway.logs(trace_id=name)["total"] for name in expected] == [1] * len(expected)
    eventually(lambda: gateway.open_files() <= files_before + 10, what="the return of the file descriptors")
    if not is_sanitized():
        assert gateway.resident_bytes() < 64 * 1024 * 1024
