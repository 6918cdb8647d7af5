"""From the last byte of the number's line to the rejection, against PyPI's callattendant 2.4.0 in the same run.

    python tests/bench/latency.py [--calls 200]

Both run as processes of their own, each on a pseudo-terminal that answers as a modem would, and take blocks of calls in
turn; only the page of the one whose turn it is gets requests. The caller ID comes after the first ring, as on a line.
Ours ends at the relay pin's edge, as gpiozero's mock pin records it; theirs at the first byte of `AT+FCLASS=8`, with
which it begins to answer the call. Their package is installed into a temporary environment.
"""

from __future__ import annotations

import argparse
import contextlib
import math
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Protocol
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).parents[1]))
from running import Running, free_port

from firmware.lines.simulator import USROBOTICS, SimulatedModem
from firmware.store import open_store
from web.account import setup_code

PEER = "callattendant==2.4.0"
MANY = 100_000
FIRST = 4_085_000_000
LIFTED = "\x10H\x10h"
PASSWORD = "a long password"
REQUESTS_PER_SECOND = 50
PAGES = ["/", "/api/v1/calls", "/rules", "/api/v1/status"]
CALL_WITHIN = 10.0
BLOCK = 25
SETTLE_SECONDS = 0.5
QUIET_SECONDS = 0.25
"""From a ring to the caller ID. Exchanges wait 0.5 s to 1.5 s (GR-30-CORE, on-hook data transmission with ringing)."""


def session(answer: HTTPResponse) -> str:
    """The session's cookie that an answer sets."""
    return answer.headers.get_all("Set-Cookie", [""])[-1].partition(";")[0]


@dataclass(frozen=True)
class Row:
    """What is different about a row of the table."""

    name: str
    caller: str | None = "A CALLER"
    numbers: int = 1_000
    load: bool = False


ROWS = (
    Row("with name"),
    Row("without name", caller=None),
    Row("100,000 blocked numbers", numbers=MANY),
    Row("page under load", load=True),
)


class Died(Exception):
    """The product had to be started again, and its call does not count."""


class Product(Protocol):
    name: str

    def ready(self) -> bool: ...
    def block(self, number: str, caller: str | None) -> float: ...
    def load(self) -> Load: ...
    def close(self) -> None: ...


def present(modem: SimulatedModem, number: str, caller: str | None) -> int:
    """Ring and present a caller; gives the CLOCK_MONOTONIC ns at which the last of the number's line was sent."""
    modem.send("\r\nRING\r\n")
    time.sleep(QUIET_SECONDS)
    modem.send("\r\nDATE = 1123\r\n\r\nTIME = 1200\r\n")
    at = time.monotonic_ns()
    modem.send(f"\r\nNMBR = {number}\r\n")
    if caller:
        modem.send(f"\r\nNAME = {caller}\r\n")
    return at


def waited_for(condition, within: float = CALL_WITHIN):  # type: ignore[no-untyped-def]
    until = time.monotonic() + within
    while not (found := condition()):
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(0.001)
    return found


class Ours:
    name = "ringfence"

    def __init__(self, folder: Path, numbers: int) -> None:
        self.modem = SimulatedModem(USROBOTICS, link=folder / "ttyACM0")
        data = folder / "ours" / "data"
        data.mkdir(parents=True, mode=0o700)
        with open_store(data / "store.journal") as store:
            store.table("settings").insert({"region": "US"})
            store.table("rules").insert_multiple(
                {"match": f"+1{FIRST + number}", "action": "block", "note": ""} for number in range(numbers)
            )
        self.running = Running(folder / "ours", self.modem.link)
        self._trace = folder / "ours" / "pins"

    def ready(self) -> bool:
        return self.running.guarding()

    def block(self, number: str, caller: str | None) -> float:
        size = self._trace.stat().st_size
        at = present(self.modem, number, caller)
        took = (waited_for(lambda: self._edge(size)) - at) / 1e6
        time.sleep(0.05)
        self.modem.send(LIFTED)  # the call is over, and the next one another
        return took

    def _edge(self, size: int) -> int | None:
        with self._trace.open() as trace:
            trace.seek(size)
            edges = [line.split() for line in trace if line.endswith(" relay 1\n")]
        return int(edges[0][0]) if edges else None

    def load(self) -> Load:
        return Load(self.running.http, PAGES, self.claim(self.running))

    @staticmethod
    def claim(running: Running) -> str:
        """Claim the page as a browser does; gives the session's cookie."""
        connection = HTTPConnection("127.0.0.1", running.http)
        connection.request("GET", "/claim")
        page = connection.getresponse()
        cookie = session(page)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.read().decode())
        code = setup_code(running.folder / "data")
        assert token
        assert code
        form = urlencode({"csrf_token": token[1], "code": code, "password": PASSWORD})
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/claim", form, headers)
        answer = connection.getresponse()
        assert answer.status == 303, answer.read()
        return session(answer)

    def close(self) -> None:
        self.running.__exit__()
        self.modem.close()


