"""The symbols of the schematic, drawn in units of 2.54 mm, y downwards."""

from __future__ import annotations

from dataclasses import dataclass

from hw.electronics.sexpr import Expression

UNIT = 2.54

PI = {
    1: "3V3", 2: "5V", 3: "GPIO2 SDA", 4: "5V", 5: "GPIO3 SCL", 6: "GND", 7: "GPIO4", 8: "GPIO14", 9: "GND",
    10: "GPIO15", 11: "GPIO17", 12: "GPIO18", 13: "GPIO27", 14: "GND", 15: "GPIO22", 16: "GPIO23", 17: "3V3",
    18: "GPIO24", 19: "GPIO10", 20: "GND", 21: "GPIO9", 22: "GPIO25", 23: "GPIO11", 24: "GPIO8", 25: "GND",
    26: "GPIO7", 27: "ID_SD", 28: "ID_SC", 29: "GPIO5", 30: "GND", 31: "GPIO6", 32: "GPIO12", 33: "GPIO13",
    34: "GND", 35: "GPIO19", 36: "GPIO16", 37: "GPIO26", 38: "GPIO20", 39: "GND", 40: "GPIO21",
}  # fmt: skip
"""The 40-pin header (Raspberry Pi documentation, GPIO and the 40-pin header)."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A connection at x, y; `length` of its lead, `towards` the body in degrees, `unit` that it is drawn in."""

    number: str
    x: float
    y: float
    towards: int
    length: float = 1.0
    name: str = "~"
    unit: int = 1
    type: str = "passive"


@dataclass(frozen=True, slots=True)
class Symbol:
    """`shapes`: by unit; `named`: show the pins' names; `fields`: where reference and value stand."""

    prefix: str
    pins: tuple[Pin, ...]
    shapes: dict[int, tuple[Expression, ...]]
    named: bool = False
    fields: tuple[tuple[float, float], tuple[float, float]] = ((0, -1), (0, 1))
    power: bool = False


def line(*points: tuple[float, float], fill: str = "none", width: float = 0.2) -> Expression:
    return [
        "polyline",
        ["pts", *(["xy", x * UNIT, -y * UNIT] for x, y in points)],
        ["stroke", ["width", width], ["type", "default"], ["color", 0, 0, 0, 0]],
        ["fill", ["type", fill]],
    ]


def box(left: float, top: float, right: float, bottom: float, fill: str = "none") -> Expression:
    corners = ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
    return line(*corners, fill=fill)


def circle(x: float, y: float, radius: float, fill: str = "none") -> Expression:
    return [
        "circle",
        ["center", x * UNIT, -y * UNIT],
        ["radius", radius * UNIT],
        ["stroke", ["width", 0.2], ["type", "default"], ["color", 0, 0, 0, 0]],
        ["fill", ["type", fill]],
    ]


def arrow(x: float, y: float, dx: float, dy: float) -> tuple[Expression, ...]:
    """An arrow from x, y by dx, dy."""
    tip = (x + dx, y + dy)
    side = 0.25
    back = [(tip[0] - side * dx + t * side * dy, tip[1] - side * dy - t * side * dx) for t in (0.6, -0.6)]
    return line((x, y), tip), line(back[0], tip, back[1], back[0], fill="outline")


def diode(x: float, y: float, way: int, size: float = 0.5) -> tuple[Expression, ...]:
    """A diode whose cathode lies to the left (`way` -1) or to the right (1) of x."""
    tip, foot = x + way * size, x - way * size
    return (
        line((foot, y - size), (foot, y + size), (tip, y), (foot, y - size)),
        line((tip, y - size), (tip, y + size)),
    )


def two(length: float = 1.0) -> tuple[Pin, Pin]:
    return Pin("1", -2, 0, 0, length), Pin("2", 2, 0, 180, length)


def header(left: list[tuple[str, str]], right: list[tuple[str, str]], half: float) -> Symbol:
    """A box with pins (number, name) at both sides, one unit apart."""
    rows = max(len(left), len(right))
    top = -(rows - 1) / 2
    pins = [Pin(number, -half - 1, top + row, 0, 1, name) for row, (number, name) in enumerate(left)]
    pins += [Pin(number, half + 1, top + row, 180, 1, name) for row, (number, name) in enumerate(right)]
    edge = rows / 2 + 0.25
    body = (box(-half, -edge, half, edge, "background"),)
    fields = (
        ((-half, -edge - 0.75), (half - 2, -edge - 0.75)) if left else ((0, -edge - 0.75), (0, edge + 0.75))
    )
    return Symbol("J", tuple(pins), {1: body}, True, fields)


RESISTOR = (box(-1, -0.4, 1, 0.4),)
CAPACITOR = (line((-0.25, -0.8), (-0.25, 0.8), width=0.4), line((0.25, -0.8), (0.25, 0.8), width=0.4))
LEADS = (line((-0.5, 0), (0.5, 0)),)
BACKGROUND = "background"

