"""No secret is ever in an answer, in the record, in the metrics, in the data folder or in a log."""

import os
import subprocess

import pytest

import openai_answers
from gateway_process import (
    ADMIN_KEY,
    CLIENT_SECRET,
    GATEWAY_KEY,
    STORED_SECRET,
    binary_path,
    chat_body,
    standard_config,
)

OPERATORS_SECRET = "sk-operator-9c8b7a6d5e4f"
SECRETS = [STORED_SECRET, CLIENT_SECRET, GATEWAY_KEY, ADMIN_KEY, OPERATORS_SECRET]


@pytest.fixture
def talkative(fake, start_gateway):
    """A gateway that logs all it does."""
    config = standard_config(fake.base_url)
    config["logs"]["headers"] += ["authorization", "x-portkey-api-key"]
    return start_gateway(config, arguments=("--log-level", "debug"), OPENAI_API_KEY=OPERATORS_SECRET)


def use_every_secret(gateway) -> list:
    """Calls of every kind, good and bad; gives all their answers."""
    stored = {"x-portkey-api-key": GATEWAY_KEY, "x-portkey-virtual-key": "my-openai"}
    operated = {"x-portkey-api-key": GATEWAY_KEY, "x-portkey-provider": "openai"}
    answers = []
    for headers in (stored, operated, gateway.headers(), gateway.headers(x_portkey_api_key=ADMIN_KEY)):
        for model in ("good", "error-401", "error-429", "error-500", "cuts"):
            for stream in (False, True):
                answers.append(gateway.chat(model, headers, stream=stream))
        answers.append(gateway.call("GET", "/v1/models", headers=headers))
        answers.append(gateway.chat("m", headers | {"x-portkey-provider": "@nobody"}))
        answers.append(gateway.call("POST", "/v1/chat/completions", b"{", headers))
        answers.append(gateway.chat("m", headers | {"x-portkey-custom-host": "http://10.1.1.1/"}))
    answers.append(gateway.chat("m", {"x-portkey-api-key": f"{GATEWAY_KEY}x"}))
    return answers


def data_folder(gateway) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in gateway.data.rglob("*") if path.is_file()}


def everything_kept(gateway) -> dict[str, bytes]:
    """All that the gateway shows or keeps about what it did; stops it."""
    admin = {"x-portkey-api-key": ADMIN_KEY}
    kept = {
        "the records": gateway.call("GET", "/v1/logs?limit=1000", headers=admin).body,
        "the metrics": gateway.call("GET", "/metrics", headers=admin).body,
    }
    gateway.stop()
    return kept | {"the process log": gateway.output().encode()} | data_folder(gateway)


def leaks(places: dict[str, bytes]) -> list[tuple[str, str]]:
    return [
        (name, secret[:10])
        for name, content in places.items()
        for secret in SECRETS
        if secret.encode() in content
    ]


def test_secrets_stay_secret(talkative, fake):
    async def cuts(exchange):
        exchange.cut()

    fake.on("cuts", cuts)
    answers = use_every_secret(talkative)
    last = f"last-{len(answers)}"
    talkative.chat("good", talkative.headers(x_portkey_trace_id=last))
    document = talkative.log_document(last)
    places = {
        "the answers": b"".join(one.head + one.body for one in answers),
        "a record": str(document).encode(),
    }
    assert leaks(places | everything_kept(talkative)) == []


async def echo_the_credential(exchange):
    """A provider that repeats the credential in its error, as some do."""
    sent = exchange.request.header("authorization").removeprefix("Bearer ")
    body = openai_answers.error_body(401)
    body["error"]["message"] = f"Incorrect API key provided: {sent}."
    await exchange.answer(401, body)


@pytest.mark.parametrize("who", ["stored", "operated"])
def test_a_provider_that_repeats_the_credential_in_its_error_betrays_nothing(talkative, fake, who):
    fake.on("echoes", echo_the_credential)
    named = {"stored": {"x-portkey-virtual-key": "my-openai"}, "operated": {"x-portkey-provider": "openai"}}[
        who
    ]
    answers = [
        talkative.chat("echoes", {"x-portkey-api-key": GATEWAY_KEY} | named, stream=stream)
        for stream in (False, True)
    ]
    assert [one.status for one in answers] == [401, 401]
    assert "Incorrect API key provided" in answers[0].message
    said = b"".join(one.body for one in answers)
    assert leaks({"the answers": said} | everything_kept(talkative)) == []


def test_the_debug_log_shows_decisions(talkative):
    talkative.chat("good")
    talkative.stop()
    assert "openai" in talkative.output()


def test_a_config_check_masks_secrets(talkative):
    shown = subprocess.run(
        [str(binary_path()), "config", "check", "--config", str(talkative.config_file)],
        env={"PATH": os.environ["PATH"]} | talkative.environment, capture_output=True, text=True, timeout=20,
    )  # fmt: skip
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert not [secret for secret in SECRETS if secret in shown.stdout + shown.stderr]


def test_bodies_can_be_kept_out_of_the_record(fake, start_gateway, trace_id):
    gateway = start_gateway(standard_config(fake.base_url, logs={"bodies": False}))
    body = chat_body("m", text="a very private sentence")
    gateway.call("POST", "/v1/chat/completions", body, gateway.headers(x_portkey_trace_id=trace_id))
    assert "private sentence" not in str(gateway.log_document(trace_id))
    gateway.stop()
    assert not [name for name, content in data_folder(gateway).items() if b"private sentence" in content]
