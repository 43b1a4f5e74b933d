"""One client protocol, any provider's: OpenAI's SDK against Anthropic and Gemini, Messages against OpenAI."""

import ast
import json
import re
from pathlib import Path

import openai
import pytest

from gateway_process import GATEWAY_KEY, standard_config
from plans import fails

HELLO = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Weather in Bern and Basel?"}]
TOOL = {
    "type": "function",
    "function": {
        "name": "weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


@pytest.fixture
def translating(fake, start_gateway):
    config = standard_config(fake.base_url)
    config["providers"] |= {"anthropic": {"base_url": fake.base_url}, "google": {"base_url": fake.base_url}}
    return start_gateway(config)


@pytest.fixture
def client(translating):
    headers = {"x-portkey-api-key": GATEWAY_KEY}
    with openai.OpenAI(
        api_key="sk-provider", base_url=f"{translating.url}/v1", default_headers=headers, max_retries=0
    ) as sdk:
        yield sdk


def anthropic_events(*events: dict) -> list[bytes]:
    return [f"event: {one['type']}\ndata: {json.dumps(one)}\n\n".encode() for one in events]


def tool_block(index: int, city: str) -> list[dict]:
    arguments = json.dumps({"city": city})
    delta = {"type": "content_block_delta", "index": index}
    block = {"type": "tool_use", "id": f"toolu_{index}", "name": "weather", "input": {}}
    return [
        {"type": "content_block_start", "index": index, "content_block": block},
        delta | {"delta": {"type": "input_json_delta", "partial_json": arguments[:6]}},
        delta | {"delta": {"type": "input_json_delta", "partial_json": arguments[6:]}},
        {"type": "content_block_stop", "index": index},
    ]


def message_start(input_tokens: int) -> dict:
    message = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-x", "content": []}
    return {"type": "message_start", "message": message | {"usage": {"input_tokens": input_tokens, "output_tokens": 1}}}


def message_end(reason: str, output_tokens: int) -> list[dict]:
    delta = {"type": "message_delta", "delta": {"stop_reason": reason}, "usage": {"output_tokens": output_tokens}}
    return [delta, {"type": "message_stop"}]


def plays(events: list[bytes]):
    async def play(exchange):
        await exchange.read_body()
        await exchange.send_sse_head()
        for event in events:
            await exchange.send_chunk(event)
        await exchange.end_chunks()

    return play


def test_an_agent_loop_runs_unchanged_against_anthropic(client, translating, fake):
    calls = anthropic_events(
        message_start(20), *tool_block(0, "Bern"), *tool_block(1, "Basel"), *message_end("tool_use", 9)
    )
    fake.on("POST /v1/messages", plays(calls))
    with client.chat.completions.stream(model="anthropic/claude-x", messages=HELLO, tools=[TOOL]) as stream:
        answer = stream.get_final_completion()
    choice = answer.choices[0]
    assert choice.finish_reason == "tool_calls"
    assert [json.loads(one.function.arguments)["city"] for one in choice.message.tool_calls] == ["Bern", "Basel"]
    asked = json.loads(fake.requests[-1].body)
    assert asked["tools"][0]["input_schema"]["required"] == ["city"]
    assert asked["system"][0]["text"] == "Be kind."
    assert fake.requests[-1].header("x-api-key") == "sk-provider"

    text = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Sunny in both."}}
    start = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
    stop = {"type": "content_block_stop", "index": 0}
    final = anthropic_events(message_start(40), start, text, stop, *message_end("end_turn", 4))
    fake.on("POST /v1/messages", plays(final))
    results = [
        {"role": "tool", "tool_call_id": one.id, "content": "sunny"} for one in choice.message.tool_calls
    ]
    turn = {"role": "assistant", "content": None, "tool_calls": [one.model_dump() for one in choice.message.tool_calls]}
    chunks = list(
        client.chat.completions.create(
            model="anthropic/claude-x",
            messages=[*HELLO, turn, *results],
            tools=[TOOL],
            stream=True,
            stream_options={"include_usage": True},
            extra_headers={"x-portkey-trace-id": "agent-2"},
        )
    )
    said = "".join(one.choices[0].delta.content or "" for one in chunks if one.choices)
    assert said == "Sunny in both."
    assert [one.usage.total_tokens for one in chunks if one.usage][-1] == 44
    blocks = json.loads(fake.requests[-1].body)["messages"][-1]["content"]
    assert [one["tool_use_id"] for one in blocks] == ["toolu_0", "toolu_1"]
    row = translating.settled_once("agent-2")
    assert (row["end"], row["total_tokens"], row["provider"]) == ("complete", 44, "anthropic")


def test_usage_of_a_translated_stream_is_recorded_though_the_client_did_not_ask(client, translating, fake):
    fake.on("POST /v1/messages", plays(anthropic_events(message_start(7), *message_end("end_turn", 3))))
    headers = {"x-portkey-trace-id": "unasked"}
    list(client.chat.completions.create(
        model="anthropic/claude-x", messages=HELLO, stream=True, extra_headers=headers
    ))  # fmt: skip
    assert translating.settled_once("unasked")["total_tokens"] == 10


def test_gemini_answers_in_the_openai_shape(client, fake):
    async def play(exchange):
        part = {"text": "Grüezi"}
        candidate = {"content": {"role": "model", "parts": [part]}, "finishReason": "MAX_TOKENS", "index": 0}
        counts = {"promptTokenCount": 4, "candidatesTokenCount": 2, "totalTokenCount": 6}
        await exchange.answer(200, {"candidates": [candidate], "usageMetadata": counts})

    fake.on("POST /v1/models/gemini-x:generateContent", play)
    answer = client.chat.completions.create(model="google/gemini-x", messages=HELLO, max_tokens=5)
    assert (answer.choices[0].message.content, answer.choices[0].finish_reason) == ("Grüezi", "length")
    assert answer.usage.total_tokens == 6


def test_an_error_of_another_protocol_keeps_its_status_and_words(client, fake):
    async def play(exchange):
        error = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
        await exchange.answer(529, error)

    fake.on("POST /v1/messages", play)
    with pytest.raises(openai.InternalServerError) as caught:
        client.chat.completions.create(model="anthropic/claude-x", messages=HELLO)
    assert caught.value.status_code == 529
    assert "Overloaded" in caught.value.message
    assert caught.value.body["type"] == "overloaded_error"


def test_the_messages_protocol_reaches_an_openai_provider(translating, fake):
    body = {"model": "openai/gpt-4o-mini", "max_tokens": 50, "messages": [{"role": "user", "content": "Hi"}]}
    headers = translating.headers() | {"authorization": "Bearer sk-provider"}
    headers.pop("x-portkey-provider", None)
    said = translating.call("POST", "/v1/messages", body, headers).json()
    assert (said["type"], said["stop_reason"]) == ("message", "end_turn")
    assert said["content"][0]["text"] == "You said: Hi"
    wrong = translating.call("POST", "/v1/messages", body | {"messages": 7}, headers)
    assert (wrong.status, wrong.json()["type"]) == (400, "error")


def test_the_fallback_of_the_readme_reaches_claude(fake, start_gateway):
    config = standard_config(fake.base_url)
    config["providers"] |= {"anthropic": {"base_url": fake.base_url}}
    config["virtual_keys"] |= {
        "my-openai": {"provider": "openai", "api_key": "sk-openai-at-the-gateway"},
        "my-claude": {"provider": "anthropic", "api_key": "sk-claude-at-the-gateway"},
    }
    gateway = start_gateway(config)
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    [snippet] = re.findall(r'"x-portkey-config": json\.dumps\((\{.*?\n\})\)\}', readme, re.DOTALL)
    headers = {"x-portkey-api-key": GATEWAY_KEY, "x-portkey-config": json.dumps(ast.literal_eval(snippet))}
    fake.on("POST /v1/chat/completions", fails(503))
    text = [{"type": "text", "text": "Here instead."}]
    usage = {"input_tokens": 7, "output_tokens": 3}
    message = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-x", "content": text}

    async def play(exchange):
        await exchange.read_body()
        await exchange.answer(200, message | {"stop_reason": "end_turn", "usage": usage})

    fake.on("POST /v1/messages", play)
    with openai.OpenAI(api_key="none", base_url=f"{gateway.url}/v1", default_headers=headers) as client:
        answer = client.chat.completions.create(model="gpt-4o-mini", messages=HELLO)
    assert answer.choices[0].message.content == "Here instead."
    first, second = fake.requests[-2:]
    assert first.header("authorization") == "Bearer sk-openai-at-the-gateway"
    assert second.header("x-api-key") == "sk-claude-at-the-gateway"
    assert second.json()["model"] == "claude-sonnet-4-5"
