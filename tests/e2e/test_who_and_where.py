"""Which provider is called, with which credential and which model."""

import pytest

from gateway_process import ADMIN_KEY, CLIENT_SECRET, GATEWAY_KEY, STORED_SECRET, standard_config

PROVIDER_KEY_OF_THE_OPERATOR = "sk-operator-11aa22bb"


def only_key(**extra) -> dict:
    return {"x-portkey-api-key": GATEWAY_KEY} | {
        name.replace("_", "-"): value for name, value in extra.items()
    }


def chat_and_see(gateway, fake, model: str, headers: dict, seen_model: str):
    answer = gateway.chat(model, headers)
    assert answer.status == 200, answer.body
    return fake.wait_for_model(seen_model)


# -- model forms --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "model,seen_model",
    [
        ("portkey/openai/gpt-4o-mini", "gpt-4o-mini"),
        ("openai/gpt-4o-mini", "gpt-4o-mini"),
        ("fake/some-model", "some-model"),
        ("fake/org/some-model", "org/some-model"),
        ("portkey/fake/org/some-model", "org/some-model"),
        ("@my-openai/gpt-4o", "gpt-4o"),
        ("@my-openai/ft:gpt-4o/x", "ft:gpt-4o/x"),
    ],
)
def test_a_model_name_can_name_its_provider(gateway, fake, model, seen_model):
    headers = only_key(authorization=f"Bearer {CLIENT_SECRET}")
    seen = chat_and_see(gateway, fake, model, headers, seen_model)
    expected = STORED_SECRET if model.startswith("@") else CLIENT_SECRET
    assert seen.header_values("authorization") == [f"Bearer {expected}"]


def test_only_the_model_changes_in_the_body(gateway, fake):
    body = b'{ "messages":[{"role":"user","content":"model"}], "model" : "openai\\/gpt-4o" , "x":1.0}'
    headers = only_key(authorization=f"Bearer {CLIENT_SECRET}")
    assert gateway.call("POST", "/v1/chat/completions", body, headers).status == 200
    assert fake.wait_for_model("gpt-4o").body == body.replace(b'"openai\\/gpt-4o"', b'"gpt-4o"')


def test_with_a_provider_header_a_model_with_slashes_is_left_alone(gateway, fake):
    chat_and_see(gateway, fake, "meta-llama/Llama-3-8b", gateway.headers(), "meta-llama/Llama-3-8b")


def test_an_operators_own_provider_row_works(gateway, fake):
    headers = gateway.headers(x_portkey_provider="fake")
    chat_and_see(gateway, fake, "any", headers, "any")


def test_a_custom_host_replaces_the_providers_address(gateway, fake):
    headers = gateway.headers(
        x_portkey_provider="groq", x_portkey_custom_host=f"http://127.0.0.1:{fake.port}/own/v1"
    )
    assert gateway.chat("m", headers).status == 200
    assert fake.requests[-1].path == "/own/v1/chat/completions"


def test_a_custom_host_that_is_not_trusted_is_refused(fake, start_gateway):
    gateway = start_gateway(standard_config(fake.base_url), TRUSTED_CUSTOM_HOSTS="other.example")
    headers = gateway.headers(x_portkey_custom_host=f"http://127.0.0.1:{fake.port}/v1")
    answer = gateway.chat("m", headers)
    assert answer.status == 400
    assert "custom host" in answer.message.lower()
    assert fake.requests == []


@pytest.mark.parametrize(
    "host",
    [
        "http://169.254.169.254/latest",
        "http://10.0.0.1/v1",
        "ftp://a.example/",
        "http://user:pw@a.example/",
        "http://2130706433/",
    ],
)
def test_dangerous_custom_hosts_are_refused(gateway, host):
    answer = gateway.chat("m", gateway.headers(x_portkey_custom_host=host))
    assert answer.status == 400
    assert "custom host" in answer.message.lower()


@pytest.mark.parametrize("alias,provider", [("OpenAI", "openai")])
def test_provider_names_are_taken_in_any_case(gateway, fake, alias, provider):
    chat_and_see(gateway, fake, "m", gateway.headers(x_portkey_provider=alias), "m")


# -- virtual keys -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "model,headers",
    [
        ("gpt-4o", {"x-portkey-virtual-key": "my-openai"}),
        ("@my-openai/gpt-4o", {}),
        ("gpt-4o", {"x-portkey-provider": "@my-openai"}),
        ("gpt-4o", {"x-portkey-provider": "openai", "x-portkey-virtual-key": "my-openai"}),
    ],
    ids=["header", "model", "provider", "provider and header"],
)
def test_a_virtual_key_works_in_all_its_forms(gateway, fake, model, headers):
    seen = chat_and_see(gateway, fake, model, only_key() | headers, "gpt-4o")
    assert seen.header_values("authorization") == [f"Bearer {STORED_SECRET}"]


def test_the_clients_own_credential_does_not_replace_a_stored_one(gateway, fake):
    headers = only_key(x_portkey_virtual_key="my-openai", authorization=f"Bearer {CLIENT_SECRET}")
    seen = chat_and_see(gateway, fake, "gpt-4o", headers, "gpt-4o")
    assert seen.header_values("authorization") == [f"Bearer {STORED_SECRET}"]


def test_an_unknown_virtual_key_is_a_400_with_near_names(gateway, fake):
    answer = gateway.chat("gpt-4o", only_key(x_portkey_virtual_key="my-opnai"))
    assert answer.status == 400
    assert "my-opnai" in answer.message and "my-openai" in answer.message
    assert fake.requests == []


