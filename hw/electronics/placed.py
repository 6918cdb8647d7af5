"""The board's outline and rules, and where its pads come to lie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hw.electronics.circuit import Circuit
from hw.electronics.footprints import FOOTPRINTS
from hw.electronics.symbols import SYMBOLS

WIDTH, HEIGHT = 101.6, 91.44

HOLES = tuple((x, y, 2.7) for x in (21.8, 79.8) for y in (64.77, 87.77))
"""x, y, diameter: those of a Pi Zero that hangs on the header (Raspberry Pi Zero mechanical drawing)."""

SLOT = (37.2, 42.48, 63.1, 43.88)
"""Left, top, right, bottom: milled through between the relays' coils and their contacts."""

CREEPAGE = 6.4
"""Between the two sides, along the surface, in mm."""

Box = tuple[float, float, float, float]

LINE_AREA: tuple[Box, ...] = ((0, 0, WIDTH, 37.4), (37.1, 0, 62.9, 41.2))
PI_AREA: tuple[Box, ...] = (
    (0, 44.2, SLOT[0], HEIGHT),
    (SLOT[2], 44.2, WIDTH, HEIGHT),
    (0, 46.1, WIDTH, HEIGHT),
)
BARRIER: tuple[Box, ...] = (
    (0, 37.8, SLOT[0], 43.8),
    (SLOT[0], 41.6, SLOT[2], 44.5),
    (SLOT[2], 37.8, WIDTH, 43.6),
)
"""Where tracks of either side may run, and where no copper may be: left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class NetClass:
    """`width` of tracks and `clearance` in mm."""

    name: str
    width: float
    clearance: float


LINE, POWER, SIGNAL = NetClass("line", 0.8, 0.5), NetClass("power", 0.6, 0.2), NetClass("signal", 0.4, 0.2)


def net_class(name: str, on_line: bool) -> NetClass:
    if on_line:
        return LINE
    return POWER if name in {"GND", "+5V", "+3V3"} else SIGNAL


@dataclass(frozen=True, slots=True)
class PlacedPad:
    """A pad where it lies; `net` is KiCad's name for an open one, too, and `on_line` says on which side it is."""

    ref: str
    number: str
    net: str
    on_line: bool
    x: float
    y: float
    width: float
    height: float


def turned(x: float, y: float, rotation: float) -> tuple[float, float]:
    match rotation:
        case 90:
            return y, -x
        case 180:
            return -x, -y
        case 270:
            return -y, x
    return x, y


def pads(circuit: Circuit) -> Iterator[PlacedPad]:
    on_the_line = {ref for net in circuit.nets.values() if net.on_line for ref, _ in net.pins}
    for part in circuit.parts.values():
        left, top, rotation = part.board
        for pad in FOOTPRINTS[part.kind].pads:
            x, y = turned(pad.x, pad.y, rotation)
            width, height = (pad.height, pad.width) if rotation in (90, 270) else (pad.width, pad.height)
            net = circuit.net_of(part.ref, pad.number)
            on_line = circuit.nets[net].on_line if net else part.ref in on_the_line
            name = net or open_net(part.kind, part.ref, pad.number)
            yield PlacedPad(part.ref, pad.number, name, on_line, left + x, top + y, width, height)


def open_net(kind: str, ref: str, number: str) -> str:
    """What KiCad calls the net of a pin that is not connected."""
    [name] = [pin.name for pin in SYMBOLS[kind].pins if pin.number == number]
    return f"unconnected-({ref}-{'' if name in {'~', number} else f'{name}-'}Pad{number})"


def holes(circuit: Circuit) -> Iterator[tuple[float, float, float]]:
    """Every hole without copper: x, y, diameter."""
    yield from HOLES
    for part in circuit.parts.values():
        left, top, rotation = part.board
        for x, y, diameter in FOOTPRINTS[part.kind].holes:
            dx, dy = turned(x, y, rotation)
            yield left + dx, top + dy, diameter
