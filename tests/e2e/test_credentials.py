"""Credentials that are more than a key: tokens are bought once, kept, and never mixed up."""

import json
import subprocess
from urllib.parse import parse_qs

import pytest

import own_protocols
from gateway_process import CLIENT_SECRET, chat_body, standard_config

AWS = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "s3cr3t-example-key"}
STS_ANSWER = """<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIATEMP</AccessKeyId>
<SecretAccessKey>temporary-secret</SecretAccessKey><SessionToken>session-token</SessionToken>
<Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"""


@pytest.fixture(scope="module")
def service_account() -> dict:
    made = subprocess.run(["openssl", "genrsa", "2048"], capture_output=True, check=True)
    return {
        "type": "service_account",
        "project_id": "proj-1",
        "private_key_id": "kid-1",
        "private_key": made.stdout.decode(),
        "client_email": "me@proj-1.iam.gserviceaccount.com",
    }


def config_of(fake, **virtual_keys) -> dict:
    config = standard_config(fake.base_url)
    names = ("bedrock", "vertex-ai", "azure-openai")
    config["providers"] |= {name: {"base_url": fake.base_url} for name in names}
    config["virtual_keys"] = virtual_keys
    config["server"] = {"threads": 1}  # each worker keeps its own tokens
    return config


def answers(value: dict, status: int = 200):
    async def scenario(exchange):
        await exchange.read_body()
        await exchange.answer(status, value)

    return scenario


def chat(gateway, provider: str, model: str, **fields: str):
    headers = gateway.headers(x_portkey_provider=provider, authorization=None, **fields)
    return gateway.chat(model, headers)


CONVERSE = {
    "output": {"message": {"role": "assistant", "content": [{"text": "Hi"}]}},
    "stopReason": "end_turn",
    "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2},
}


def test_a_role_is_assumed_once(fake, start_gateway):
    async def sts(exchange):
        await exchange.read_body()
        await exchange.answer(200, STS_ANSWER.encode(), {"Content-Type": "text/xml"})

    fake.on("POST /sts", sts)
    fake.on("POST /v1/model/m/converse", answers(CONVERSE))
    stored = AWS | {"aws_role_arn": "arn:aws:iam::1:role/llm", "aws_external_id": "x1", "aws_region": "eu-west-1"}
    gateway = start_gateway(
        config_of(fake, aws={"provider": "bedrock", "options": stored}),
        AWS_ENDPOINT_URL_STS=fake.base_url.removesuffix("/v1") + "/sts",
    )
    for _ in range(3):
        assert chat(gateway, "@aws", "m").status == 200
    bought = [one for one in fake.requests if one.path == "/sts"]
    assert len(bought) == 1
    form = parse_qs(bought[0].body.decode())
    assert (form["RoleArn"], form["ExternalId"]) == (["arn:aws:iam::1:role/llm"], ["x1"])
    for request in fake.requests[1:]:
        assert "Credential=ASIATEMP/" in request.header("authorization")
        assert "/eu-west-1/bedrock/aws4_request" in request.header("authorization")
        assert request.header("x-amz-security-token") == "session-token"
    assert b"s3cr3t" not in b"".join(one.head + one.body for one in fake.requests)


def test_a_client_signs_with_its_own_keys_alone(fake, start_gateway):
    fake.on("POST /v1/model/m/converse", answers(CONVERSE))
    gateway = start_gateway(config_of(fake), AWS_ACCESS_KEY_ID="OPERATOR", AWS_SECRET_ACCESS_KEY="o")
    own = {"x_portkey_aws_access_key_id": "CLIENT", "x_portkey_aws_secret_access_key": "c"}
    assert chat(gateway, "bedrock", "m", **own).status == 200
    assert chat(gateway, "bedrock", "m").status == 200
    seen = [one.header("authorization").split("Credential=")[1].split("/")[0] for one in fake.requests]
    assert seen == ["CLIENT", "OPERATOR"]
    half = chat(gateway, "bedrock", "m", x_portkey_aws_access_key_id="CLIENT")
    assert half.status == 401
    assert "aws_secret_access_key" in half.message


