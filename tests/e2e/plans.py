"""Configs for the tests of routing, and scenarios of providers that fail in one way or another."""

from __future__ import annotations

import json

import openai_answers
from gateway_process import chat_body

WORDS = [f"w{number} " for number in range(20)]
TEXT = "".join(WORDS)
ASKS_FOR_USAGE = {"stream": True, "stream_options": {"include_usage": True}}


def target(model: str, **members) -> dict:
    """A leaf that reaches the fake, which answers by the model's name."""
    return {"provider": "openai", "api_key": f"sk-{model}", "override_params": {"model": model}} | members


def plan(mode: str, *targets: dict, **strategy) -> dict:
    return {"strategy": {"mode": mode} | strategy, "targets": list(targets)}


def request_of(gateway, config: dict | str, stream: bool, headers: dict | None = None, **members) -> tuple:
    """Body and headers of a chat by this config."""
    text = config if isinstance(config, str) else json.dumps(config)
    fields = gateway.headers(x_portkey_config=text, x_portkey_provider=None, authorization=None)
    members = (ASKS_FOR_USAGE if stream else {}) | members
    return chat_body("asked", **members), fields | (headers or {})


def ask(gateway, config: dict | str, stream: bool = False, headers: dict | None = None, **members):
    """That chat, on a connection of its own."""
    return gateway.call(
        "POST", "/v1/chat/completions", *request_of(gateway, config, stream, headers, **members)
    )


def events(answer) -> list[dict]:
    """The JSON events of a stream."""
    lines = [one.removeprefix(b"data: ") for one in answer.body.split(b"\n\n") if one.startswith(b"data: ")]
    return [json.loads(one) for one in lines if one != b"[DONE]"]


def said(answer) -> str:
    pieces = []
    for event in events(answer):
        pieces += [choice["delta"].get("content") or "" for choice in event.get("choices", [])]
    return "".join(pieces)


# -- scenarios ----------------------------------------------------------------------------------


def fails(status: int, headers: dict | None = None, body: dict | None = None):
    async def play(exchange):
        await exchange.read_body()
        shown = body or {"error": {"message": f"status {status}", "type": "t", "param": None, "code": None}}
        await exchange.answer(status, shown, headers)

    return play


def in_turn(*scenarios):
    """The first one for the first request, and so on; the last one stays."""
    left = list(scenarios)

    async def play(exchange):
        scenario = left.pop(0) if len(left) > 1 else left[0]
        await scenario(exchange)

    return play


def streams(words: list[str] | None = None, then=None):
    """A stream of these words; then whatever the test wants, or a proper end."""

    async def play(exchange):
        await exchange.read_body()
        body = exchange.request.json()
        await exchange.send_sse_head()
        for word in WORDS if words is None else words:
            await exchange.send_event(openai_answers.chunk(body, {"content": word}))
        await (then or finish)(exchange)

    return play


async def finish(exchange) -> None:
    body = exchange.request.json()
    await exchange.send_event(openai_answers.chunk(body, {}, "stop"))
    await exchange.send_event(openai_answers.usage_chunk(body))
    await exchange.send_event("[DONE]")
    await exchange.end_chunks()


async def cut(exchange) -> None:
    exchange.cut()


async def reset(exchange) -> None:
    exchange.reset()


async def silent(exchange) -> None:
    await exchange.read_body()
    await exchange.until_client_leaves()
