"""The config object end to end: strategies, inheritance, parameters, retries, where it comes from."""

import json

import pytest

from gateway_process import ADMIN_KEY, CLIENT_SECRET, GATEWAY_KEY, chat_body, standard_config
from plans import ask, fails, in_turn, plan, silent, target

INDEX = "x-portkey-last-used-option-index"
COUNT = "x-portkey-retry-attempt-count"
QUICK = {"retry-after-ms": "5"}


def models(fake) -> list[str]:
    return [request.model() for request in fake.requests]


# -- strategies ---------------------------------------------------------------------------------


def test_a_flat_config_says_who_is_called_and_how(gateway, fake):
    answer = ask(gateway, target("flat", override_params={"model": "flat", "temperature": 0.5}))
    assert answer.status == 200
    assert (answer.header(INDEX), answer.header(COUNT)) == ("config", "0")
    assert answer.header("x-portkey-provider") == "openai"
    request = fake.wait_for_model("flat")
    assert request.json()["temperature"] == 0.5
    assert request.header("authorization") == "Bearer sk-flat"


def test_a_fallback_goes_on_until_somebody_answers(gateway, fake, trace_id):
    fake.on("a", fails(500))
    fake.on("b", fails(401))
    config = plan("fallback", target("a"), target("b"), target("c"))
    answer = ask(gateway, config, headers={"x-portkey-trace-id": trace_id})
    assert answer.status == 200
    assert answer.header(INDEX) == "config.targets[2]"
    assert models(fake) == ["a", "b", "c"]
    tries = gateway.log_document(trace_id)["attempts"]
    assert [(one["target"], one["status"], one["reason"]) for one in tries] == [
        ("config.targets[0]", 500, "first"),
        ("config.targets[1]", 401, "fallback"),
        ("config.targets[2]", 200, "fallback"),
    ]
    assert [one["model"] for one in tries] == ["a", "b", "c"]


def test_a_fallback_stops_at_a_status_that_is_not_listed(gateway, fake):
    fake.on("a", in_turn(fails(500), fails(429)))
    config = plan("fallback", target("a"), target("b"), on_status_codes=[429])
    answer = ask(gateway, config)
    assert (answer.status, answer.header(INDEX)) == (500, "config.targets[0]")
    answer = ask(gateway, config)
    assert (answer.status, answer.header(INDEX)) == (200, "config.targets[1]")


def test_the_last_failure_is_the_answer_and_clients_are_told_not_to_retry(gateway, fake):
    fake.on("a", fails(500))
    fake.on("b", fails(503))
    answer = ask(gateway, plan("fallback", target("a"), target("b")))
    assert (answer.status, answer.header(INDEX)) == (503, "config.targets[1]")
    assert answer.header("x-should-retry") == "false"


def test_weights_share_the_requests_and_none_goes_to_weight_zero(gateway, fake):
    config = plan("loadbalance", target("a", weight=3), target("b", weight=1), target("c", weight=0))
    counts = {"a": 0, "b": 0, "c": 0}
    with gateway.connect() as client:
        headers = gateway.headers(x_portkey_config=json.dumps(config), x_portkey_provider=None)
        for _ in range(400):
            body = {"model": "x", "messages": [{"role": "user", "content": "hi"}]}
            assert client.call("POST", "/v1/chat/completions", body, headers).status == 200
    for model in models(fake):
        counts[model] += 1
    # Four standard deviations of 400 draws at 3 to 1: 4 * sqrt(400 * 0.75 * 0.25) = 35.
    assert abs(counts["a"] - 300) <= 35 and counts["c"] == 0, counts


def test_a_sticky_session_stays_where_it_was_sent(gateway, fake):
    sticky = {"enabled": True, "hash_fields": ["metadata.user"], "ttl": 600}
    config = plan("loadbalance", target("a"), target("b"), sticky=sticky)
    places = set()
    for user in range(12):
        fake.forget()
        for _ in range(4):
            ask(gateway, config, headers={"x-portkey-metadata": json.dumps({"user": f"u{user}"})})
        assert len(set(models(fake))) == 1
        places |= set(models(fake))
    assert places == {"a", "b"}


