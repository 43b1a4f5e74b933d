"""What providers do to a request, one by one: what the client sees, how often the provider is asked,
what the record says. Every table is run alone and with a next target."""

import socket
import threading

import pytest

import openai_answers
from gateway_process import eventually, is_sanitized, standard_config
from plans import (
    TEXT, WORDS, ask, cut, events, fails, finish, in_turn, plan, request_of, reset, said, silent, streams, target,
)  # fmt: skip

INDEX = "x-portkey-last-used-option-index"


async def cut_mid_head(exchange):
    await exchange.read_body()
    await exchange.send(b"HTTP/1.1 200 OK\r\nContent-Ty")
    exchange.reset()


async def reset_at_once(exchange):
    await exchange.read_body()
    exchange.reset()


async def cut_document(exchange):
    await exchange.read_body()
    await exchange.send_head(200, {"Content-Type": "application/json", "Content-Length": "500"})
    await exchange.send(b'{"id":"x","choices":[')
    exchange.reset()


async def no_json(exchange):
    await exchange.read_body()
    await exchange.answer(200, b'{"id": oops')


async def stall_mid_head(exchange):
    await exchange.read_body()
    await exchange.send(b"HTTP/1.1 200 OK\r\nContent-Ty")
    await exchange.until_client_leaves()


DOCUMENT_FAULTS = {
    "reset before headers": (reset_at_once, 502),
    "reset within headers": (cut_mid_head, 502),
    "reset within the body": (cut_document, None),
    "silence": (silent, 408),
    "silence within headers": (stall_mid_head, 408),
    "invalid JSON": (no_json, 200),
    "500": (fails(500), 500),
    "502": (fails(502), 502),
    "503": (fails(503), 503),
    "529": (fails(529), 529),
    "429, seconds": (fails(429, {"retry-after": "30"}), 429),
    "429, milliseconds": (fails(429, {"retry-after-ms": "30000"}), 429),
    "429, a date": (fails(429, {"retry-after": "Fri, 31 Dec 2099 23:59:59 GMT"}), 429),
}


@pytest.mark.parametrize("fault", DOCUMENT_FAULTS)
def test_a_document_comes_from_the_next_target_when_the_first_fails(gateway, fake, trace_id, fault):
    scenario, _ = DOCUMENT_FAULTS[fault]
    bad = f"bad-{trace_id}"  # a model of its own: the breaker of another test is none of its business
    fake.on(bad, scenario)
    config = plan("fallback", target(bad, request_timeout=80), target("good"))
    answer = ask(gateway, config, headers={"x-portkey-trace-id": trace_id})
    assert answer.status == 200
    assert answer.json()["model"] == "good"
    assert answer.header(INDEX) == "config.targets[1]"
    assert len(fake.for_model(bad)) == 1
    row = gateway.settled_once(trace_id)
    assert (row["end"], row["status"]) == ("complete", 200)
    assert [one["target"] for one in row["attempts"]] == ["config.targets[0]", "config.targets[1]"]


@pytest.mark.parametrize("fault", [name for name, (_, status) in DOCUMENT_FAULTS.items() if status])
def test_alone_the_failure_is_told_as_it_is(gateway, fake, trace_id, fault):
    scenario, status = DOCUMENT_FAULTS[fault]
    fake.on("bad", scenario)
    answer = ask(gateway, target("bad", request_timeout=80), headers={"x-portkey-trace-id": trace_id})
    assert answer.status == status
    if status != 200:
        assert answer.message
        # A limit that is told is an answer, and a whole one.
        ends = {408: "deadline", 429: "complete"}
        assert gateway.log_row(trace_id)["end"] == ends.get(status, "upstream_failed")


@pytest.mark.parametrize("ends", [cut, reset])
@pytest.mark.parametrize("count", [0, 1, 7, 19])
def test_a_stream_that_breaks_is_taken_up_wherever_it_breaks(gateway, fake, trace_id, count, ends):
    fake.on("bad", streams(WORDS[:count], ends))
    fake.on("good", streams(WORDS[count:]))
    config = plan("fallback", target("bad"), target("good"))
    answer = ask(gateway, config, stream=True, headers={"x-portkey-trace-id": trace_id})
    assert said(answer) == TEXT
    assert answer.body.endswith(b"data: [DONE]\n\n") and answer.body.count(b"[DONE]") == 1
    assert len({event["id"] for event in events(answer)}) == 1, "one stream has one id"
    assert events(answer)[-1]["usage"] == openai_answers.USAGE
    row = gateway.settled_once(trace_id)
    assert (row["end"], row["finish_reason"]) == ("complete", "stop")
    reasons = [one["reason"] for one in row["attempts"]]
    assert reasons == (["first", "continue"] if count else ["first", "fallback"])
    if count:
        messages = fake.wait_for_model("good").json()["messages"]
        assert messages[1] == {"role": "assistant", "content": "".join(WORDS[:count])}
        assert messages[2]["role"] == "user"


