"""Programs that a benchmark starts: pinned, measured, and stopped by their own id however it ends."""

import ctypes
import http.client
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

from harness.places import Unfit

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


class Program:
    """A child. Use it as a context manager; should this script be killed, the child ends too."""

    def __init__(self, command, log: pathlib.Path, cpu: int | None = None, env: dict | None = None,
                 stdout=None):
        self.log = log
        self._stop_grace = 10.0

        def prepare():
            _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
            if cpu is not None:
                os.sched_setaffinity(0, {cpu})

        with open(log, "ab") as sink:
            self.started = time.perf_counter()
            self._child = subprocess.Popen(
                [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=stdout or sink,
                stderr=sink, env=_environment(env or {}), preexec_fn=prepare)
        self.pid = self._child.pid
        self.stdout = self._child.stdout

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def tree(self) -> list[int]:
        """Its own id and those of all its descendants."""
        parents = _parents()
        found = [self.pid]
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid]
        return found

    def rss_mb(self) -> float:
        """Resident memory of the tree, in MB of 1,000,000 bytes."""
        return sum(_rss_kib(pid) for pid in self.tree()) * 1024 / 1e6

    def has_ended(self) -> bool:
        return self._child.poll() is not None

    def wait(self, seconds: float) -> int:
        return self._child.wait(seconds)

    def ask_to_stop(self, pid: int | None = None) -> None:
        """SIGTERM, to the program itself or to one of its tree."""
        try:
            os.kill(pid or self.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass

    def stop(self) -> None:
        if not self.has_ended():
            self._child.terminate()
        try:
            self._child.wait(self._stop_grace)
        except subprocess.TimeoutExpired:
            for pid in reversed(self.tree()):
                os.kill(pid, signal.SIGKILL)
            self._child.wait()
        if self.stdout:
            self.stdout.close()

    def log_tail(self) -> str:
        return self.log.read_text(errors="replace")[-2000:]


def _environment(extra: dict) -> dict:
    """No proxy, key or setting of whoever runs this may reach a target."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | extra


def _parents() -> dict[int, int]:
    parents = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            stat = pathlib.Path(f"/proc/{entry}/stat").read_text()
        except OSError:
            continue
        # The name in brackets may hold anything; the parent is the second field after it.
        parents[int(entry)] = int(stat.rpartition(")")[2].split()[1])
    return parents


def _rss_kib(pid: int) -> int:
    try:
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def seconds_to_first_answer(program: Program, route, body: bytes, limit: float = 30.0) -> float:
    """Asks until the program answers 200; returns the time since it was started."""
    host, port = route.address.split(":")
    headers = {"Content-Type": "application/json"} | dict(
        field.split(": ", 1) for field in route.fields)
    last = "no answer"
    while time.perf_counter() - program.started < limit:
        if program.has_ended():
            raise Unfit(f"{program.log.stem} ended at its start:\n{program.log_tail()}")
        connection = http.client.HTTPConnection(host, int(port), timeout=limit)
        try:
            connection.request("POST", route.path, body, headers)
            answer = connection.getresponse()
            text = answer.read()
            if answer.status == 200:
                return time.perf_counter() - program.started
            last = f"{answer.status} {text[:300]!r}"
        except OSError as error:
            last = str(error)
        finally:
            connection.close()
        time.sleep(0.0005)
    raise Unfit(f"{program.log.stem} gave no 200 within {limit:.0f} s; last: {last}\n"
                f"{program.log_tail()}")


def end_on_signals() -> None:
    """A SIGTERM unwinds like ctrl-C, so that everything that was started is stopped."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
