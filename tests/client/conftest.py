"""Fixtures of the client library's tests: those of the end-to-end tests, and the built programs."""

from pathlib import Path

import pytest

from client_programs import BUILD, Programs
from fixtures import *  # noqa: F403
from gateway_process import GATEWAY_KEY


@pytest.fixture(scope="session", autouse=True)
def the_client_exists() -> Path:
    if not (BUILD / "client/client_probe").exists():
        pytest.exit(f"no client in {BUILD}: cmake --build --preset release --target client_programs", returncode=3)
    return BUILD


@pytest.fixture
def programs(tmp_path) -> Programs:
    return Programs(tmp_path)


@pytest.fixture
def gateway_settings(gateway) -> dict[str, str]:
    """The environment in which a program finds the gateway."""
    return {"PORTKEY_BASE_URL": gateway.url, "PORTKEY_API_KEY": GATEWAY_KEY}