def test_what_the_next_target_says_again_is_left_out(gateway, fake):
    fake.on("bad", streams(WORDS[:9], cut))
    fake.on("good", streams())
    answer = ask(gateway, plan("fallback", target("bad"), target("good")), stream=True)
    assert said(answer) == TEXT


@pytest.mark.parametrize(
    "piece",
    [b'data: {"id":"x","cho', b"data: {", b": a comment", b"\n"],
    ids=["within its data", "at its start", "within a comment", "after an event"],
)
def test_half_an_event_never_reaches_the_client(gateway, fake, piece):
    async def half(exchange):
        await exchange.send_chunk(piece)
        exchange.cut()

    fake.on("bad", streams(WORDS[:5], half))
    fake.on("good", streams(WORDS[5:]))
    answer = ask(gateway, plan("fallback", target("bad"), target("good")), stream=True)
    assert said(answer) == TEXT
    assert all(event.keys() >= {"id", "choices"} for event in events(answer))


def test_a_stream_that_nobody_can_take_up_ends_with_an_error(gateway, fake, trace_id):
    fake.on("bad", streams(WORDS[:5], cut))
    fake.on("worse", fails(500))
    config = plan("fallback", target("bad"), target("worse"))
    with gateway.connect() as client:
        headers = {"x-portkey-trace-id": trace_id}
        client.send_request("POST", "/v1/chat/completions", *request_of(gateway, config, True, headers))
        client.read_head()
        rest, ended = client.read_to_any_end()
    assert not ended, "a truncated answer never ends cleanly"
    assert b'data: {"error":' in rest and b"[DONE]" not in rest
    assert gateway.settled_once(trace_id)["end"] == "upstream_failed"


def test_a_stream_falls_silent_and_is_taken_up(start_gateway, fake):
    gateway = start_gateway(standard_config(fake.base_url, routing={"stall_timeout": "100ms"}))

    async def stall(exchange):
        await exchange.until_client_leaves()

    fake.on("bad", streams(WORDS[:5], stall))
    fake.on("good", streams(WORDS[5:]))
    answer = ask(gateway, plan("fallback", target("bad"), target("good")), stream=True)
    assert said(answer) == TEXT
    assert fake.wait_for_model("bad").client_closed.wait(2), "the silent one is given up"


def test_a_first_token_that_does_not_come_is_not_waited_for(start_gateway, fake, trace_id):
    gateway = start_gateway(standard_config(fake.base_url, routing={"first_token_timeout": "100ms"}))

    async def mute(exchange):
        await exchange.read_body()
        await exchange.send_sse_head()
        await exchange.send_event(openai_answers.chunk(exchange.request.json(), {"role": "assistant", "content": ""}))
        await exchange.until_client_leaves()

    fake.on("slow", mute)
    fake.on("quick", streams())
    config = plan("fallback", target("slow"), target("quick"))
    answer = ask(gateway, config, stream=True, headers={"x-portkey-trace-id": trace_id})
    assert said(answer) == TEXT
    assert answer.header(INDEX) == "config.targets[1]"
    assert fake.wait_for_model("slow").client_closed.wait(2), "the loser is cancelled"
    row = gateway.settled_once(trace_id)
    assert {one["target"]: one["reason"] for one in row["attempts"]} == {
        "config.targets[0]": "first",
        "config.targets[1]": "hedge",
    }


def test_a_malformed_event_is_skipped_and_counted(start_gateway, fake):
    gateway = start_gateway(standard_config(fake.base_url))

    async def garble(exchange):
        await exchange.send_event('{"id": "x", "choices": [{"delta": {"content":')
        for word in WORDS[5:]:
            await exchange.send_event(openai_answers.chunk(exchange.request.json(), {"content": word}))
        await finish(exchange)

    fake.on("garbled", streams(WORDS[:5], garble))
    answer = ask(gateway, plan("fallback", target("garbled"), target("b")), stream=True)
    assert said(answer) == TEXT
    assert "gatehouse_malformed_events_total 1" in gateway.call("GET", "/metrics").body.decode()


def test_a_stream_without_done_ends_at_once_with_usage_and_gets_one(gateway, fake):
    async def no_done(exchange):
        body = exchange.request.json()
        await exchange.send_event(openai_answers.chunk(body, {}, "stop"))
        await exchange.send_event(openai_answers.usage_chunk(body))
        await exchange.end_chunks()

    fake.on("short", streams(None, no_done))
    answer = ask(gateway, plan("fallback", target("short"), target("b")), stream=True)
    assert said(answer) == TEXT
    assert events(answer)[-1]["usage"] == openai_answers.USAGE
    assert answer.body.endswith(b"data: [DONE]\n\n")
    assert fake.for_model("b") == []


