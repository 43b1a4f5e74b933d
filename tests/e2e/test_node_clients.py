"""The unmodified `openai` and `portkey-ai` packages from npm work through the gateway."""

import json
import os
import subprocess
from pathlib import Path

import pytest

import openai_answers
from gateway_process import CLIENT_SECRET, GATEWAY_KEY

SCRIPTS = Path(__file__).parent / "js"
HELLO = "Grüezi 世界 🌍"


@pytest.fixture(params=["openai", "portkey-ai"])
def run(request, gateway, tmp_path):
    """Runs a script with one of the clients; gives the JSON lines that it reports."""

    def run_script(name: str, provider: str, model: str, **environment: str) -> list[dict]:
        variables = {
            "GATEWAY_URL": gateway.url,
            "GATEWAY_KEY": GATEWAY_KEY,
            "PROVIDER": provider,
            "PROVIDER_KEY": CLIENT_SECRET,
            "CLIENT": request.param,
            "MODEL": model,
            "SCRATCH_FILE": str(tmp_path / "upload.jsonl"),
        }
        done = subprocess.run(
            ["node", str(SCRIPTS / name)],
            env={"PATH": os.environ["PATH"]} | variables | environment,
            capture_output=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr.decode()
        return [json.loads(line) for line in done.stdout.splitlines()]

    run_script.client = request.param
    return run_script


def test_chat(run):
    [said] = run("chat.mjs", "openai", "gpt-4o-mini")
    assert said == {"content": f"You said: {HELLO}", "finish_reason": "stop", "total_tokens": 18}


def test_stream(run):
    [said] = run("stream.mjs", "openai", "gpt-4o-mini")
    assert (said["content"], said["total_tokens"]) == (f"You said: {HELLO}", 18)


def test_tools(run):
    [said] = run("tools.mjs", "openai", "gpt-4o")
    assert said == {
        "name": "weather",
        "city": "Zürich",
        "reason": "tool_calls",
        "final": "You said: sunny",
        "streamed_city": "Zürich",
    }


def test_embeddings(run):
    [said] = run("embeddings.mjs", "openai", "text-embedding-3-small")
    assert said["vectors"] == [[1, 0.5, -1.25], [3, 0.5, -1.25]]


def test_files(run):
    [said] = run("files.mjs", "openai", "unused")
    assert said == {"bytes": 72000, "filename": "upload.jsonl", "listed": True, "length": 72000}


def test_images(run):
    [said] = run("images.mjs", "openai", "gpt-image-1")
    assert said == {"magic": "PNG", "edited": "a red pixel"}


def test_error_classes(run):
    expected = {
        400: "BadRequestError",
        401: "AuthenticationError",
        404: "NotFoundError",
        429: "RateLimitError",
        500: "InternalServerError",
    }
    thrown = run("errors.mjs", "openai", "unused", STATUSES=",".join(map(str, expected)))
    assert [(one["status"], one["thrown"]) for one in thrown] == list(expected.items())
    for one in thrown:
        error = openai_answers.error_body(one["status"])["error"]
        assert error["message"] in one["message"]
        # portkey-ai keeps the status and the message alone.
        assert one["code"] == (error["code"] if run.client == "openai" else None)


def test_a_stream_that_the_client_breaks_off_is_cancelled_upstream(run, fake):
    async def endless(exchange):
        await exchange.send_sse_head()
        await exchange.send_event(openai_answers.chunk(exchange.request.json(), {"content": "one"}))
        await exchange.until_client_leaves()

    fake.on("endless", endless)
    assert run("leave.mjs", "openai", "endless") == [{"first": "one"}]
    assert fake.wait_for_model("endless").client_closed.wait(1)


def test_the_demo_provider_chats_streams_and_calls_tools(run):
    [chat] = run("chat.mjs", "demo", "demo-chat")
    [stream] = run("stream.mjs", "demo", "demo-chat")
    [tools] = run("tools.mjs", "demo", "demo-chat")
    assert "demo" in chat["content"].lower()
    assert (stream["content"], stream["total_tokens"]) == (chat["content"], chat["total_tokens"])
    assert (tools["name"], tools["reason"]) == ("weather", "tool_calls")


def test_the_demo_provider_embeds(run):
    [said] = run("embeddings.mjs", "demo", "demo-embed")
    assert said["count"] == 2
