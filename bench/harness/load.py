"""One run of bench/load against one target."""

import dataclasses
import json
import pathlib
import subprocess

from harness.places import Tools, Unfit
from harness.targets import Route


@dataclasses.dataclass(frozen=True)
class Load:
    """What to send. Bounded by `requests` or by `seconds`."""
    body: pathlib.Path
    expected: pathlib.Path
    connections: int
    rate: float = 0
    requests: int = 0
    warm_up: float = 0
    seconds: float = 1
    limit: float = 60
    number: str = ""   # eight characters of the body that count the requests up
    first: int = 0     # from here


def arguments(tools: Tools, route: Route, load: Load, measured: list[int] = ()) -> list[str]:
    command = [str(tools.load), "--to", route.address, "--path", route.path,
               "--body", str(load.body), "--expect", str(load.expected),
               "--connections", str(load.connections), "--limit", str(load.limit),
               "--warm-up", str(load.warm_up), "--seconds", str(load.seconds)]
    if load.requests:
        command += ["--requests", str(load.requests)]
    if load.number:
        command += ["--number", load.number, "--first-number", str(load.first)]
    if load.rate:
        command += ["--rate", str(load.rate)]
    for field in route.fields:
        command += ["--header", field]
    for pid in measured:
        command += ["--pid", str(pid)]
    return command


def run_load(tools: Tools, route: Route, load: Load, measured: list[int] = (),
             cpu: int | None = None) -> dict:
    pin = [] if cpu is None else ["taskset", "-c", str(cpu)]
    done = subprocess.run(pin + arguments(tools, route, load, measured), text=True,
                          capture_output=True, timeout=load.limit + 20, check=False)
    if done.returncode != 0:
        raise Unfit(f"the load failed: {done.stderr.strip()}")
    return json.loads(done.stdout.splitlines()[-1])


def chat_body(size: int, is_stream: bool = False) -> bytes:
    """A chat completion request of exactly `size` bytes."""
    body = {"model": "gpt-4o-mini", "temperature": 0.2, "max_tokens": 256,
            "messages": [{"role": "system", "content": "You keep the gate and answer in one line."},
                         {"role": "user", "content": ""}]}
    if is_stream:
        # Asked for, so that every target passes the usage chunk on and all give the same bytes.
        body |= {"stream": True, "stream_options": {"include_usage": True}}
    words = "Who may pass, and what does the toll come to at dusk? "
    missing = size - len(json.dumps(body))
    body["messages"][1]["content"] = (words * (missing // len(words) + 1))[:missing]
    return json.dumps(body).encode()
