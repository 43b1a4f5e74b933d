"""A disk that takes no more: requests are served, what is lost is counted, and space ends the trouble.

The disk is the process's own limit on the size of files: like a full disk it refuses what would make a
file longer, and it can be lifted while the gateway runs. A limit is set below what its files have already.
"""

import itertools
import re
import resource

import pytest

from gateway_process import eventually, standard_config

NO_LIMIT = resource.RLIM_INFINITY
numbers = itertools.count()


@pytest.fixture
def gateway(fake, start_gateway):
    config = standard_config(fake.base_url, cache={"mode": "simple"})
    config["providers"] |= {"anthropic": {"base_url": fake.base_url}}
    fake.on("POST /v1/messages", says_hello)
    return start_gateway(config)


async def says_hello(exchange):
    await exchange.read_body()
    await exchange.answer(200, {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-x",
        "content": [{"type": "text", "text": "Hello"}], "stop_reason": "end_turn",
        "usage": {"input_tokens": 3, "output_tokens": 2},
    })  # fmt: skip


def limit_files(gateway, size: int) -> None:
    resource.prlimit(gateway.pid, resource.RLIMIT_FSIZE, (size, NO_LIMIT))


def ask(gateway) -> str:
    """One chat that would be recorded and kept; gives its trace."""
    trace = f"disk-{next(numbers)}"
    answer = gateway.chat(f"model-{trace}", gateway.headers(x_portkey_trace_id=trace))
    assert answer.status == 200, answer
    return trace


def ask_for_response(gateway) -> str:
    """A response that the gateway has to keep itself; gives its id."""
    body = {"model": "claude-x", "input": f"Hi {next(numbers)}"}  # another one each time: nothing is cached
    answer = gateway.call("POST", "/v1/responses", body, gateway.headers(x_portkey_provider="anthropic"))
    assert answer.status == 200, answer
    return answer.json()["id"]


def count(gateway, name: str) -> int:
    text = gateway.call("GET", "/metrics").body.decode()
    return int(re.search(rf"^{name} (\d+)$", text, re.M).group(1))


def wait_for_losses(gateway) -> None:
    eventually(lambda: "The record cannot be written" in gateway.output(), what="the record's trouble")
    eventually(lambda: "Answers are kept in memory only" in gateway.output(), what="the cache's trouble")


def test_on_a_full_disk_requests_are_served_and_what_is_lost_is_counted_and_told(gateway):
    before = ask(gateway)
    gateway.log_row(before)
    limit_files(gateway, 0)
    for _ in range(20):
        ask(gateway)
        ask_for_response(gateway)
    wait_for_losses(gateway)
    assert count(gateway, "gatehouse_responses_lost_total") == 20
    assert count(gateway, "gatehouse_cache_writes_lost_total") > 0
    assert gateway.log_row(before)["trace_id"] == before  # what was written can be read
    output = gateway.output()
    assert "Responses cannot be kept" in output
    assert "File too large" in output and "ulimit -f" in output  # which is what it was
    for told in ("The record cannot be written", "Answers are kept in memory only", "Responses cannot be kept"):
        assert output.count(told) == 1, output  # once a minute, not once a request


def test_once_there_is_space_everything_that_waited_is_recorded(gateway):
    gateway.log_row(ask(gateway))
    limit_files(gateway, 0)
    waiting = [ask(gateway) for _ in range(30)]
    wait_for_losses(gateway)
    limit_files(gateway, NO_LIMIT)
    for trace in [*waiting, ask(gateway)]:
        gateway.log_row(trace)
    assert count(gateway, "gatehouse_records_lost_total") == 0
    kept = ask_for_response(gateway)
    read = gateway.call("GET", f"/v1/responses/{kept}", headers=gateway.headers(x_portkey_provider="anthropic"))
    assert read.status == 200, read


def test_what_still_waits_at_the_end_is_counted_in_the_log_and_a_restart_has_the_rest(gateway):
    written = [ask(gateway) for _ in range(5)]
    for trace in written:
        gateway.log_row(trace)
    limit_files(gateway, 0)
    for _ in range(7):
        ask(gateway)
    wait_for_losses(gateway)
    gateway.stop()
    assert "Lost so far: 7 records" in gateway.output()
    gateway.start()
    again = ask(gateway)
    for trace in [*written, again]:
        assert gateway.log_row(trace)["status"] == 200


def test_a_start_without_space_ends_with_a_clear_message(fake, start_gateway, tmp_path):
    gateway = start_gateway(standard_config(fake.base_url))
    gateway.stop()
    gateway.data = tmp_path / "another"
    gateway.file_size = 0
    told = gateway.start_in_vain()
    assert f"gatehouse cannot start: The store {gateway.data}/gatehouse.db failed: " in told
    assert "Raise the limit on the size of files" in told
    gateway.file_size = NO_LIMIT
    gateway.start()
    gateway.log_row(ask(gateway))


def test_a_start_without_space_does_no_harm_to_what_was_written(gateway):
    trace = ask(gateway)
    gateway.log_row(trace)
    gateway.kill()
    gateway.file_size = 0
    assert "gatehouse cannot start: The store" in gateway.start_in_vain()
    gateway.file_size = NO_LIMIT
    gateway.start()
    assert gateway.log_row(trace)["status"] == 200
    ask(gateway)
