"""Kept answers beyond one request: restarts, many at once, the same meaning, other dialects, configs."""

import itertools
import json
import re
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

import openai_answers
from cache_calls import STATUS, ask, failing, model, text_of  # noqa: F401  (model is a fixture)
from gateway_process import GATEWAY_KEY, chat_body, eventually, standard_config
from raw_http import CutShort


# -- a restart, a crash -------------------------------------------------------------------------


def test_answers_survive_a_restart(fake, start_gateway, model):
    gateway = start_gateway(standard_config(fake.base_url))
    first = ask(gateway, model)
    gateway.stop()
    gateway.start()
    again = ask(gateway, model)
    assert (again.header(STATUS), again.body) == ("HIT", first.body)


def kept_on_disk(gateway) -> int:
    file = gateway.data / "cache.db"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        return database.execute("SELECT count(*) FROM entries").fetchone()[0]


def test_a_kill_while_answers_are_written_leaves_a_cache_that_can_be_read(fake, start_gateway, model):
    gateway = start_gateway(standard_config(fake.base_url))
    asked = 0
    for crash in range(3):
        stop = threading.Event()
        answered: list[str] = []
        # All that was asked so far is there, so that what is added from here on is this round's.
        eventually(lambda: kept_on_disk(gateway) >= asked, what="what was asked before")
        before = kept_on_disk(gateway)

        def write(prefix: str, stop=stop, answered=answered) -> None:
            for n in itertools.count():
                if stop.is_set():
                    return
                try:
                    ask(gateway, model, f"{prefix} {n}")
                except (OSError, CutShort):
                    return
                answered.append(f"{prefix} {n}")

        writers = [threading.Thread(target=write, args=(f"{crash}/{n}",)) for n in range(4)]
        for one in writers:
            one.start()
        # Each writer may be cut from one answer that was written.
        wanted = before + 20 + len(writers)
        eventually(lambda wanted=wanted: kept_on_disk(gateway) > wanted, what="answers on the disk")
        gateway.kill()
        stop.set()
        for one in writers:
            one.join(10)
        gateway.start()
        # What had been written before the kill is there; what is there is right.
        hits = 0
        for text in answered:
            answer = ask(gateway, model, text)
            assert answer.json()["choices"][0]["message"]["content"] == f"You said: {text}"
            hits += answer.header(STATUS) == "HIT"
        assert hits > 20
        asked += len(answered)


# -- many at once -------------------------------------------------------------------------------


def held_back(fake):
    gate = fake.gate()

    async def scenario(exchange) -> None:
        await exchange.read_body()
        await gate.passed()
        await openai_answers.answer(exchange)

    return gate, scenario


def waiting(gateway) -> int:
    """How many calls wait for the answer of another one, by the gateway's own word."""
    text = gateway.call("GET", "/metrics").body.decode()
    return int(re.search(r"^llm_cache_waiting (\d+)$", text, re.M).group(1))


def ask_at_once(gateway, model: str, count: int, **wish) -> list:
    """Calls under way; the result of each is its answer or what went wrong."""
    pool = ThreadPoolExecutor(count)
    calls = [pool.submit(ask, gateway, model, **wish) for _ in range(count)]
    pool.shutdown(wait=False)
    return calls


def test_a_hundred_identical_calls_are_one_call_upstream(fake, start_gateway, model):
    gateway = start_gateway(standard_config(fake.base_url, server={"threads": 2}))
    gate, scenario = held_back(fake)
    fake.on(model, scenario)
    calls = ask_at_once(gateway, model, 100)
    assert gate.reached.wait(5)
    eventually(lambda: waiting(gateway) == 99, what="99 calls that wait")
    gate.open()
    answers = [one.result(20) for one in calls]
    assert len(fake.for_model(model)) == 1
    assert {one.status for one in answers} == {200}
    assert {one.body for one in answers} == {answers[0].body}
    assert sorted(one.header(STATUS) for one in answers) == ["HIT"] * 99 + ["MISS"]


