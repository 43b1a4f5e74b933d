"""Where things are, and the tools that must be built first."""

import dataclasses
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORK = ROOT / "build" / "bench"
BINARY = ROOT / "build" / "release" / "gatehouse"
DOCUMENT = ROOT / "docs" / "performance.md"


class Unfit(Exception):
    """The benchmark cannot be run as asked; the text says what to do about it."""


@dataclasses.dataclass(frozen=True)
class Tools:
    upstream: pathlib.Path
    load: pathlib.Path


def build_tools() -> Tools:
    """Builds the C++ tools, optimised, in a build folder of their own. Quick when nothing changed."""
    folder = WORK / "tools"
    if not (folder / "build.ninja").exists():
        _quietly(["cmake", "-S", ROOT, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                  "-DGATEHOUSE_BENCHMARKS=ON", "-DGATEHOUSE_TESTS=OFF"])
    _quietly(["ninja", "-C", folder, "bench_upstream", "bench_load"])
    return Tools(folder / "bench" / "bench_upstream", folder / "bench" / "bench_load")


def _quietly(command: list) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=900, check=False)
    if done.returncode != 0:
        raise Unfit(f"this failed: {' '.join(map(str, command))}\n{done.stdout[-4000:]}")


def need(program: str, package: str) -> str:
    """The full path of an installed program."""
    # /usr/sbin is where Debian keeps nginx, and not on everybody's PATH.
    path = shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if path is None:
        raise Unfit(f"{program} is not installed: apt-get install {package}")
    return path


def run_folder() -> tempfile.TemporaryDirectory:
    """A folder for one run: configurations, logs, the gateway's data. Gone when the run ends."""
    WORK.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(prefix="run-", dir=WORK)


def say(text: str) -> None:
    """Progress goes to stderr, so that stdout is the report alone."""
    print(text, file=sys.stderr, flush=True)


def two_cpus() -> tuple[int | None, int | None]:
    """(of the target, of load and upstream); no pinning on a machine with one."""
    allowed = sorted(os.sched_getaffinity(0))
    if len(allowed) < 2:
        say("one CPU only: target, load and upstream share it, so that the figures are not comparable")
        return None, None
    return allowed[0], allowed[1]
