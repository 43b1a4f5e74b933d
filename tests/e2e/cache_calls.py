"""What the tests of the cache share: a chat with the cache on, and what its answer says."""

import itertools
import json

import pytest

import openai_answers

STATUS = "x-portkey-cache-status"
numbers = itertools.count()


@pytest.fixture
def model() -> str:
    """A model that no other test asks, so that nothing is kept for it yet."""
    return f"cached-{next(numbers)}"


def ask(gateway, model: str, text: str = "Hello there", cache: str = "simple", **headers):
    """One chat with the cache on; `stream` and other members of the body by `_stream`."""
    members = {name[1:]: headers.pop(name) for name in list(headers) if name.startswith("_")}
    fields = gateway.headers(x_portkey_cache=cache, **headers)
    return gateway.chat(model, fields, messages=[{"role": "user", "content": text}], **members)


def events_of(answer) -> list:
    events = [line[6:] for line in answer.body.decode().split("\n\n") if line.startswith("data: ")]
    return [one if one == "[DONE]" else json.loads(one) for one in events]


def text_of(answer) -> str:
    chunks = [one for one in events_of(answer) if one != "[DONE]" and one["choices"]]
    return "".join(one["choices"][0]["delta"].get("content") or "" for one in chunks)


async def failing(exchange) -> None:
    await exchange.read_body()
    await exchange.answer(500, openai_answers.error_body(500))
