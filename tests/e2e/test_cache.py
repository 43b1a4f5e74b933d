"""Answers that are given again: to whom, for how long, in which form, and never a wrong one."""

import json
import random
from concurrent.futures import ThreadPoolExecutor

import openai
import pytest

import openai_answers
from cache_calls import STATUS, ask, events_of, failing, model, text_of  # noqa: F401  (model is a fixture)
from gateway_process import chat_body, eventually, standard_config
from raw_http import CutShort


# -- hit, miss, and when neither ----------------------------------------------------------------


def test_the_second_answer_is_the_first_one_again_and_nobody_upstream_is_asked(gateway, fake, model):
    first, second = ask(gateway, model), ask(gateway, model)
    assert (first.header(STATUS), second.header(STATUS)) == ("MISS", "HIT")
    assert second.body == first.body
    assert second.header("content-type") == "application/json"
    assert len(fake.for_model(model)) == 1


def test_a_request_that_does_not_mention_the_cache_has_nothing_to_do_with_it(gateway, fake, model):
    ask(gateway, model)
    assert gateway.chat(model, messages=[{"role": "user", "content": "Hello there"}]).header(STATUS) is None
    assert len(fake.for_model(model)) == 2


@pytest.mark.parametrize("off", ["false", '{"enabled":false,"ttl":60}'])
def test_a_cache_that_is_switched_off_is_off(gateway, fake, model, off):
    for _ in range(2):
        assert ask(gateway, model, cache=off).header(STATUS) is None
    assert len(fake.for_model(model)) == 2


def test_a_cache_field_that_cannot_be_read_is_refused(gateway, fake, model):
    answer = ask(gateway, model, cache='{"ttl":"soon"}')
    assert answer.status == 400
    assert "x-portkey-cache" in answer.json()["error"]["message"]
    assert fake.for_model(model) == []


def test_blanks_order_and_trace_make_no_other_question(gateway, fake, model):
    ask(gateway, model)
    body = (
        b'{ "messages": [ {"role": "user",   "content": "Hello there"} ], "model": "' + model.encode() + b'" }'
    )
    headers = gateway.headers(x_portkey_cache="simple", x_portkey_trace_id="another", traceparent="00-ab-cd-01")
    assert gateway.call("POST", "/v1/chat/completions", body, headers).header(STATUS) == "HIT"


@pytest.mark.parametrize(
    "other", [{"_temperature": 0.5}, {"text": "Hello  there"}, {"_user": "ada"}, {"_max_tokens": 5}]
)
def test_any_other_difference_makes_another_question(gateway, model, other):
    ask(gateway, model)
    assert ask(gateway, model, **other).header(STATUS) == "MISS"


def test_embeddings_are_kept_and_uploads_are_not(gateway, fake, model):
    headers = gateway.headers(x_portkey_cache="simple")
    body = {"model": model, "input": "Hello"}
    answers = [gateway.call("POST", "/v1/embeddings", body, headers) for _ in range(2)]
    assert [one.header(STATUS) for one in answers] == ["MISS", "HIT"]
    assert answers[0].body == answers[1].body
    assert gateway.call("GET", "/v1/files", b"", headers).header(STATUS) == "DISABLED"


def test_who_wants_no_record_is_not_kept(gateway, model):
    for _ in range(2):
        assert ask(gateway, model, x_portkey_debug="false").header(STATUS) == "DISABLED"


def test_an_operator_may_switch_the_cache_off_or_on_for_all(fake, start_gateway, model):
    off = start_gateway(standard_config(fake.base_url, cache={"enabled": False}))
    assert [ask(off, model).header(STATUS) for _ in range(2)] == ["DISABLED"] * 2
    on = start_gateway(standard_config(fake.base_url, cache={"mode": "simple"}))
    assert [on.chat(model).header(STATUS) for _ in range(2)] == ["MISS", "HIT"]
    assert ask(on, model, "Another", cache="false").header(STATUS) is None


# -- time, refresh, namespace -------------------------------------------------------------------


def test_an_answer_is_kept_as_long_as_the_request_says(gateway, fake, model):
    short = '{"enabled":true,"ttl":1}'
    assert ask(gateway, model, cache=short).header(STATUS) == "MISS"
    asked = lambda: ask(gateway, model, cache=short).header(STATUS) == "MISS"  # noqa: E731
    eventually(asked, what="the end of an answer's time")
    assert len(fake.for_model(model)) == 2


