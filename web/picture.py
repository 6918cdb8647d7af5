"""Where the header's pins and the parts stand in the picture of the board, as `hw/board.toml` has them."""

from __future__ import annotations

from typing import NamedTuple

from firmware.board.pins import Pin, load_board
from firmware.wiring import Wiring
from hw.wiring import HEADER

FIRST_X, FIRST_Y, PITCH = 112, 162, 13
PART_X = 226
PARTS = {"relay": 150, "guard": 218, "call": 246, "cut": 274, "block": 332, "pass": 376}
"""How far down each part stands that every board has."""

OPTIONAL_Y, OPTIONAL_EVERY = 430, 26


class Wire(NamedTuple):
    """A pin and its part: its name in `hw/board.toml`, its BCM number, where each end is, and the path between them."""

    name: str
    gpio: int
    header: int
    pin: tuple[int, int]
    part: tuple[int, int]
    path: str


def pin_at(header: int) -> tuple[int, int]:
    """Where a pin of the header is drawn: odd ones left, even ones right, from the top."""
    return FIRST_X + PITCH * (header % 2 == 0), FIRST_Y + PITCH * ((header - 1) // 2)


def wires(wiring: Wiring) -> list[Wire]:
    """The wires of the parts that this box has."""
    fitted = [
        pin for pin in load_board().values() if not pin.optional or getattr(wiring, f"board_{pin.name}")
    ]
    optional = [pin.name for pin in fitted if pin.optional]
    return [
        _wire(pin, PARTS.get(pin.name) or OPTIONAL_Y + OPTIONAL_EVERY * optional.index(pin.name))
        for pin in fitted
    ]


def _wire(pin: Pin, y: int) -> Wire:
    header = HEADER[pin.gpio]
    at = pin_at(header)
    out = at[0] + (2 * PITCH if header % 2 else PITCH)
    leaves = at[1] - PITCH // 2 if header % 2 else at[1]
    middle = (out + PART_X) // 2
    path = f"M{at[0]} {at[1]}L{out} {leaves}C{middle} {leaves} {middle} {y} {PART_X} {y}"
    return Wire(pin.name, pin.gpio, header, at, (PART_X, y), path)


PINS = [(header, *pin_at(header)) for header in range(1, 41)]