@dataclass
class PeersModem:
    """What the modem of the peer heard: when it was told to answer and to hang up."""

    answered: list[int] = field(default_factory=list)
    hung_up: int = 0


class VoiceModem(SimulatedModem):
    """A USRobotics modem that agrees to everything."""

    def __init__(self, link: Path) -> None:
        self.heard = PeersModem()
        super().__init__(USROBOTICS, link=link)

    def _hear(self, heard: bytes) -> bytes:
        at = time.monotonic_ns()
        if b"AT+FCLASS=8" in heard:
            self.heard.answered.append(at)
        return super()._hear(heard)

    def _answer(self, command: str) -> None:
        if command == "I0":
            self.result("5601")
        self.result("OK")
        self.heard.hung_up += command == "H0"


class Theirs:
    name = "callattendant"

    def __init__(self, folder: Path, numbers: int, python: Path) -> None:
        self.modem = VoiceModem(folder / "ttyUSB9")
        self.http = free_port()
        data = folder / "theirs"
        data.mkdir()
        (data / "app.cfg").write_text(
            f'HOST = "127.0.0.1"\nPORT = {self.http}\nMODEM_DEVICE = "{self.modem.link}"\n'
            'STATUS_INDICATORS = "NULL"\nBLOCK_SERVICE = ""\n'
            'BLOCKED_ACTIONS = ("answer",)\nSCREENED_ACTIONS = ("ignore",)\n'
        )
        with contextlib.closing(sqlite3.connect(data / "callattendant.db")) as database:
            database.execute(
                "CREATE TABLE Blacklist (PhoneNo TEXT PRIMARY KEY, Name TEXT, Reason TEXT, SystemDateTime TEXT)"
            )
            rows = ((str(FIRST + number), "", "", "2026-11-23 12:00:00") for number in range(numbers))
            database.executemany("INSERT INTO Blacklist VALUES (?, ?, ?, ?)", rows)
            database.commit()
        for static in python.parents[1].glob("lib/*/site-packages/callattendant/userinterface/static"):
            (static / "messages").unlink(missing_ok=True)  # a link to the folder of the row before
        self._log = data / "log"
        self._command = [python.with_name("callattendant"), "-c", "app.cfg", "-d", data]
        self.deaths = 0
        self._start()

    def _start(self) -> None:
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(self._command, stdout=log, stderr=log)

    def _revive(self) -> None:
        """Its modem thread ends with an IndexError when a line reaches it in two pieces: start it again."""
        if "IndexError" not in self._log.read_text():
            raise TimeoutError(self._log.read_text())
        self.deaths += 1
        self.process.kill()
        self.process.wait()
        self._start()
        waited_for(self.ready, 60)

    def ready(self) -> bool:
        if self.process.poll() is not None:
            sys.exit(self._log.read_text())
        return "Waiting for call..." in self._log.read_text()

    def block(self, number: str, caller: str | None) -> float:
        answered, hung_up = len(self.modem.heard.answered), self.modem.heard.hung_up
        at = present(self.modem, number, caller)
        try:
            waited_for(lambda: len(self.modem.heard.answered) > answered)
            waited_for(lambda: self.modem.heard.hung_up > hung_up)
        except TimeoutError:
            self._revive()
            raise Died from None
        time.sleep(0.05)
        return (self.modem.heard.answered[answered] - at) / 1e6

    def load(self) -> Load:
        return Load(self.http, ["/", "/calls", "/callers/blocked", "/settings"])

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.modem.close()


