"""The pins of the board: `hw/board.toml`, and the gpiozero factory that drives them."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from gpiozero.pins.mock import MockFactory, MockPin

log = logging.getLogger(__name__)

PI_MODEL = Path("/proc/device-tree/model")


class NoPins(Exception):
    """This machine has no pins, and simulated ones were not asked for."""


@dataclass(frozen=True, slots=True)
class Pin:
    """One pin of the board: BCM number, "input" or "output", active "high" or "low", pull at boot.

    `pull`: what the firmware sets for an input where the boot's will not do. `optional`: not every box has the part.
    """

    name: str
    gpio: int
    direction: str
    active: str
    boot_pull: str
    label: str
    why: str
    pull: str = ""
    optional: bool = False

    @property
    def active_high(self) -> bool:
        return self.active == "high"


@cache
def load_board() -> Mapping[str, Pin]:
    """The pins by name, from `hw/board.toml`."""
    table = tomllib.loads(files("hw").joinpath("board.toml").read_text("utf-8"))
    return {name: Pin(name, **fields) for name, fields in table.items()}


def is_pi() -> bool:
    try:
        return PI_MODEL.read_bytes().startswith(b"Raspberry Pi")
    except OSError:
        return False


def pin_factory(choice: str) -> Any:
    """gpiozero's factory for `choice`.

    `auto` is the Pi's own pins and raises NoPins elsewhere. `mock` is gpiozero's simulated pins;
    `mock:FILE` also appends each edge to FILE as a line `CLOCK_MONOTONIC-ns name level`, and like the Pi's
    kernel keeps a pin as it was left when the process that drove it died. An input then takes its level from lines
    `0` and `1` that are written into the FIFO `FILE.name`.
    """
    if choice == "auto":
        if not is_pi():
            raise NoPins("no GPIO pins on this machine; use --pins mock to simulate them")
        from gpiozero import Device

        Device.ensure_pin_factory()
        return Device.pin_factory
    kind, _, trace = choice.partition(":")
    if kind != "mock":
        raise NoPins(f"unknown pins {choice!r}: auto, mock or mock:FILE")
    if is_pi():
        log.warning("pins are simulated: relay and lamps of this Pi are not driven")
    return MockFactory(pin_class=_traced(Path(trace)) if trace else MockPin)


def _traced(trace: Path) -> type[MockPin]:
    """A mock pin class that appends its edges to the file `trace`."""
    board = {pin.gpio: pin for pin in load_board().values()}
    fd = os.open(trace, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)

    class TracedPin(MockPin):  # type: ignore[misc]
        def __init__(self, factory: Any, info: Any) -> None:
            super().__init__(factory, info)
            pin = board.get(self._number)
            self._name = pin.name if pin else f"gpio{self._number}"
            self._input = False
            if pin and pin.direction == "input":
                self._input = True
                fifo = trace.with_name(f"{trace.name}.{pin.name}")
                with contextlib.suppress(FileExistsError):
                    os.mkfifo(fifo, 0o600)
                threading.Thread(target=self._follow, args=(fifo,), daemon=True).start()
                return
            edges = (line.split() for line in trace.read_text("ascii").splitlines())
            self._state = [level for _, name, level in edges if name == self._name][-1:] == ["1"]

        def _follow(self, fifo: Path) -> None:
            with os.fdopen(os.open(fifo, os.O_RDWR | os.O_CLOEXEC), "r") as levels:
                for level in levels:
                    self.drive_high() if level.strip() == "1" else self.drive_low()

        def _change_state(self, value: bool) -> bool:
            changed = bool(super()._change_state(value))
            if changed and not self._input:
                os.write(fd, f"{time.monotonic_ns()} {self._name} {int(value)}\n".encode())
            return changed

    return TracedPin
