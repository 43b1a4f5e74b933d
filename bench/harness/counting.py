"""Counts what one request costs in units that noise cannot touch: user instructions, and system calls.

The same target is run twice under the tool, with a short and with a long load; the difference belongs to
the requests in between, so that start-up, connecting and stopping cancel out.
"""

import dataclasses
import pathlib
import re
import subprocess

from harness.load import Load, chat_body, run_load
from harness.places import Tools, Unfit, need
from harness.running import seconds_to_first_answer
from harness.targets import Place

CONNECTIONS = 64
BODY_SIZE = 1_094
_START_LIMIT = 40.0  # valgrind translates all code that starts up


@dataclasses.dataclass(frozen=True)
class Lengths:
    short: int
    long: int

    @property
    def between(self) -> int:
        return self.long - self.short


def instructions_per_request(tools: Tools, target, folder: pathlib.Path,
                             lengths: Lengths) -> dict[str, float]:
    """User instructions a request, by thread: {"thread 1": ..., "total": ...}."""
    valgrind = need("valgrind", "valgrind")

    def count(requests: int) -> dict[str, int]:
        place = folder / f"callgrind-{requests}"
        place.mkdir()
        out = place / "counted"
        # Without fair scheduling a busy thread may keep valgrind's one lock from all others.
        wrapper = (valgrind, "--tool=callgrind", "--fair-sched=yes", "--separate-threads=yes",
                   f"--callgrind-out-file={out}", "--quiet")
        _run(tools, target, Place(place, wrapper=wrapper), requests)
        return _totals(place)

    return per_request(count, lengths)


def _totals(folder: pathlib.Path) -> dict[str, int]:
    """Callgrind writes a file a thread: counted-01, counted-02, ..."""
    totals = {}
    for path in sorted(folder.glob("counted-*")):
        found = re.search(r"^(?:totals|summary): (\d+)", path.read_text(), re.MULTILINE)
        if found:
            totals[f"thread {int(path.name.rpartition('-')[2])}"] = int(found[1])
    return totals


def calls_per_request(tools: Tools, target, folder: pathlib.Path,
                      lengths: Lengths) -> dict[str, float]:
    """System calls a request, of all threads, by name: {"recvfrom": ..., "total": ...}."""
    strace = need("strace", "strace")

    def count(requests: int) -> dict[str, int]:
        place = folder / f"strace-{requests}"
        place.mkdir()
        out = place / "counted"
        _run(tools, target, Place(place, wrapper=(strace, "-f", "-c", "-o", str(out))), requests)
        return calls_in(out.read_text())

    return per_request(count, lengths)


def calls_in(table: str) -> dict[str, int]:
    """The lines of strace -c: % time, seconds, usecs/call, calls, [errors], name."""
    calls = {}
    for line in table.splitlines():
        words = line.split()
        if len(words) in (5, 6) and words[3].isdigit() and words[-1] != "total":
            calls[words[-1]] = int(words[3])
    return calls


def per_request(count, lengths: Lengths) -> dict[str, float]:
    short, long = count(lengths.short), count(lengths.long)
    if not short or not long:
        raise Unfit("the tool counted nothing: did the target end before it was asked to?")
    each = {name: (long[name] - short.get(name, 0)) / lengths.between for name in long}
    each["total"] = sum(each.values())
    return each


def _run(tools: Tools, target, place: Place, requests: int) -> None:
    """Runs the target under its wrapper, sends it the requests, and lets it end by itself."""
    body = place.folder / "body.json"
    body.write_bytes(chat_body(BODY_SIZE))
    with target.start(place) as program:
        route = target.route("json")
        seconds_to_first_answer(program, route, body.read_bytes(), _START_LIMIT)
        out = run_load(tools, route, Load(body, target.upstream.completion, CONNECTIONS, requests=requests,
                                          limit=60))
        if out["failures"] or out["requests"] != requests:
            raise Unfit(f"{out['failures']} of {requests} requests failed: {out['first_failure']}")
        # A tool that runs the target as its child is to outlive it and write its count.
        program.ask_to_stop(program.tree()[-1])
        try:
            program.wait(20)
        except subprocess.TimeoutExpired as error:
            raise Unfit(f"{target.name} did not stop within 20 s of SIGTERM") from error
