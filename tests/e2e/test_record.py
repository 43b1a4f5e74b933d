"""The record: what is in it, how it is found again, and that no crash loses an answered request."""

import json
import subprocess
import threading
import time

import pytest

import openai_answers
from gateway_process import ADMIN_KEY, GATEWAY_KEY, binary_path, chat_body, standard_config

ADMIN = {"x-portkey-api-key": ADMIN_KEY}


def as_json(recorded) -> dict:
    """A recorded body is shown as JSON where it is JSON, else as text."""
    return json.loads(recorded) if isinstance(recorded, str) else recorded


# -- one record ---------------------------------------------------------------------------------


def test_a_record_holds_what_was_asked_and_answered(gateway, trace_id):
    headers = gateway.headers(
        x_portkey_trace_id=trace_id, x_portkey_metadata='{"team":"blue","n":3,"_user":"ada"}',
        x_portkey_organization="acme", x_request_source="cron", x_other="not kept",
    )  # fmt: skip
    answer = gateway.chat("gpt-4o", headers)
    document = gateway.log_document(trace_id)
    expected = {
        "trace_id": trace_id, "provider": "openai", "model": "gpt-4o", "status": 200, "end": "complete",
        "prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18, "finish_reason": "stop",
        "user": "ada", "organization": "acme", "headers": {"x-request-source": "cron"},
    }  # fmt: skip
    assert {name: document[name] for name in expected} == expected
    assert document["metadata"].items() >= {"team": "blue", "n": "3", "_user": "ada"}.items()
    assert as_json(document["request"]["body"]) == chat_body("gpt-4o")
    assert as_json(document["response"]["body"]) == answer.json()
    times = document["times"]
    assert 0 <= times["first_byte_ms"] <= times["total_ms"] < 10_000
    assert times["gateway_ms"] <= times["total_ms"]


def test_a_streams_record_has_its_usage_and_its_bytes(gateway, trace_id):
    answer = gateway.chat("gpt-4o", gateway.headers(x_portkey_trace_id=trace_id), stream=True)
    document = gateway.log_document(trace_id)
    assert (document["total_tokens"], document["finish_reason"], document["stream"]) == (18, "stop", True)
    assert document["response"]["body"].encode() == answer.body


def test_bodies_are_cut_at_their_limit(fake, start_gateway, trace_id):
    gateway = start_gateway(standard_config(fake.base_url, logs={"bodies": True, "max_body_bytes": "1KiB"}))
    gateway.call(
        "POST",
        "/v1/chat/completions",
        chat_body("m", text="long " * 5000),
        gateway.headers(x_portkey_trace_id=trace_id),
    )
    document = gateway.log_document(trace_id)
    assert len(document["request"]["body"]) <= 1024
    assert document["request"]["truncated"] is True


def test_bodies_beyond_their_rate_are_left_out_and_counted(fake, start_gateway):
    config = standard_config(fake.base_url, logs={"bodies": True, "max_body_rate": "1KiB"})
    gateway = start_gateway({**config, "server": {"threads": 1}})  # each loop has its share of the rate
    documents = []
    for turn in range(2):
        trace = f"body-rate-{turn}"
        body = chat_body("m", text="long " * 2000)
        gateway.call("POST", "/v1/chat/completions", body, gateway.headers(x_portkey_trace_id=trace))
        documents.append(gateway.log_document(trace))
    whole, bare = documents
    assert whole["request"]["truncated"] is False and as_json(whole["request"]["body"]) == body
    assert bare["request"]["body"] == "" and bare["request"]["truncated"] is True
    assert (bare["status"], bare["total_tokens"]) == (200, 18)
    assert "gatehouse_bodies_left_out_total 1\n" in gateway.call("GET", "/metrics").body.decode()


@pytest.mark.parametrize("metadata", ["not json", '"text"', "[1]", '{"a":{"b":1}}', '{"a":null}'])
def test_odd_metadata_never_fails_a_request(gateway, trace_id, metadata):
    headers = gateway.headers(x_portkey_metadata=metadata, x_portkey_trace_id=trace_id)
    assert gateway.chat("gpt-4o", headers).status == 200
    assert isinstance(gateway.log_row(trace_id)["metadata"], dict)


def test_refused_requests_are_recorded_too(gateway, trace_id):
    headers = {
        "x-portkey-api-key": GATEWAY_KEY,
        "x-portkey-provider": "openai",
        "x-portkey-trace-id": trace_id,
    }
    assert gateway.chat("gpt-4o", headers).status == 401
    row = gateway.settled_once(trace_id)
    assert row["status"] == 401
    assert "Missing API key" in json.dumps(row["error"])


# -- finding records ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def filled(gateway):
    """Records with metadata, headers, models and statuses of their own."""
    rows = [
        ("blue", "cron", "find-a"),
        ("blue", "web", "find-b"),
        ("red", "cron", "find-a"),
        ("red", "web", "error-404"),
    ]
    for number, (team, source, model) in enumerate(rows):
        gateway.chat(
            model,
            gateway.headers(
                x_portkey_trace_id=f"find-{number}", x_portkey_metadata=json.dumps({"find_team": team}),
                x_request_source=source, x_portkey_user="finder",
            ),
        )  # fmt: skip
        gateway.log_row(f"find-{number}")
    return gateway


