"""Fixtures of the client library's tests: those of the end-to-end tests, and the built programs."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from fixtures import *  # noqa: F403
from gateway_process import GATEWAY_KEY, REPOSITORY

BUILD = Path(os.environ.get("GATEHOUSE_CLIENT_BUILD", REPOSITORY / "build/release")).resolve()


@pytest.fixture(scope="session", autouse=True)
def the_client_exists() -> Path:
    if not (BUILD / "client/client_probe").exists():
        pytest.exit(f"no client in {BUILD}: cmake --build --preset release --target client_programs", returncode=3)
    return BUILD


class Programs:
    """Runs the built programs with nothing in their environment but what a test says."""

    def __init__(self, folder: Path):
        self._folder = folder

    def environment(self, **variables: str) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", "")} | variables

    def start(self, program: str | Path, *arguments: str, **variables: str) -> subprocess.Popen:
        path = program if isinstance(program, Path) else BUILD / program
        return subprocess.Popen(
            [str(path), *arguments], cwd=self._folder, env=self.environment(**variables),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def run(self, program: str | Path, *arguments: str, code: int = 0, **variables: str) -> str:
        process = self.start(program, *arguments, **variables)
        output, _ = process.communicate(timeout=60)
        assert process.returncode == code, f"{program} ended with {process.returncode}:\n{output}"
        return output


@pytest.fixture
def programs(tmp_path) -> Programs:
    return Programs(tmp_path)


@pytest.fixture
def gateway_settings(gateway) -> dict[str, str]:
    """The environment in which a program finds the gateway."""
    return {"PORTKEY_BASE_URL": gateway.url, "PORTKEY_API_KEY": GATEWAY_KEY}


def documented_outputs() -> list[tuple[str, list[str], str]]:
    """(program, arguments, what the documents say it prints), from the markers in docs/client."""
    marker = re.compile(r"^<!-- output (\w+)((?: \S+)*) -->\n```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    return [
        (name, arguments.split(), text)
        for page in sorted((REPOSITORY / "docs/client").glob("*.md"))
        for name, arguments, text in marker.findall(page.read_text())
    ]
