"""The fake provider does what its scenarios say, and the OpenAI client understands its answers."""

import json

import openai
import pytest
from fake_upstream import FakeUpstream
from raw_http import CutShort, RawClient


@pytest.fixture
def fake():
    with FakeUpstream() as upstream:
        yield upstream


def connect(fake) -> RawClient:
    return RawClient("127.0.0.1", fake.port)


def sdk(fake) -> openai.OpenAI:
    return openai.OpenAI(api_key="sk-test", base_url=fake.base_url, max_retries=0)


def test_a_request_is_recorded_byte_for_byte(fake):
    raw = b"POST /v1/anything?x=1 HTTP/1.1\r\nHost: a\r\nX-Odd:  spaced \r\nContent-Length: 4\r\n\r\nabcd"
    with connect(fake) as client:
        client.send(raw)
        assert client.read_answer().status == 200
    seen = fake.requests[0]
    assert seen.head + seen.body == raw
    assert seen.header("x-odd") == "spaced"
    assert seen.query == {"x": ["1"]}


def test_a_chunked_request_body_is_put_together(fake):
    with connect(fake) as client:
        client.send(b"POST /v1/x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
        client.send(b"3\r\nabc\r\n2;e=1\r\nde\r\n0\r\n\r\n")
        assert client.read_answer().status == 200
    assert fake.requests[0].body == b"abcde"


def test_a_scenario_can_cut_in_the_middle_of_a_body(fake):
    async def cut(exchange):
        await exchange.send_head(200, {"Content-Length": "10"})
        await exchange.send(b"half")
        exchange.cut()

    fake.on("cut-me", cut)
    with connect(fake) as client:
        client.send_request("POST", "/v1/chat/completions", {"model": "cut-me"}, {})
        head = client.read_head()
        with pytest.raises(CutShort):
            client.read_body(head)


def test_a_gate_holds_an_answer_until_the_test_opens_it(fake):
    gate = fake.gate()

    async def gated(exchange):
        await exchange.send_sse_head()
        await exchange.send_event("first")
        await gate.passed()
        await exchange.send_event("second")
        await exchange.end_chunks()

    fake.on("gated", gated)
    with connect(fake) as client:
        client.send_request("POST", "/v1/chat/completions", {"model": "gated"}, {})
        client.read_head()
        assert client.read_event() == b"data: first\n\n"
        assert gate.reached.wait(5)
        gate.open()
        assert client.read_event() == b"data: second\n\n"
        assert client.read_chunk() == b""


def test_a_client_that_leaves_is_noticed(fake):
    async def hold(exchange):
        await exchange.until_client_leaves()

    fake.on("hold", hold)
    client = connect(fake)
    client.send_request("POST", "/v1/chat/completions", {"model": "hold"}, {})
    request = fake.wait_for_model("hold")
    client.close()
    assert request.client_closed.wait(5)


def test_a_reset_is_a_reset(fake):
    async def reset(exchange):
        exchange.reset()

    fake.on("reset", reset)
    with connect(fake) as client, pytest.raises(ConnectionResetError):
        client.send_request("POST", "/v1/chat/completions", {"model": "reset"}, {})
        client.read_head()


def test_bad_framing_is_reported(fake):
    with connect(fake) as client:
        client.send(b"POST /v1/x HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n")
        assert client.is_closed_by_peer()
    assert fake.bad_framing == ["both Content-Length and Transfer-Encoding"]


def test_the_openai_client_understands_chat_and_streams(fake):
    message = [{"role": "user", "content": "hi"}]
    whole = sdk(fake).chat.completions.create(model="m", messages=message)
    assert whole.choices[0].message.content == "You said: hi"
    chunks = list(sdk(fake).chat.completions.create(model="m", messages=message, stream=True))
    assert "".join(one.choices[0].delta.content or "" for one in chunks) == "You said: hi"


def test_the_openai_client_raises_its_error_classes(fake):
    with pytest.raises(openai.RateLimitError) as caught:
        sdk(fake).chat.completions.create(model="error-429", messages=[])
    assert caught.value.response.headers["retry-after"] == "7"


def test_tls_is_trusted_through_its_authority(tmp_path):
    import ssl

    from tls_authority import TlsAuthority

    authority = TlsAuthority(tmp_path)
    certificate = authority.certificate("up", "DNS:localhost,IP:127.0.0.1")
    with FakeUpstream(tls=certificate.server_context()) as fake:
        trust = ssl.create_default_context(cafile=authority.ca_file)
        with RawClient("127.0.0.1", fake.port, trust, server_name="localhost") as client:
            answer = client.call("GET", "/v1/models")
    assert json.loads(answer.body)["object"] == "list"
