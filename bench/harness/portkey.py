"""Portkey's gateway from npm, at the versions that its own lock file names.

npm alone would resolve a newer hono and a newer @hono/node-server, with which streaming fails in this
version of the gateway ("TypeError: immutable"). The overrides hold for nested copies as well.
"""

import json
import pathlib
import subprocess

from harness.places import WORK, Unfit, need

VERSION = "1.15.2"
_PINNED = {"hono": "4.9.7", "@hono/node-server": "1.13.5"}


def installed() -> pathlib.Path:
    """The gateway's start script; installs it the first time."""
    folder = WORK / "portkey"
    modules = folder / "node_modules"
    script = modules / "@portkey-ai" / "gateway" / "build" / "start-server.js"
    if not script.exists():
        _install(folder)
    for name, version in {"@portkey-ai/gateway": VERSION, **_PINNED}.items():
        for found in modules.glob(f"**/{name}/package.json"):
            actual = json.loads(found.read_text())["version"]
            if actual != version:
                raise Unfit(f"{name} is {actual} and not {version}: remove {folder} and run again")
    return script


def _install(folder: pathlib.Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text(json.dumps({
        "name": "bench-portkey", "private": True,
        "dependencies": {"@portkey-ai/gateway": VERSION}, "overrides": _PINNED}))
    done = subprocess.run([need("npm", "npm"), "install", "--ignore-scripts", "--no-audit", "--no-fund"],
                          cwd=folder, text=True, capture_output=True, timeout=300, check=False)
    if done.returncode != 0:
        raise Unfit(f"npm could not install Portkey's gateway:\n{done.stderr[-2000:]}")
