"""Fixtures of the end-to-end tests. Each module gets one fake provider and one gateway."""

from __future__ import annotations

import hashlib
import itertools
import os
import resource
from pathlib import Path

import pytest

from fake_upstream import FakeUpstream
from gateway_process import GatewayProcess, binary_path, standard_config
from tls_authority import TlsAuthority


@pytest.fixture(scope="session", autouse=True)
def the_binary_exists() -> Path:
    path = binary_path()
    if not os.access(path, os.X_OK):
        pytest.exit(f"no gateway at {path}: build it, or name it in GATEHOUSE_BINARY", returncode=3)
    return path


@pytest.fixture(scope="session", autouse=True)
def enough_descriptors() -> None:
    """Hundreds of connections have both their ends here."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 65536), most))


@pytest.fixture(scope="module")
def fake():
    with FakeUpstream() as upstream:
        yield upstream


@pytest.fixture(autouse=True)
def a_fresh_fake(request):
    """No test sees another one's requests; and what the gateway sent was well framed."""
    if "fake" not in request.fixturenames:
        yield
        return
    upstream = request.getfixturevalue("fake")
    upstream.forget()
    yield
    assert upstream.bad_framing == []


def started(gateway: GatewayProcess, request):
    gateway.start()
    yield gateway
    failed = request.session.testsfailed
    if failed:
        print(f"\n--- the gateway's log ---\n{gateway.output()[-6000:]}")
    gateway.stop()


@pytest.fixture(scope="module")
def gateway(fake, request, tmp_path_factory):
    """The gateway most tests use: a key is required, providers `openai` and `fake` are the fake."""
    process = GatewayProcess(tmp_path_factory.mktemp("gateway"), standard_config(fake.base_url))
    yield from started(process, request)


@pytest.fixture
def start_gateway(request, tmp_path):
    """Starts gateways with a config of the test's own; each must end cleanly when it still runs."""
    made: list[GatewayProcess] = []
    numbers = itertools.count()

    def start(
        config: dict | None, listen: str = "127.0.0.1:0", arguments: tuple = (), **environment: str
    ) -> GatewayProcess:
        process = GatewayProcess(tmp_path / f"gateway{next(numbers)}", config, listen)
        process.environment |= environment
        process.arguments += arguments
        made.append(process)
        return process.start()

    yield start
    for process in made:
        if request.session.testsfailed:
            print(f"\n--- the gateway's log ---\n{process.output()[-6000:]}")
    for process in made:
        if process.is_running:
            process.stop()


@pytest.fixture(scope="session")
def authority(tmp_path_factory) -> TlsAuthority:
    return TlsAuthority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trace_id(request) -> str:
    """A trace id that no other test uses."""
    return f"trace-{hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:16]}"
