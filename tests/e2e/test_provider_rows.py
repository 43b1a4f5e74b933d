"""Every provider of the built-in table: where it is asked, with which proof, one chat, one stream,
one error. The rows are read from the table's own source, so that a new one is tested at once."""

import json
import re

import pytest

import openai_answers
import own_protocols
from gateway_process import CLIENT_SECRET, GATEWAY_KEY, REPOSITORY, chat_body, standard_config

SOURCES = [path.read_text() for path in sorted((REPOSITORY / "src/providers/rows").glob("*_to_*.h"))]
ROWS = {
    re.search(r'"([^"]+)"', text).group(1): text
    for source in SOURCES
    for text in re.split(r"(?m)^    \{\.id = ", source)[1:]
}
WORDS = (REPOSITORY / "src/providers/rows/vocabulary.h").read_text()
OPTIONS = sorted(set(re.findall(r"\{([a-z0-9-]+)[=!}]", WORDS + "".join(SOURCES))) - {"key", "path", "model"})
# Beside the key: a deployment's name would take the place of the model, and some name a whole address.
UNSAID = {"azure-deployment-id", "azure-foundry-url", "databricks-serving-endpoint-name"}


def dialect_of(text: str) -> str:
    text = re.sub(r"\.families = \{.*?\}\},", "", text, flags=re.S)
    if "kProxyOnly" in text:
        return "none"
    found = re.search(r"DialectId::(\w+)", text)
    return found.group(1) if found else "openai_chat"


def speaks_chat(row: str) -> bool:
    text = ROWS[row]
    can = re.search(r"\.can = (Capabilities::all\(\)|\{[^}]*\})", text)
    return dialect_of(text) != "none" and (not can or "all()" in can.group(1) or "chat" in can.group(1))


def field_of_key(row: str) -> tuple[str, str]:
    """The field that carries the key, and the whole value of it."""
    text = ROWS[row]
    template = re.search(r'\.auth = "([^"]*\{key\})",\n', re.sub(r"\{\{\.base_holds.*?\}\},", "", text, flags=re.S))
    name, value = template.group(1).split(": ", 1) if template else ("authorization", "Bearer {key}")
    return name, value.replace("{key}", CLIENT_SECRET)


WHOLE = {
    "anthropic_messages": {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "m", "stop_reason": "end_turn",
        "content": [{"type": "text", "text": own_protocols.FINAL}],
        "usage": {"input_tokens": 20, "output_tokens": 9},
    },
    "gemini": own_protocols.gemini_event([{"text": own_protocols.FINAL}], "STOP"),
    "bedrock_converse": {
        "output": {"message": {"role": "assistant", "content": [{"text": own_protocols.FINAL}]}},
        "stopReason": "end_turn", "usage": {"inputTokens": 20, "outputTokens": 9, "totalTokens": 29},
    },
    "cohere": {
        "id": "c1", "finish_reason": "COMPLETE",
        "message": {"role": "assistant", "content": [{"type": "text", "text": own_protocols.FINAL}]},
        "usage": {"tokens": {"input_tokens": 20, "output_tokens": 9}},
    },
    "openai_chat": {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m",
        "choices": [{"index": 0, "finish_reason": "stop",
                     "message": {"role": "assistant", "content": own_protocols.FINAL}}],
        "usage": {"prompt_tokens": 20, "completion_tokens": 9, "total_tokens": 29},
    },
}  # fmt: skip
EVENTS = {
    "anthropic_messages": own_protocols.anthropic_events,
    "gemini": own_protocols.gemini_events,
    "bedrock_converse": own_protocols.bedrock_events,
    "cohere": own_protocols.cohere_events,
    "openai_chat": own_protocols.chat_events,
}
BINARY = "application/vnd.amazon.eventstream"


@pytest.fixture(scope="module")
def every_row(fake, tmp_path_factory):
    from gateway_process import GatewayProcess

    config = standard_config(fake.base_url)
    config["providers"] = {row: {"base_url": f"{fake.base_url}/at/{row}"} for row in ROWS if row != "demo"}
    process = GatewayProcess(tmp_path_factory.mktemp("rows"), config).start()
    yield process
    process.stop()


