"""An agent written for one protocol runs unchanged whichever protocol its provider speaks."""

import json
import os
import subprocess
from pathlib import Path

import pytest

import own_protocols
from gateway_process import CLIENT_SECRET, GATEWAY_KEY, standard_config

SCRIPTS = Path(__file__).parent / "js"
AWS_KEYS = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "s3cr3t-example-key"}

# provider, model, where the provider is asked, what it answers, how often its key is seen
UPSTREAMS = {
    "anthropic": ("claude-x", "POST /v1/messages", own_protocols.anthropic_agent),
    "google": ("gemini-x", "POST /v1/models/gemini-x:streamGenerateContent", own_protocols.gemini_agent),
    "@aws": ("amazon.nova-pro-v1:0", "POST /v1/model/amazon.nova-pro-v1%3A0/converse-stream",
             own_protocols.bedrock_agent),
    "cohere": ("command-x", "POST /v1/v2/chat", own_protocols.cohere_agent),
    "openai": ("gpt-x", "POST /v1/chat/completions", own_protocols.chat_agent),
}  # fmt: skip


@pytest.fixture
def gateway_to_all(fake, start_gateway):
    config = standard_config(fake.base_url)
    own = ("anthropic", "google", "cohere", "bedrock", "deepseek")
    config["providers"] |= {name: {"base_url": fake.base_url} for name in own}
    config["virtual_keys"] |= {"aws": {"provider": "bedrock", "options": AWS_KEYS}}
    return start_gateway(config)


@pytest.fixture
def run(gateway_to_all):
    def run_script(name: str, provider: str, model: str) -> dict:
        variables = {
            "GATEWAY_URL": gateway_to_all.url,
            "GATEWAY_KEY": GATEWAY_KEY,
            "PROVIDER": provider,
            "PROVIDER_KEY": CLIENT_SECRET,
            "CLIENT": "openai",
            "MODEL": model,
        }
        done = subprocess.run(
            ["node", str(SCRIPTS / name)],
            env={"PATH": os.environ["PATH"]} | variables,
            capture_output=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr.decode()
        [line] = done.stdout.splitlines()
        return json.loads(line)

    return run_script


def went_well(said: dict, reason: str) -> None:
    assert said == {"turns": 2, "asked": ["Bern", "Basel"], "final": own_protocols.FINAL, "reason": reason, "usage": 29}


@pytest.mark.parametrize("provider", UPSTREAMS)
def test_an_agent_of_the_chat_protocol(run, fake, provider):
    model, key, scenario = UPSTREAMS[provider]
    fake.on(key, scenario)
    went_well(run("agent.mjs", provider, model), "stop")
    assert len(fake.requests) == 2


@pytest.mark.parametrize("provider", UPSTREAMS)
def test_an_agent_of_the_messages_protocol(run, fake, provider):
    model, key, scenario = UPSTREAMS[provider]
    fake.on(key, scenario)
    went_well(run("agent_messages.mjs", provider, model), "end_turn")


@pytest.mark.parametrize("provider", ["anthropic", "google", "@aws", "cohere", "deepseek"])
def test_an_agent_of_the_responses_protocol(run, fake, provider):
    model, key, scenario = UPSTREAMS.get(provider, UPSTREAMS["openai"])  # DeepSeek speaks chat alone
    fake.on(key, scenario)
    went_well(run("agent_responses.mjs", provider, model), "completed")


def test_bedrock_is_asked_with_a_signature_and_never_with_the_secret(run, fake):
    model, key, scenario = UPSTREAMS["@aws"]
    fake.on(key, scenario)
    run("agent.mjs", "@aws", model)
    for request in fake.requests:
        assert request.header("authorization").startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
        assert b"s3cr3t-example-key" not in request.head + request.body
        assert CLIENT_SECRET.encode() not in request.head
