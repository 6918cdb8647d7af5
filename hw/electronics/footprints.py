"""The footprints of the board, all for parts with wires: pads, bodies and holes in mm, y downwards."""

from __future__ import annotations

from dataclasses import dataclass

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Pad:
    """A plated hole of `drill` mm with copper of `width` by `height` mm around it, on both sides."""

    number: str
    x: float
    y: float
    width: float
    height: float
    drill: float

    @property
    def shape(self) -> str:
        if self.width != self.height:
            return "oval"
        return "rect" if self.number == "1" else "circle"


@dataclass(frozen=True, slots=True)
class Footprint:
    """`body`: left, top, right, bottom; `holes` without copper: x, y, diameter; `gaps`: where nothing is printed;
    `shown`: print the value."""

    pads: tuple[Pad, ...]
    body: Box
    holes: tuple[tuple[float, float, float], ...] = ()
    gaps: tuple[Box, ...] = ()
    shown: bool = False
    round: bool = False
    bar: bool = False
    """A bar across the body, at the side of pin 1: the cathode."""


def row(pitch: float, size: float, drill: float, *numbers: str) -> tuple[Pad, ...]:
    return tuple(Pad(number, pitch * place, 0, size, size, drill) for place, number in enumerate(numbers))


def axial(
    pitch: float, length: float, width: float, size: float, drill: float, *, bar: bool = False
) -> Footprint:
    start = (pitch - length) / 2
    body = (start, -width / 2, start + length, width / 2)
    return Footprint(row(pitch, size, drill, "1", "2"), body, bar=bar)


FOOTPRINTS: dict[str, Footprint] = {
    "R": axial(10.16, 6.3, 2.5, 1.6, 0.8),
    "RHV": axial(15.24, 10, 4, 1.8, 0.9),
    "D": axial(7.62, 4, 2, 1.6, 0.8, bar=True),
    "D4007": axial(10.16, 5.2, 2.7, 1.9, 1.1, bar=True),
    "DZ": axial(10.16, 5.2, 2.7, 1.9, 1.1, bar=True),
    "PTC": Footprint(row(5.08, 1.8, 1.0, "1", "2"), (-1.5, -1.3, 6.58, 1.3)),
    "SIDACTOR": Footprint(row(5.08, 1.6, 0.8, "1", "2"), (0.1, -2.2, 4.98, 1.6)),
    "C": Footprint(row(5.08, 1.6, 0.8, "1", "2"), (-0.2, -1.25, 5.28, 1.25)),
    "CFILM": Footprint(row(15, 2.0, 1.0, "1", "2"), (-1.5, -3.5, 16.5, 3.5)),
    "CBOX": Footprint(row(10, 1.8, 0.9, "1", "2"), (-1.5, -2.25, 11.5, 2.25)),
    "CP": Footprint(row(2.54, 1.6, 0.8, "1", "2"), (-1.88, -3.15, 4.42, 3.15), round=True),
    "LED": Footprint(row(2.54, 1.7, 0.9, "1", "2"), (-1.23, -2.5, 3.77, 2.5), shown=True, round=True),
    "NPN": Footprint(row(2.54, 1.6, 0.8, "1", "2", "3"), (0.14, -2.5, 4.94, 1.75)),
    "OPTO": Footprint(
        (
            Pad("1", 0, 0, 1.6, 1.6, 0.8),
            Pad("2", 0, 2.54, 1.6, 1.6, 0.8),
            Pad("3", 10.16, 2.54, 1.6, 1.6, 0.8),
            Pad("4", 10.16, 0, 1.6, 1.6, 0.8),
        ),
        (1.9, -1.27, 8.26, 3.81),
    ),
    "RELAY": Footprint(
        tuple(
            Pad(number, x, y, 1.6, 1.6, 1.0)
            for number, x, y in (
                ("1", 0, 0), ("3", 0, 5.08), ("4", 0, 7.62), ("5", 0, 10.16),
                ("8", 5.08, 10.16), ("9", 5.08, 7.62), ("10", 5.08, 5.08), ("12", 5.08, 0),
            )
        ),
        (-1.2, -1.1, 6.28, 13.7),
        gaps=((-2, 1.7, 7, 3.4),),
    ),
    "DCDC": Footprint(
        tuple(
            Pad(number, x, 0, 1.14, 2.0, 0.8) for number, x in (("1", 0), ("2", 2.54), ("5", 10.16), ("7", 15.24))
        ),
        (-2.13, -2.5, 17.37, 7.3),
    ),
    "AUDIO": Footprint(
        tuple(
            Pad(number, x, y, 1.6, 1.6, 0.8)
            for number, x, y in (("1", 0, 0), ("3", 0, 7.62), ("4", -12.7, 7.62), ("6", -12.7, 0))
        ),
        (-15.35, -5.44, 2.9, 13.06),
    ),
    "RJ11": Footprint(
        tuple(
            Pad(str(place + 1), 1.02 * place, 2.54 * (place % 2), 1.5, 1.5, 0.9) for place in range(4)
        ),
        (-4.67, -7.4, 7.73, 4.9),
        holes=((-4.47, -2.3, 2.3), (7.53, -2.3, 2.3)),
        shown=True,
    ),
    "HDR2": Footprint(
        tuple(Pad(str(place + 1), 0, 2.54 * place, 1.7, 1.7, 1.0) for place in range(2)),
        (-1.27, -1.27, 1.27, 3.81),
        shown=True,
    ),
    "HDR4": Footprint(
        tuple(Pad(str(place + 1), 0, 2.54 * place, 1.7, 1.7, 1.0) for place in range(4)),
        (-1.27, -1.27, 1.27, 8.89),
        shown=True,
    ),
    "PI": Footprint(
        tuple(
            Pad(str(2 * column + 1 + outer), 2.54 * column, -2.54 * outer, 1.7, 1.7, 1.0)
            for column in range(20)
            for outer in range(2)
        ),
        (-1.27, -3.81, 49.53, 1.27),
    ),
    "SW": Footprint(
        tuple(Pad(number, x, y, 1.8, 1.8, 1.0) for number, y in (("1", 0), ("2", 4.5)) for x in (0, 6.5)),
        (0.25, -0.75, 6.25, 5.25),
        shown=True,
    ),
    "BZ": Footprint(row(7.62, 1.8, 1.0, "1", "2"), (-2.19, -6, 9.81, 6), round=True),
    "TP": Footprint(row(0, 1.7, 1.0, "1"), (-0.85, -0.85, 0.85, 0.85), shown=True, round=True),
}  # fmt: skip
