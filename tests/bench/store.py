"""What the store costs: one change, opening and memory, beside TinyDB's JSONStorage with the same documents.

python tests/bench/store.py [DOCUMENTS]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tinydb import TinyDB
from tinydb.table import Document

from firmware.call import Action, Call, CallerId, Number, Reason, Verdict
from firmware.calls.log import as_document
from firmware.screening import Rule, Rulebook
from firmware.screening.matches import kept
from firmware.store import open_store

LIBRARIES = (
    "import serial, gpiozero, flask, flask_login, flask_wtf, flask_babel, waitress, argon2, phonenumbers",
    "import tinydb",
)


def call(number: int, started: datetime = datetime(2026, 7, 1, 12, tzinfo=UTC)) -> dict[str, Any]:
    """A call as the appliance writes it."""
    digits = f"139{number:08}"
    return as_document(
        Call(
            "modem",
            started,
            CallerId(digits),
            Number(digits, f"+86{digits}", digits, possible=True),
            Verdict(Action.BLOCK, Reason.NUMBER, number, f"+86{digits}"),
            rings=1,
            duration=6.2,
            over=True,
            cut=True,
        )
    )


def rule(number: int) -> dict[str, Any]:
    """A rule as the household writes it."""
    blocked = Rule(kept(f"+86139{number:08}"), Action.BLOCK)
    return {**blocked.document(), "created": "2026-07-01T12:00:00+00:00"}


def io_written() -> tuple[int, int]:
    """Bytes this process has given to write calls, and bytes of pages it has made the card write."""
    lines = Path("/proc/self/io").read_text("ascii").splitlines()
    counts = {name: int(count) for name, count in (line.split(": ") for line in lines)}
    return counts["wchar"], counts["write_bytes"]


def measured(change: Callable[[int], object], times: int) -> tuple[float, float, float]:
    """Median milliseconds of one change, and the bytes it writes: in calls, in pages."""
    took = []
    before = io_written()
    for turn in range(times):
        began = time.perf_counter()
        change(turn)
        took.append((time.perf_counter() - began) * 1e3)
    calls, pages = ((after - was) / times for after, was in zip(io_written(), before, strict=True))
    return statistics.median(took), calls, pages


def row(what: str, ours: str, theirs: str = "", ratio: str = "") -> None:
    print(f"{what:46}{ours:>14}{theirs:>14}{ratio:>9}")


def changes(folder: Path, count: int) -> None:
    theirs = TinyDB(folder / "store.json")
    ours = open_store(folder / "store.journal")
    ours.table("rules").insert_multiple(rule(number) for number in range(count))
    for db in (ours, theirs):
        db.table("calls").insert_multiple(call(number) for number in range(count))
    row(f"with {count:,} calls", "Ringfence", "JSONStorage", "ratio")
    kinds: dict[str, Callable[[Any], Callable[[int], object]]] = {
        "insert": lambda db: lambda turn: db.table("calls").insert(call(turn)),
        "upsert": lambda db: lambda turn: db.table("calls").upsert(Document(call(turn), doc_id=count - turn)),
        "remove": lambda db: lambda turn: db.table("calls").remove(doc_ids=[turn + 1]),
    }
    for kind, change in kinds.items():
        ms, written, pages = measured(change(ours), 200)
        their_ms, their_written, their_pages = measured(change(theirs), 5)
        row(f"{kind}, ms", f"{ms:.2f}", f"{their_ms:.0f}", f"{their_ms / ms:.0f}")
        row(f"{kind}, bytes written", f"{written:,.0f}", f"{their_written:,.0f}")
        row(f"{kind}, as whole pages of 4 KiB", f"{pages:,.0f}", f"{their_pages:,.0f}")
    began = time.perf_counter()
    ours.table("calls").newest(50, before=count // 2)
    row("50 calls from the middle, ms", f"{(time.perf_counter() - began) * 1e3:.2f}")
    ours.close()
    theirs.close()


def opening(folder: Path, count: int) -> None:
    """In processes of their own: opening with the rules loaded, and importing what the appliance imports."""
    timed = [sys.executable, __file__, "--open", str(folder / "store.journal")]
    runs = [
        subprocess.run(timed, check=True, capture_output=True, text=True).stdout.split() for _ in range(5)
    ]
    opened, loaded, resident, peak = (min(map(float, values)) for values in zip(*runs, strict=True))
    imports = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", "\n".join(LIBRARIES)], check=True)
        imports.append(time.perf_counter() - began)
    row(f"{count:,} calls and {count:,} rules", "Ringfence")
    row("open, s", f"{opened:.3f}")
    row("read every rule into the rulebook, s", f"{loaded:.3f}")
    row("importing the libraries, s", f"{min(imports):.3f}")
    row("memory for index and rulebook, MiB", f"{resident:.1f}")
    row("memory at most meanwhile, whole process, MiB", f"{peak:.1f}")
    row("file, MiB", f"{(folder / 'store.journal').stat().st_size / 2**20:.1f}")


def resident_mib(kind: str) -> float:
    """This process's memory: VmRSS is now, VmHWM at most."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) / 2**10 for line in lines if line.startswith(kind))


def opened(path: Path) -> None:
    before, began = resident_mib("VmRSS"), time.perf_counter()
    db = open_store(path)
    then = time.perf_counter()
    book = Rulebook.load(db.table("rules").raw())
    done = time.perf_counter()
    print(then - began, done - then, resident_mib("VmRSS") - before, resident_mib("VmHWM"))
    del book


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--open"]:
        opened(Path(arguments[1]))
        return
    count = int(arguments[0]) if arguments else 100_000
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as name:
        changes(Path(name), count)
        opening(Path(name), count)


if __name__ == "__main__":
    main(sys.argv[1:])
