"""Takes the figures: rounds of load with the targets in turn, and footprints of fresh processes."""

import contextlib
import dataclasses
import pathlib
import statistics
import time

from harness.load import Load, chat_body, run_load
from harness.places import Tools, say
from harness.running import seconds_to_first_answer
from harness.scenarios import Scenario
from harness.targets import Place, make_target
from harness.upstream import Upstream


@dataclasses.dataclass(frozen=True)
class Effort:
    rounds: int
    seconds: float
    warm_up: float
    starts: int       # how often each target is started for the start-up time
    fill: float       # seconds of load until memory is looked at
    settle: float     # and then without any until it is looked at again


@dataclasses.dataclass(frozen=True)
class Sample:
    cpu_us: float     # per request, or per event
    per_second: float
    p50: float
    p99: float


@dataclasses.dataclass(frozen=True)
class Footprint:
    idle: float       # MB
    loaded: float
    after: float


@dataclasses.dataclass
class Bench:
    """What all measurements of a run share."""
    tools: Tools
    upstream: Upstream
    folder: pathlib.Path
    binary: pathlib.Path
    effort: Effort
    target_cpu: int | None
    load_cpu: int | None
    failures: list[str] = dataclasses.field(default_factory=list)

    def body(self, scenario: Scenario) -> pathlib.Path:
        path = self.folder / f"body-{scenario.body_size}-{scenario.unit}.json"
        if not path.exists():
            path.write_bytes(chat_body(scenario.body_size, scenario.is_stream))
        return path

    def load_of(self, scenario: Scenario, seconds: float, warm_up: float) -> Load:
        expected = self.upstream.stream if scenario.is_stream else self.upstream.completion
        return Load(self.body(scenario), expected, scenario.connections, rate=scenario.rate,
                    warm_up=warm_up, seconds=seconds, limit=seconds + warm_up + 30)

    def target(self, name: str):
        return make_target(name, self.upstream, self.binary)

    def start(self, target, name: str):
        """Starts a target in a folder called `name`; returns it when it answers, with the time."""
        program = target.start(Place(self.folder / name, self.target_cpu))
        try:
            return program, seconds_to_first_answer(program, target.route("json"), chat_body(1_094))
        except BaseException:
            program.stop()
            raise


def measure_rounds(bench: Bench, scenarios: list[Scenario], names: list[str]) -> dict:
    """{scenario name: {target name: [a Sample a round, or None where there is none]}}"""
    results = {}
    with contextlib.ExitStack() as stack:
        running = {}
        for name in names:
            target = bench.target(name)
            program = None
            if name != "direct":
                program = stack.enter_context(bench.start(target, name)[0])
            running[name] = (target, program)
        for scenario in scenarios:
            results[scenario.name] = {name: [] for name in names}
            for turn in range(bench.effort.rounds):
                # In turn, and each time another one first: what the machine does to one it does to all.
                for name in names[turn % len(names):] + names[:turn % len(names)]:
                    sample = _sample(bench, scenario, running[name], is_first=turn == 0)
                    results[scenario.name][name].append(sample)
            say(f"{scenario.name}: " + ", ".join(
                f"{name} {_brief(samples, scenario)}" for name, samples in results[scenario.name].items()))
    return results


def _sample(bench: Bench, scenario: Scenario, running: tuple, is_first: bool) -> Sample | None:
    target, program = running
    name = target.name
    route = target.route(scenario.kind)
    if route is None:
        return None
    # The first time a just-in-time compiler has work to do that is not the target's fault.
    warm_up = bench.effort.warm_up + (2.0 if is_first and name == "portkey" else 0.0)
    load = bench.load_of(scenario, bench.effort.seconds, warm_up)
    measured = program.tree() if program else []
    out = run_load(bench.tools, route, load, measured, bench.load_cpu)
    if out["failures"]:
        bench.failures.append(f"{scenario.name}, {name}: {out['failures']} failed; "
                              f"first: {out['first_failure']}")
    units = out[scenario.unit]
    if out["failures"] or units == 0:
        return None
    if scenario.rate and out["requests"] < 0.98 * scenario.rate * load.seconds:
        return None  # it cannot keep that rate: its latency would be the length of the run
    latency = out["latency_us"]
    return Sample(out["cpu_us"] / units, units / out["seconds"], latency["p50"], latency["p99"])


def _brief(samples: list[Sample | None], scenario: Scenario) -> str:
    found = [sample for sample in samples if sample]
    if not found:
        return "-"
    middle = statistics.median
    if scenario.rate or scenario.connections == 1:
        return f"p50 {middle(s.p50 for s in found):.0f} us, {middle(s.cpu_us for s in found):.1f} us CPU"
    return f"{middle(s.cpu_us for s in found):.1f} us CPU, {middle(s.per_second for s in found):,.0f}/s"


def measure_memory(bench: Bench, scenario: Scenario, names: list[str]) -> dict[str, Footprint]:
    """Of a fresh process: after its first answer, at the end of a load with its connections open, and
    when the load is gone."""
    results = {}
    for name in names:
        target = bench.target(name)
        with bench.start(target, f"memory-{name}")[0] as program:
            time.sleep(0.5)
            idle = program.rss_mb()
            load = bench.load_of(scenario, bench.effort.fill, 0)
            out = run_load(bench.tools, target.route(scenario.kind), load, program.tree(), bench.load_cpu)
            time.sleep(bench.effort.settle)
            results[name] = Footprint(idle, out["rss_kib"] * 1024 / 1e6, program.rss_mb())
            if out["failures"]:
                bench.failures.append(f"memory, {name}: {out['first_failure']}")
        say(f"memory: {name} {results[name]}")
    return results


def measure_start(bench: Bench, names: list[str]) -> dict[str, tuple[float, float]]:
    """Milliseconds from fork to the first 200 of a chat completion: (in an empty folder, later)."""
    results = {}
    for name in names:
        first, later = [], []
        for turn in range(bench.effort.starts):
            for times in (first, later):
                target = bench.target(name)
                program, seconds = bench.start(target, f"start-{turn}-{name}")
                program.stop()
                times.append(seconds * 1e3)
        results[name] = (statistics.median(first), statistics.median(later))
        say(f"start: {name} {results[name][0]:.0f} ms, later {results[name][1]:.0f} ms")
    return results
