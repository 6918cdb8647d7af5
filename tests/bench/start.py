"""From the start of the process to a guarded line, with 100,000 calls and 100,000 numbers stored; and its memory.

    python tests/bench/start.py [--runs 10]

Guarding is when the appliance says so on systemd's socket. In turn with each start, a fresh interpreter imports the
libraries that the appliance uses, and nothing else.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from running import Running
from store import call, rule
from tinydb.table import Document

from firmware.lines.simulator import SimulatedModem
from firmware.lists.shelf import Shelf
from firmware.store import open_store

MANY = 100_000
AT_ONCE = 100
LIBRARIES = (
    "argon2, click, flask, flask_babel, flask_login, flask_wtf, gpiozero, marisa_trie, phonenumbers, re2, sdnotify, "
    "serial, tinydb, waitress"
)


def fill(data: Path) -> None:
    """A hundred thousand calls and as many numbers, as the appliance writes them."""
    data.mkdir(parents=True, mode=0o700)
    now = datetime.now(UTC)
    with open_store(data / "store.journal") as store, open_store(data / "calls.journal") as log:
        for first in range(0, MANY, AT_ONCE):
            numbers = range(first, first + AT_ONCE)
            store.table("rules").insert_multiple(map(rule, numbers))
            log.table("calls").insert_multiple(
                call(number, now - timedelta(minutes=MANY - number)) for number in numbers
            )


def started(running: Running, notices: socket.socket) -> float:
    """Seconds from the start to "guarding"; returns when the page is up, too."""
    running.start()
    heard = b""
    guarding = 0.0
    while b"STATUS=guarding" not in heard or b"READY=1" not in heard:
        heard += notices.recv(4096)
        if b"STATUS=guarding" in heard and not guarding:
            guarding = time.monotonic() - running.started
    return guarding


def stopped(running: Running) -> None:
    running.process.terminate()
    running.process.wait(15)


def imported() -> float:
    """Seconds that a fresh interpreter takes to import the libraries."""
    start = time.monotonic()
    subprocess.run([sys.executable, "-P", "-c", f"import {LIBRARIES}"], check=True)
    return time.monotonic() - start


def memory(pid: int, kind: str) -> float:
    """MB of one process, from the kernel's smaps_rollup."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{kind}:")) * 1024 / 1e6


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()] or [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]


@contextlib.contextmanager
def notified(folder: Path) -> Iterator[socket.socket]:
    """The socket on which appliances that are started meanwhile say how they are, as to systemd."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notices:
        notices.bind(str(folder / "notify"))
        os.environ["NOTIFY_SOCKET"] = str(folder / "notify")
        yield notices


def with_list_and_without(folder: Path, compiled: Path, runs: int) -> tuple[list[float], list[float]]:
    """Seconds from the start to "guarding" of an appliance with a compiled list, and of one without, in turn."""
    with notified(folder) as notices, contextlib.closing(SimulatedModem(link=folder / "ttyACM0")) as modem:
        appliances = []
        for name in ("with", "without"):
            fill(folder / name / "data")
            appliances.append(Running(folder / name, modem.link))
            stopped(appliances[-1])
        put_on_shelf(folder / "with" / "data", compiled)
        seconds: tuple[list[float], list[float]] = ([], [])
        for _ in range(runs):
            for running, taken in zip(appliances, seconds, strict=True):
                taken.append(started(running, notices))
                stopped(running)
        return seconds


def put_on_shelf(data: Path, compiled: Path) -> None:
    """Keep a list that is compiled already, and is not due to be compiled again."""
    with open_store(data / "store.journal") as store:
        shelf = Shelf(store, data / "lists", place=lambda: ("CN", ""), lend=lambda lists: None)
        doc = shelf.take_in("numbers", io.BytesIO())
        id = doc.pop("id")
        store.table("lists").upsert(Document({**doc, "checked": doc["created"]}, doc_id=id))
    (data / "lists" / f"{id}.list").hardlink_to(compiled)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as name, notified(Path(name)) as notices:
        folder = Path(name)
        fill(folder / "appliance" / "data")
        modem = SimulatedModem(link=folder / "ttyACM0")
        running = Running(folder / "appliance", modem.link)
        stopped(running)
        starts, imports = [], []
        for _ in range(runs):
            imports.append(imported())
            starts.append(started(running, notices))
            if len(starts) < runs:
                stopped(running)
        running.get("calls")
        time.sleep(1)
        print("| | median s | max s |\n| --- | ---: | ---: |")
        print(f"| importing the libraries | {statistics.median(imports):.3f} | {max(imports):.3f} |")
        print(f"| process start to guarding | {statistics.median(starts):.3f} | {max(starts):.3f} |")
        print(f"\nStart against import: {statistics.median(starts) / statistics.median(imports):.2f}\n")
        print("| process | resident MB | proportional MB |\n| --- | ---: | ---: |")
        for what, pid in [("appliance", running.process.pid)] + [
            ("relay keeper", child) for child in children(running.process.pid)
        ]:
            print(f"| {what} | {memory(pid, 'Rss'):.1f} | {memory(pid, 'Pss'):.1f} |")
        stopped(running)
        modem.close()


if __name__ == "__main__":
    main()
