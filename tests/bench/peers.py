"""What judges callers beside Ringfence in `verdict.py`: one product in a process of its own.

    python tests/bench/peers.py PRODUCT FOLDER SECONDS

FOLDER holds `blocked.db` with callattendant's table of blocked numbers, `patterns.yaml` with its expressions over
number and name (in JSON, which is YAML), and `callers.json`, pairs of number and name. Prints a `summary` as JSON.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Judge = Callable[[str, str], object]

WARM_UP = 5
LEAST_FOR_P99 = 200


def sqlite(folder: Path) -> Judge:
    """A look-up by primary key, then one compiled expression after the other."""
    database = sqlite3.connect(folder / "blocked.db")
    matches = expressions(folder)

    def judge(number: str, name: str) -> bool:
        query = "SELECT Reason FROM Blacklist WHERE PhoneNo = ?"
        return database.execute(query, (number,)).fetchone() is not None or matches(number, name)

    return judge


def tinydb(folder: Path) -> Judge:
    """`search` over TinyDB's default storage, then one compiled expression after the other."""
    from tinydb import TinyDB, where

    db = TinyDB(folder / "blocked.json")
    if not len(db):
        with contextlib.closing(sqlite3.connect(folder / "blocked.db")) as database:
            db.insert_multiple(
                {"number": number} for (number,) in database.execute("SELECT PhoneNo FROM Blacklist")
            )
    matches = expressions(folder)
    return lambda number, name: bool(db.search(where("number") == number)) or matches(number, name)


def callattendant(folder: Path) -> Judge:
    """Its own screener, as it finds itself at home; what it prints goes nowhere."""
    import callattendant as package  # type: ignore[import-not-found]

    sys.path.insert(0, str(Path(package.__file__).parent))
    from screening.callscreener import CallScreener  # type: ignore[import-not-found]

    config = {
        "DEBUG": False,
        "TESTING": False,
        "BLOCK_SERVICE": "",
        "CALLERID_PATTERNS_FILE": str(folder / "patterns.yaml"),
    }
    screener = CallScreener(sqlite3.connect(folder / "blocked.db"), config)
    return lambda number, name: screener.is_blacklisted({"NMBR": number, "NAME": name})[0]


def expressions(folder: Path) -> Callable[[str, str], bool]:
    """Whether any expression is found in a number or a name."""
    texts = json.loads((folder / "patterns.yaml").read_text("utf-8"))
    numbers, names = (list(map(re.compile, texts[over])) for over in ("blocknumbers", "blocknames"))
    return lambda number, name: (
        any(one.search(name) for one in names) or any(one.search(number) for one in numbers)
    )


def timed(judge: Judge, callers: Sequence[tuple[str, str]], seconds: float) -> tuple[list[float], int]:
    """Microseconds of each verdict, as many as begin within `seconds`, and how many of them block.

    Of the processor's time: on a busy machine, whose turn it is decides the 99th percentile by the clock.
    """
    clock, until = time.thread_time_ns, time.monotonic() + seconds
    took, blocked = [], 0
    for number, name in callers:
        began = clock()
        found = judge(number, name)
        took.append((clock() - began) / 1e3)
        blocked += bool(found)
        if time.monotonic() > until:
            break
    return took, blocked


def summary(took: list[float], blocked: int) -> dict[str, Any]:
    """How many; the median, and the 99th percentile or None for too few, in µs; the share blocked; the most MB."""
    return {
        "count": len(took),
        "median": statistics.median(took),
        "p99": statistics.quantiles(took, n=100)[98] if len(took) >= LEAST_FOR_P99 else None,
        "blocked": blocked / len(took),
        "resident": peak(),
    }


def peak() -> float:
    """The most MB of this process that were resident at once, so far."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) * 1024 / 1e6


def main(product: str, folder: str, seconds: str) -> None:
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        judge = {"sqlite": sqlite, "tinydb": tinydb, "callattendant": callattendant}[product](Path(folder))
        callers = json.loads(Path(folder, "callers.json").read_text("utf-8"))
        timed(judge, callers[-WARM_UP:], 1.0)
        took, blocked = timed(judge, callers, float(seconds))
    print(json.dumps(summary(took, blocked)))


if __name__ == "__main__":
    main(*sys.argv[1:])
