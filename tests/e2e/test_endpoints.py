"""Endpoints beside chat, of providers that have them in a protocol of their own."""

import json

import openai
import pytest

from gateway_process import GATEWAY_KEY, standard_config

AWS_KEYS = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "s3cr3t-example-key"}


@pytest.fixture
def gateway_to_all(fake, start_gateway):
    config = standard_config(fake.base_url)
    own = ("anthropic", "google", "cohere", "bedrock")
    config["providers"] |= {name: {"base_url": fake.base_url} for name in own}
    config["virtual_keys"] |= {"aws": {"provider": "bedrock", "options": AWS_KEYS}}
    return start_gateway(config)


def client_of(gateway, provider: str) -> openai.OpenAI:
    headers = {"x-portkey-api-key": GATEWAY_KEY, "x-portkey-provider": provider}
    return openai.OpenAI(
        api_key="sk-provider", base_url=f"{gateway.url}/v1", default_headers=headers, max_retries=0
    )


def gives(value: dict):
    async def scenario(exchange):
        await exchange.read_body()
        await exchange.answer(200, value)

    return scenario


def test_embeddings_of_gemini(gateway_to_all, fake):
    vectors = [{"values": [1, 0.5]}, {"values": [-1.25, 2]}]
    fake.on("POST /v1/models/embed-x:batchEmbedContents", gives({"embeddings": vectors}))
    with client_of(gateway_to_all, "google") as client:
        # The SDK asks for base64 unasked, and unpacks it.
        answer = client.embeddings.create(model="embed-x", input=["a", "b"])
    assert [one.embedding for one in answer.data] == [[1, 0.5], [-1.25, 2]]
    assert fake.requests[-1].header("x-goog-api-key") == "sk-provider"


def test_embeddings_of_titan_are_asked_for_one_text_at_a_time(gateway_to_all, fake):
    async def scenario(exchange):
        text = json.loads(await exchange.read_body())["inputText"]
        await exchange.answer(200, {"embedding": [len(text)], "inputTextTokenCount": 2})

    fake.on("POST /v1/model/amazon.titan-embed-text-v2%3A0/invoke", scenario)
    with client_of(gateway_to_all, "@aws") as client:
        answer = client.embeddings.create(
            model="amazon.titan-embed-text-v2:0",
            input=["a", "bb", "ccc"],
            extra_headers={"x-portkey-trace-id": "titan"},
        )
    assert [one.embedding for one in answer.data] == [[1], [2], [3]]
    assert answer.usage.total_tokens == 6
    signatures = {one.header("authorization") for one in fake.requests}
    assert len(fake.requests) == 3 and len(signatures) == 3, "each text is signed by itself"
    assert gateway_to_all.settled_once("titan")["total_tokens"] == 6


def test_rerank_of_cohere(gateway_to_all, fake):
    results = [{"index": 0, "relevance_score": 0.1}, {"index": 1, "relevance_score": 0.9}]
    fake.on("POST /v1/v2/rerank", gives({"id": "r", "results": results}))
    headers = gateway_to_all.headers(x_portkey_provider="cohere")
    body = {"model": "rerank-x", "query": "q", "documents": ["a", "b"], "return_documents": True}
    said = gateway_to_all.call("POST", "/v1/rerank", body, headers).json()
    assert [one["index"] for one in said["results"]] == [1, 0]
    assert said["results"][0]["document"] == {"text": "b"}


def test_images_of_bedrock(gateway_to_all, fake):
    fake.on("POST /v1/model/amazon.nova-canvas-v1%3A0/invoke", gives({"images": ["QQ=="]}))
    with client_of(gateway_to_all, "@aws") as client:
        answer = client.images.generate(model="amazon.nova-canvas-v1:0", prompt="a cat", size="1024x1024")
    assert answer.data[0].b64_json == "QQ=="
    assert answer.created > 1_700_000_000


@pytest.mark.parametrize(
    ("provider", "path", "list_of"),
    [("google", "/v1/models", "models"), ("cohere", "/v1/models", "models"), ("anthropic", "/v1/models", "data")],
)
def test_the_models_of_a_provider(gateway_to_all, fake, provider, path, list_of):
    name = {"google": "models/m-1", "cohere": "m-1", "anthropic": "m-1"}[provider]
    fake.on(f"GET {path}", gives({list_of: [{"name": name, "id": name}]}))
    with client_of(gateway_to_all, provider) as client:
        assert [one.id for one in client.models.list()] == ["m-1"]


COUNT = {"model": "m", "messages": [{"role": "user", "content": "How many tokens are these?"}]}


def test_tokens_are_counted_by_whoever_can(gateway_to_all, fake):
    fake.on("POST /v1/models/m:countTokens", gives({"totalTokens": 6}))
    fake.on("POST /v1/messages/count_tokens", gives({"input_tokens": 7}))
    fake.on("POST /v1/model/m/count-tokens", gives({"inputTokens": 8}))
    counts = {}
    for provider in ("google", "anthropic", "@aws"):
        headers = gateway_to_all.headers(x_portkey_provider=provider)
        counts[provider] = gateway_to_all.call("POST", "/v1/messages/count_tokens", COUNT, headers).json()
    assert counts == {
        "google": {"input_tokens": 6}, "anthropic": {"input_tokens": 7}, "@aws": {"input_tokens": 8},
    }  # fmt: skip


def test_tokens_are_estimated_where_nobody_counts(gateway_to_all, fake):
    said = gateway_to_all.call("POST", "/v1/messages/count_tokens", COUNT).json()
    assert said == {"input_tokens": 9}
    assert fake.requests == []


def test_a_missing_endpoint_is_a_clear_refusal(gateway_to_all, fake):
    headers = gateway_to_all.headers(x_portkey_provider="anthropic")
    answer = gateway_to_all.call("POST", "/v1/embeddings", {"model": "m", "input": "a"}, headers)
    assert answer.status == 400
    assert answer.json()["error"]["message"] == (
        "embed is not supported by anthropic: it has no 'embed'. Use another provider for it."
    )
    assert fake.requests == []


def test_an_error_of_such_an_endpoint_keeps_its_status_and_words(gateway_to_all, fake):
    async def scenario(exchange):
        await exchange.read_body()
        await exchange.answer(422, {"message": "unknown input_type"})

    fake.on("POST /v1/v2/embed", scenario)
    with client_of(gateway_to_all, "cohere") as client:
        with pytest.raises(openai.UnprocessableEntityError) as caught:
            client.embeddings.create(model="m", input="a")
    assert "unknown input_type" in caught.value.message
