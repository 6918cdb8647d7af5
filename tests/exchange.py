"""An exchange with its line, in real time: what rings, when its caller ID comes, and what of it the handset hears."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from firmware.lines.simulator import SimulatedModem

HERTZ = 25.0
"""The ring detector gives two pulses in each cycle."""
CHINA = ((1.0, 4.0),)
US = ((2.0, 4.0),)
UK = ((0.4, 0.2), (0.4, 2.0))
"""Seconds of ring and of silence, over and over (ITU-T E.180, supplement 2)."""
NUMBER_ALONE, WITH_NAME, DTMF = 0.54, 0.65, 1.6
"""Seconds that the message takes: MDMF at 1,200 bit/s with its preamble; eleven digits of 70 ms and 70 ms."""
GAP = 0.5
"""Seconds between the first ring and its message, and between a message and the first ring after it."""


@dataclass
class Exchange:
    """Rings a modem and the ring detector's pin of an appliance whose pins are traced to `pins`."""

    modem: SimulatedModem
    pins: Path
    bursts: list[tuple[float, float]] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._ring = self.pins.with_name(f"{self.pins.name}.ring").open("w")
        self._hook = self.pins.with_name(f"{self.pins.name}.hook").open("w")
        self._caller_gone = threading.Event()
        return self

    def __exit__(self, *_: object) -> None:
        self._ring.close()
        self._hook.close()

    def call(
        self,
        number: str | None,
        *,
        cadence: tuple[tuple[float, float], ...] = CHINA,
        bursts: int = 2,
        message: float = NUMBER_ALONE,
        before: bool = False,
    ) -> None:
        """Ring so many bursts. `before`: the caller ID comes before the first, and not after it."""
        self.bursts.clear()
        self._caller_gone.clear()
        if before and number:
            time.sleep(message)
            self.modem.caller(number)
            time.sleep(GAP * 0.8)
        for burst in range(bursts):
            ring, quiet = cadence[burst % len(cadence)]
            self.ring(ring)
            if burst == 0 and number and not before:
                time.sleep(GAP + message)
                self.modem.caller(number)
                quiet -= GAP + message
            if burst + 1 < bursts and self._caller_gone.wait(quiet):
                return

    def give_up(self) -> None:
        """The caller hangs up."""
        self._caller_gone.set()

    def hook(self, *, lifted: bool) -> int:
        """Lift the handset or put it down; gives the CLOCK_MONOTONIC ns."""
        at = time.monotonic_ns()
        print(0 if lifted else 1, file=self._hook, flush=True)
        return at

    def prove(self) -> None:
        """Lift the handset and put it down."""
        self.hook(lifted=True)
        time.sleep(0.3)
        self.hook(lifted=False)
        time.sleep(1.0)

    def heard(self) -> list[float]:
        """Of each burst, the seconds that reached the handset."""
        apart = self._apart()
        return [
            round(sum(end - start for start, end in _without((begin, end), apart)), 3)
            for begin, end in self.bursts
        ]

    def ring(self, seconds: float) -> None:
        """Ring once."""
        start = time.monotonic()
        self.modem.result("RING")
        for pulse in range(round(seconds * HERTZ * 2)):
            for half, level in enumerate((0, 1)):
                print(level, file=self._ring, flush=True)
                time.sleep(max(0.0, start + (pulse + (half + 1) / 2) / HERTZ / 2 - time.monotonic()))
        self.bursts.append((start, start + seconds))

    def _apart(self) -> list[tuple[float, float]]:
        """From when to when handset and line were apart, in monotonic seconds."""
        edges = [line.split() for line in self.pins.read_text("ascii").splitlines() if " relay " in line]
        times = [int(at) / 1e9 for at, _, _ in edges] + [time.monotonic()]
        return [(times[place], times[place + 1]) for place, (_, _, level) in enumerate(edges) if level == "1"]


def _without(whole: tuple[float, float], holes: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """What is left of a span."""
    left, (start, end) = [], whole
    for begin, stop in holes:
        if begin < end and stop > start:
            if begin > start:
                left.append((start, begin))
            start = max(start, stop)
    return [*left, (start, end)] if start < end else left