REQUESTS = """
import sys, time
from http.client import HTTPConnection, HTTPResponse
port, rate, cookie, *paths = sys.argv[1:]
connection = HTTPConnection("127.0.0.1", int(port), timeout=30)
next_at, count = time.monotonic(), 0
while True:
    try:
        connection.request("GET", paths[count % len(paths)], headers={"Cookie": cookie})
        answer = connection.getresponse()
        assert answer.status == 200 and answer.read(), (paths[count % len(paths)], answer.status)
        count += 1
    except OSError:
        connection.close()  # it is being started again
    next_at = max(next_at + 1 / int(rate), time.monotonic())
    time.sleep(max(0.0, next_at - time.monotonic()))
"""


class Load:
    """Asks for pages, one after the other, from a process of its own, while a `with` block lasts."""

    def __init__(self, port: int, paths: list[str], cookie: str = "") -> None:
        command = [sys.executable, "-c", REQUESTS, str(port), str(REQUESTS_PER_SECOND), cookie, *paths]
        self._process = subprocess.Popen(command)
        self.__exit__()

    def __enter__(self) -> None:
        self._process.send_signal(signal.SIGCONT)
        time.sleep(SETTLE_SECONDS)

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is not None:
            sys.exit("the load ended early")
        self._process.send_signal(signal.SIGSTOP)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


def measure(row: Row, calls: int, python: Path) -> dict[str, list[float]]:
    """Milliseconds of each product, its calls in turn with the other's."""
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as open_things:
        ours, theirs = Ours(Path(name), row.numbers), Theirs(Path(name), row.numbers, python)
        products: list[Product] = [ours, theirs]
        loads: dict[str, contextlib.AbstractContextManager[None]] = {}
        for product in products:
            open_things.callback(product.close)
            waited_for(product.ready, 60)
            loads[product.name] = contextlib.nullcontext()
            if row.load:
                loads[product.name] = open_things.enter_context(contextlib.closing(product.load()))
        figures: dict[str, list[float]] = {product.name: [] for product in products}
        for first in range(0, calls, BLOCK):
            for product in products:
                with loads[product.name]:
                    for call in range(first, min(first + BLOCK, calls)):
                        number = str(FIRST + call * 997 % row.numbers)
                        with contextlib.suppress(Died):
                            figures[product.name].append(product.block(number, row.caller))
        if theirs.deaths:
            print(f"{row.name}: {theirs.name} had to be restarted {theirs.deaths} times", file=sys.stderr)
        return figures


def installed_peer(folder: Path) -> Path:
    """The Python of an environment with the peer in it."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    subprocess.run([folder / "bin" / "pip", "-q", "install", PEER], check=True)
    return folder / "bin" / "python"


def percentile(figures: list[float], share: float) -> float:
    """The least figure that `share` of them do not exceed."""
    return sorted(figures)[math.ceil(len(figures) * share) - 1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=200, help="calls of each product in each row")
    parser.add_argument("--row", choices=[row.name for row in ROWS], help="this row alone")
    parser.add_argument("--peer", type=Path, help="an environment in which the peer is installed already")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        python = args.peer / "bin" / "python" if args.peer else installed_peer(Path(folder) / "peer")
        print("| | | min ms | median ms | p99 ms | max ms | p99 against ours |")
        print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
        for row in ROWS if args.row is None else [row for row in ROWS if row.name == args.row]:
            figures = measure(row, args.calls, python)
            ours = percentile(figures[Ours.name], 0.99)
            for name, found in figures.items():
                p99 = percentile(found, 0.99)
                cells = [min(found), percentile(found, 0.5), p99, max(found)]
                print(
                    f"| {row.name} | {name} |",
                    *(f"{cell:.2f} |" for cell in cells),
                    f"{p99 / ours:.1f} |",
                    flush=True,
                )
    os._exit(0)


if __name__ == "__main__":
    main()