def test_bedrock_streams_end_to_end(fake, start_gateway):
    async def converse(exchange):
        await exchange.read_body()
        kind = {"Content-Type": "application/vnd.amazon.eventstream", "Transfer-Encoding": "chunked"}
        await exchange.send_head(200, kind)
        whole = b"".join(own_protocols.bedrock_events(True))
        for at in range(0, len(whole), 7):  # frames cut anywhere
            await exchange.send_chunk(whole[at : at + 7])
        await exchange.end_chunks()

    fake.on("POST /v1/model/m/converse-stream", converse)
    gateway = start_gateway(config_of(fake, aws={"provider": "bedrock", "options": AWS}))
    headers = gateway.headers(x_portkey_provider="@aws", x_portkey_trace_id="aws-stream")
    answer = gateway.chat("m", headers, stream=True)
    events = [line[6:] for line in answer.body.decode().split("\n") if line.startswith("data: ")]
    said = "".join(json.loads(one)["choices"][0]["delta"].get("content", "") for one in events[:-1])
    assert (said, events[-1]) == (own_protocols.FINAL, "[DONE]")
    assert gateway.settled_once("aws-stream")["total_tokens"] == 29


def test_an_exception_within_a_bedrock_stream_is_an_error_and_no_end(fake, start_gateway):
    async def converse(exchange):
        await exchange.read_body()
        kind = {"Content-Type": "application/vnd.amazon.eventstream", "Transfer-Encoding": "chunked"}
        await exchange.send_head(200, kind)
        for event in own_protocols.bedrock_events(True)[:2]:
            await exchange.send_chunk(event)
        await exchange.send_chunk(own_protocols.aws_exception("throttlingException", "slow down"))
        await exchange.end_chunks()

    fake.on("POST /v1/model/m/converse-stream", converse)
    gateway = start_gateway(config_of(fake, aws={"provider": "bedrock", "options": AWS}))
    headers = gateway.headers(x_portkey_provider="@aws", x_portkey_trace_id="aws-throttled")
    with gateway.connect() as client:
        client.send_request("POST", "/v1/chat/completions", chat_body("m", stream=True), headers)
        client.read_head()
        body, is_whole = client.read_to_any_end()
    assert not is_whole
    text = body.decode()
    assert "slow down" in text and '"finish_reason":"stop"' not in text
    assert gateway.log_row("aws-throttled")["end"] == "upstream_failed"