def test_streams_and_documents_wait_for_the_same_answer(gateway, fake, model):
    gate, scenario = held_back(fake)
    fake.on(model, scenario)
    calls = [*ask_at_once(gateway, model, 5), *ask_at_once(gateway, model, 5, _stream=True)]
    assert gate.reached.wait(5)
    eventually(lambda: waiting(gateway) == 9, what="9 calls that wait")
    gate.open()
    answers = [one.result(20) for one in calls]
    texts = {one.json()["choices"][0]["message"]["content"] for one in answers[:5]}
    assert texts | {text_of(one) for one in answers[5:]} == {"You said: Hello there"}
    assert len(fake.for_model(model)) == 1


def test_when_the_first_client_leaves_another_call_takes_its_place(gateway, fake, model):
    gate, scenario = held_back(fake)
    fake.on(model, scenario)
    body = chat_body(model)
    with gateway.connect() as client:
        client.send_request("POST", "/v1/chat/completions", body, gateway.headers(x_portkey_cache="simple"))
        assert gate.reached.wait(5)
        calls = ask_at_once(gateway, model, 10)
        eventually(lambda: waiting(gateway) == 10, what="10 calls that wait")
    first = fake.for_model(model)[0]
    assert first.client_closed.wait(5)
    eventually(lambda: len(fake.for_model(model)) == 2, what="another call upstream")
    gate.open()
    assert {one.result(20).status for one in calls} == {200}
    assert len(fake.for_model(model)) == 2


def test_when_calls_fail_nobody_waits_in_a_row(gateway, fake, model):
    gate = fake.gate()

    async def scenario(exchange) -> None:
        await exchange.read_body()
        await gate.passed()
        await failing(exchange)

    fake.on(model, scenario)
    calls = ask_at_once(gateway, model, 10)
    assert gate.reached.wait(5)
    eventually(lambda: waiting(gateway) == 9, what="9 calls that wait")
    gate.open()
    answers = [one.result(20) for one in calls]
    assert {one.status for one in answers} == {500}
    assert len(fake.for_model(model)) == 10


# -- the same meaning ---------------------------------------------------------------------------


@pytest.fixture
def semantic(fake, start_gateway):
    cache = {"semantic": {"provider": "demo", "model": "demo-embed", "threshold": 0.8}}
    return start_gateway(standard_config(fake.base_url, cache=cache))


def test_a_question_that_means_nearly_the_same_gets_the_same_answer(semantic, fake, model):
    wish = {"cache": "semantic"}
    first = ask(semantic, model, "How do I reset the password of my account?", **wish)
    assert first.header(STATUS) == "SEMANTIC MISS"
    near = ask(semantic, model, "How do I reset the password of my account", **wish)
    assert (near.header(STATUS), near.body) == ("SEMANTIC HIT", first.body)
    same = ask(semantic, model, "How do I reset the password of my account?", **wish)
    assert same.header(STATUS) == "HIT"
    far = ask(semantic, model, "Which trains go to Basel on Sunday?", **wish)
    assert far.header(STATUS) == "SEMANTIC MISS"
    assert len(fake.for_model(model)) == 2


def test_everything_but_the_users_words_must_be_the_same(semantic, model):
    text = "How do I reset the password of my account?"
    wish = {"cache": "semantic"}
    ask(semantic, model, text, **wish)
    near = text.replace("?", "")
    assert ask(semantic, model, near, _temperature=0, **wish).header(STATUS) == "SEMANTIC MISS"
    assert ask(semantic, model, near, x_portkey_metadata='{"a":"b"}', **wish).header(STATUS) == "SEMANTIC MISS"
    assert ask(semantic, model, near, cache="simple").header(STATUS) == "MISS"


def test_numbers_must_be_the_same(semantic, model):
    wish = {"cache": "semantic"}
    ask(semantic, model, "What is the price of item number 1207 in your shop?", **wish)
    other = ask(semantic, model, "What is the price of item number 1208 in your shop?", **wish)
    assert other.header(STATUS) == "SEMANTIC MISS"


def test_meanings_survive_a_restart(semantic, model):
    wish = {"cache": "semantic"}
    first = ask(semantic, model, "How do I reset the password of my account?", **wish)
    semantic.stop()
    semantic.start()
    near = ask(semantic, model, "How do I reset the password of my account", **wish)
    assert (near.header(STATUS), near.body) == ("SEMANTIC HIT", first.body)


def test_without_an_embedder_semantic_is_simple(gateway, model):
    statuses = [ask(gateway, model, cache="semantic").header(STATUS) for _ in range(2)]
    assert statuses == ["MISS", "HIT"]


