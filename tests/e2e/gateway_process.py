"""The real binary as a process: started with a config, watched, stopped by its own process id."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import subprocess
import threading
import time
from pathlib import Path
from urllib.parse import quote, urlencode

import yaml

from raw_http import Answer, RawClient

REPOSITORY = Path(__file__).resolve().parents[2]
GATEWAY_KEY = "gh-e2e-0123456789abcdefghijklmnopqrstuvwxyz"
ADMIN_KEY = "gh-admin-9876543210zyxwvutsrqponmlkjihgfedcba"
STORED_SECRET = "sk-stored-5f0c1e7d9b2a48c6"
CLIENT_SECRET = "sk-client-7a31c94e0d8b52f6"


def binary_path() -> Path:
    named = os.environ.get("GATEHOUSE_BINARY")
    return Path(named).resolve() if named else REPOSITORY / "build/release/gatehouse"


def is_sanitized() -> bool:
    """Sanitizers multiply memory: bounds on it say nothing about such a binary."""
    content = binary_path().read_bytes()
    return b"__asan_init" in content or b"__tsan_init" in content


def eventually(check, timeout: float = 5, what: str = "the condition"):
    """The first truthy result of `check`, asked again until the deadline."""
    deadline = time.monotonic() + timeout
    while True:
        result = check()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true within {timeout} s")
        time.sleep(0.02)


class GatewayProcess:
    """`start()`, talk to it, `stop()`. Its whole output is in `output()` and in gateway.log."""

    def __init__(self, folder: Path, config: dict | None = None, listen: str = "127.0.0.1:0"):
        self.folder = folder
        self.data = folder / "data"
        self.config_file = folder / "gatehouse.yaml"
        self.environment = {"GATEHOUSE_ADMIN_KEY": ADMIN_KEY, "E2E_STORED_SECRET": STORED_SECRET}
        self.arguments: list[str] = []
        self.file_size = resource.RLIM_INFINITY  # no file of it may grow beyond
        self._listen = listen
        self._lines: list[str] = []
        self._reader: threading.Thread | None = None
        self._listening = threading.Event()
        self._child: subprocess.Popen | None = None
        self.url = ""
        self.write_config(config)

    # -- life -----------------------------------------------------------------------------------

    def write_config(self, config: dict | None) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if config is not None:
            self.config_file.write_text(yaml.safe_dump(config, sort_keys=False))

    def start(self) -> GatewayProcess:
        self._listening.clear()
        self._child = self._spawn()
        self._reader = threading.Thread(target=self._read_output, args=(self._child,), daemon=True)
        self._reader.start()
        if not self._listening.wait(20) or not self.url:
            self.kill()
            raise AssertionError(f"the gateway did not start to listen:\n{self.output()}")
        return self

    def start_in_vain(self, timeout: float = 15) -> str:
        """For a start that must not succeed: what it said before it ended with 1."""
        child = self._spawn()
        try:
            output, _ = child.communicate(timeout=timeout)
        finally:
            child.kill()
        assert child.returncode == 1, f"it ended with {child.returncode}:\n{output}"
        return output

    def _spawn(self) -> subprocess.Popen:
        command = [str(binary_path()), "serve", "--listen", self._listen, "--data", str(self.data)]
        if self.config_file.exists():
            command += ["--config", str(self.config_file)]
        limit = (self.file_size, resource.RLIM_INFINITY)
        return subprocess.Popen(
            command + self.arguments,
            cwd=self.folder,
            env={"PATH": os.environ.get("PATH", ""), "HOME": str(self.folder)} | self.environment,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )

    def _read_output(self, child: subprocess.Popen) -> None:
        with open(self.folder / "gateway.log", "a") as copy:
            for line in child.stdout:
                self._lines.append(line)
                copy.write(line)
                found = re.search(r"listening on (https?://\S+)", line)
                if found and not self._listening.is_set():
                    self.url = found.group(1).rstrip("/")
                    self._listening.set()
        self._listening.set()

    def stop(self, timeout: float = 15) -> None:
        """SIGTERM, and the gateway must end by itself with exit code 0."""
        if self._child is None or self._child.poll() is not None:
            self.assert_clean_exit()
            return
        self.terminate()
        self.wait(timeout)
        self.assert_clean_exit()

    def terminate(self) -> None:
        self._child.send_signal(signal.SIGTERM)

    def reload(self) -> None:
        self._child.send_signal(signal.SIGHUP)

    def wait(self, timeout: float = 15) -> int:
        try:
            code = self._child.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"no end within {timeout} s of SIGTERM:\n{self.output()}") from None
        self._reader.join(5)
        return code

    def assert_clean_exit(self) -> None:
        code = self._child.returncode if self._child else 0
        assert code == 0, f"the gateway ended with {code}:\n{self.output()}"

    def kill(self) -> None:
        """SIGKILL to this process only."""
        if self._child and self._child.poll() is None:
            self._child.kill()
            self._child.wait(10)
            self._reader.join(5)

    @property
    def is_running(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def output(self) -> str:
        return "".join(self._lines)

    # -- what it costs --------------------------------------------------------------------------

    @property
    def pid(self) -> int:
        return self._child.pid

    def _status_field(self, name: str) -> int:
        text = Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(rf"{name}:\s+(\d+)", text).group(1)) * 1024

    def resident_bytes(self) -> int:
        return self._status_field("VmRSS")

    def forget_peak(self) -> None:
        """Starts a new measurement of the peak (proc(5), clear_refs)."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")

    def peak_resident_bytes(self) -> int:
        return self._status_field("VmHWM")

    def open_files(self) -> int:
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    # -- talking to it --------------------------------------------------------------------------

    @property
    def authority(self) -> str:
        return self.url.split("://", 1)[1]

    @property
    def host(self) -> str:
        return self.authority.rsplit(":", 1)[0].strip("[]")

    @property
    def port(self) -> int:
        return int(self.authority.rsplit(":", 1)[1])

    def connect(self, **options) -> RawClient:
        return RawClient(self.host, self.port, **options)

    def headers(self, **extra: str) -> dict[str, str]:
        """What a client sends to reach the provider `openai`; underscores become dashes."""
        fields = {
            "x-portkey-api-key": GATEWAY_KEY,
            "x-portkey-provider": "openai",
            "authorization": f"Bearer {CLIENT_SECRET}",
        }
        fields |= {name.replace("_", "-"): value for name, value in extra.items()}
        return {name: value for name, value in fields.items() if value is not None}

    def call(self, method: str, target: str, body: bytes | dict = b"", headers: dict | None = None) -> Answer:
        """One request on a connection of its own, with the usual headers unless given."""
        with self.connect() as client:
            return client.call(method, target, body, self.headers() if headers is None else headers)

    def chat(self, model: str, headers: dict | None = None, **members) -> Answer:
        return self.call("POST", "/v1/chat/completions", chat_body(model, **members), headers)

    # -- the record -----------------------------------------------------------------------------

    def logs(self, **filters) -> dict:
        """GET /v1/logs. A double underscore is a dot: metadata__team="blue"."""
        query = urlencode({name.replace("__", "."): value for name, value in filters.items()})
        answer = self.call("GET", f"/v1/logs?{query}", headers={"x-portkey-api-key": ADMIN_KEY})
        assert answer.status == 200, answer
        return answer.json()

    def log_row(self, trace_id: str) -> dict:
        """The record of a trace, as soon as it is settled."""
        rows = eventually(lambda: self.logs(trace_id=trace_id)["data"], what=f"a record of trace {trace_id}")
        return rows[0]

    def log_document(self, trace_id: str) -> dict:
        row_id = quote(self.log_row(trace_id)["id"])
        answer = self.call("GET", f"/v1/logs/{row_id}", headers={"x-portkey-api-key": ADMIN_KEY})
        assert answer.status == 200, answer
        return answer.json()

    def settled_once(self, trace_id: str) -> dict:
        """The record of a trace, after making sure that there is exactly one."""
        row = self.log_row(trace_id)
        later = f"after-{trace_id}"
        headers = self.headers(x_portkey_provider="demo", x_portkey_trace_id=later)
        self.chat("demo-chat", headers)
        self.log_row(later)
        found = self.logs(trace_id=trace_id)
        assert len(found["data"]) == 1, f"settled {len(found['data'])} times: {found}"
        return row


def chat_body(model: str, text: str = "Hello there", **members) -> dict:
    return {"model": model, "messages": [{"role": "user", "content": text}]} | members


def standard_config(base_url: str, **sections) -> dict:
    """Provider `openai` and an operator's own row `fake`, both at the fake; one virtual key."""
    config = {
        "api_keys": [{"name": "e2e", "key": GATEWAY_KEY}],
        "providers": {"openai": {"base_url": base_url}, "fake": {"base_url": base_url}},
        "virtual_keys": {"my-openai": {"provider": "openai", "api_key": "${E2E_STORED_SECRET}"}},
        "logs": {"bodies": True, "headers": ["x-request-source", "x-feature"]},
    }
    return config | sections


def dumps(value) -> bytes:
    return json.dumps(value).encode()