def test_claude_on_bedrock_takes_the_messages_protocol_through_invoke(fake, start_gateway):
    model = "us.anthropic.claude-x-v1:0"
    whole = {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-x", "stop_reason": "end_turn",
        "content": [{"type": "text", "text": "Hi"}], "usage": {"input_tokens": 3, "output_tokens": 2},
    }  # fmt: skip
    fake.on("POST /v1/model/us.anthropic.claude-x-v1%3A0/invoke", answers(whole))
    gateway = start_gateway(config_of(fake, aws={"provider": "bedrock", "options": AWS}))
    body = {"model": model, "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}
    said = gateway.call("POST", "/v1/messages", body, gateway.headers(x_portkey_provider="@aws")).json()
    assert said["content"][0]["text"] == "Hi"
    sent = fake.requests[-1].json()
    assert sent["anthropic_version"] == "bedrock-2023-05-31" and "model" not in sent


GEMINI = own_protocols.gemini_event([{"text": "Hi"}], "STOP")


def test_a_service_account_buys_one_token(fake, start_gateway, service_account):
    root = fake.base_url.removesuffix("/v1")
    place = "/v1/projects/proj-1/locations/europe-west4/publishers/google/models/g:generateContent"
    fake.on("POST /token", answers({"access_token": "ya29.bought", "expires_in": 3600}))
    fake.on(f"POST {place}", answers(GEMINI))
    account = json.dumps(service_account | {"token_uri": f"{root}/token"})
    options = {"vertex_service_account_json": account, "vertex_region": "europe-west4"}
    gateway = start_gateway(config_of(fake, vertex={"provider": "vertex-ai", "options": options}))
    for _ in range(3):
        assert chat(gateway, "@vertex", "g").status == 200
    assert [one.path for one in fake.requests].count("/token") == 1
    assert fake.requests[-1].header("authorization") == "Bearer ya29.bought"
    assert "PRIVATE KEY" not in gateway.output()


def test_a_token_that_ends_soon_is_bought_again(fake, start_gateway, service_account):
    root = fake.base_url.removesuffix("/v1")
    fake.on("POST /token", answers({"access_token": "ya29.short", "expires_in": 60}))
    place = "/v1/projects/proj-1/locations/us-central1/publishers/google/models/g:generateContent"
    fake.on(f"POST {place}", answers(GEMINI))
    account = json.dumps(service_account | {"token_uri": f"{root}/token"})
    options = {"vertex_service_account_json": account}
    gateway = start_gateway(config_of(fake, vertex={"provider": "vertex-ai", "options": options}))
    assert chat(gateway, "@vertex", "g").status == 200
    # The old one still serves when no new one is to be had.
    fake.on("POST /token", answers({"error": "unavailable"}, 503))
    assert chat(gateway, "@vertex", "g").status == 200
    assert [one.path for one in fake.requests].count("/token") == 2


def test_a_credential_that_is_refused_is_told_without_its_parts(fake, start_gateway, service_account):
    fake.on("POST /token", answers({"error": "invalid_grant", "error_description": "kid-1 is unknown"}, 400))
    root = fake.base_url.removesuffix("/v1")
    account = json.dumps(service_account | {"token_uri": f"{root}/token"})
    gateway = start_gateway(
        config_of(fake, vertex={"provider": "vertex-ai", "options": {"vertex_service_account_json": account}})
    )
    answer = chat(gateway, "@vertex", "g")
    assert answer.status == 401
    assert "not accepted" in answer.message and "kid-1" not in answer.message


def test_an_entra_client_buys_one_token_for_azure(fake, start_gateway):
    root = fake.base_url.removesuffix("/v1")
    fake.on("POST /tenant-1/oauth2/v2.0/token", answers({"access_token": "eyJ0", "expires_in": "3599"}))
    options = {
        "azure_entra_client_id": "app-1", "azure_entra_client_secret": "entra-secret",
        "azure_entra_tenant_id": "tenant-1", "api_version": "2024-10-21", "deployment_id": "my-gpt",
    }  # fmt: skip
    gateway = start_gateway(
        config_of(fake, azure={"provider": "azure-openai", "options": options}), AZURE_AUTHORITY_HOST=root
    )
    place = "/v1/deployments/my-gpt/chat/completions"
    whole = own_protocols.chat_chunk({})
    whole["choices"] = [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Hi"}}]
    fake.on(f"POST {place}", answers(whole))
    for _ in range(2):
        assert chat(gateway, "@azure", "gpt-4o").status == 200
    assert [one.path for one in fake.requests] == ["/tenant-1/oauth2/v2.0/token", place, place]
    last = fake.requests[-1]
    assert last.query == {"api-version": ["2024-10-21"]}
    assert (last.header("authorization"), last.header("api-key")) == ("Bearer eyJ0", None)
    assert last.model() == "my-gpt"


def test_azure_takes_a_key_in_its_own_field(fake, start_gateway):
    place = "/v1/deployments/gpt-4o/chat/completions"
    fake.on(f"POST {place}", answers(own_protocols.chat_chunk({})))
    gateway = start_gateway(config_of(fake))
    fields = {"x_portkey_provider": "azure-openai", "x_portkey_azure_api_version": "2024-10-21"}
    assert gateway.chat("gpt-4o", gateway.headers(**fields)).status == 200
    assert fake.requests[-1].header("api-key") == CLIENT_SECRET
    assert fake.requests[-1].header("authorization") is None