def test_who_wants_a_younger_answer_gets_one(gateway, model):
    ask(gateway, model)
    young = lambda: ask(gateway, model, cache='{"ttl":1}').header(STATUS) == "MISS"  # noqa: E731
    eventually(young, what="an answer too old for this client")
    assert ask(gateway, model).header(STATUS) == "HIT"


async def counted(exchange) -> None:
    """Every answer says how many there were before it."""
    await exchange.read_body()
    body = exchange.request.json()
    count = len(exchange.fake.for_model(body["model"]))
    await exchange.answer(200, openai_answers.completion(body | {"messages": [{"content": str(count)}]}))


def test_a_forced_refresh_asks_again_and_keeps_the_new_answer(gateway, fake, model):
    fake.on(model, counted)
    first = ask(gateway, model)
    assert ask(gateway, model, x_portkey_cache_force_refresh="false").header(STATUS) == "HIT"
    fresh = ask(gateway, model, x_portkey_cache_force_refresh="true")
    assert fresh.header(STATUS) == "REFRESH"
    assert fresh.body != first.body
    again = ask(gateway, model)
    assert (again.header(STATUS), again.body) == ("HIT", fresh.body)


def test_metadata_keeps_answers_apart_and_a_namespace_shares_them(gateway, model):
    red, blue = '{"team":"red"}', '{"team":"blue"}'
    assert ask(gateway, model, x_portkey_metadata=red).header(STATUS) == "MISS"
    assert ask(gateway, model, x_portkey_metadata=blue).header(STATUS) == "MISS"
    assert ask(gateway, model, x_portkey_metadata=red).header(STATUS) == "HIT"
    shared = {"x_portkey_cache_namespace": "shared"}
    assert ask(gateway, model, x_portkey_metadata=red, **shared).header(STATUS) == "MISS"
    assert ask(gateway, model, x_portkey_metadata=blue, **shared).header(STATUS) == "HIT"
    in_the_object = '{"enabled":true,"namespace":"shared"}'
    assert ask(gateway, model, cache=in_the_object).header(STATUS) == "HIT"


# -- streams and documents ----------------------------------------------------------------------


def test_a_document_is_given_as_a_stream(gateway, fake, model):
    document = ask(gateway, model).json()
    answer = ask(gateway, model, _stream=True, _stream_options={"include_usage": True})
    assert (answer.header(STATUS), answer.header("content-type")) == ("HIT", "text/event-stream")
    events = events_of(answer)
    assert events[-1] == "[DONE]"
    assert events[-2]["usage"]["total_tokens"] == document["usage"]["total_tokens"]
    assert text_of(answer) == document["choices"][0]["message"]["content"]
    assert events[0]["choices"][0]["delta"]["role"] == "assistant"
    assert len(fake.for_model(model)) == 1


def test_a_stream_tells_no_usage_to_who_did_not_ask(gateway, model):
    ask(gateway, model)
    answer = ask(gateway, model, _stream=True)
    assert answer.header(STATUS) == "HIT"
    assert all("usage" not in one or one["usage"] is None for one in events_of(answer)[:-1])


def test_a_stream_is_given_as_a_document_and_as_a_stream(gateway, fake, model):
    first = ask(gateway, model, _stream=True)
    assert first.header(STATUS) == "MISS"
    again = ask(gateway, model, _stream=True)
    assert (again.header(STATUS), text_of(again)) == ("HIT", text_of(first))
    document = ask(gateway, model)
    assert document.header(STATUS) == "HIT"
    choice = document.json()["choices"][0]
    assert (choice["message"]["content"], choice["finish_reason"]) == (text_of(first), "stop")
    assert document.json()["usage"]["total_tokens"] == 18
    assert len(fake.for_model(model)) == 1


