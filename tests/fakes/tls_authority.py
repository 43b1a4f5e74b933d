"""A throw-away certificate authority, made with the openssl program."""

from __future__ import annotations

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Certificate:
    cert_file: Path
    key_file: Path

    def server_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert_file, self.key_file)
        context.set_alpn_protocols(["http/1.1"])
        return context


def openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


class TlsAuthority:
    """Signs certificates; `ca_file` is what a client must trust."""

    def __init__(self, folder: Path):
        self._folder = folder
        self.ca_file = folder / "ca.pem"
        self._ca_key = folder / "ca.key"
        openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", str(self._ca_key), "-out", str(self.ca_file), "-days", "2",
            "-subj", "/CN=Throw-away test authority",
        )  # fmt: skip

    def certificate(self, name: str, alternatives: str) -> Certificate:
        """For example `certificate("up", "DNS:localhost,IP:127.0.0.1")`."""
        made = Certificate(self._folder / f"{name}.pem", self._folder / f"{name}.key")
        request, extensions = self._folder / f"{name}.csr", self._folder / f"{name}.ext"
        extensions.write_text(f"subjectAltName={alternatives}\nbasicConstraints=CA:FALSE\n")
        openssl(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", str(made.key_file), "-out", str(request), "-subj", f"/CN={name}",
        )  # fmt: skip
        openssl(
            "x509", "-req", "-in", str(request), "-CA", str(self.ca_file), "-CAkey", str(self._ca_key),
            "-CAcreateserial", "-days", "2", "-extfile", str(extensions), "-out", str(made.cert_file),
        )  # fmt: skip
        return made
