"""The mode in which a request may only name what the operator has saved: nothing of its own is taken."""

import json

import pytest

from gateway_process import CLIENT_SECRET, GATEWAY_KEY, STORED_SECRET, standard_config

SAVED = {
    "pc-stored": {"provider": "@my-openai"},
    "pc-open": {"retry": {"attempts": 1}},
    "pc-elsewhere": {"provider": "@my-openai", "forward_headers": ["x-feature"]},
}


@pytest.fixture(scope="module")
def config(fake) -> dict:
    config = standard_config(fake.base_url, configs=SAVED)
    return config | {"server": {"saved_only": True}}


@pytest.fixture
def saved_only(config, start_gateway):
    return start_gateway(config)


def ask(gateway, model: str = "gpt-4o", **headers):
    """A chat with these `x-portkey-...` headers alone, and a client's credential."""
    fields = {"x-portkey-api-key": GATEWAY_KEY, "authorization": f"Bearer {CLIENT_SECRET}"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    return gateway.chat(model, fields)


def refused(answer, code: str, field: str) -> None:
    assert answer.status == 400, answer
    told = answer.json()
    assert told["status"] == "failure"
    assert told["error"]["code"] == code
    assert told["error"]["field"] == field
    assert told["message"] == told["error"]["message"]
    assert "virtual key" in told["message"]


def test_what_is_saved_is_served(saved_only, fake):
    answers = [
        ask(saved_only, "@my-openai/gpt-4o"),
        ask(saved_only, x_portkey_provider="@my-openai"),
        ask(saved_only, x_portkey_virtual_key="my-openai"),
        ask(saved_only, x_portkey_config="pc-stored"),
        ask(saved_only, "@my-openai/gpt-4o", x_portkey_config="pc-open"),
        ask(saved_only, x_portkey_config="pc-elsewhere", x_feature="on"),
    ]
    assert [one.status for one in answers] == [200] * len(answers), answers
    keys = {request.header("authorization") for request in fake.requests}
    assert keys == {f"Bearer {STORED_SECRET}"}
    assert fake.requests[-1].header("x-feature") == "on"  # the operator has said so


@pytest.mark.parametrize(
    ("headers", "code", "field"),
    [
        ({"x_portkey_config": json.dumps(SAVED["pc-stored"])}, "inline_config_blocked", "x-portkey-config"),
        ({"x_portkey_config": "no config at all"}, "inline_config_blocked", "x-portkey-config"),
        ({"x_portkey_provider": "openai"}, "inline_provider_blocked", "x-portkey-provider"),
        ({"x_portkey_custom_host": "http://127.0.0.1:1/v1"}, "inline_custom_host_blocked", "x-portkey-custom-host"),
        (
            {"x_portkey_azure_foundry_url": "https://me.example.com"},
            "inline_provider_url_blocked",
            "x-portkey-azure-foundry-url",
        ),
        (
            {"x_portkey_azure_resource_name": "mine"},
            "inline_provider_url_blocked",
            "x-portkey-azure-resource-name",
        ),
        ({"x_portkey_forward_headers": "x-feature"}, "inline_forward_headers_blocked", "x-portkey-forward-headers"),
    ],
)
def test_what_a_request_brings_itself_is_refused_by_name(saved_only, fake, headers, code, field):
    refused(ask(saved_only, **({"x_portkey_virtual_key": "my-openai"} | headers)), code, field)
    assert fake.requests == []


def test_the_first_violation_is_told(saved_only):
    both = {"x_portkey_config": "{}", "x_portkey_custom_host": "http://127.0.0.1:1/v1"}
    refused(ask(saved_only, **both), "inline_config_blocked", "x-portkey-config")


@pytest.mark.parametrize("model", ["openai/gpt-4o", "portkey/openai/gpt-4o"])
@pytest.mark.parametrize("headers", [{}, {"x_portkey_config": "pc-open"}])
def test_a_model_cannot_name_a_provider_either(saved_only, fake, model, headers):
    refused(ask(saved_only, model, **headers), "inline_provider_blocked", "model")
    assert fake.requests == []


def test_a_model_whose_name_begins_like_a_provider_is_left_alone(saved_only, fake):
    assert ask(saved_only, "openai/gpt-4o", x_portkey_provider="@my-openai").status == 200
    assert ask(saved_only, "openai/gpt-4o", x_portkey_config="pc-stored").status == 200
    assert [request.model() for request in fake.requests] == ["openai/gpt-4o"] * 2


def test_a_passed_through_path_cannot_name_a_host(saved_only):
    headers = {"x-portkey-api-key": GATEWAY_KEY, "x-portkey-provider": "@my-openai"}
    path = "/v1/proxy/mine.openai.azure.com/openai/models"
    refused(saved_only.call("GET", path, b"", headers), "inline_provider_url_blocked", "path")
    assert saved_only.call("GET", "/v1/models", b"", headers).status == 200


def test_the_mode_is_switched_on_by_the_environment_and_off_by_a_reload(fake, start_gateway):
    gateway = start_gateway(standard_config(fake.base_url), BLOCK_INLINE_CONFIG="true")
    refused(ask(gateway, x_portkey_provider="openai"), "inline_provider_blocked", "x-portkey-provider")
    plain = start_gateway(standard_config(fake.base_url))
    assert ask(plain, x_portkey_provider="openai").status == 200
