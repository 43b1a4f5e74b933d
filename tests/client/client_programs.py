"""The built programs of the client library, run in an environment of a test's own making."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from gateway_process import REPOSITORY

BUILD = Path(os.environ.get("GATEHOUSE_CLIENT_BUILD", REPOSITORY / "build/release")).resolve()


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


def documented_outputs() -> list[tuple[str, list[str], str]]:
    """(program, arguments, what the documents say it prints), from the markers in docs/client."""
    marker = re.compile(r"^<!-- output (\w+)((?: \S+)*) -->\n```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    return [
        (name, arguments.split(), text)
        for page in sorted((REPOSITORY / "docs/client").glob("*.md"))
        for name, arguments, text in marker.findall(page.read_text())
    ]
