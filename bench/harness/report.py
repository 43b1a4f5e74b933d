"""Turns samples into Markdown. Ratios are medians of the ratios within each round: load that the
machine has from elsewhere comes and goes between rounds, and hits the targets of one round alike."""

import datetime
import operator
import os
import pathlib
import platform
import re
import statistics

from harness.scenarios import AFTER_RATIO, CPU_GOALS, IDLE_MB, LOADED_MB, SCENARIOS, START_MS, Goal

BEGIN = "<!-- bench/compare --write: from here -->"
END = "<!-- bench/compare --write: to here -->"
_MISSING = "–"
_BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}


def paired_ratios(over: list, under: list) -> list[float]:
    """over/under of each round in which both were measured."""
    return [a / b for a, b in zip(over, under) if a is not None and b]


def _middle(values: list) -> float | None:
    found = [value for value in values if value is not None]
    return statistics.median(found) if found else None


def _each(samples: list, field: str) -> list:
    return [getattr(sample, field) if sample else None for sample in samples]


def _number(value: float | None) -> str:
    if value is None:
        return _MISSING
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"


def _verdict(is_met: bool, wanted: str) -> str:
    return f"{wanted}: {'met' if is_met else '**missed**'}"


def ratio_cell(over: list, under: list, digits: int = 2) -> str:
    ratios = paired_ratios(over, under)
    if not ratios:
        return _MISSING
    low, high = min(ratios), max(ratios)
    return f"**{statistics.median(ratios):.{digits}f}** ({low:.{digits}f}–{high:.{digits}f})"


def _goal_cell(goal: Goal, ours: list, nginx: list, portkey: list) -> str:
    verdicts = []
    to_nginx, to_portkey = paired_ratios(ours, nginx), paired_ratios(portkey, ours)
    if goal.against_nginx and to_nginx:
        verdicts.append(_verdict(statistics.median(to_nginx) <= goal.against_nginx,
                                 f"≤ {goal.against_nginx:.2f}"))
    if goal.against_portkey and to_portkey:
        verdicts.append(_verdict(statistics.median(to_portkey) >= goal.against_portkey,
                                 f"≥ {goal.against_portkey:.0f}"))
    return "; ".join(verdicts) or _MISSING


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def cpu_table(rounds: dict) -> str:
    rows = []
    for name, by_target in rounds.items():
        cpu = {target: _each(samples, "cpu_us") for target, samples in by_target.items()}
        ours, nginx, portkey = (cpu.get(target, []) for target in ("gatehouse", "nginx", "portkey"))
        per = "chunk" if _BY_NAME[name].is_stream else "request"
        medians = [_number(_middle(values)) for values in (nginx, portkey, ours)]
        ratios = [ratio_cell(ours, nginx), ratio_cell(portkey, ours, 1)]
        goal = _goal_cell(CPU_GOALS.get(name, Goal()), ours, nginx, portkey)
        rows.append([_BY_NAME[name].title, per, *medians, *ratios, goal])
    return _table(["Load", "µs CPU per", "nginx", "Portkey", "Gatehouse", "Gatehouse / nginx",
                   "Portkey / Gatehouse", "goal"], rows)


def throughput_table(rounds: dict) -> str:
    rows = []
    for name, by_target in rounds.items():
        if _BY_NAME[name].rate:
            continue
        cells = [_number(_middle(_each(by_target.get(target, []), "per_second")))
                 for target in ("direct", "nginx", "portkey", "gatehouse")]
        rows.append([_BY_NAME[name].title, "chunks" if _BY_NAME[name].is_stream else "requests", *cells])
    return _table(["Load", "a second", "direct", "nginx", "Portkey", "Gatehouse"], rows)


def added(by_target: dict, target: str, field: str) -> list:
    """By how much a target's latency is above the direct one of the same round."""
    through, direct = (_each(by_target.get(name, []), field) for name in (target, "direct"))
    return [None if a is None or b is None else a - b for a, b in zip(through, direct)]


def latency_table(rounds: dict) -> str:
    rows = []
    for name in ("one", "rate500", "rate2000"):
        by_target = rounds.get(name)
        if not by_target or not by_target.get("direct"):
            continue
        direct = [_middle(_each(by_target["direct"], field)) for field in ("p50", "p99")]
        cells = [" / ".join(map(_number, direct))]
        for target in ("nginx", "portkey", "gatehouse"):
            pair = [_middle(added(by_target, target, field)) for field in ("p50", "p99")]
            cells.append(_MISSING if pair[0] is None else " / ".join(map(_number, pair)))
        rows.append([_BY_NAME[name].title, *cells, _latency_goal(name, by_target)])
    if not rows:
        return ""
    return _table(["Load", "direct, p50 / p99 µs", "nginx adds", "Portkey adds", "Gatehouse adds", "goal"],
                  rows)


def _latency_goal(name: str, by_target: dict) -> str:
    ours, nginx = _each(by_target.get("gatehouse", []), "p50"), _each(by_target.get("nginx", []), "p50")
    gaps = [a - b for a, b in zip(ours, nginx) if a is not None and b is not None]
    if name != "one" or not gaps:
        return _MISSING
    return _verdict(statistics.median(gaps) <= 0, "p50 not above nginx")


def footprint_table(memory: dict, start: dict) -> str:
    def column(results: dict, figure) -> dict[str, float]:
        return {target: figure(result) for target, result in results.items()}

    idle, loaded, after = (
        column(memory, operator.attrgetter(field)) for field in ("idle", "loaded", "after"))
    first, later = (column(start, operator.itemgetter(index)) for index in (0, 1))
    most_after = AFTER_RATIO * idle.get("gatehouse", 0)
    rows = [_footprint_row(*row) for row in (
        ("RSS idle, MB", idle, IDLE_MB, f"≤ {IDLE_MB}"),
        ("RSS under 64 connections, MB", loaded, LOADED_MB, f"≤ {LOADED_MB}"),
        ("RSS after the load, MB", after, most_after, f"≤ {AFTER_RATIO:.2f} × idle"),
        ("start to first 200, empty folder, ms", first, START_MS, f"≤ {START_MS}"),
        ("start to first 200, later, ms", later, START_MS, f"≤ {START_MS}")) if row[1]]
    return _table(["Footprint", "nginx", "Portkey", "Gatehouse", "goal"], rows) if rows else ""


def _footprint_row(title: str, figures: dict[str, float], most: float, wanted: str) -> list[str]:
    ours = figures.get("gatehouse")
    cells = [_number(figures.get(target)) for target in ("nginx", "portkey", "gatehouse")]
    return [title, *cells, _MISSING if ours is None else _verdict(ours <= most, wanted)]


def machine() -> str:
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return f"{os.cpu_count()} CPUs ({model[1] if model else platform.machine()}), Linux {platform.release()}"


def compose(rounds: dict, memory: dict, start: dict, note: str) -> str:
    day = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")
    parts = [f"Taken on {day}: {machine()}. {note}\n"]
    if rounds:
        parts += [cpu_table(rounds), throughput_table(rounds), latency_table(rounds)]
    parts.append(footprint_table(memory, start))
    return "\n".join(part for part in parts if part)


def write_between_markers(path: pathlib.Path, text: str) -> None:
    before, begin, rest = path.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{path} has not both markers: {BEGIN} and {END}")
    path.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}")
