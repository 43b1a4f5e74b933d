"""A conversation over the Responses protocol goes on by an id, whatever its provider speaks."""

import json

import openai
import pytest

import own_protocols
from gateway_process import ADMIN_KEY, GATEWAY_KEY, standard_config


@pytest.fixture
def gateway_to_claude(fake, start_gateway):
    config = standard_config(fake.base_url)
    config["providers"] |= {"anthropic": {"base_url": fake.base_url}}
    return start_gateway(config)


def client_of(gateway, key: str = GATEWAY_KEY) -> openai.OpenAI:
    headers = {"x-portkey-api-key": key, "x-portkey-provider": "anthropic"}
    return openai.OpenAI(
        api_key="sk-provider", base_url=f"{gateway.url}/v1", default_headers=headers, max_retries=0
    )


def says(text: str):
    async def scenario(exchange):
        body = json.loads(await exchange.read_body())
        if body.get("stream"):
            await exchange.send_sse_head()
            for event in own_protocols.anthropic_events(True):
                await exchange.send_chunk(own_protocols.sse(event, named=True)[0])
            await exchange.end_chunks()
            return
        await exchange.answer(200, {
            "id": f"msg_{text}", "type": "message", "role": "assistant", "model": "claude-x",
            "content": [{"type": "text", "text": text}], "stop_reason": "end_turn",
            "usage": {"input_tokens": 3, "output_tokens": 2},
        })  # fmt: skip

    return scenario


def turns(request) -> list[tuple[str, str]]:
    told = []
    for message in json.loads(request.body)["messages"]:
        content = message["content"]
        text = content if isinstance(content, str) else "".join(one.get("text", "") for one in content)
        told.append((message["role"], text))
    return told


def test_a_response_is_gone_on_with_by_its_id(gateway_to_claude, fake):
    fake.on("POST /v1/messages", says("one"))
    with client_of(gateway_to_claude) as client:
        first = client.responses.create(model="claude-x", input="Hi")
        fake.on("POST /v1/messages", says("two"))
        second = client.responses.create(model="claude-x", input="And?", previous_response_id=first.id)
        fake.on("POST /v1/messages", says("three"))
        client.responses.create(model="claude-x", input="So?", previous_response_id=second.id)
    assert second.previous_response_id == first.id
    assert turns(fake.requests[-1]) == [
        ("user", "Hi"), ("assistant", "one"), ("user", "And?"), ("assistant", "two"), ("user", "So?"),
    ]  # fmt: skip


def test_a_streamed_response_is_gone_on_with_too(gateway_to_claude, fake):
    fake.on("POST /v1/messages", says("one"))
    with client_of(gateway_to_claude) as client:
        with client.responses.stream(model="claude-x", input="Hi") as stream:
            first = stream.get_final_response()
        client.responses.create(model="claude-x", input="And?", previous_response_id=first.id)
    assert turns(fake.requests[-1]) == [("user", "Hi"), ("assistant", own_protocols.FINAL), ("user", "And?")]


def test_a_stored_response_can_be_read_and_deleted(gateway_to_claude, fake):
    fake.on("POST /v1/messages", says("one"))
    with client_of(gateway_to_claude) as client:
        made = client.responses.create(model="claude-x", input="Hi")
        assert client.responses.retrieve(made.id).output_text == "one"
        [item] = client.responses.input_items.list(made.id).data
        assert item.content[0].text == "Hi"
        client.responses.delete(made.id)
        with pytest.raises(openai.BadRequestError) as caught:
            client.responses.create(model="claude-x", input="And?", previous_response_id=made.id)
    assert caught.value.param == "previous_response_id"


def test_a_response_is_nobody_elses(gateway_to_claude, fake):
    fake.on("POST /v1/messages", says("one"))
    with client_of(gateway_to_claude) as client:
        made = client.responses.create(model="claude-x", input="Hi")
    with client_of(gateway_to_claude, ADMIN_KEY) as stranger:
        with pytest.raises(openai.BadRequestError):
            stranger.responses.create(model="claude-x", input="And?", previous_response_id=made.id)


def test_a_response_that_shall_not_be_stored_is_not(gateway_to_claude, fake):
    fake.on("POST /v1/messages", says("one"))
    with client_of(gateway_to_claude) as client:
        made = client.responses.create(model="claude-x", input="Hi", store=False)
        with pytest.raises(openai.BadRequestError):
            client.responses.create(model="claude-x", input="And?", previous_response_id=made.id)