def test_a_context_that_is_too_long_goes_on_and_a_refused_content_does_not(gateway, fake):
    long = {"error": {"message": "maximum context length is 8192 tokens", "code": "context_length_exceeded"}}
    refused = {"error": {"message": "rejected", "code": "content_policy_violation"}}
    fake.on("a", in_turn(fails(400, None, long), fails(400, None, refused)))
    config = plan("fallback", target("a", retry={"attempts": 2}), target("b"))
    assert ask(gateway, config).header(INDEX) == "config.targets[1]"
    answer = ask(gateway, config)
    assert (answer.status, answer.header(INDEX)) == (400, "config.targets[0]")
    assert len(fake.for_model("a")) == 2 and len(fake.for_model("b")) == 1


def test_nobody_listens_there_or_the_name_is_unknown(gateway, fake):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        for host in (f"http://127.0.0.1:{port}/v1", "http://nobody.localhost/v1"):
            answer = ask(gateway, plan("fallback", target("a", custom_host=host), target("b")))
            assert (answer.status, answer.header(INDEX)) == (200, "config.targets[1]")
            assert ask(gateway, target("a", custom_host=host)).status == 503


def test_a_provider_without_tls_where_tls_is_meant(gateway, fake):
    host = fake.base_url.replace("http://", "https://")
    answer = ask(gateway, plan("fallback", target("a", custom_host=host), target("b")))
    assert (answer.status, answer.header(INDEX)) == (200, "config.targets[1]")
    assert ask(gateway, target("a", custom_host=host)).status == 503


def test_a_client_that_leaves_cancels_whoever_is_being_asked(gateway, fake, trace_id):
    fake.on("bad", streams(WORDS[:5], cut))
    fake.on("mute", silent)
    config = plan("fallback", target("bad"), target("mute"))
    client = gateway.connect()
    headers = {"x-portkey-trace-id": trace_id}
    client.send_request("POST", "/v1/chat/completions", *request_of(gateway, config, True, headers))
    client.read_head()
    request = fake.wait_for_model("mute")
    client.close()
    assert request.client_closed.wait(2)
    assert gateway.settled_once(trace_id)["end"] == "client_gone"


def test_connections_that_died_while_idle_never_surface(gateway, fake):
    for _ in range(20):
        assert ask(gateway, target("a")).status == 200
        fake.close_idle_connections()


# -- many at once -------------------------------------------------------------------------------

STREAMS = 1000
KILLED_EACH = 20  # one in twenty


def test_a_thousand_streams_of_which_one_in_twenty_is_killed_are_all_whole(start_gateway, fake):
    # They all wait for each other, however long that takes here: silence means nothing.
    patient = {"stall_timeout": "0s", "first_token_timeout": "0s"}
    gateway = start_gateway(standard_config(fake.base_url, routing=patient))
    numbers = iter(range(STREAMS))
    everyone_is_there = fake.gate()
    arrived = []

    async def primary(exchange):
        number = next(numbers)
        await exchange.read_body()
        body = exchange.request.json()
        await exchange.send_sse_head()
        for place, word in enumerate(WORDS):
            if place == 5:
                arrived.append(number)
                if len(arrived) == STREAMS:
                    everyone_is_there.open()
                await everyone_is_there.passed()
            if number % KILLED_EACH == 0 and place == 5 + number % 14:
                exchange.reset()
            await exchange.send_event(openai_answers.chunk(body, {"content": word}))
        await finish(exchange)

    async def secondary(exchange):
        await exchange.read_body()
        had = exchange.request.json()["messages"][1]["content"]
        await streams(WORDS[had.count("w"):])(exchange)

    fake.on("primary", primary)
    fake.on("secondary", secondary)
    config = plan("fallback", target("primary"), target("secondary"))
    asked = request_of(gateway, config, True)
    texts: list[str] = []
    failures: list[BaseException] = []

    def one() -> None:
        try:
            with gateway.connect(timeout=60) as client:
                texts.append(said(client.call("POST", "/v1/chat/completions", *asked)))
        except BaseException as problem:
            failures.append(problem)

    threading.stack_size(256 * 1024)
    threads = [threading.Thread(target=one) for _ in range(STREAMS)]
    threading.stack_size(0)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failures == []
    assert len(texts) == STREAMS and set(texts) == {TEXT}
    assert len(fake.for_model("secondary")) == STREAMS // KILLED_EACH
    metrics = gateway.call("GET", "/metrics").body.decode()
    assert f"gatehouse_streams_taken_up_total {STREAMS // KILLED_EACH}" in metrics
    eventually(lambda: gateway.open_files() < 400, timeout=10, what="all sockets closed but the pooled ones")
    if not is_sanitized():
        assert gateway.resident_bytes() < 400 * 1024 * 1024
