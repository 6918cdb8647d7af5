"""What the proofs on a booted system share: a check's outcome is printed, and `failed` tells whether one failed."""

from __future__ import annotations

import json
import os
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

CHECKOUT = Path("/root/ringfence")
CONFIG = Path("/etc/ringfence/ringfence.toml")
PATIENCE = float(os.environ.get("PATIENCE", "1"))
"""How many times longer than on a real machine is waited for what has no time of its own to keep."""

_failures: list[str] = []


def check(what: str, holds: object) -> None:
    if not holds:
        _failures.append(what)
    print("ok   " if holds else "FAIL ", what, flush=True)


def failed() -> bool:
    return bool(_failures)


def run(*command: str) -> str:
    """What the command prints on either stream."""
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    print(f"$ {' '.join(command)}\n{done.stdout}", flush=True)
    return done.stdout.strip()


def install(*options: str) -> str:
    return run(str(CHECKOUT / "install.sh"), *options)


def shown(name: str, unit: str = "ringfence") -> str:
    """A property of the service."""
    return run("systemctl", "show", unit, "--value", "--property", name)


def active(unit: str = "ringfence") -> bool:
    return subprocess.run(["systemctl", "--quiet", "is-active", unit]).returncode == 0


def main_pid(unit: str = "ringfence") -> int:
    show = ["systemctl", "show", unit, "--value", "--property", "MainPID"]
    return int(subprocess.check_output(show))


def well_confined(unit: str = "ringfence") -> None:
    rating = run("systemd-analyze", "security", "--no-pager", "--threshold=30", unit).splitlines()[-1]
    check(f"it is rated 3.0 or better: {rating}", "OK" in rating)


def seconds_until(condition: Callable[[], object], within: float) -> float:
    """Seconds until it holds, or infinity."""
    start = time.monotonic()
    while not condition():
        if time.monotonic() - start > within:
            return float("inf")
        time.sleep(0.01)
    return time.monotonic() - start


def api(token: str, path: str, body: object = None) -> object:
    request = urllib.request.Request(
        f"http://127.0.0.1:8080/api/v1/{path}",
        json.dumps(body).encode() if body else None,
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=5 * PATIENCE) as answer:
        return json.load(answer)
