"""What lists cost: building beside `sort -u`, looking up beside `phonenumbers.parse`, and memory.

python tests/bench/lists.py [ENTRIES …]
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import phonenumbers

from firmware.call import Number
from firmware.lists.building import build
from firmware.lists.compiled import NumberList
from firmware.numbers import prepare, understand

SEGMENTS = ("162", "165", "167", "170", "171", "130", "132", "139", "155", "176", "186", "199")
"""Those of virtual operators, and some of the others."""

LOOK_UPS = 1_000_000
TIMED = 200_000
PLUS_EVERY = 5
FEW = 50
IDLE_SECONDS = 2
TURNS_BETWEEN_WEIGHINGS = 25


def numbers(count: int) -> Iterator[str]:
    rng = random.Random(1)
    for turn in range(count):
        digits = f"{rng.choice(SEGMENTS)}{rng.randrange(10**8):08}"
        yield digits if turn % PLUS_EVERY else f"+86{digits}"


def drawn(count: int, listed: int) -> list[Number]:
    """Callers, half of them listed, in an order of which the processor's caches can make nothing."""
    rng = random.Random(2)
    chosen = set(rng.sample(range(listed), min(listed, count // 2)))
    known = [number.removeprefix("+86") for turn, number in enumerate(numbers(listed)) if turn in chosen]
    others = [f"{rng.choice(SEGMENTS)}{rng.randrange(10**8):08}" for _ in range(count // 2)]
    national = [*rng.choices(known, k=count - len(others)), *others]
    rng.shuffle(national)
    return [Number(digits, f"+86{digits}", digits, possible=True) for digits in national]


def row(what: str, *values: str) -> None:
    print(f"{what:52}" + "".join(f"{value:>14}" for value in values), flush=True)


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:.2f}"


def timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def microseconds(ask: Callable[[Number], object], callers: list[Number]) -> tuple[float, float]:
    """Median and 99th percentile of one question, the clock's own cost included."""
    clock = time.perf_counter_ns
    took = []
    for caller in callers:
        began = clock()
        ask(caller)
        took.append(clock() - began)
    return statistics.median(took) / 1000, statistics.quantiles(took, n=100)[98] / 1000


def resident_mib(process: int | str = "self", kind: str = "VmRSS") -> float:
    lines = Path(f"/proc/{process}/status").read_text("ascii").splitlines()
    return next((int(line.split()[1]) / 2**10 for line in lines if line.startswith(kind)), 0.0)


def descendants(process: int) -> Iterator[int]:
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in map(int, (task / "children").read_text("ascii").split()):
            yield child
            yield from descendants(child)


class Watch:
    """While a list is built: how late a thread wakes up here, and the most memory of all child processes at once."""

    def __init__(self) -> None:
        self.peak = 0.0
        self._late: list[float] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def lateness(self) -> tuple[float, float]:
        """Its 99th percentile and the most of it, in seconds."""
        return statistics.quantiles(self._late, n=100)[98], max(self._late)

    def _watch(self) -> None:
        for turn in itertools.count():
            if self._over.is_set():
                return
            began = time.perf_counter()
            time.sleep(0.001)
            self._late.append(time.perf_counter() - began - 0.001)
            if turn % TURNS_BETWEEN_WEIGHINGS == 0:
                with contextlib.suppress(OSError):
                    self.peak = max(self.peak, sum(map(resident_mib, descendants(os.getpid()))))


def sorted_by_sort(source: Path) -> None:
    command = ["sort", "-u", "-T", str(source.parent), "-o", str(source.with_name("sorted")), str(source)]
    subprocess.run(command, check=True, env={**os.environ, "LC_ALL": "C"})


def measure(count: int, folder: Path) -> None:
    source, path = folder / "source.txt", folder / "list"
    source.write_text("".join(f"{number}\n" for number in numbers(count)), "ascii")
    row(f"{count:,} entries, {source.stat().st_size / 2**20:.1f} MiB of text")
    theirs = timed(lambda: sorted_by_sort(source))
    with Watch() as idle:
        time.sleep(IDLE_SECONDS)
    with Watch() as watch:
        ours = timed(lambda: build(source, path, "CN"))
    row("  build, s; sort -u, s; ratio", f"{ours:.2f}", f"{theirs:.2f}", f"{ours / theirs:.2f}")
    row("  memory of the build at most, MiB", f"{watch.peak:.0f}")
    row("  a thread here wakes up late, ms: idle p99, max", *map(milliseconds, idle.lateness()))
    row("  a thread here wakes up late, ms: building p99, max", *map(milliseconds, watch.lateness()))
    row("  file, MiB; bytes an entry", *(f"{path.stat().st_size / n:.2f}" for n in (2**20, count)))
    command = [sys.executable, __file__, "--look-up", str(path), str(count)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = json.loads(said)
    row("  open, ms; verify all of it, ms", f"{found['open']:.2f}", f"{found['verify']:.1f}")
    row(
        "  resident for it: opened, verified, then 1,000,000 times",
        *(f"{mib:.1f}" for mib in found["resident"]),
    )
    row("  look-up of 200,000 callers, µs: median, p99", *(f"{us:.2f}" for us in found["ours"]))
    row("  look-up of 50 callers again and again", *(f"{us:.2f}" for us in found["again"]))
    row("  phonenumbers.parse, µs: median, p99", *(f"{us:.2f}" for us in found["theirs"]))


def look_up(path: Path, count: int) -> None:
    """In a process of its own."""
    prepare("CN")
    callers = drawn(TIMED, count)
    understand(callers[0].presented, "CN")
    before = resident_mib()
    opened = timed(lambda: NumberList(path))
    listed = NumberList(path)
    resident = [resident_mib() - before]
    verified = timed(listed.verify)
    resident.append(resident_mib() - before)
    for turn in range(LOOK_UPS):
        listed.find(callers[turn % TIMED])
    resident.append(resident_mib() - before)
    ours = microseconds(listed.find, callers)
    again = microseconds(listed.find, callers[:FEW] * (TIMED // FEW))
    theirs = microseconds(lambda caller: phonenumbers.parse(caller.presented, "CN"), callers[:20_000])
    said = {
        "open": opened * 1e3,
        "verify": verified * 1e3,
        "resident": resident,
        "ours": ours,
        "again": again,
        "theirs": theirs,
    }
    print(json.dumps(said))


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--look-up"]:
        look_up(Path(arguments[1]), int(arguments[2]))
        return
    for count in map(int, arguments or ("1000", "100000", "10000000")):
        with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix=".bench-") as name:
            measure(count, Path(name))


if __name__ == "__main__":
    main(sys.argv[1:])
