"""What the gateway does so that a request written for one provider is understood by another."""

import base64

import pytest

from gateway_process import standard_config

PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
AWS_KEYS = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "s3cr3t-example-key"}
CONVERSE = {
    "output": {"message": {"role": "assistant", "content": [{"text": "A pixel."}]}},
    "stopReason": "end_turn",
    "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2},
}


@pytest.fixture
def gateway_to_bedrock(fake, start_gateway):
    async def converse(exchange):
        await exchange.read_body()
        await exchange.answer(200, CONVERSE)

    fake.on("POST /v1/model/m/converse", converse)
    config = standard_config(fake.base_url)
    config["providers"] |= {"bedrock": {"base_url": fake.base_url}}
    config["virtual_keys"] |= {"aws": {"provider": "bedrock", "options": AWS_KEYS}}
    return start_gateway(config)


def ask_about(gateway, url: str, **fields: str):
    parts = [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": {"url": url}}]
    body = {"model": "m", "messages": [{"role": "user", "content": parts}]}
    headers = gateway.headers(x_portkey_provider="@aws", **fields)
    return gateway.call("POST", "/v1/chat/completions", body, headers)


def test_a_picture_is_fetched_for_a_provider_that_does_not(gateway_to_bedrock, fake):
    async def picture(exchange):
        await exchange.answer(200, PIXEL, {"Content-Type": "image/png"})

    fake.on("GET /pixel.png", picture)
    root = fake.base_url.removesuffix("/v1")
    answer = ask_about(gateway_to_bedrock, f"{root}/pixel.png?size=1")
    assert answer.status == 200, answer
    image = fake.requests[-1].json()["messages"][0]["content"][1]["image"]
    assert image == {"format": "png", "source": {"bytes": base64.b64encode(PIXEL).decode()}}
    fetched = fake.requests[0]
    assert fetched.target == "/pixel.png?size=1"
    assert fetched.header("authorization") is None, "nobody's key goes to a stranger"


@pytest.mark.parametrize(
    "url",
    ["http://169.254.169.254/latest/meta-data", "http://10.0.0.1/x.png", "http://metadata.google.internal/x", "ftp://a/b"],
)
def test_a_picture_is_not_fetched_from_inside_the_operators_network(gateway_to_bedrock, fake, url):
    answer = ask_about(gateway_to_bedrock, url)
    assert answer.status == 400
    assert "could not be fetched" in answer.message
    assert fake.requests == []


def test_a_picture_that_is_not_there_is_named(gateway_to_bedrock, fake):
    async def missing(exchange):
        await exchange.answer(404, b"gone")

    fake.on("GET /gone.png", missing)
    root = fake.base_url.removesuffix("/v1")
    answer = ask_about(gateway_to_bedrock, f"{root}/gone.png")
    assert answer.status == 400
    assert "/gone.png could not be fetched for it: status 404" in answer.message


def test_a_parameter_that_a_provider_lacks_is_refused_or_dropped_as_the_client_wishes(gateway_to_bedrock):
    headers = gateway_to_bedrock.headers(x_portkey_provider="@aws", x_portkey_trace_id="dropped")
    refused = gateway_to_bedrock.chat("m", headers, n=2)
    assert refused.status == 400
    assert "'n' is not supported by bedrock" in refused.message
    headers["x-portkey-drop-params"] = "true"
    headers["x-portkey-trace-id"] = "dropped-2"
    assert gateway_to_bedrock.chat("m", headers, n=2).status == 200
    document = gateway_to_bedrock.log_document("dropped-2")
    assert "n" in str(document)


def test_a_slip_in_a_providers_name_is_told(gateway_to_bedrock):
    headers = gateway_to_bedrock.headers(x_portkey_provider=None)
    answer = gateway_to_bedrock.chat("opnai/gpt-4o", headers)
    assert answer.status == 400
    assert "'opnai' is not known" in answer.message and "'openai'" in answer.message
    other = gateway_to_bedrock.chat("some-organisation-nobody-knows/model", headers)
    assert "x-portkey-provider" in other.message