CONDITIONS = [
    {"query": {"metadata.plan": {"$eq": "paid"}}, "then": "best"},
    {"query": {"params.temperature": {"$gt": 0.8}}, "then": "wild"},
    {"query": {"url.pathname": {"$regex": "embed"}}, "then": "vectors"},
    {"query": {"$and": [{"params.seed": {"$in": [1, 2]}}, {"params.top_p": {"$lte": 1}}]}, "then": "both"},
]


@pytest.mark.parametrize(
    ("metadata", "members", "expected"),
    [
        ({"plan": "paid"}, {}, "best"),
        ({"plan": "free"}, {"temperature": 0.9}, "wild"),
        ({}, {"seed": 2, "top_p": 0.5}, "both"),
        ({}, {"seed": 3, "top_p": 0.5}, "usual"),
        ({}, {}, "usual"),
    ],
)
def test_conditions_lead_by_metadata_and_parameters(gateway, fake, metadata, members, expected):
    names = ["best", "wild", "vectors", "both", "usual"]
    config = plan(
        "conditional", *(target(name, name=name) for name in names), conditions=CONDITIONS, default="usual"
    )
    answer = ask(gateway, config, headers={"x-portkey-metadata": json.dumps(metadata)}, **members)
    assert answer.status == 200
    assert models(fake) == [expected]
    assert answer.header(INDEX) == f"config.targets[{names.index(expected)}]"


def test_a_condition_can_look_at_the_path(gateway, fake):
    config = plan(
        "conditional", target("vectors", name="vectors"), conditions=CONDITIONS[2:3], default="nobody"
    )
    headers = gateway.headers(x_portkey_config=json.dumps(config), x_portkey_provider=None)
    assert gateway.call("POST", "/v1/embeddings", {"model": "m", "input": "x"}, headers).status == 200
    answer = ask(gateway, config)
    assert answer.status == 400
    assert "Invalid target name found in the query router: nobody" in answer.message


def test_strategies_nest_and_children_win_over_what_they_inherit(gateway, fake):
    fake.on("outer", fails(500))
    fake.on("own", fails(502))
    config = plan(
        "fallback",
        target("outer"),
        plan("fallback", {"provider": "openai", "api_key": "k", "override_params": {"model": "own"}},
             {"provider": "openai", "api_key": "k"}) | {"override_params": {"model": "inherited", "seed": 7}},
    ) | {"override_params": {"top_p": 0.1}}  # fmt: skip
    answer = ask(gateway, config)
    assert answer.status == 200
    assert answer.header(INDEX) == "config.targets[1].targets[1]"
    assert models(fake) == ["outer", "own", "inherited"]
    last = fake.requests[-1].json()
    assert (last["seed"], last["top_p"]) == (7, 0.1)


# -- parameters ---------------------------------------------------------------------------------


def test_defaults_overrides_and_drops_apply_in_their_order(gateway, fake):
    config = target("p") | {
        "default_params": {"temperature": 0.1, "user": "nobody"},
        "override_params": {"model": "p", "top_p": 0.9},
        "drop_params": ["seed", "tools[*].function.strict", "metadata.secret", "not.there"],
    }
    tools = [{"type": "function", "function": {"name": "f", "strict": True, "parameters": {}}}]
    answer = ask(gateway, config, temperature=0.7, top_p=0.2, seed=3, tools=tools,
                 metadata={"secret": "s", "open": "o"})  # fmt: skip
    assert answer.status == 200
    body = fake.wait_for_model("p").json()
    assert (body["temperature"], body["user"], body["top_p"]) == (0.7, "nobody", 0.9)
    assert "seed" not in body
    assert body["tools"][0]["function"] == {"name": "f", "parameters": {}}
    assert body["metadata"] == {"open": "o"}


def test_an_overridden_model_can_name_a_stored_credential(gateway, fake):
    answer = ask(gateway, {"override_params": {"model": "@my-openai/stored"}},
                 headers={"authorization": f"Bearer {CLIENT_SECRET}"})  # fmt: skip
    assert answer.status == 200
    assert fake.wait_for_model("stored").header("authorization") == "Bearer sk-stored-5f0c1e7d9b2a48c6"


def test_the_clients_credential_does_not_go_to_a_provider_that_the_config_names(gateway, fake):
    answer = ask(gateway, {"provider": "openai"}, headers={"authorization": f"Bearer {CLIENT_SECRET}"})
    assert answer.status == 401
    assert fake.requests == []
    both = {"authorization": f"Bearer {CLIENT_SECRET}", "x-portkey-provider": "openai"}
    assert ask(gateway, {"provider": "openai"}, headers=both).status == 200
    assert fake.requests[0].header("authorization") == f"Bearer {CLIENT_SECRET}"


