"""What is compared: nothing in between, a tuned nginx, Portkey's gateway, and Gatehouse.

Each is told how to reach the same upstream, and asked in its own way; all must give the same bytes.
"""

import dataclasses
import json
import os
import pathlib

from harness import portkey
from harness.places import Unfit, need
from harness.running import Program, free_port
from harness.upstream import PATHS, Upstream


@dataclasses.dataclass(frozen=True)
class Route:
    """How a client asks for one kind of answer."""
    address: str
    path: str
    fields: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Place:
    """Where a target runs: a folder of its own, and a CPU if it is pinned."""
    folder: pathlib.Path
    cpu: int | None = None
    wrapper: tuple[str, ...] = ()  # a tool that runs the target: valgrind, strace
    connections: int = 1024        # as many as will be open; nginx sizes its tables by it


class Direct:
    """The client calls the upstream itself."""
    name = "direct"

    def __init__(self, upstream: Upstream):
        self.upstream = upstream

    def route(self, kind: str) -> Route | None:
        if kind == "tls":
            return None  # the load speaks no TLS, and nothing is compared with this figure
        return Route(f"127.0.0.1:{self.upstream.port}", PATHS[kind] + "/chat/completions")


class Nginx:
    """proxy_pass as good as it gets: see the comments, each of which is a trap of the defaults."""
    name = "nginx"

    def __init__(self, upstream: Upstream):
        self.upstream = upstream
        self._port = free_port()

    def start(self, place: Place) -> Program:
        binary = need("nginx", "nginx-light")
        place.folder.mkdir(parents=True, exist_ok=True)
        config = place.folder / "nginx.conf"
        config.write_text(self._config(place))
        return Program([*place.wrapper, binary, "-p", place.folder, "-c", config, "-e", "error.log"],
                       place.folder / "nginx.log", cpu=place.cpu)

    def _config(self, place: Place) -> str:
        user = "user root;" if os.geteuid() == 0 else ""
        # Under a tool there is to be one process, whose totals are the worker's.
        processes = "master_process off;" if place.wrapper else "worker_processes 1;"
        # Two a request; and where fewer than a sixteenth is free, nginx closes connections that wait.
        connections = 5 * place.connections // 2 + 100
        return f"""
{user} {processes} daemon off; pid nginx.pid; error_log error.log crit;
events {{ worker_connections {connections}; accept_mutex off; }}
http {{
  access_log off; tcp_nodelay on; server_tokens off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
  client_body_buffer_size 256k;      # the default of 16k sends every larger body through a file
  client_max_body_size 64m;
  keepalive_requests 1000000000; keepalive_timeout 600s;   # the default closes after 1000 requests
  proxy_http_version 1.1; proxy_set_header Connection "";  # without both, a connection a request
  proxy_read_timeout 600s; proxy_send_timeout 600s;
  proxy_ssl_verify on; proxy_ssl_trusted_certificate "{self.upstream.ca_file}";
  proxy_ssl_server_name on; proxy_ssl_name localhost; proxy_ssl_protocols TLSv1.3;
  upstream plain {{ server 127.0.0.1:{self.upstream.port}; {_KEEPALIVE} }}
  upstream secure {{ server 127.0.0.1:{self.upstream.tls_port}; {_KEEPALIVE} }}
  server {{
    listen 127.0.0.1:{self._port} backlog=4096;
    location /v1/ {{ proxy_pass http://plain; }}
    location /tls/ {{ proxy_pass https://secure/; }}
    location / {{ proxy_pass http://plain; proxy_buffering off; }}   # streams: each event at once
  }}
}}
"""

    def route(self, kind: str) -> Route:
        prefix = "/tls" if kind == "tls" else ""
        return Route(f"127.0.0.1:{self._port}", prefix + PATHS[kind] + "/chat/completions")


_KEEPALIVE = "keepalive 256; keepalive_requests 1000000000; keepalive_timeout 600s;"


class Portkey:
    """Portkey's own gateway, as its users start it, told by header to call the upstream."""
    name = "portkey"

    def __init__(self, upstream: Upstream):
        self.upstream = upstream
        self._port = free_port()

    def start(self, place: Place) -> Program:
        script = portkey.installed()
        place.folder.mkdir(parents=True, exist_ok=True)
        env = {"TRUSTED_CUSTOM_HOSTS": "localhost,127.0.0.1",
               "NODE_EXTRA_CA_CERTS": str(self.upstream.ca_file)}
        return Program([*place.wrapper, need("node", "nodejs"), script, f"--port={self._port}",
                        "--headless"], place.folder / "portkey.log", cpu=place.cpu, env=env)

    def route(self, kind: str) -> Route:
        return Route(f"127.0.0.1:{self._port}", "/v1/chat/completions",
                     ("x-portkey-provider: openai",
                      f"x-portkey-custom-host: {self.upstream.base_url(kind)}",
                      "Authorization: Bearer sk-x"))


class Gatehouse:
    """The release binary with one thread, and all that a request goes through on: the gateway key,
    JSON, usage and the record of every request with its bodies."""
    name = "gatehouse"

    def __init__(self, upstream: Upstream, binary: pathlib.Path):
        if not os.access(binary, os.X_OK):
            raise Unfit(f"{binary} is not there: build it with ./run --build-only")
        self.upstream = upstream
        self._binary = binary
        self._port = free_port()

    def start(self, place: Place) -> Program:
        place.folder.mkdir(parents=True, exist_ok=True)
        config = place.folder / "gatehouse.yaml"
        # JSON is YAML, and needs no quoting rules of our own.
        config.write_text(json.dumps({
            "api_keys": [{"name": "bench", "key": "bench-key"}],
            "providers": {f"bench-{kind}": {"base_url": self.upstream.base_url(kind)}
                          for kind in PATHS},
            "upstream": {"ca_file": str(self.upstream.ca_file)},
            "server": {"threads": 1},
        }, indent=1))
        return Program([*place.wrapper, self._binary, "serve", "--listen", f"127.0.0.1:{self._port}",
                        "--data", place.folder / "data", "--config", config],
                       place.folder / "gatehouse.log", cpu=place.cpu)

    def route(self, kind: str) -> Route:
        return Route(f"127.0.0.1:{self._port}", "/v1/chat/completions",
                     ("x-portkey-api-key: bench-key", f"x-portkey-provider: bench-{kind}",
                      "Authorization: Bearer sk-x"))


def make_target(name: str, upstream: Upstream, binary: pathlib.Path):
    if name == "gatehouse":
        return Gatehouse(upstream, binary)
    return {"direct": Direct, "nginx": Nginx, "portkey": Portkey}[name](upstream)
