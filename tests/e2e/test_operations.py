"""Health, metrics, CORS, reload, start and stop: what an operator and a browser see."""

import os
import re
import subprocess

import pytest

from gateway_process import (
    ADMIN_KEY,
    GATEWAY_KEY,
    STORED_SECRET,
    GatewayProcess,
    binary_path,
    eventually,
    standard_config,
)


def run_binary(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [str(binary_path()), *arguments], env={"PATH": os.environ["PATH"]} | environment,
        capture_output=True, text=True, timeout=20, stdin=subprocess.DEVNULL,
    )  # fmt: skip


# -- health and metrics -------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/health", "/v1/health"])
def test_health_needs_no_key(gateway, path):
    answer = gateway.call("GET", path, headers={})
    assert (answer.status, answer.body) == (200, b"Server is healthy")


def test_metrics_count_requests_in_the_prometheus_format(gateway):
    def count() -> float:
        text = gateway.call("GET", "/metrics", headers={"x-portkey-api-key": ADMIN_KEY}).body.decode()
        rows = re.findall(r'^request_count\{[^}]*provider="openai"[^}]*\} ([0-9.e+]+)$', text, re.M)
        return sum(map(float, rows))

    before = count()
    for _ in range(3):
        gateway.chat("counted")
    eventually(lambda: count() == before + 3, what="the count of three more requests")


def test_metrics_are_well_formed(gateway):
    gateway.chat("counted")
    answer = gateway.call("GET", "/metrics", headers={"x-portkey-api-key": ADMIN_KEY})
    assert answer.status == 200
    assert answer.header("content-type").startswith("text/plain")
    sample = re.compile(
        r'^[a-zA-Z_:][\w:]*(\{(\w+="(\\.|[^"\\])*",?)*\})? (NaN|[+-]?(Inf|[0-9.]+(e[+-]?\d+)?))$'
    )
    lines = [line for line in answer.body.decode().splitlines() if line and not line.startswith("#")]
    assert lines and [line for line in lines if not sample.match(line)] == []


# -- CORS ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def with_cors(fake, request, tmp_path_factory):
    from fixtures import started

    config = standard_config(fake.base_url, server={"cors": {"origins": ["https://app.example"]}})
    yield from started(GatewayProcess(tmp_path_factory.mktemp("cors"), config), request)


PREFLIGHT = {
    "access-control-request-method": "POST",
    "access-control-request-headers": "x-portkey-api-key,content-type",
}


def test_a_preflight_of_an_allowed_origin_is_granted_without_a_key(with_cors, fake):
    headers = {"origin": "https://app.example"} | PREFLIGHT
    answer = with_cors.call("OPTIONS", "/v1/chat/completions", headers=headers)
    assert answer.status in (200, 204)
    assert answer.header("access-control-allow-origin") == "https://app.example"
    assert "POST" in answer.header("access-control-allow-methods")
    allowed = answer.header("access-control-allow-headers").lower()
    assert allowed == "*" or "x-portkey-api-key" in allowed
    assert "origin" in (answer.header("vary") or "").lower()
    assert fake.requests == []


def test_answers_and_errors_carry_the_allowed_origin(with_cors):
    for headers in (with_cors.headers(origin="https://app.example"), {"origin": "https://app.example"}):
        answer = with_cors.chat("m", headers)
        assert answer.header("access-control-allow-origin") == "https://app.example"
        assert "x-portkey-trace-id" in answer.header("access-control-expose-headers").lower() or (
            answer.header("access-control-expose-headers") == "*"
        )


def test_another_origin_is_granted_nothing(with_cors):
    headers = with_cors.headers(origin="https://evil.example")
    assert with_cors.chat("m", headers).header("access-control-allow-origin") is None
    preflight = with_cors.call(
        "OPTIONS", "/v1/chat/completions", headers={"origin": "https://evil.example"} | PREFLIGHT
    )
    assert preflight.header("access-control-allow-origin") is None


def test_without_the_setting_there_is_no_cors(gateway):
    answer = gateway.chat("m", gateway.headers(origin="https://app.example"))
    assert answer.status == 200
    assert answer.header("access-control-allow-origin") is None


# -- reload -------------------------------------------------------------------------------------


def test_a_reload_changes_keys_and_drops_no_stream(fake, start_gateway):
    gate = fake.gate()

    async def gated(exchange):
        await exchange.send_sse_head()
        await exchange.send_event("before")
        await gate.passed()
        await exchange.send_event("[DONE]")
        await exchange.end_chunks()

    fake.on("gated", gated)
    config = standard_config(fake.base_url)
    gateway = start_gateway(config)
    with gateway.connect() as client:
        body = b'{"model":"gated","stream":true,"messages":[{"role":"user","content":"x"}]}'
        client.send_request("POST", "/v1/chat/completions", body, gateway.headers())
        client.read_head()
        assert client.read_event() == b"data: before\n\n"
        new_key = gateway.headers(x_portkey_api_key="gh-new-key")
        assert gateway.chat("m", new_key).status == 401
        gateway.write_config(config | {"api_keys": [{"name": "new", "key": "gh-new-key"}]})
        gateway.reload()
        eventually(lambda: gateway.chat("m", new_key).status == 200, what="the new key's work")
        assert gateway.chat("m").status == 401, "the old key is gone"
        gate.open()
        assert client.read_event() == b"data: [DONE]\n\n"
        assert client.read_chunk() == b""


