"""`ringfence run` as a process of its own, and what can be seen of it from outside."""

from __future__ import annotations

import itertools
import json
import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Self

SECONDS_APART = 0.05
"""A program may ask the API twenty times a second."""

COMMAND = (sys.executable, "-P", "-m", "firmware")


FIRST_PORT, MOST_WORKERS, PORTS_OF_A_WORKER = 10_240, 8, 2_800
"""Below 32,768, from where on Linux gives ports to whoever asks for any (ip_local_port_range)."""
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % MOST_WORKERS
_places = itertools.count(2 * os.getpid(), 2)


def free_port() -> int:
    """A port at which nobody listens, by TCP or UDP.

    Neither it nor the next one, at which programs that speak SIP listen for TLS, is given to anybody else meanwhile.
    """
    while True:
        port = FIRST_PORT + WORKER * PORTS_OF_A_WORKER + next(_places) % PORTS_OF_A_WORKER
        with suppress(OSError), socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", port))
            udp.bind(("127.0.0.1", port))
            return port


class Running:
    """An appliance with its data and its pins' trace in `folder`, reading the modem at `port`.

    Its log goes to `folder/log`. `started` is the monotonic second of its start.
    """

    def __init__(self, folder: Path, port: Path | str, *options: str) -> None:
        self.folder = folder
        self.http = free_port()
        self._asked = 0.0
        data = ["--data", str(folder / "data")]
        folder.mkdir(parents=True, exist_ok=True)
        scopes = [f"--scope={scope}" for scope in ("read", "write", "admin")]
        self.token = subprocess.check_output([*COMMAND, "token", "test", *scopes, *data], text=True).strip()
        self.command = [*COMMAND, "run", *data, "--port", str(port), "--pins", f"mock:{folder / 'pins'}"]
        self.command += ["--http", f"127.0.0.1:{self.http}", *options]
        self.start()

    def start(self) -> None:
        """Start it, or start it again after a death."""
        self.started = time.monotonic()
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(15)

    def request(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """The status and the JSON answer of the API. Raises OSError or HTTPException while it is down."""
        time.sleep(max(0.0, self._asked + SECONDS_APART - time.monotonic()))
        self._asked = time.monotonic()
        connection = HTTPConnection("127.0.0.1", self.http, timeout=30)
        try:
            headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
            connection.request(method, f"/api/v1/{path}", body and json.dumps(body), headers)
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text) if text else None
        finally:
            connection.close()

    def get(self, path: str) -> Any:
        status, answer = self.request("GET", path)
        assert status == 200, answer
        return answer

    def guarding(self) -> bool:
        """Whether the page answers and the line is guarded; fails when the process has died."""
        assert self.process.poll() is None, self.log()
        try:
            return self.get("status")["line"]["state"] in ("guarding", "ringing")
        except OSError:
            return False

    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8", "replace")

    def edges(self, pin: str) -> list[int]:
        """The levels that a pin went through."""
        trace = self.folder / "pins"
        lines = trace.read_text("ascii").splitlines() if trace.exists() else []
        return [int(line.split()[2]) for line in lines if line.split()[1] == pin]

    def press(self, button: str, seconds: float = 0.1) -> float:
        """Press a button; gives the monotonic second at which it went down."""
        with (self.folder / f"pins.{button}").open("w") as contact:
            at = time.monotonic()
            print(0, file=contact, flush=True)
            time.sleep(seconds)
            print(1, file=contact, flush=True)
        return at

    def memory(self) -> int:
        """Resident bytes of the process."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGESIZE")
