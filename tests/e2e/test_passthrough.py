"""Paths that the gateway has no word for pass through to the provider, with every method."""

import base64

import pytest

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def echoed(answer) -> dict:
    assert answer.status == 200, answer.body
    return answer.json()


def echoed_header(answer, name: str) -> list[str]:
    return [value for key, value in echoed(answer)["headers"] if key.lower() == name]


@pytest.mark.parametrize("method", METHODS)
def test_every_method_passes_with_path_query_and_body(gateway, method):
    body = b"" if method == "GET" else b'{"any": "\\u00fc" }'
    target = "/v1/vector_stores/vs_1/files?after=a%20b&limit=3&empty="
    answer = gateway.call(method, target, body)
    said = echoed(answer)
    assert (said["method"], said["target"]) == (method, target)
    assert base64.b64decode(said["body"]) == body
    assert answer.header("x-echo") == "yes"
    assert answer.header("x-portkey-trace-id")


def test_head_passes_without_a_body(gateway, fake):
    answer = gateway.call("HEAD", "/v1/threads/t_1")
    assert (answer.status, answer.body) == (200, b"")
    assert fake.requests[-1].method == "HEAD"


def test_client_headers_pass_but_not_the_gateways_own_nor_hop_by_hop_ones(gateway, fake):
    headers = gateway.headers(
        openai_beta="assistants=v2", x_custom="kept", cookie="session=1", te="trailers",
        x_portkey_metadata='{"a":"b"}', proxy_authorization="Basic abc", connection="x-private", x_private="1",
    )  # fmt: skip
    gateway.call("POST", "/v1/assistants", b"{}", headers)
    seen = fake.requests[-1]
    assert (seen.header("openai-beta"), seen.header("x-custom")) == ("assistants=v2", "kept")
    for name in ("cookie", "te", "proxy-authorization", "x-private"):
        assert seen.header(name) is None, name
    assert not [name for name, _ in seen.headers if name.lower().startswith("x-portkey-")]
    assert seen.header_values("host") == [f"127.0.0.1:{fake.port}"]


def test_upstream_headers_pass_but_not_cookies_nor_hop_by_hop_ones(gateway, fake):
    async def play(exchange):
        fields = {
            "X-Ratelimit-Remaining": "9",
            "Set-Cookie": "a=b",
            "Keep-Alive": "timeout=5",
            "Server": "up",
        }
        await exchange.answer(200, b"{}", fields)

    fake.on("GET /v1/anything", play)
    answer = gateway.call("GET", "/v1/anything")
    assert answer.header("x-ratelimit-remaining") == "9"
    assert answer.header("set-cookie") is None
    assert answer.header("keep-alive") is None


def test_binary_bodies_pass_both_ways(gateway, fake):
    blob = bytes(range(256)) * 100

    async def play(exchange):
        assert await exchange.read_body() == blob
        await exchange.answer(200, blob[::-1], {"Content-Type": "application/octet-stream"})

    fake.on("POST /v1/blobs", play)
    answer = gateway.call("POST", "/v1/blobs", blob, gateway.headers(content_type="audio/wav"))
    assert answer.body == blob[::-1]


def test_the_deprecated_proxy_prefix_is_taken_off(gateway):
    assert echoed(gateway.call("POST", "/v1/proxy/assistants/a1", b"{}"))["target"] == "/v1/assistants/a1"


def test_upstream_statuses_pass(gateway, fake):
    async def play(exchange):
        await exchange.answer(202, {"accepted": True})

    fake.on("POST /v1/evals", play)
    assert gateway.call("POST", "/v1/evals", b"{}").status == 202


def test_an_empty_answer_passes(gateway, fake):
    async def play(exchange):
        await exchange.send_head(204)

    fake.on("DELETE /v1/threads/t_1", play)
    assert gateway.call("DELETE", "/v1/threads/t_1").status == 204


def test_a_stored_credential_is_never_replaced_by_the_clients_own(gateway, fake):
    headers = gateway.headers(x_portkey_provider=None, x_portkey_virtual_key="my-openai", x_api_key="mine")
    gateway.call("GET", "/v1/assistants", headers=headers)
    assert fake.requests[-1].header_values("authorization") == ["Bearer sk-stored-5f0c1e7d9b2a48c6"]
    assert fake.requests[-1].header("x-api-key") is None


def test_sse_passes_through_the_proxy_piece_by_piece(gateway, fake):
    gate = fake.gate()

    async def play(exchange):
        await exchange.send_sse_head()
        await exchange.send_event("one")
        await gate.passed()
        await exchange.end_chunks()

    fake.on("POST /v1/threads/t_1/runs", play)
    with gateway.connect() as client:
        client.send_request("POST", "/v1/threads/t_1/runs", b'{"stream":true}', gateway.headers())
        client.read_head()
        assert client.read_event() == b"data: one\n\n"
        gate.open()
        assert client.read_chunk() == b""


def test_the_record_names_the_provider_and_the_path(gateway, trace_id):
    gateway.call("GET", "/v1/assistants/a1", headers=gateway.headers(x_portkey_trace_id=trace_id))
    row = gateway.settled_once(trace_id)
    assert (row["provider"], row["status"], row["end"]) == ("openai", 200, "complete")
