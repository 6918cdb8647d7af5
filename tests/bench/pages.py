"""How long pages take with 100 and with 100,000 stored calls and rules, and what 20 viewers cost a verdict.

    python tests/bench/pages.py [--times 200] [--calls 60]

Both appliances run at once, each as a process of its own, and are asked in turn. The calls lie a minute apart, so that
the statistics of 30 days have 43,200 of the 100,000. The viewers follow the first page, each by a stream of its own,
and come and go between blocks of calls.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path

sys.path.extend(str(Path(__file__).parents[1] / part) for part in (".", "web"))
from browsing import Http
from latency import BLOCK, FIRST, PASSWORD, Ours, percentile, waited_for
from running import Running
from store import call

from firmware.lines.simulator import SimulatedModem
from firmware.store import open_store

FEW, MANY = 100, 100_000
VIEWERS = 20
PATHS = {
    "Home": "/",
    "Calls": "/calls",
    "Calls, the next part": "/calls/older?before=90",
    "Calls, one day": "/calls?since={day}&until={day}",
    "Calls, search without a find": "/calls?search=nobody",
    "Look-up": "/check?number=16210123456",
    "Rules": "/rules",
    "Rules, the next part": "/rules?skip=50",
}


class Stored:
    """An appliance with so many calls in its log, one a minute until now, and its owner's session."""

    def __init__(self, folder: Path, count: int) -> None:
        self.modem = SimulatedModem(link=folder / f"tty{count}")
        data = folder / str(count) / "data"
        data.mkdir(parents=True, mode=0o700)
        now = datetime.now(UTC)
        with open_store(data / "calls.journal") as log:
            for first in range(0, count, 1000):
                log.table("calls").insert_multiple(
                    call(number, now - timedelta(minutes=count - number))
                    for number in range(first, min(first + 1000, count))
                )
        with open_store(data / "store.journal") as wishes:
            for first in range(0, count, 1000):
                wishes.table("rules").insert_multiple(
                    {
                        "match": f"+86{13000000000 + number}",
                        "action": "block",
                        "note": "",
                        "created": now.isoformat(),
                    }
                    for number in range(first, min(first + 1000, count))
                )
        self.running = Running(folder / str(count), self.modem.link)
        waited_for(self.running.guarding, 60)
        waited_for(lambda: self.running.get("statistics")["whole"], 120)
        self.cookie = Ours.claim(self.running)

    def ask(self, path: str) -> float:
        """Milliseconds of one page, from the question to its last byte."""
        began = time.perf_counter()
        connection = HTTPConnection("127.0.0.1", self.running.http)
        connection.request("GET", path, headers={"Cookie": self.cookie, "Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, path
        connection.close()
        return (time.perf_counter() - began) * 1000

    def close(self) -> None:
        self.running.__exit__()
        self.modem.close()


class Viewer:
    """Somebody who has the first page open."""

    def __init__(self, http: int, cookie: str) -> None:
        self.news = 0
        self._connection = HTTPConnection("127.0.0.1", http)
        self._connection.request("GET", "/live", headers={"Cookie": cookie})
        self._answer = self._connection.getresponse()
        assert self._answer.status == 200
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def _follow(self) -> None:
        with contextlib.suppress(Exception):
            for line in self._answer:
                self.news += line.startswith(b"event: calls")

    def leave(self) -> None:
        if self._connection.sock:
            self._connection.sock.close()
        self._answer.close()


def signed_in(running: Running) -> str:
    """The cookie of one more browser of the owner's."""
    http = Http(("127.0.0.1", running.http))
    assert http.post("/sign-in", password=PASSWORD) == 303
    return http.cookie


@contextlib.contextmanager
def watched(ours: Ours, cookies: list[str]) -> Iterator[list[Viewer]]:
    here = [Viewer(ours.running.http, cookie) for cookie in cookies]
    waited_for(lambda: all(viewer.news for viewer in here))
    yield here
    for viewer in here:
        viewer.leave()


def pages(folder: Path, times: int) -> None:
    day = (datetime.now(UTC) - timedelta(minutes=50)).date().isoformat()
    stored = [Stored(folder, count) for count in (FEW, MANY)]
    print(
        f"| page | median ms, {FEW} | p95 ms, {FEW} | median ms, {MANY:,} | p95 ms, {MANY:,} | p95, ratio |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, path in PATHS.items():
        took: list[list[float]] = [[], []]
        for turn in range(times + 10):
            for one, found in zip(stored, took, strict=True):
                found.append(one.ask(path.format(day=day)))
                if turn < 10:
                    found.clear()
        (few, few95), (many, many95) = ((percentile(one, 0.5), percentile(one, 0.95)) for one in took)
        print(
            f"| {name} | {few:.1f} | {few95:.1f} | {many:.1f} | {many95:.1f} | {many95 / few95:.2f} |",
            flush=True,
        )
    for one in stored:
        one.close()


def verdicts(folder: Path, calls: int) -> None:
    ours = Ours(folder, 1_000)
    waited_for(ours.ready, 60)
    Ours.claim(ours.running)
    cookies = [signed_in(ours.running) for _ in range(VIEWERS)]
    took: dict[int, list[float]] = {0: [], VIEWERS: []}
    told = 0
    for first in range(0, calls, BLOCK):
        for viewers, found in took.items():
            with watched(ours, cookies[:viewers]) as here:
                for number in range(first, min(first + BLOCK, calls)):
                    found.append(ours.block(str(FIRST + number * 997 % 1_000), "A CALLER"))
                    time.sleep(0.5)
                told += sum(viewer.news for viewer in here)
    print("\n| viewers | calls | median ms | p99 ms | max ms |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    for viewers, found in took.items():
        cells = [percentile(found, 0.5), percentile(found, 0.99), max(found)]
        print(f"| {viewers} | {len(found)} |", *(f"{cell:.2f} |" for cell in cells))
    print(f"\nThe viewers were told {told:,} times what the last calls are.")
    ours.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=200, help="how often each page is asked for")
    parser.add_argument("--calls", type=int, default=60, help="calls with and without viewers")
    args = parser.parse_args()
    measure: tuple[Callable[[Path], None], ...] = (
        lambda folder: pages(folder, args.times),
        lambda folder: verdicts(folder, args.calls),
    )
    for one in measure:
        with tempfile.TemporaryDirectory() as folder:
            one(Path(folder))
    os._exit(0)


if __name__ == "__main__":
    main()
