"""What the library does on the wire, seen from the other end."""

import importlib.util
import json
import random
from pathlib import Path

import pytest

from fake_upstream import FakeUpstream
from gateway_process import eventually
from openai_answers import chunk

STALLS = 'portkey/openai/stalls'


@pytest.fixture
def stalling(fake):
    """A model that begins to answer and then says nothing more."""

    async def play(exchange):
        await exchange.read_body()
        if exchange.request.json().get("stream"):
            await exchange.send_sse_head()
            await exchange.send_event(chunk(exchange.request.json(), {"content": "one"}))
        await exchange.until_client_leaves()

    fake.on("stalls", play)
    return fake


def some_environment(chance: random.Random) -> dict[str, str]:
    """Any combination of the variables that PortkeyParams reads."""
    text = chance.choice(["plain", "with blank", 'quote " and \\', "grün 😀", "tab\there", "a/b"])
    every = {
        "API_KEY": f"pk-{chance.randrange(1000)}",
        "PROVIDER": chance.choice(["openai", "anthropic", "@my-slug"]),
        "VIRTUAL_KEY": "vk-1",
        "TRACE_ID": f"trace-{chance.randrange(1000)}",
        "METADATA": json.dumps({"text": text, text: "x", "n": chance.randrange(-9, 9), "f": 2.5, "on": True}),
        "RETRY": json.dumps({"max_retries": 3, "backoff": "linear", "jitter": chance.random() < 0.5}),
        "CACHE": json.dumps({"enabled": chance.random() < 0.5, "ttl": 60, "namespace": text}),
        "CACHE_FORCE_REFRESH": chance.choice(["true", "false"]),
        "USER": "user-1",
        "ORGANIZATION": "org-1",
        "CUSTOM_HEADERS": json.dumps({"x-session-id": "s 1", "x-feature": "f"}),
    }
    return {f"PORTKEY_{name}": value for name, value in every.items() if chance.random() < 0.5}


def langroids_params():
    """The class of the published package, loaded from its file: the package itself imports half a world."""
    package = Path(importlib.util.find_spec("langroid").origin).parent
    spec = importlib.util.spec_from_file_location("provider_params", package / "language_models/provider_params.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.PortkeyParams


def test_the_headers_are_langroids_byte_for_byte(programs, monkeypatch):
    PortkeyParams = langroids_params()
    chance = random.Random(20260101)
    for _ in range(200):
        environment = some_environment(chance)
        with monkeypatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            wanted = PortkeyParams().get_headers()
        printed = programs.run("client/client_probe", "headers", **environment)
        assert dict(line.split(": ", 1) for line in printed.splitlines()) == wanted, environment


def test_the_connection_is_used_again(programs, fake):
    before = fake.connections_opened
    printed = programs.run("client/client_probe", "chat", "gpt-4o", "5", OPENAI_API_BASE=fake.base_url, OPENAI_API_KEY="sk-1")
    assert printed.splitlines() == [f"You said: Hello {i}" for i in range(5)]
    assert fake.connections_opened == before + 1


def test_a_stale_connection_is_replaced(programs, fake):
    async def answer_and_close(exchange):
        body = await exchange.read_body()
        text = json.loads(body)["messages"][-1]["content"]
        reply = {"choices": [{"message": {"content": text}, "finish_reason": "stop"}]}
        await exchange.answer(200, reply)
        exchange.cut()

    fake.on("POST /v1/chat/completions", answer_and_close)
    printed = programs.run("client/client_probe", "chat", "gpt-4o", "4", OPENAI_API_BASE=fake.base_url)
    assert printed.splitlines() == [f"Hello {i}" for i in range(4)]


def test_a_chat_that_is_cancelled_closes_its_connection(programs, gateway_settings, stalling):
    probe = programs.start("client/client_probe", "cancel", STALLS, OPENAI_API_KEY="sk-1", **gateway_settings)
    seen = stalling.wait_for_model("stalls")
    assert not seen.client_closed.is_set()
    probe.stdin.write("\n")
    probe.stdin.flush()
    assert seen.client_closed.wait(10), "the gateway still waits for the provider"
    assert probe.poll() is None
    output, _ = probe.communicate(timeout=10)
    assert (probe.returncode, output) == (0, "Cancelled: the caller asked to stop.\n")


def test_a_stream_that_is_abandoned_half_way_closes_its_connection(programs, gateway_settings, stalling):
    probe = programs.start("client/client_probe", "abandon", STALLS, OPENAI_API_KEY="sk-1", **gateway_settings)
    seen = stalling.wait_for_model("stalls")
    assert seen.client_closed.wait(10), "the gateway still waits for the provider"
    assert probe.poll() is None
    output, _ = probe.communicate(timeout=10)
    assert (probe.returncode, output) == (0, "read 'one' and left\n")


def test_the_gateway_records_an_abandoned_stream_as_such(programs, gateway, gateway_settings, stalling, trace_id):
    probe = programs.start(
        "client/client_probe", "abandon", STALLS, OPENAI_API_KEY="sk-1", PORTKEY_TRACE_ID=trace_id, **gateway_settings
    )
    row = gateway.settled_once(trace_id)
    assert row["end"] == "client_gone"
    probe.communicate(timeout=10)


@pytest.fixture(scope="module")
def tls_fake(authority):
    certificate = authority.certificate("client-test", "DNS:localhost")
    with FakeUpstream(tls=certificate.server_context()) as upstream:
        yield upstream


def test_tls_is_spoken_with_whom_the_authority_vouches_for(programs, tls_fake, authority):
    printed = programs.run(
        "client/client_probe", "chat", "gpt-4o", "2", str(authority.ca_file), OPENAI_API_BASE=tls_fake.base_url
    )
    assert printed.splitlines() == ["You said: Hello 0", "You said: Hello 1"]
    assert tls_fake.connections_opened == 1


def test_a_certificate_of_an_unknown_authority_is_refused(programs, tls_fake):
    printed = programs.run("client/client_probe", "chat", "gpt-4o", "1", code=1, OPENAI_API_BASE=tls_fake.base_url)
    assert printed.startswith("Error: Cannot reach https://localhost:")
    assert "certificate" in printed


def test_a_certificate_for_another_name_is_refused(programs, tls_fake, authority):
    address = tls_fake.base_url.replace("localhost", "127.0.0.1")
    printed = programs.run(
        "client/client_probe", "chat", "gpt-4o", "1", str(authority.ca_file), code=1, OPENAI_API_BASE=address
    )
    assert printed.startswith("Error: Cannot reach https://127.0.0.1:")


def test_no_secret_stands_in_an_error(programs, gateway_settings):
    key = "gh-a-key-that-nobody-made"
    printed = programs.run(
        "client/client_probe", "chat", "portkey/demo/demo-chat", "1", code=1, **(gateway_settings | {"PORTKEY_API_KEY": key})
    )
    assert printed.startswith("Error: Unauthorized (401)")
    assert key not in printed


def test_a_connection_that_the_gateway_closes_at_once_is_tried_again(programs, fake):
    tries = []

    async def cut_twice(exchange):
        body = await exchange.read_body()
        tries.append(body)
        if len(tries) < 3:
            exchange.cut()
        await exchange.answer(200, {"choices": [{"message": {"content": "third"}, "finish_reason": "stop"}]})

    fake.on("POST /v1/chat/completions", cut_twice)
    printed = programs.run("client/client_probe", "chat", "gpt-4o", "1", OPENAI_API_BASE=fake.base_url)
    assert printed == "third\n"
    eventually(lambda: len(tries) == 3)
    assert len(set(tries)) == 1