def test_an_embedder_that_fails_costs_nobody_his_answer(fake, start_gateway, model):
    cache = {"semantic": {"provider": "@my-openai", "model": "error-500"}}
    gateway = start_gateway(standard_config(fake.base_url, cache=cache))
    statuses = [ask(gateway, model, cache="semantic").header(STATUS) for _ in range(2)]
    assert statuses == ["SEMANTIC MISS", "HIT"]


# -- other dialects, the record -----------------------------------------------------------------


def test_translated_answers_are_kept_in_the_clients_dialect(fake, start_gateway, model):
    config = standard_config(fake.base_url)
    gateway = start_gateway(config)
    body = {"model": model, "max_tokens": 50, "messages": [{"role": "user", "content": "Hello there"}]}
    headers = gateway.headers(x_portkey_cache="simple")
    first = gateway.call("POST", "/v1/messages", body, headers)
    again = gateway.call("POST", "/v1/messages", body, headers)
    stream = gateway.call("POST", "/v1/messages", body | {"stream": True}, headers)
    assert [one.header(STATUS) for one in (first, again, stream)] == ["MISS", "HIT", "HIT"]
    assert first.body == again.body
    assert b"event: message_start" in stream.body and b"event: message_stop" in stream.body
    assert len(fake.for_model(model)) == 1


def test_a_hit_is_recorded_with_its_status_its_tokens_and_no_cost(gateway, model, trace_id):
    ask(gateway, model)
    answer = ask(gateway, model, x_portkey_trace_id=trace_id)
    document = gateway.log_document(trace_id)
    assert (document["cache_status"], document["status"], document["end"]) == ("HIT", 200, "complete")
    assert (document["total_tokens"], document["finish_reason"]) == (18, "stop")
    assert document["attempts"] == []
    assert document["response"]["body"] in (answer.json(), answer.body.decode())


def test_a_streamed_hit_is_recorded_with_its_tokens_too(gateway, model, trace_id):
    ask(gateway, model)
    ask(gateway, model, _stream=True, x_portkey_trace_id=trace_id)
    row = gateway.log_row(trace_id)
    assert (row["cache_status"], row["total_tokens"], row["stream"]) == ("HIT", 18, True)


def test_the_demo_provider_is_cached_too(gateway):
    headers = {"x-portkey-api-key": GATEWAY_KEY, "x-portkey-provider": "demo", "x-portkey-cache": "simple"}
    answers = [gateway.chat("demo-chat", headers, stream=streams) for streams in (True, False, True)]
    assert [one.header(STATUS) for one in answers] == ["MISS", "HIT", "HIT"]


# -- with a config ------------------------------------------------------------------------------


def config(**members) -> str:
    return json.dumps(members)


def test_a_config_turns_the_cache_on_and_wins_over_the_header(gateway, fake, model):
    on = config(provider="openai", api_key="sk-x", cache={"mode": "simple", "max_age": 60})
    fields = {"x_portkey_config": on, "x_portkey_provider": None}
    body = {"messages": [{"role": "user", "content": "Hello there"}]}
    statuses = [gateway.chat(model, gateway.headers(**fields), **body).header(STATUS) for _ in range(2)]
    assert statuses == ["MISS", "HIT"]
    off = gateway.headers(**fields, x_portkey_cache="false")
    assert gateway.chat(model, off, **body).header(STATUS) == "HIT"
    assert len(fake.for_model(model)) == 1


def test_each_target_of_a_fallback_has_answers_of_its_own(gateway, fake, model):
    plan = config(
        strategy={"mode": "fallback"},
        cache={"mode": "simple"},
        targets=[
            {"provider": "openai", "override_params": {"model": "error-503"}, "retry": {"attempts": 0}},
            {"provider": "fake", "api_key": "sk-x"},
        ],
    )
    fields = gateway.headers(x_portkey_config=plan, x_portkey_provider=None)
    answers = [gateway.chat(model, fields) for _ in range(2)]
    assert [one.status for one in answers] == [200, 200]
    assert [one.header(STATUS) for one in answers] == ["MISS", "HIT"]
    assert answers[0].body == answers[1].body
    assert answers[1].header("x-portkey-last-used-option-index") == "config.targets[1]"
    assert len(fake.for_model(model)) == 1