@pytest.fixture
def ask(every_row, fake, monkeypatch):
    """Asks a row for a chat; gives the answer, and the request as the provider saw it."""

    def ask_row(row: str, scenario, **members):
        # The path is what is tested, so the fake answers at any.
        monkeypatch.setattr(openai_answers, "answer", scenario)
        headers = {f"x-portkey-{option}": "x1" for option in OPTIONS if option not in UNSAID}
        headers |= {"x-portkey-api-key": GATEWAY_KEY, "x-portkey-provider": row}
        headers["authorization"] = f"Bearer {CLIENT_SECRET}"
        answer = every_row.chat("m", headers, **members)
        [request] = fake.requests
        return answer, request

    return ask_row


CHATTING = sorted(row for row in ROWS if row != "demo" and speaks_chat(row))


def test_the_table_is_read_whole():
    assert len(ROWS) == 135 and len(CHATTING) > 100


@pytest.mark.parametrize("row", CHATTING)
def test_a_chat(ask, row):
    dialect = dialect_of(ROWS[row])

    async def scenario(exchange):
        await exchange.answer(200, WHOLE[dialect])

    answer, request = ask(row, scenario)
    assert answer.status == 200, answer
    said = answer.json()
    assert said["choices"][0]["message"]["content"] == own_protocols.FINAL
    assert said["usage"]["total_tokens"] == 29
    assert request.method == "POST" and request.path.startswith(f"/v1/at/{row}/")
    assert "{" not in request.target and "//" not in request.path
    name, value = field_of_key(row)
    if "SignerId::none" in ROWS[row]:
        assert CLIENT_SECRET.encode() not in request.head
    else:
        assert request.header_values(name) == [value]
        assert request.head.count(CLIENT_SECRET.encode()) == 1
    assert GATEWAY_KEY.encode() not in request.head


@pytest.mark.parametrize("row", CHATTING)
def test_a_stream(ask, row):
    dialect = dialect_of(ROWS[row])

    async def scenario(exchange):
        kind = BINARY if dialect == "bedrock_converse" else "text/event-stream"
        await exchange.send_head(200, {"Content-Type": kind, "Transfer-Encoding": "chunked"})
        for event in EVENTS[dialect](True):
            await exchange.send_chunk(event if isinstance(event, bytes) else own_protocols.sse(event)[0])
        if dialect == "openai_chat":
            await exchange.send_chunk(b"data: [DONE]\n\n")
        await exchange.end_chunks()

    answer, _ = ask(row, scenario, stream=True, stream_options={"include_usage": True})
    assert answer.status == 200, answer
    events = [line[6:] for line in answer.body.decode().split("\n") if line.startswith("data: ")]
    assert events[-1] == "[DONE]"
    chunks = [json.loads(event) for event in events[:-1]]
    text = "".join(one["choices"][0]["delta"].get("content") or "" for one in chunks if one["choices"])
    assert text == own_protocols.FINAL
    assert [one["usage"]["total_tokens"] for one in chunks if one.get("usage")][-1] == 29


ERRORS = {
    "anthropic_messages": {"type": "error", "error": {"type": "rate_limit_error", "message": "slow down"}},
    "gemini": {"error": {"code": 429, "message": "slow down", "status": "RESOURCE_EXHAUSTED"}},
    "bedrock_converse": {"message": "slow down"},
    "cohere": {"message": "slow down"},
    "openai_chat": {"error": {"message": "slow down", "type": "rate_limit", "param": None, "code": None}},
}


@pytest.mark.parametrize("row", CHATTING)
def test_an_error(ask, row):
    dialect = dialect_of(ROWS[row])

    async def scenario(exchange):
        await exchange.answer(429, ERRORS[dialect], {"Retry-After": "7", "x-request-id": "req-9"})

    answer, _ = ask(row, scenario)
    assert answer.status == 429, answer
    said = answer.json()
    assert said["error"]["message"] == f"{row} error: Rate limit exceeded: slow down"
    assert said["provider"] == row
    assert answer.header("retry-after") == "7"
    assert answer.header("x-request-id") == "req-9"


def test_a_body_goes_to_an_openai_row_as_the_client_wrote_it(ask):
    async def scenario(exchange):
        await exchange.answer(200, WHOLE["openai_chat"])

    _, request = ask("openai", scenario, x_unknown={"kept": [1, 2.50]})
    assert json.loads(request.body) == chat_body("m", x_unknown={"kept": [1, 2.50]})