def test_a_reload_of_virtual_keys_and_providers_takes_effect(fake, start_gateway):
    config = standard_config(fake.base_url)
    gateway = start_gateway(config)
    headers = {"x-portkey-api-key": GATEWAY_KEY, "x-portkey-virtual-key": "second"}
    assert gateway.chat("m", headers).status == 400
    config["providers"]["added"] = {"base_url": fake.base_url}
    config["virtual_keys"]["second"] = {"provider": "added", "api_key": "sk-second"}
    gateway.write_config(config)
    gateway.reload()
    eventually(lambda: gateway.chat("m", headers).status == 200, what="the new virtual key's work")
    assert fake.requests[-1].header("authorization") == "Bearer sk-second"


def test_a_bad_config_is_not_taken_and_the_old_one_stays(fake, start_gateway):
    gateway = start_gateway(standard_config(fake.base_url))
    gateway.write_config({"api_keyz": []})
    gateway.reload()
    eventually(lambda: "api_keyz" in gateway.output(), what="a word about the bad config")
    assert gateway.chat("m").status == 200


def test_many_reloads_under_load_fail_no_request(fake, start_gateway):
    gateway = start_gateway(standard_config(fake.base_url))
    with gateway.connect() as client:
        for number in range(200):
            if number % 10 == 0:
                gateway.reload()
            answer = client.call(
                "POST",
                "/v1/chat/completions",
                {"model": "m", "messages": [{"role": "user", "content": "x"}]},
                gateway.headers(),
            )
            assert answer.status == 200


# -- start and stop -----------------------------------------------------------------------------


MISTAKES = """\
server:
  thread: 2
  idle_timeout: soon
virtual_keys:
  mine:
    provider: openai
    api_key: ${NOT_SET_ANYWHERE}
"""


def test_a_config_with_mistakes_refuses_to_start_and_names_all_of_them(tmp_path):
    config = tmp_path / "gatehouse.yaml"
    config.write_text(MISTAKES)
    for command in (["serve", "--listen", "127.0.0.1:0", "--data", str(tmp_path / "d")], ["config", "check"]):
        done = run_binary(*command, "--config", str(config))
        said = done.stdout + done.stderr
        assert done.returncode != 0
        for place in ("gatehouse.yaml:2", "gatehouse.yaml:3", "gatehouse.yaml:7"):
            assert place in said, said
        assert "threads" in said and "NOT_SET_ANYWHERE" in said


def test_the_documented_one_line_form_of_a_virtual_key_works(fake, tmp_path):
    process = GatewayProcess(tmp_path / "short", None)
    process.config_file.write_text(
        f"providers: {{openai: {{base_url: '{fake.base_url}'}}}}\n"
        "virtual_keys:\n  my-openai: {provider: openai, api_key: ${E2E_STORED_SECRET}}\n"
    )
    process.start()
    try:
        headers = {"x-portkey-api-key": ADMIN_KEY, "x-portkey-virtual-key": "my-openai"}
        assert process.chat("m", headers).status == 200
        assert fake.requests[-1].header("authorization") == f"Bearer {STORED_SECRET}"
    finally:
        process.stop()


def test_a_good_config_passes_the_check(tmp_path):
    config = tmp_path / "gatehouse.yaml"
    config.write_text("server: {threads: 1}\n")
    assert run_binary("config", "check", "--config", str(config)).returncode == 0


def test_a_port_that_is_taken_is_a_clear_refusal(gateway, tmp_path):
    done = run_binary("serve", "--listen", f"127.0.0.1:{gateway.port}", "--data", str(tmp_path))
    assert done.returncode != 0
    assert str(gateway.port) in done.stdout + done.stderr


def test_help_explains_itself():
    whole = run_binary("--help")
    assert whole.returncode == 0
    for command in ("serve", "keys", "logs", "config"):
        assert command in whole.stdout
        assert run_binary(command, "--help").returncode == 0


def test_the_first_start_prints_a_key_and_a_curl_line_that_work(start_gateway, tmp_path):
    process = GatewayProcess(tmp_path / "first", None)
    del process.environment["GATEHOUSE_ADMIN_KEY"]
    process.start()
    try:
        key = eventually(
            lambda: re.search(r"gh-[0-9A-Za-z]{20,}", process.output()), what="the first key"
        ).group(0)
        headers = {"x-portkey-api-key": key, "x-portkey-provider": "demo"}
        assert process.chat("demo-chat", headers).status == 200
        assert "curl" in process.output()
    finally:
        process.stop()
    process.start()
    try:
        assert process.chat("demo-chat", headers).status == 200, "the key is still known after a restart"
    finally:
        process.stop()


def test_without_any_config_the_demo_answers(start_gateway):
    gateway = start_gateway(None)
    headers = {"x-portkey-api-key": ADMIN_KEY, "x-portkey-provider": "demo"}
    assert gateway.chat("demo-chat", headers).status == 200