def test_named_headers_are_forwarded_and_no_others(gateway, fake):
    config = target("f", forward_headers=["x-team"])
    ask(gateway, config, headers={"x-team": "blue", "x-other": "red"})
    request = fake.wait_for_model("f")
    assert (request.header("x-team"), request.header("x-other")) == ("blue", None)


# -- retries ------------------------------------------------------------------------------------


def test_a_retry_follows_the_wait_that_was_asked_for_and_is_counted(gateway, fake, trace_id):
    fake.on("r", in_turn(fails(429, QUICK), fails(503, QUICK), fails(503, QUICK)))
    config = target("r", retry={"attempts": 2})
    answer = ask(gateway, config, headers={"x-portkey-trace-id": trace_id})
    assert (answer.status, answer.header(COUNT)) == (503, "-1")
    assert len(fake.requests) == 3
    document = gateway.log_document(trace_id)
    assert [one["reason"] for one in document["attempts"]] == ["first", "retry", "retry"]
    assert document["attempts"][1]["wait_ms"] == 5
    assert document["retry_count"] == -1


def test_a_retry_that_succeeds_says_how_many_it_took(gateway, fake):
    fake.on("r", in_turn(fails(500, QUICK), fails(500, QUICK), lambda exchange: fine(exchange)))
    answer = ask(gateway, target("r", retry={"attempts": 3}))
    assert (answer.status, answer.header(COUNT)) == (200, "2")


async def fine(exchange):
    import openai_answers

    await openai_answers.answer(exchange)


def test_langroids_retry_field_works_without_any_config(gateway, fake):
    fake.on("lr", in_turn(fails(500, QUICK), fine))
    headers = gateway.headers(
        x_portkey_retry=json.dumps({"max_retries": 2, "backoff": "linear", "jitter": True})
    )
    answer = gateway.chat("lr", headers)
    assert (answer.status, answer.header(COUNT)) == (200, "1")


@pytest.mark.parametrize(
    ("retry", "status", "calls"),
    [
        ({"attempts": 2}, 400, 1),
        ({"attempts": 2, "on_status_codes": [418]}, 500, 1),
        ({"attempts": 2, "on_status_codes": []}, 500, 1),
        ({"attempts": 1, "on_status_codes": [418]}, 418, 2),
        ({"attempts": 0}, 500, 1),
    ],
)
def test_only_listed_statuses_are_retried(gateway, fake, retry, status, calls):
    fake.on("r", fails(status, QUICK))
    assert ask(gateway, target("r", retry=retry)).status == status
    assert len(fake.requests) == calls


def test_an_upstream_that_wants_a_minute_is_not_waited_for(gateway, fake):
    fake.on("r", fails(429, {"retry-after": "120"}))
    answer = ask(gateway, plan("fallback", target("r", retry={"attempts": 3}), target("next")))
    assert (answer.status, answer.header(INDEX)) == (200, "config.targets[1]")
    assert models(fake) == ["r", "next"]


def test_a_timeout_is_a_408_and_leads_to_the_next_target(gateway, fake):
    fake.on("mute", silent)
    answer = ask(gateway, target("mute", request_timeout=60, retry={"attempts": 2}))
    assert answer.status == 408
    assert "Request exceeded the timeout sent in the request: 60ms" in answer.message
    assert len(fake.requests) == 1, "a silent route is not asked again"
    answer = ask(gateway, plan("fallback", target("mute"), target("b")) | {"request_timeout": 60})
    assert (answer.status, answer.header(INDEX)) == (200, "config.targets[1]")


# -- where a config comes from ------------------------------------------------------------------


