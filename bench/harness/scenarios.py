"""The loads that targets are compared under."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Scenario:
    name: str
    title: str
    kind: str            # what is asked of the upstream: see harness/upstream.py
    body_size: int
    connections: int
    rate: float = 0      # 0: saturated, each connection asks again as soon as it is answered
    unit: str = "requests"   # what CPU time is divided by

    @property
    def is_stream(self) -> bool:
        return self.unit == "events"


SCENARIOS = (
    Scenario("1k", "JSON, 1,094 B body, 64 connections", "json", 1_094, 64),
    Scenario("16k", "JSON, 16,021 B body, 64 connections", "json", 16_021, 64),
    Scenario("100k", "JSON, 100,096 B body, 64 connections", "json", 100_096, 64),
    Scenario("tls", "JSON, 1,094 B body, pooled TLS upstream, 64 connections", "tls", 1_094, 64),
    Scenario("stream", "stream, 100 chunks 5 ms apart, 64 in step", "spaced", 1_094, 64, unit="events"),
    Scenario("spread", "stream, 100 chunks 5 ms apart, 64 out of step", "spread", 1_094, 64,
             unit="events"),
    Scenario("burst", "stream, 100 chunks without a pause, 16 at once", "burst", 1_094, 16, unit="events"),
    Scenario("one", "JSON, 1,094 B body, 1 connection", "json", 1_094, 1),
    Scenario("rate500", "JSON, 1,094 B body, 500 requests/s", "json", 1_094, 20, rate=500),
    Scenario("rate2000", "JSON, 1,094 B body, 2,000 requests/s", "json", 1_094, 20, rate=2_000),
)

# Measured once per target on a process of its own, not in rounds.
FOOTPRINTS = ("memory", "start")

NAMES = tuple(scenario.name for scenario in SCENARIOS) + FOOTPRINTS


@dataclasses.dataclass(frozen=True)
class Goal:
    """A ratio of medians that Gatehouse is held to: of its CPU to nginx's, of Portkey's to its."""
    against_nginx: float | None = None    # at most
    against_portkey: float | None = None  # at least


CPU_GOALS = {
    "1k": Goal(0.95, 50), "16k": Goal(0.95, 50), "100k": Goal(1.05, 50), "tls": Goal(0.85, 50),
    "stream": Goal(0.90, 8), "burst": Goal(None, 8),
}

IDLE_MB, LOADED_MB, AFTER_RATIO, START_MS = 20, 30, 1.10, 50