@pytest.mark.parametrize(
    "query,expected",
    [
        ("metadata.find_team=blue", [1, 0]),
        ("metadata.find_team=blue&headers.x-request-source=cron", [0]),
        ("metadata.find_team=red&status=404", [3]),
        ("metadata.find_team=red&status=4xx", [3]),
        ("metadata.find_team=red&status=200", [2]),
        ("model=find-a&metadata.find_team=red", [2]),
        ("model=find-a&provider=openai", [2, 0]),
        ("model=find-a&provider=groq", []),
        ("trace_id=find-1", [1]),
        ("trace_id=find-9", []),
    ],
)
def test_records_are_found_newest_first(filled, query, expected):
    found = filled.call("GET", f"/v1/logs?{query}", headers=ADMIN).json()
    assert found["object"] == "list"
    assert [row["trace_id"] for row in found["data"]] == [f"find-{number}" for number in expected]
    assert found["total"] == len(expected)


def test_records_come_in_pages(filled):
    first = filled.call("GET", "/v1/logs?limit=2", headers=ADMIN).json()
    assert len(first["data"]) == 2 and first["has_more"] is True
    rest = filled.call("GET", f"/v1/logs?limit=2&cursor={first['next_cursor']}", headers=ADMIN).json()
    assert len(rest["data"]) == 2
    assert not {row["id"] for row in first["data"]} & {row["id"] for row in rest["data"]}


@pytest.mark.parametrize("query", ["limit=none", "limit=-1", "status=abc", "nonsense=1"])
def test_a_filter_that_is_not_understood_is_a_400(gateway, query):
    answer = gateway.call("GET", f"/v1/logs?{query}", headers=ADMIN)
    assert answer.status == 400
    assert query.split("=")[0] in answer.message


def test_a_record_that_does_not_exist_is_a_404(gateway):
    assert gateway.call("GET", "/v1/logs/0190b5a4-0000-7000-8000-000000000000", headers=ADMIN).status == 404


def test_reading_the_record_is_not_itself_sent_to_a_provider(gateway, fake):
    gateway.call("GET", "/v1/logs", headers=gateway.headers(x_portkey_api_key=ADMIN_KEY))
    assert fake.requests == []


def test_the_command_line_reads_the_record_of_a_running_gateway(gateway, trace_id):
    gateway.chat("gpt-4o", gateway.headers(x_portkey_trace_id=trace_id))
    gateway.log_row(trace_id)
    shown = subprocess.run(
        [str(binary_path()), "logs", "--json", "--trace-id", trace_id, "--data", str(gateway.data)],
        capture_output=True, text=True, timeout=20,
    )  # fmt: skip
    assert shown.returncode == 0, shown.stderr
    assert [json.loads(line)["trace_id"] for line in shown.stdout.splitlines()] == [trace_id]


# -- durability ---------------------------------------------------------------------------------


class Load:
    """Clients that ask without pause; remembers when each answer was complete."""

    def __init__(self, gateway, clients: int = 4):
        self.answered: list[tuple[str, float]] = []
        self._gateway = gateway
        self._threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(clients)]
        for thread in self._threads:
            thread.start()

    def _ask(self, number: int) -> None:
        turn = 0
        try:
            with self._gateway.connect() as client:
                while True:
                    name = f"load-{number}-{turn}"
                    headers = self._gateway.headers(x_portkey_trace_id=name, x_portkey_provider="demo")
                    body = chat_body("demo-chat", stream=turn % 3 == 0)
                    if client.call("POST", "/v1/chat/completions", body, headers).status == 200:
                        self.answered.append((name, time.monotonic()))
                    turn += 1
        except (OSError, AssertionError, Exception):
            return

    def join(self) -> None:
        for thread in self._threads:
            thread.join(20)


def all_trace_ids(gateway) -> list[str]:
    found, cursor = [], ""
    while True:
        page = gateway.call("GET", f"/v1/logs?limit=1000{cursor}", headers=ADMIN).json()
        found += [row["trace_id"] for row in page["data"]]
        if not page["has_more"]:
            return found
        cursor = f"&cursor={page['next_cursor']}"


@pytest.mark.parametrize("round_number", range(3))
def test_no_answered_request_is_lost_by_kill_9_but_of_the_last_100_ms(start_gateway, fake, round_number):
    gateway = start_gateway(standard_config(fake.base_url))
    load = Load(gateway)
    wanted = 200 + 100 * round_number
    deadline = time.monotonic() + 30
    while len(load.answered) < wanted and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    killed = time.monotonic()
    gateway.kill()
    load.join()
    assert len(load.answered) >= wanted
    gateway.start()
    found = all_trace_ids(gateway)
    owed = {name for name, moment in load.answered if moment < killed - 0.1}
    assert owed - set(found) == set()
    assert len(found) == len(set(found)), "no request is recorded twice"
    assert gateway.chat("m").status == 200


def test_an_orderly_end_loses_nothing(start_gateway, fake):
    gateway = start_gateway(standard_config(fake.base_url))
    names = [f"kept-{number}" for number in range(200)]
    with gateway.connect() as client:
        for name in names:
            headers = gateway.headers(x_portkey_trace_id=name)
            client.call("POST", "/v1/chat/completions", openai_answers.dump(chat_body("m")), headers)
    gateway.stop()
    gateway.start()
    assert sorted(all_trace_ids(gateway)) == sorted(names)