def test_saved_configs_are_named_by_slug_or_by_the_key(start_gateway, fake):
    saved = {
        "pc-two": plan("fallback", target("a"), target("b")),
        "pc-default": {"virtual_key": "my-openai", "override_params": {"model": "of-the-key"}},
    }
    keys = [
        {"name": "e2e", "key": GATEWAY_KEY},
        {"name": "bound", "key": "gh-bound-0123456789abcdefghijklmnop", "config": "pc-default"},
    ]
    gateway = start_gateway(standard_config(fake.base_url, configs=saved, api_keys=keys))
    fake.on("a", fails(500))
    answer = ask(gateway, "pc-two")
    assert (answer.status, answer.header(INDEX)) == (200, "config.targets[1]")
    answer = ask(gateway, "pc-tow")
    assert answer.status == 400
    assert "Unknown config 'pc-tow'. Did you mean 'pc-two'?" in answer.message
    bound = {"x-portkey-api-key": "gh-bound-0123456789abcdefghijklmnop"}
    assert gateway.chat("asked", bound).status == 200
    fake.wait_for_model("of-the-key")


def test_a_config_that_is_wrong_names_the_path_and_what_is_allowed(gateway, fake):
    for config, expected in [
        ("not json", "You need to pass a valid json"),
        ({"strategy": {"mode": "guess"}, "targets": [{}]}, "path: config.strategy.mode"),
        (target("x", retry={"attempts": "many"}), "path: config.retry.attempts"),
        (target("x", custom_host="http://10.0.0.1/v1"), "Invalid custom host"),
        (target("x", input_guardrails=["g"]), "guardrails and hooks would not be run"),
    ]:
        answer = ask(gateway, config)
        assert answer.status == 400, config
        assert expected in answer.message, answer.message
        assert answer.header("x-portkey-trace-id")
    assert fake.requests == []


# -- health -------------------------------------------------------------------------------------


def test_a_failing_target_is_left_alone_and_that_can_be_seen(start_gateway, fake):
    gateway = start_gateway(standard_config(fake.base_url))
    fake.on("ill", fails(503))
    config = plan("fallback", target("ill"), target("well"))
    for _ in range(8):
        assert ask(gateway, config).status == 200
    assert models(fake).count("ill") == 3, "then its breaker is open"
    admin = {"x-portkey-api-key": ADMIN_KEY}
    upstreams = gateway.call("GET", "/v1/upstreams", headers=admin).json()["data"]
    states = {one["upstream"].split(" ")[1]: one["breaker"] for one in upstreams}
    assert states == {"ill": "open", "well": "closed"}
    metrics = gateway.call("GET", "/metrics").body.decode()
    assert "gatehouse_next_targets_total 3" in metrics
    assert [line[-1] for line in metrics.splitlines() if "breaker_open{" in line and " ill " in line] == ["1"]
    assert "sk-ill" not in metrics, "no credential is told"


def busy_one(fake):
    """An upstream that answers when the gate opens, and the most calls that it ever had at once."""
    gate = fake.gate()
    under_way, most = [0], [0]

    async def slow(exchange):
        await exchange.read_body()
        under_way[0] += 1
        most[0] = max(most[0], under_way[0])
        await gate.passed()
        under_way[0] -= 1
        await exchange.answer(200, {"choices": []})

    fake.on("busy", slow)
    return gate, most


def test_calls_wait_their_turn_at_a_busy_upstream(start_gateway, fake):
    upstream = {"max_concurrency": 1, "max_queue": 2}
    gateway = start_gateway(standard_config(fake.base_url, upstream=upstream, server={"threads": 1}))
    gate, most = busy_one(fake)
    clients = [gateway.connect() for _ in range(3)]
    for client in clients:
        client.send_request("POST", "/v1/chat/completions", chat_body("busy"), gateway.headers())
    fake.wait_for_model("busy")
    gate.open()
    for client in clients:
        assert client.read_answer("POST").status == 200
        client.close()
    assert most[0] == 1


def test_a_full_queue_refuses_and_says_when_to_come_again(start_gateway, fake):
    upstream = {"max_concurrency": 1, "max_queue": 0}
    gateway = start_gateway(standard_config(fake.base_url, upstream=upstream, server={"threads": 1}))
    gate, _ = busy_one(fake)
    with gateway.connect() as client:
        client.send_request("POST", "/v1/chat/completions", chat_body("busy"), gateway.headers())
        fake.wait_for_model("busy")
        refused = gateway.chat("busy")
        assert (refused.status, refused.header("retry-after")) == (503, "1")
        assert "The upstream is busy: 1 calls are under way and 0 wait" in refused.message
        assert gateway.chat("another").status == 200, "another model is another upstream"
        gate.open()
        assert client.read_answer("POST").status == 200
