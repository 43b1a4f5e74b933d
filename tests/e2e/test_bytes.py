"""Answers reach the client byte for byte: 500 recorded ones, and what compression does to them."""

import gzip
import json
import zlib

import brotli
import pytest
import zstandard

import openai_answers
from gateway_process import chat_body
from raw_http import CutShort
from recorded_answers import COUNT, recorded_answers

GROUPS = 20


def scenario_of(recorded):
    async def play(exchange):
        for piece in recorded.pieces:
            await exchange.send(piece)
            await exchange.pause(0)
        if recorded.closes:
            exchange.cut()

    return play


def request_for(recorded) -> dict:
    if recorded.kind == "json":
        return chat_body(recorded.name)
    return chat_body(recorded.name, stream=True, stream_options={"include_usage": True})


@pytest.fixture(scope="module")
def recordings():
    made = recorded_answers()
    assert len(made) == COUNT
    return made


def test_the_recordings_are_the_same_every_time(recordings):
    assert [one.pieces for one in recorded_answers()] == [one.pieces for one in recordings]


@pytest.mark.parametrize("group", range(GROUPS))
def test_recorded_answers_reach_the_client_identical(gateway, fake, recordings, group):
    with gateway.connect() as client:
        for recorded in recordings[group::GROUPS]:
            fake.on(recorded.name, scenario_of(recorded))
            headers = gateway.headers(x_portkey_trace_id=recorded.name)
            answer = client.call("POST", "/v1/chat/completions", request_for(recorded), headers)
            assert answer.status == 200, recorded.name
            assert answer.body == recorded.body, recorded.name
            assert answer.header("content-type") == recorded.content_type, recorded.name
            assert answer.header("x-request-id") == f"req-{recorded.name}"
            assert answer.header("x-portkey-trace-id") == recorded.name


@pytest.mark.parametrize("group", range(GROUPS))
def test_recorded_usage_is_counted(gateway, fake, recordings, group):
    for recorded in recordings[group::GROUPS][:4]:
        trace_id = f"usage-{recorded.name}"
        fake.on(recorded.name, scenario_of(recorded))
        headers = gateway.headers(x_portkey_trace_id=trace_id)
        gateway.call("POST", "/v1/chat/completions", request_for(recorded), headers)
        row = gateway.log_row(trace_id)
        expected = (recorded.usage or {}).get("total_tokens")
        assert row["total_tokens"] == expected, recorded.name
        assert row["end"] == "complete", recorded.name


def test_the_request_body_reaches_the_provider_byte_for_byte(gateway, fake):
    body = (
        b'{ "messages" : [ {"content":"\\u00fc\\ud83c\\udf0d\\/ \xc3\xbc","role":"user"} ],\r\n'
        b'\t"temperature":1.0e0, "model":"exact", "big":12345678901234567890, "model_too":"openai/x" }\n'
    )
    assert gateway.call("POST", "/v1/chat/completions", body).status == 200
    assert fake.wait_for_model("exact").body == body


def test_a_streaming_request_gains_only_stream_options(gateway, fake):
    body = b'{"model":"exact-stream","stream":true,"messages":[{"role":"user","content":"x\\u00fc"}]}'
    assert gateway.call("POST", "/v1/chat/completions", body).status == 200
    seen = fake.wait_for_model("exact-stream").body
    assert b'"messages":[{"role":"user","content":"x\\u00fc"}]' in seen
    assert b'"include_usage":true' in seen.replace(b" ", b"")


def test_the_usage_chunk_is_hidden_and_every_other_byte_kept(gateway, fake):
    before = b': hi\n\ndata: {"choices":[{"index":0,"delta":{"content":"a"}}],"odd": 1.50}\n\n'
    usage = b'data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}\n\n'
    after = b"data: [DONE]\n\n"

    async def play(exchange):
        await exchange.send_sse_head()
        for part in (before[:30], before[30:] + usage[:20], usage[20:] + after):
            await exchange.send_chunk(part)
        await exchange.end_chunks()

    fake.on("hide-usage", play)
    answer = gateway.chat("hide-usage", gateway.headers(x_portkey_trace_id="hide-usage"), stream=True)
    assert answer.body == before + after
    assert gateway.log_row("hide-usage")["total_tokens"] == 3


