"""The ring detector: pulses of an opto-isolator across the line in, the beginning of each ring out."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from gpiozero import DigitalInputDevice

from firmware.board.pins import load_board

LONGEST_GAP_SECONDS = 0.035
"""Between pulses of ringing, two in each cycle: half a cycle of 15 Hz. Those of dialling are 40 ms and 60 ms apart."""
PULSES = 4
BURST_GAP_SECONDS = 0.15
"""Silence after which pulses are another ring: in the UK's double ring 0.2 s lie between the two."""


class Bursts:
    """Tells ringing from a line that is reversed, seized or dialled on. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._last = -1.0
        self._count = 0

    def pulse(self, now: float) -> bool:
        """One pulse; whether with it a ring has begun: the fourth in a row, within two cycles."""
        gap, self._last = now - self._last, now
        if gap > LONGEST_GAP_SECONDS and (self._count < PULSES or gap > BURST_GAP_SECONDS):
            self._count = 0
        self._count += 1
        return self._count == PULSES


class RingDetector:
    """The detector on its gpiozero pin. `on_ring` is called on gpiozero's thread when a ring begins."""

    def __init__(self, factory: Any, *, on_ring: Callable[[], None]) -> None:
        pin = load_board()["ring"]
        self._bursts = Bursts()
        self._on_ring = on_ring
        self._device = DigitalInputDevice(pin.gpio, pull_up=pin.pull == "up", pin_factory=factory)
        self._device.when_activated = self._pulse

    def close(self) -> None:
        self._device.close()

    def _pulse(self) -> None:
        if self._bursts.pulse(time.monotonic()):
            self._on_ring()
