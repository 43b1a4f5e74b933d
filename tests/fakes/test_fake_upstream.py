"""The fake provider does what its scenarios say, and the OpenAI client understands its answers."""

import json

import openai
import pytest

from fake_upstream import FakeUpstream
from raw_http import CutShort, RawClient


@pytest.fixture
def upstream():
    with FakeUpstream() as started:
        yield started


def connect(upstream) -> RawClient:
    return RawClient("127.0.0.1", upstream.port)


def sdk(upstream) -> openai.OpenAI:
    return openai.OpenAI(api_key="sk-test", base_url=upstream.base_url, max_retries=0)


def test_a_request_is_recorded_byte_for_byte(upstream):
    raw = b"POST /v1/anything?x=1 HTTP/1.1\r\nHost: a\r\nX-Odd:  spaced \r\nContent-Length: 4\r\n\r\nabcd"
    with connect(upstream) as client:
        client.send(raw)
        assert client.read_answer().status == 200
    seen = upstream.requests[0]
    assert seen.head + seen.body == raw
    assert seen.header("x-odd") == "spaced"
    assert seen.query == {"x": ["1"]}


def test_a_chunked_request_body_is_put_together(upstream):
    with connect(upstream) as client:
        client.send(b"POST /v1/x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
        client.send(b"3\r\nabc\r\n2;e=1\r\nde\r\n0\r\n\r\n")
        assert client.read_answer().status == 200
    assert upstream.requests[0].body == b"abcde"


def test_a_scenario_can_cut_in_the_middle_of_a_body(upstream):
    async def cut(exchange):
        await exchange.send_head(200, {"Content-Length": "10"})
        await exchange.send(b"half")
        exchange.cut()

    upstream.on("cut-me", cut)
    with connect(upstream) as client:
        client.send_request("POST", "/v1/chat/completions", {"model": "cut-me"}, {})
        head = client.read_head()
        with pytest.raises(CutShort):
            client.read_body(head)


def test_a_gate_holds_an_answer_until_the_test_opens_it(upstream):
    gate = upstream.gate()

    async def gated(exchange):
        await exchange.send_sse_head()
        await exchange.send_event("first")
        await gate.passed()
        await exchange.send_event("second")
        await exchange.end_chunks()

    upstream.on("gated", gated)
    with connect(upstream) as client:
        client.send_request("POST", "/v1/chat/completions", {"model": "gated"}, {})
        client.read_head()
        assert client.read_event() == b"data: first\n\n"
        assert gate.reached.wait(5)
        gate.open()
        assert client.read_event() == b"data: second\n\n"
        assert client.read_chunk() == b""


def test_a_client_that_leaves_is_noticed(upstream):
    async def hold(exchange):
        await exchange.until_client_leaves()

    upstream.on("hold", hold)
    client = connect(upstream)
    client.send_request("POST", "/v1/chat/completions", {"model": "hold"}, {})
    request = upstream.wait_for_model("hold")
    client.close()
    assert request.client_closed.wait(5)


def test_a_reset_is_a_reset(upstream):
    async def reset(exchange):
        exchange.reset()

    upstream.on("reset", reset)
    with connect(upstream) as client, pytest.raises(ConnectionResetError):
        client.send_request("POST", "/v1/chat/completions", {"model": "reset"}, {})
        client.read_head()


def test_bad_framing_is_reported(upstream):
    with connect(upstream) as client:
        client.send(b"POST /v1/x HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n")
        assert client.is_closed_by_peer()
    assert upstream.bad_framing == ["both Content-Length and Transfer-Encoding"]


def test_the_openai_client_understands_chat_and_streams(upstream):
    message = [{"role": "user", "content": "hi"}]
    whole = sdk(upstream).chat.completions.create(model="m", messages=message)
    assert whole.choices[0].message.content == "You said: hi"
    chunks = list(sdk(upstream).chat.completions.create(model="m", messages=message, stream=True))
    assert "".join(one.choices[0].delta.content or "" for one in chunks) == "You said: hi"


def test_the_openai_client_raises_its_error_classes(upstream):
    with pytest.raises(openai.RateLimitError) as caught:
        sdk(upstream).chat.completions.create(model="error-429", messages=[])
    assert caught.value.response.headers["retry-after"] == "7"


def test_tls_is_trusted_through_its_authority(tmp_path):
    import ssl

    from tls_authority import TlsAuthority

    authority = TlsAuthority(tmp_path)
    certificate = authority.certificate("up", "DNS:localhost,IP:127.0.0.1")
    with FakeUpstream(tls=certificate.server_context()) as upstream:
        trust = ssl.create_default_context(cafile=authority.ca_file)
        with RawClient("127.0.0.1", upstream.port, trust, server_name="localhost") as client:
            answer = client.call("GET", "/v1/models")
    assert json.loads(answer.body)["object"] == "list"