def test_the_null_usage_that_asking_adds_is_hidden_too(gateway, fake):
    async def play(exchange):
        chunk = {"choices": [{"index": 0, "delta": {"content": "a"}}], "usage": None}
        await exchange.send_sse_head()
        await exchange.send_event(chunk)
        await exchange.send_event(openai_answers.usage_chunk({"model": "m"}))
        await exchange.send_event("[DONE]")
        await exchange.end_chunks()

    fake.on("null-usage", play)
    events = gateway.chat("null-usage", stream=True).body.split(b"\n\n")
    assert json.loads(events[0][6:]) == {"choices": [{"index": 0, "delta": {"content": "a"}}]}
    assert events[1:] == [b"data: [DONE]", b""]


def test_a_client_that_declines_usage_gets_none_and_the_record_has_it(gateway, fake, trace_id):
    headers = gateway.headers(x_portkey_trace_id=trace_id)
    wish = {"include_usage": False, "include_obfuscation": True}
    answer = gateway.chat("declines", headers, stream=True, stream_options=wish)
    assert b"prompt_tokens" not in answer.body
    assert answer.body.endswith(b"data: [DONE]\n\n")
    sent = fake.wait_for_model("declines").json()["stream_options"]
    assert sent == {"include_usage": True, "include_obfuscation": True}
    assert gateway.log_row(trace_id)["total_tokens"] == 18


def test_a_body_of_another_kind_of_json_passes_untouched(gateway, fake):
    async def play(exchange):
        await exchange.answer(200, b'[1, {"a":\t2}]\r\n')

    fake.on("a-list", play)
    assert gateway.chat("a-list").body == b'[1, {"a":\t2}]\r\n'


# -- compression --------------------------------------------------------------------------------


COMPRESSIONS = {
    "gzip": (gzip.compress, gzip.decompress),
    "deflate": (zlib.compress, zlib.decompress),
    "br": (brotli.compress, brotli.decompress),
    "zstd": (zstandard.compress, lambda raw: zstandard.ZstdDecompressor().decompressobj().decompress(raw)),
}


def compressed_scenario(coding: str, raw: bytes, content_type: str = "application/json"):
    async def play(exchange):
        body = COMPRESSIONS[coding][0](raw)
        await exchange.answer(200, body, {"Content-Encoding": coding, "Content-Type": content_type})

    return play


def decoded(answer) -> bytes:
    coding = answer.header("content-encoding")
    return COMPRESSIONS[coding][1](answer.body) if coding else answer.body


@pytest.mark.parametrize(
    "accepted", [None, "gzip, deflate, br, zstd"], ids=["plain client", "client that decodes"]
)
@pytest.mark.parametrize("coding", COMPRESSIONS)
def test_compressed_answers_are_read_for_usage_and_understood_by_the_client(
    gateway, fake, trace_id, coding, accepted
):
    raw = openai_answers.dump_completion("zipped") + b" " * 50_000
    fake.on("zipped", compressed_scenario(coding, raw))
    headers = gateway.headers(x_portkey_trace_id=trace_id, accept_encoding=accepted)
    answer = gateway.chat("zipped", headers)
    assert decoded(answer) == raw
    if accepted is None:
        assert answer.header("content-encoding") is None
    assert gateway.log_row(trace_id)["total_tokens"] == 18


@pytest.mark.parametrize("coding", COMPRESSIONS)
def test_compressed_streams_are_read_and_understood(gateway, fake, trace_id, coding):
    chunks = openai_answers.stream_chunks(chat_body("m", stream_options={"include_usage": True}))
    raw = b"".join(b"data: " + openai_answers.dump(one) + b"\n\n" for one in chunks) + b"data: [DONE]\n\n"
    fake.on("zipped", compressed_scenario(coding, raw, "text/event-stream"))
    headers = gateway.headers(x_portkey_trace_id=trace_id)
    answer = gateway.chat("zipped", headers, stream=True, stream_options={"include_usage": True})
    assert decoded(answer) == raw
    assert gateway.log_row(trace_id)["total_tokens"] == 18


def test_a_compressed_answer_that_is_broken_is_never_a_clean_end(gateway, fake, trace_id):
    async def play(exchange):
        body = gzip.compress(b"x" * 100_000)[:-20] + b"broken"
        await exchange.answer(200, body, {"Content-Encoding": "gzip"})

    fake.on("broken", play)
    with gateway.connect() as client:
        headers = gateway.headers(x_portkey_trace_id=trace_id)
        client.send_request("POST", "/v1/chat/completions", chat_body("broken"), headers)
        head = client.read_head()
        if head.status == 200:
            with pytest.raises((CutShort, ConnectionError)):
                client.read_body(head)
        else:
            assert client.read_body(head).message
    assert gateway.settled_once(trace_id)["end"] == "upstream_failed"
