"""How long a hand waits: from a press of BLOCK, and from a lift of the handset on guard, to the relay's edge.

    python tests/bench/reflexes.py [--times 50]

The appliance is a process of its own on gpiozero's mock pins; under load, pages are asked for one after the other.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))
from exchange import Exchange
from latency import PAGES, Load, Ours, percentile, waited_for
from running import Running

from firmware.lines.simulator import USROBOTICS, SimulatedModem

HOOK_ENDS_CALL = "\x10H\x10h"
NUMBER = "4085559999"
WIRED = "[board]\nring = true\nhook = true\nsupply = true\n"


class Box:
    """A box with every part, and its line."""

    def __init__(self, folder: Path) -> None:
        self.modem = SimulatedModem(USROBOTICS, link=folder / "ttyACM0")
        (folder / "wiring.toml").write_text(WIRED)
        self.running = Running(folder / "box", self.modem.link, "--config", str(folder / "wiring.toml"))
        waited_for(self.running.guarding, 60)

    def edge(self, after: int, level: int) -> int:
        """CLOCK_MONOTONIC ns of the relay's first edge to `level` after a moment."""

        def found() -> int | None:
            edges = [line.split() for line in (self.running.folder / "pins").read_text("ascii").splitlines()]
            return next(
                (int(at) for at, pin, to in edges if (pin, int(to)) == ("relay", level) and int(at) > after),
                None,
            )

        return int(waited_for(found))

    def press(self) -> float:
        """Milliseconds from a press, while it rings, to the cut."""
        self.modem.send("\r\nRING\r\n")
        time.sleep(0.3)
        at = time.monotonic_ns()
        self.running.press("block")
        took = (self.edge(at, 1) - at) / 1e6
        self.modem.send(HOOK_ENDS_CALL)
        self.edge(at, 0)
        return took

    def lift(self, exchange: Exchange) -> float:
        """Milliseconds from a lift, on guard, to the line."""
        waited_for(lambda: self.running.edges("relay")[-1:] == [1])
        time.sleep(0.2)
        at = exchange.hook(lifted=True)
        took = (self.edge(at, 0) - at) / 1e6
        exchange.hook(lifted=False)
        return took


@contextlib.contextmanager
def guarded(box: Box) -> Iterator[Exchange]:
    with Exchange(box.modem, box.running.folder / "pins") as exchange:
        exchange.prove()
        box.running.request("PATCH", "settings", {"first_ring": "guard"})
        yield exchange
        box.running.request("PATCH", "settings", {"first_ring": "ring"})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=50)
    times = parser.parse_args().times
    print("| from | page | median ms | p99 ms | max ms |")
    print("| --- | --- | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as name:
        box = Box(Path(name))
        load = Load(box.running.http, PAGES, Ours.claim(box.running))
        for page, meanwhile in (("idle", contextlib.nullcontext()), ("under load", load)):
            with meanwhile:
                show("BLOCK to the cut", page, box.press, times)
                with guarded(box) as exchange:
                    show("lift to the line", page, lambda exchange=exchange: box.lift(exchange), times)
        load.close()
        box.running.__exit__()
        box.modem.close()
    os._exit(0)


def show(what: str, page: str, once: Callable[[], float], times: int) -> None:
    took = [once() for _ in range(times)]
    cells = (statistics.median(took), percentile(took, 0.99), max(took))
    print(f"| {what} | {page} |", *(f"{cell:.1f} |" for cell in cells), flush=True)


if __name__ == "__main__":
    main()