SYMBOLS: dict[str, Symbol] = {
    "R": Symbol("R", two(), {1: RESISTOR}),
    "RHV": Symbol("R", two(), {1: RESISTOR}),
    "PTC": Symbol(
        "F",
        two(),
        {1: (*RESISTOR, line((-1.2, 0.8), (-0.7, 0.8), (0.7, -0.8)))},
        fields=((0, -1.3), (0, 1.3)),
    ),
    "C": Symbol("C", two(1.75), {1: CAPACITOR}, fields=((0, -1.2), (0, 1.25))),
    "CFILM": Symbol("C", two(1.75), {1: CAPACITOR}, fields=((0, -1.2), (0, 1.25))),
    "CBOX": Symbol("C", two(1.75), {1: CAPACITOR}, fields=((0, -1.2), (0, 1.25))),
    "CP": Symbol(
        "C",
        two(1.75),
        {1: (*CAPACITOR, line((-1.1, -0.6), (-0.6, -0.6)), line((-0.85, -0.85), (-0.85, -0.35)))},
        fields=((0, -1.2), (0, 1.25)),
    ),
    "D": Symbol("D", two(1.5), {1: (*diode(0, 0, -1), *LEADS)}),
    "D4007": Symbol("D", two(1.5), {1: (*diode(0, 0, -1), *LEADS)}),
    "DZ": Symbol(
        "D",
        two(1.5),
        {1: (*diode(0, 0, -1), *LEADS, line((-0.5, -0.5), (-0.25, -0.5)), line((-0.5, 0.5), (-0.75, 0.5)))},
    ),
    "LED": Symbol(
        "D",
        two(1.5),
        {1: (*diode(0, 0, -1), *LEADS, *arrow(-0.3, -0.7, -0.6, -0.6), *arrow(0.3, -0.7, -0.6, -0.6))},
        fields=((0, -1.9), (0, 1)),
    ),
    "SIDACTOR": Symbol(
        "RV",
        two(1.5),
        {
            1: (
                line((-0.5, -1), (-0.5, 1)),
                line((0.5, -1), (0.5, 1)),
                line((-0.5, -1), (0.5, -0.5), (-0.5, 0), (-0.5, -1)),
                line((0.5, 1), (-0.5, 0.5), (0.5, 0), (0.5, 1)),
            )
        },
        fields=((0, -1.6), (0, 1.6)),
    ),
    "NPN": Symbol(
        "Q",
        (
            Pin("1", 1, -2, 270, 1, "C"),
            Pin("2", -2, 0, 0, 2, "B"),
            Pin("3", 1, 2, 90, 1, "E"),
        ),
        {
            1: (
                line((0, -0.9), (0, 0.9), width=0.4),
                line((0, -0.4), (1, -1)),
                line((0, 0.4), (1, 1)),
                line((0.55, 0.95), (1, 1), (0.75, 0.62), (0.55, 0.95), fill="outline"),
                circle(0.4, 0, 1.25),
            )
        },
        fields=((2.2, -0.5), (2.2, 0.5)),
    ),
    "OPTO": Symbol(
        "U",
        (
            Pin("1", -4, -1, 0, 2),
            Pin("2", -4, 1, 0, 2),
            Pin("3", 4, 1, 180, 2, "E"),
            Pin("4", 4, -1, 180, 2, "C"),
        ),
        {
            1: (
                box(-2, -1.75, 2, 1.75, BACKGROUND),
                line((-2, -1), (-0.6, -1)),
                line((-2, 1), (-0.6, 1)),
                line((-1.3, -1), (-1.3, 1)),
                line((-0.6, -1), (-0.6, 1)),
                line((-1.55, -0.25), (-1.05, -0.25), (-1.3, 0.25), (-1.55, -0.25), fill="outline"),
                line((-1.55, 0.25), (-1.05, 0.25)),
                line((-0.85, 0.25), (-0.35, 0.25), (-0.6, -0.25), (-0.85, 0.25), fill="outline"),
                line((-0.85, -0.25), (-0.35, -0.25)),
                *arrow(-0.15, -0.3, 0.75, 0),
                *arrow(-0.15, 0.3, 0.75, 0),
                line((0.9, -0.7), (0.9, 0.7), width=0.4),
                line((0.9, -0.3), (1.6, -1), (2, -1)),
                line((0.9, 0.3), (1.6, 1), (2, 1)),
                line((1.25, 0.85), (1.6, 1), (1.45, 0.65), (1.25, 0.85), fill="outline"),
            )
        },
        fields=((1.2, -2.4), (-2.4, 2.5)),
    ),
    "RELAY": Symbol(
        "K",
        (
            Pin("1", 0, -2, 270, 1, unit=1),
            Pin("12", 0, 2, 90, 1, unit=1),
            Pin("4", -3, 0, 0, 1, unit=2),
            Pin("3", 3, -1, 180, 1, unit=2),
            Pin("5", 3, 1, 180, 1, unit=2),
            Pin("9", -3, 0, 0, 1, unit=3),
            Pin("10", 3, -1, 180, 1, unit=3),
            Pin("8", 3, 1, 180, 1, unit=3),
        ),
        {
            1: (box(-1, -1, 1, 1, BACKGROUND), line((-1, 0.5), (1, -0.5))),
            2: (
                pole := (
                    line((-2, 0), (-1.5, 0), (1.6, -0.78), width=0.3),
                    circle(-1.5, 0, 0.15, "background"),
                    circle(1.5, -1, 0.15, "background"),
                    line((1.65, -1), (2, -1)),
                    circle(1.5, 1, 0.15, "background"),
                    line((1.65, 1), (2, 1)),
                )
            ),
            3: pole,
        },
        fields=((0, -1.9), (0, 1.9)),
    ),
    "DCDC": Symbol(
        "PS",
        (
            Pin("1", 4, -2, 180, 1, "+Vin"),
            Pin("2", 4, 2, 180, 1, "GND"),
            Pin("5", -4, 2, 0, 1, "0V"),
            Pin("7", -4, -2, 0, 1, "+24V"),
        ),
        {1: (box(-3, -3, 3, 3, BACKGROUND), line((0, -3), (0, -0.5)), line((0, 0.5), (0, 3)))},
        named=True,
        fields=((1.3, -3.75), (2.9, 3.75)),
    ),
    "AUDIO": Symbol(
        "T",
        (
            Pin("1", -4, -2, 0, 2),
            Pin("3", -4, 2, 0, 2),
            Pin("4", 4, 2, 180, 2),
            Pin("6", 4, -2, 180, 2),
        ),
        {
            1: (
                box(-2, -2.75, 2, 2.75, BACKGROUND),
                *(
                    shape
                    for side in (-1, 1)
                    for shape in (
                        line((side * 2, -2), (side * 0.7, -2)),
                        line((side * 2, 2), (side * 0.7, 2)),
                        circle(side * 0.7, -1.5, 0.5),
                        circle(side * 0.7, -0.5, 0.5),
                        circle(side * 0.7, 0.5, 0.5),
                        circle(side * 0.7, 1.5, 0.5),
                    )
                ),
                line((-0.1, -2), (-0.1, 2)),
                line((0.1, -2), (0.1, 2)),
            )
        },
        fields=((1.2, -3.4), (3.9, 3.5)),
    ),
    "RJ11": Symbol(
        "J",
        tuple(
            Pin(str(number), 3, 5 - 2 * number, 180, 1, name)
            for number, name in ((4, "4"), (3, "A"), (2, "B"), (1, "1"))
        ),
        {1: (box(-2, -4, 2, 4, BACKGROUND), line((-1.6, -2), (-0.6, -2), (-0.6, 2), (-1.6, 2), (-1.6, -2)))},
        named=True,
        fields=((0, -4.75), (0, 4.75)),
    ),
    "HDR2": header([], [("1", ""), ("2", "")], 1),
    "HDR4": header([], [("1", "3V3"), ("2", "GND"), ("3", "SDA"), ("4", "SCL")], 2),
    "PI": header(
        [(str(number), PI[number]) for number in range(1, 41, 2)],
        [(str(number), PI[number]) for number in range(2, 41, 2)],
        5,
    ),
    "SW": Symbol(
        "SW",
        two(),
        {
            1: (
                circle(-0.8, 0, 0.2),
                circle(0.8, 0, 0.2),
                line((-1, -0.7), (1, -0.7)),
                line((0, -0.7), (0, -1.2)),
            )
        },
        fields=((0, -1.8), (0, 0.9)),
    ),
    "BZ": Symbol(
        "BZ",
        two(),
        {1: (box(-1, -0.7, 1, 0.7, BACKGROUND), line((-0.4, 0), (0.4, 0)), circle(0, 0, 0.4))},
        fields=((0, -1.2), (0, 1.25)),
    ),
    "TP": Symbol(
        "TP", (Pin("1", 0, 0, 90, 0.8),), {1: (circle(0, -1.1, 0.3),)}, fields=((0, -1.9), (0, -2.7))
    ),
    "GND": Symbol(
        "#PWR",
        (Pin("1", 0, 0, 270, 0, "GND", type="power_in"),),
        {1: (line((0, 0), (0, 0.5)), line((-0.5, 0.5), (0.5, 0.5), (0, 1), (-0.5, 0.5)))},
        fields=((0, 2), (0, 1.5)),
        power=True,
    ),
    "PWR_FLAG": Symbol(
        "#FLG",
        (Pin("1", 0, 0, 90, 0, "pwr", type="power_out"),),
        {1: (line((0, 0), (0, -0.5), (-0.4, -0.9), (0, -1.3), (0.4, -0.9), (0, -0.5)),)},
        fields=((0, -2.2), (0, -1.7)),
        power=True,
    ),
}
for supply in ("+3V3", "+5V"):
    SYMBOLS[supply] = Symbol(
        "#PWR",
        (Pin("1", 0, 0, 90, 0, supply, type="power_in"),),
        {1: (line((0, 0), (0, -1)), line((-0.3, -0.5), (0, -1), (0.3, -0.5)))},
        fields=((0, -2), (0, -1.5)),
        power=True,
    )