# -- credentials --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def operated(fake, request, tmp_path_factory):
    """A gateway whose operator has an OPENAI_API_KEY in the environment."""
    from fixtures import started
    from gateway_process import GatewayProcess

    process = GatewayProcess(tmp_path_factory.mktemp("operated"), standard_config(fake.base_url))
    process.environment["OPENAI_API_KEY"] = PROVIDER_KEY_OF_THE_OPERATOR
    yield from started(process, request)


DUMMIES = [
    "Bearer OPENAI_API_KEY",
    "Bearer DUMMY-KEY",
    "Bearer xxx",
    "Bearer dummy",
    "Bearer ",
    "Bearer",
    None,
]


@pytest.mark.parametrize("dummy", DUMMIES)
def test_a_dummy_credential_counts_as_none_and_the_operators_key_is_used(operated, fake, dummy):
    headers = {
        name: value
        for name, value in only_key(x_portkey_provider="openai", authorization=dummy).items()
        if value is not None
    }
    seen = chat_and_see(operated, fake, "gpt-4o", headers, "gpt-4o")
    assert seen.header_values("authorization") == [f"Bearer {PROVIDER_KEY_OF_THE_OPERATOR}"]


def test_the_clients_own_key_goes_before_the_operators(operated, fake):
    headers = only_key(x_portkey_provider="openai", authorization=f"Bearer {CLIENT_SECRET}")
    seen = chat_and_see(operated, fake, "gpt-4o", headers, "gpt-4o")
    assert seen.header_values("authorization") == [f"Bearer {CLIENT_SECRET}"]


@pytest.mark.parametrize("name", ["authorization", "x-api-key"])
def test_the_gateway_key_may_come_as_a_bearer_and_is_never_forwarded(operated, fake, name):
    value = f"Bearer {GATEWAY_KEY}" if name == "authorization" else GATEWAY_KEY
    seen = chat_and_see(operated, fake, "gpt-4o", {name: value, "x-portkey-provider": "openai"}, "gpt-4o")
    assert seen.header_values("authorization") == [f"Bearer {PROVIDER_KEY_OF_THE_OPERATOR}"]
    assert GATEWAY_KEY.encode() not in seen.head


def test_the_gateway_key_in_both_headers_is_not_a_credential(operated, fake):
    headers = only_key(x_portkey_provider="openai", authorization=f"Bearer {GATEWAY_KEY}")
    seen = chat_and_see(operated, fake, "gpt-4o", headers, "gpt-4o")
    assert seen.header_values("authorization") == [f"Bearer {PROVIDER_KEY_OF_THE_OPERATOR}"]


def test_a_dot_env_file_beside_the_config_gives_provider_keys(fake, tmp_path, request):
    from gateway_process import GatewayProcess

    process = GatewayProcess(tmp_path / "g", standard_config(fake.base_url))
    (tmp_path / "g" / ".env").write_text("# keys\nexport OPENAI_API_KEY='sk-from-dot-env'\n")
    process.start()
    try:
        seen = chat_and_see(process, fake, "gpt-4o", only_key(x_portkey_provider="openai"), "gpt-4o")
        assert seen.header_values("authorization") == ["Bearer sk-from-dot-env"]
    finally:
        process.stop()


# -- gateway keys -------------------------------------------------------------------------------


def test_the_first_key_from_the_environment_may_do_everything(gateway):
    headers = {"x-portkey-api-key": ADMIN_KEY, "x-portkey-provider": "demo"}
    assert gateway.chat("demo-chat", headers).status == 200
    assert gateway.call("GET", "/v1/logs", headers={"x-portkey-api-key": ADMIN_KEY}).status == 200


@pytest.mark.parametrize("headers", [{}, {"x-portkey-api-key": "wrong"}, {"authorization": "Bearer wrong"}])
def test_without_a_known_gateway_key_nothing_is_served(gateway, fake, headers):
    answer = gateway.chat("gpt-4o", headers | {"x-portkey-provider": "openai"})
    assert answer.status == 401
    assert "Unauthorized" in answer.message
    assert gateway.call("GET", "/v1/logs", headers=headers).status == 401
    assert fake.requests == []


def test_optional_keys_admit_the_anonymous_but_not_the_wrong(fake, start_gateway):
    gateway = start_gateway(standard_config(fake.base_url, server={"auth": "optional"}))
    anonymous = {"x-portkey-provider": "openai", "authorization": f"Bearer {CLIENT_SECRET}"}
    assert gateway.chat("gpt-4o", anonymous).status == 200
    assert gateway.chat("gpt-4o", anonymous | {"x-portkey-api-key": "wrong"}).status == 401


def test_a_key_made_on_the_command_line_is_taken_by_the_running_gateway(gateway):
    import re
    import subprocess

    from gateway_process import binary_path, eventually

    made = subprocess.run(
        [str(binary_path()), "keys", "create", "--name", "made-later", "--data", str(gateway.data)],
        capture_output=True, text=True, timeout=20,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    key = re.search(r"gh-[0-9A-Za-z]{40}", made.stdout).group(0)
    headers = {"x-portkey-api-key": key, "x-portkey-provider": "demo"}
    eventually(lambda: gateway.chat("demo-chat", headers).status == 200, 5, "the new key's work")