def test_tool_calls_survive_both_ways(gateway, model):
    tools = [{"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}]
    with openai.OpenAI(
        api_key="sk-x",
        base_url=f"{gateway.url}/v1",
        default_headers=gateway.headers(x_portkey_cache="simple"),
        max_retries=0,
    ) as client:
        request = {"model": model, "messages": [{"role": "user", "content": "Weather?"}], "tools": tools}
        with client.chat.completions.stream(**request) as stream:
            first = stream.get_final_completion()
        kept = client.chat.completions.create(**request)
        with client.chat.completions.stream(**request) as stream:
            again = stream.get_final_completion()
    calls = [one.choices[0].message.tool_calls[0] for one in (first, kept, again)]
    assert {(one.id, one.function.name, json.loads(one.function.arguments)["city"]) for one in calls} == {
        ("call_0", "weather", "Zürich")
    }
    assert {one.choices[0].finish_reason for one in (first, kept, again)} == {"tool_calls"}


def test_text_completions_are_streamed_from_what_is_kept(gateway, model):
    headers = gateway.headers(x_portkey_cache="simple")
    body = {"model": model, "prompt": "Once"}
    document = gateway.call("POST", "/v1/completions", body, headers)
    stream = gateway.call("POST", "/v1/completions", body | {"stream": True}, headers)
    assert (document.header(STATUS), stream.header(STATUS)) == ("MISS", "HIT")
    events = events_of(stream)
    assert events[-1] == "[DONE]"
    text = "".join(one["choices"][0]["text"] for one in events[:-1] if one["choices"])
    assert text == document.json()["choices"][0]["text"]


def test_a_client_that_leaves_behind_the_usage_has_its_answer_kept(gateway, fake, model):
    """As langroid does: it takes the finish reason and the usage, and does not wait for `[DONE]`."""
    gate = fake.gate()

    async def hold_back_the_end(exchange) -> None:
        await exchange.read_body()
        await exchange.send_sse_head()
        for one in openai_answers.stream_chunks(exchange.request.json()):
            await exchange.send_event(one)
        await gate.passed()

    fake.on(model, hold_back_the_end)
    wish = {"_stream": True, "_stream_options": {"include_usage": True}}
    body = chat_body(model, stream=True, stream_options={"include_usage": True})
    with gateway.connect() as client:
        client.send_request("POST", "/v1/chat/completions", body, gateway.headers(x_portkey_cache="simple"))
        client.read_head()
        while b'"total_tokens"' not in client.read_event():
            pass
    fake.on(model, openai_answers.answer)
    eventually(lambda: ask(gateway, model, **wish).header(STATUS) == "HIT", what="a kept answer")
    gate.open()
    assert len(fake.for_model(model)) <= 2


# -- what is never kept -------------------------------------------------------------------------


def ending_with(reason: str, **message):
    async def scenario(exchange) -> None:
        await exchange.read_body()
        answer = openai_answers.completion(exchange.request.json())
        answer["choices"][0]["finish_reason"] = reason
        answer["choices"][0]["message"] |= message
        await exchange.answer(200, answer)

    return scenario


async def an_error_with_a_good_status(exchange) -> None:
    await exchange.read_body()
    await exchange.answer(200, openai_answers.error_body(500))


async def broken_json(exchange) -> None:
    await exchange.read_body()
    await exchange.answer(200, b'{"choices":[{"index":0,"message":{"role":"assistant","content":"Hel')


async def cut_document(exchange) -> None:
    await exchange.read_body()
    await exchange.send_head(200, {"Content-Type": "application/json", "Content-Length": "5000"})
    await exchange.send(openai_answers.dump(openai_answers.completion(exchange.request.json())))
    exchange.cut()


async def no_json(exchange) -> None:
    await exchange.read_body()
    await exchange.answer(200, b"It works!", {"Content-Type": "text/html"})


@pytest.mark.parametrize(
    "scenario",
    [
        ending_with("length"),
        ending_with("content_filter"),
        ending_with("stop", refusal="I cannot help with that."),
        failing,
        an_error_with_a_good_status,
        broken_json,
        cut_document,
        no_json,
    ],
)
def test_what_did_not_come_to_its_own_end_is_not_kept(gateway, fake, model, scenario):
    fake.on(model, scenario)
    try:
        ask(gateway, model)
    except (ConnectionError, CutShort):
        pass  # the answer was cut, and so is ours
    fake.on(model, openai_answers.answer)
    answer = ask(gateway, model)
    assert (answer.status, answer.header(STATUS)) == (200, "MISS")
    assert len(fake.for_model(model)) == 2


async def cut_stream(exchange) -> None:
    await exchange.read_body()
    await exchange.send_sse_head()
    for one in openai_answers.stream_chunks(exchange.request.json())[:3]:
        await exchange.send_event(one)
    exchange.cut()


async def ended_stream(exchange) -> None:
    """Ends as if it were whole, without a finish reason and without [DONE]."""
    await exchange.read_body()
    await exchange.send_sse_head()
    for one in openai_answers.stream_chunks(exchange.request.json())[:3]:
        await exchange.send_event(one)
    await exchange.end_chunks()


async def failing_stream(exchange) -> None:
    await exchange.read_body()
    await exchange.send_sse_head()
    for one in openai_answers.stream_chunks(exchange.request.json())[:3]:
        await exchange.send_event(one)
    await exchange.send_event(openai_answers.error_body(503))
    await exchange.send_event("[DONE]")
    await exchange.end_chunks()


@pytest.mark.parametrize("scenario", [cut_stream, ended_stream, failing_stream])
def test_a_stream_that_broke_is_not_kept(gateway, fake, model, scenario):
    fake.on(model, scenario)
    try:
        ask(gateway, model, _stream=True)
    except (ConnectionError, CutShort):
        pass  # the answer was cut, and so is ours
    fake.on(model, openai_answers.answer)
    assert ask(gateway, model).header(STATUS) == "MISS"


def test_an_answer_larger_than_the_limit_passes_and_is_not_kept(fake, start_gateway, model):
    gateway = start_gateway(standard_config(fake.base_url, cache={"max_entry_bytes": 2048}))
    for _ in range(2):
        answer = ask(gateway, model, "long " * 1000)
        assert (answer.status, answer.header(STATUS)) == (200, "MISS")


# -- tenants ------------------------------------------------------------------------------------


async def names_the_caller(exchange) -> None:
    """The answer holds the credential that the question came with."""
    await exchange.read_body()
    body = exchange.request.json()
    who = exchange.request.header("authorization")
    await exchange.answer(200, openai_answers.completion(body | {"messages": [{"content": who}]}))


def test_no_tenant_ever_gets_another_ones_answer(fake, start_gateway, model):
    """Each tenant has a gateway key of its own and a provider credential that shows in the answer."""
    tenants = 8
    config = standard_config(fake.base_url)
    config["api_keys"] = [{"name": f"tenant {n}", "key": f"gh-tenant-{n}-0123456789abcdef"} for n in range(tenants)]
    gateway = start_gateway(config)
    fake.on(model, names_the_caller)
    chance = random.Random(7)
    plans = [
        (chance.randrange(tenants), f"Question {chance.randrange(4)}", chance.choice([None, "", "shared"]),
         chance.random() < 0.3)
        for _ in range(600)
    ]  # fmt: skip

    def one(plan) -> tuple[str, str, str]:
        tenant, text, namespace, streams = plan
        headers = {
            "x-portkey-api-key": f"gh-tenant-{tenant}-0123456789abcdef",
            "x-portkey-provider": "openai",
            "authorization": f"Bearer secret-of-{tenant}",
            "x-portkey-cache": "simple",
        }
        if namespace:
            headers["x-portkey-cache-namespace"] = namespace
        answer = gateway.chat(model, headers, messages=[{"role": "user", "content": text}])
        assert answer.status == 200
        return answer.header(STATUS), answer.json()["choices"][0]["message"]["content"], f"secret-of-{tenant}"

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(one, plans))
    for _, said, secret in answers:
        assert said == f"You said: Bearer {secret}"
    hits = sum(status == "HIT" for status, _, _ in answers)
    assert hits > 400, f"a cache that never hits proves nothing: {hits} hits"


def test_without_a_gateway_key_the_provider_credential_is_the_tenant(fake, start_gateway, model):
    config = standard_config(fake.base_url, server={"auth": "optional"})
    gateway = start_gateway(config)
    fake.on(model, names_the_caller)
    for name in ["ada", "bob", "ada", "bob"]:
        headers = {
            "x-portkey-provider": "openai",
            "authorization": f"Bearer {name}",
            "x-portkey-cache": '{"enabled":true,"namespace":"all of us"}',
        }
        assert name in gateway.chat(model, headers).json()["choices"][0]["message"]["content"]
    assert len(fake.for_model(model)) == 2


def test_two_keys_of_the_provider_do_not_share_answers(gateway, fake, model):
    fake.on(model, names_the_caller)
    for name in ["one", "two"]:
        answer = ask(gateway, model, authorization=f"Bearer {name}")
        assert (answer.header(STATUS), name in answer.body.decode()) == ("MISS", True)
