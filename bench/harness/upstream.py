"""The provider that all targets call: bench/upstream, with a certificate made for the run."""

import dataclasses
import json
import pathlib
import subprocess

from harness.places import Tools, need
from harness.running import Program

# How a target is asked for a scenario: by the first part of the upstream's path.
PATHS = {"json": "/v1", "tls": "/v1"} | {
    kind: f"/{kind}/v1" for kind in ("burst", "spaced", "spread", "held")}


@dataclasses.dataclass(frozen=True)
class Upstream:
    program: Program
    port: int
    tls_port: int
    ca_file: pathlib.Path
    completion: pathlib.Path
    stream: pathlib.Path

    def base_url(self, kind: str) -> str:
        origin = f"https://localhost:{self.tls_port}" if kind == "tls" else f"http://127.0.0.1:{self.port}"
        return origin + PATHS[kind]


def start_upstream(tools: Tools, folder: pathlib.Path, cpu: int | None) -> Upstream:
    ca_file, certificate, key = make_certificates(folder)
    program = Program([tools.upstream, "--certificate", certificate, "--key", key],
                      folder / "upstream.log", cpu=cpu, stdout=subprocess.PIPE)
    try:
        ports = json.loads(program.stdout.readline() or "{}")
        completion, stream = folder / "completion.json", folder / "stream.txt"
        for path, kind in ((completion, "json"), (stream, "stream")):
            path.write_bytes(subprocess.check_output([tools.upstream, "--print", kind], timeout=10))
        return Upstream(program, ports["plain"], ports["tls"], ca_file, completion, stream)
    except BaseException:
        program.stop()
        raise


def make_certificates(folder: pathlib.Path) -> tuple[pathlib.Path, pathlib.Path, pathlib.Path]:
    """A CA, and a certificate for localhost that it signed: (CA, certificate, key)."""
    openssl = need("openssl", "openssl")
    ca_key, ca_file = folder / "ca.key", folder / "ca.pem"
    key, request, certificate = folder / "up.key", folder / "up.csr", folder / "up.pem"
    extensions = folder / "up.ext"
    extensions.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n")
    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    for arguments in (
            ["req", "-x509", *new_key, "-keyout", ca_key, "-out", ca_file, "-days", "2",
             "-subj", "/CN=Gatehouse bench CA"],
            ["req", *new_key, "-keyout", key, "-out", request, "-subj", "/CN=localhost"],
            ["x509", "-req", "-in", request, "-CA", ca_file, "-CAkey", ca_key, "-CAcreateserial",
             "-days", "2", "-extfile", extensions, "-out", certificate]):
        subprocess.run([openssl, *map(str, arguments)], check=True, timeout=30, capture_output=True)
    return ca_file, certificate, key
