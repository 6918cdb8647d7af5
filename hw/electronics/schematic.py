"""The schematic and its symbols as KiCad 6 and later read them, drawn from `circuit.toml`."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from uuid import NAMESPACE_URL, UUID, uuid5

from hw.electronics.circuit import Circuit, Net, Part
from hw.electronics.placed import turned
from hw.electronics.sexpr import Expression, Quoted, write
from hw.electronics.symbols import SYMBOLS, UNIT, Pin, Symbol

Point = tuple[float, float]

NAMESPACE = uuid5(NAMESPACE_URL, "ringfence")
TURNS = {(0, -1): 0, (-1, 0): 90, (0, 1): 180, (1, 0): 270}
"""How far a symbol that points up is turned to point the other ways."""

TEXT_ANGLE = {(1, 0): 0, (0, -1): 90, (-1, 0): 180, (0, 1): 270}


def identity(*names: object) -> UUID:
    """The same for the same names, so that a file made again is the same file."""
    return uuid5(NAMESPACE, " ".join(map(str, names)))


def uuid(*names: object) -> Expression:
    return ["uuid", str(identity(*names))]


def effects(size: float = 1.27, *, hide: bool = False, justify: tuple[str, ...] = ()) -> Expression:
    font: list[Expression] = ["effects", ["font", ["size", size, size]]]
    if justify:
        font.append(["justify", *justify])
    if hide:
        font.append("hide")
    return font


def stroke(width: float, kind: str = "default") -> Expression:
    return ["stroke", ["width", width], ["type", kind], ["color", 0, 0, 0, 0]]


def at(point: Point, angle: float | None = None) -> list[Expression]:
    place: list[Expression] = ["at", point[0] * UNIT, point[1] * UNIT]
    return place if angle is None else [*place, angle]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a symbol stands, turned anticlockwise by `rotation` degrees."""

    spot: Point
    rotation: int = 0
    mirrored: bool = False

    @property
    def upright(self) -> bool:
        return self.rotation in (90, 270)

    def turned(self, point: Point) -> Point:
        return turned(-point[0] if self.mirrored else point[0], point[1], self.rotation)

    def of(self, point: Point) -> Point:
        """Where a point of the symbol comes to lie on the sheet."""
        x, y = self.turned(point)
        return self.spot[0] + x, self.spot[1] + y


def field(symbol: Symbol, place: Place, id: int, unit: int) -> tuple[Point, tuple[str, ...]]:
    """Where a symbol's text stands, and how it is aligned: the reference (`id` 0), the value, and (4) the rating."""
    dx, dy = symbol.fields[min(id, 1)]
    line = {0: -0.85, 4: 0.85}.get(id, 0)
    justify: tuple[str, ...] = ()
    if symbol.power or symbol.prefix == "TP":
        dx, dy = place.turned((dx, dy))
        dx *= 1.4
    elif symbol.prefix in {"K", "BZ"} and unit == 1:
        dx, dy, justify = -1.4, line, ("right",)
    elif symbol.prefix == "Q":
        justify = ("left",)
    elif place.upright:
        dx, dy = 1.5 if symbol.prefix in {"RV", "C"} else 1.2, line
        justify = ("right",) if place.rotation == 90 else ("left",)
    elif id == 4:
        dy += 0.75
    return (place.spot[0] + dx, place.spot[1] + dy), justify


def library_symbol(kind: str, name: str) -> Expression:
    """A symbol of the library, under the name that sheet or library wants."""
    symbol = SYMBOLS[kind]
    out: list[Expression] = ["symbol", Quoted(name)]
    if symbol.power:
        out.append(["power"])
    if not symbol.named:
        out += [["pin_numbers", "hide"], ["pin_names", ["offset", 0], "hide"]]
    else:
        out.append(["pin_names", ["offset", 0.5]])
    out += [["in_bom", "no" if symbol.power or kind == "TP" else "yes"], ["on_board", "yes"]]
    texts = (symbol.prefix, kind, "" if symbol.power else f"ringfence:{kind}", "")
    for id, (label, text) in enumerate(
        zip(("Reference", "Value", "Footprint", "Datasheet"), texts, strict=True)
    ):
        hide = id > 1 or (symbol.power and id == 0)
        x, y = symbol.fields[min(id, 1)]
        place: Expression = ["at", x * UNIT, -y * UNIT, 0]
        out.append(["property", Quoted(label), Quoted(text), ["id", id], place, effects(hide=hide)])
    for unit, shapes in symbol.shapes.items():
        pins: list[Expression] = [library_pin(pin) for pin in symbol.pins if pin.unit == unit]
        out.append(["symbol", Quoted(f"{kind}_{unit}_1"), *shapes, *pins])
    return out


def library_pin(pin: Pin) -> Expression:
    return [
        "pin",
        pin.type,
        "line",
        ["at", pin.x * UNIT, -pin.y * UNIT, pin.towards],
        ["length", pin.length * UNIT],
        ["name", Quoted(pin.name or "~"), effects(1.0)],
        ["number", Quoted(pin.number), effects(1.0)],
    ]


class Sheet:
    """The drawing of one circuit: symbols placed, nets wired, names written."""

    def __init__(self, circuit: Circuit) -> None:
        self._circuit = circuit
        self._items: list[Expression] = []
        self._instances: list[Expression] = []
        self._kinds: dict[str, None] = {}
        self._at: dict[tuple[str, str], tuple[Point, Point]] = {}
        self._segments: list[tuple[Point, Point]] = []
        self._supplies = 0
        for part in circuit.parts.values():
            self._part(part)
        for net in circuit.nets.values():
            first = len(self._segments)
            self._net(net)
            self._name(net, first)
        self._junctions()
        for ref, number in self._at.keys() - {pin for net in circuit.nets.values() for pin in net.pins}:
            self._items.append(["no_connect", at(self._at[ref, number][0]), uuid("open", ref, number)])
        self._items.sort(key=lambda item: str(item[-1] if isinstance(item, list) else item))

    def _part(self, part: Part) -> None:
        for unit, (x, y, rotation, *mirror) in enumerate((part.sheet, *part.poles), 1):
            self._place(
                part.ref, part.kind, part.value, Place((x, y), rotation, bool(mirror)), unit, part.rating
            )

    def _place(self, ref: str, kind: str, value: str, place: Place, unit: int = 1, rating: str = "") -> None:
        symbol = SYMBOLS[kind]
        self._kinds[kind] = None
        for pin in symbol.pins:
            if pin.unit == unit and not symbol.power:
                outwards = {0: (-1, 0), 180: (1, 0), 90: (0, 1), 270: (0, -1)}[pin.towards]
                self._at[ref, pin.number] = place.of((pin.x, pin.y)), place.turned(outwards)
        footprint = "" if symbol.power else f"ringfence:{kind}"
        item: list[Expression] = [
            "symbol",
            ["lib_id", Quoted(f"ringfence:{kind}")],
            at(place.spot, place.rotation),
        ]
        if place.mirrored:
            item.append(["mirror", "y"])
        in_bom = "no" if symbol.power or kind == "TP" else "yes"
        item += [["unit", unit], ["in_bom", in_bom], ["on_board", "yes"], uuid("symbol", ref, unit)]
        texts = [("Reference", ref), ("Value", value), ("Footprint", footprint), ("Datasheet", "")]
        texts += [("Rating", rating)] if rating else []
        for id, (label, text) in enumerate(texts):
            where, justify = field(symbol, place, id, unit)
            hide = (
                id in (2, 3) or (symbol.power and id == 0) or (symbol.prefix == "K" and unit > 1 and id == 1)
            )
            angle = 90 if place.upright else 0
            look = effects(1.0 if id == 4 else 1.27, hide=hide, justify=justify)
            item.append(["property", Quoted(label), Quoted(text), ["id", id], at(where, angle), look])
        item += [["pin", Quoted(pin.number), uuid("pin", ref, pin.number, unit)] for pin in symbol.pins]
        self._items.append(item)
        self._instances.append(
            [
                "path", Quoted(f"/{identity('symbol', ref, unit)}"), ["reference", Quoted(ref)], ["unit", unit],
                ["value", Quoted(value)], ["footprint", Quoted(footprint)],
            ]
        )  # fmt: skip

    def _net(self, net: Net) -> None:
        for wire in net.wires:
            points: list[Point] = []
            heading: Point | None = None
            turn_first_up = False
            for word in wire.split():
                if word == "|":
                    turn_first_up = True
                    continue
                if word == "@":
                    self._end(net, points, heading, wire)
                    continue
                target, heading = self._point(word)
                if points:
                    self._wire(points[-1], target, turn_first_up)
                    heading = heading or self._heading(points[-1], target, turn_first_up)
                points.append(target)
                turn_first_up = False

    def _point(self, word: str) -> tuple[Point, Point | None]:
        """Where a pin or a corner is, and which way leads out of a pin."""
        if re.fullmatch(r"[\d.]+,[\d.]+", word):
            x, y = word.split(",")
            return (float(x), float(y)), None
        ref, number = word.split(".")
        return self._at[ref, number]

    @staticmethod
    def _heading(start: Point, end: Point, up_first: bool) -> Point:
        across = end[0] - start[0], 0
        along = 0, end[1] - start[1]
        last = (across if across[0] else along) if up_first else (along if along[1] else across)
        return (last[0] > 0) - (last[0] < 0), (last[1] > 0) - (last[1] < 0)

    def _wire(self, start: Point, end: Point, up_first: bool) -> None:
        corner = (start[0], end[1]) if up_first else (end[0], start[1])
        for a, b in pairwise((start, corner, end)):
            if a != b:
                self._segments.append((a, b))

    def _end(self, net: Net, points: list[Point], heading: Point | None, wire: str) -> None:
        """The net's name, or its power symbol, where a wire ends."""
        spot, way = points[-1], heading or (0, 1)
        if net.name not in SYMBOLS:
            if len(points) == 1:
                stub = 4 if wire.startswith("J4") else 1
                beyond = (spot[0] + stub * way[0], spot[1] + stub * way[1])
                self._segments.append((spot, beyond))
                spot = beyond
            self._label(net.name, spot, way)
            return
        rest = (0, 1) if net.name == "GND" else (0, -1)
        if way[1] == 0 and len(points) == 1:
            beyond = (spot[0] + way[0], spot[1])
            self._segments.append((spot, beyond))
            spot = beyond
            if not wire.startswith("J4"):
                spot, way = (beyond[0], beyond[1] + rest[1]), rest
                self._segments.append((beyond, spot))
        self._supply(net.name, spot, way)

    def _supply(self, name: str, spot: Point, way: Point) -> None:
        turn = TURNS[int(way[0]), int(way[1])]
        self._supplies += 1
        rotation = (turn + 180) % 360 if name == "GND" else turn
        prefix = SYMBOLS[name].prefix
        self._place(f"{prefix}0{self._supplies}", name, name, Place(spot, rotation))

    def _label(self, name: str, spot: Point, way: Point) -> None:
        angle = TEXT_ANGLE[int(way[0]), int(way[1])]
        justify = ("right", "bottom") if angle >= 180 else ("left", "bottom")
        self._items.append(
            ["label", Quoted(name), at(spot, angle), effects(justify=justify), uuid("label", name, spot)]
        )

    def _name(self, net: Net, first: int) -> None:
        """A net that no end names is named on the longest of its wires, those from `first`."""
        if net.name in SYMBOLS or any("@" in wire for wire in net.wires):
            return
        a, b = max(self._segments[first:], key=lambda ends: (abs(ends[0][0] - ends[1][0]), ends[0][1]))
        level = a[1] == b[1]
        self._label(net.name, (min(a[0], b[0]) + 0.5 * level, a[1] if level else (a[1] + b[1]) / 2), (1, 0))

    def _junctions(self) -> None:
        """Dots where wires meet; a wire is cut where another one, or a pin, meets it."""
        ends = Counter(point for segment in self._segments for point in segment)
        ends.update(where for where, _ in self._at.values())
        for a, b in self._segments:
            inside = [point for point in ends if self._between(a, point, b)]
            ends.update(inside * 2)
            cuts = sorted({a, *inside, b})
            for start, end in pairwise(cuts):
                self._line("wire", start, end, stroke(0))
        for (x, y), count in sorted(ends.items()):
            if count > 2:
                dot: Expression = [
                    "junction",
                    at((x, y)),
                    ["diameter", 0],
                    ["color", 0, 0, 0, 0],
                    uuid("dot", x, y),
                ]
                self._items.append(dot)

    @staticmethod
    def _between(a: Point, point: Point, b: Point) -> bool:
        (x, y), (left, right), (top, bottom) = point, sorted((a[0], b[0])), sorted((a[1], b[1]))
        return (left == x == right and top < y < bottom) or (top == y == bottom and left < x < right)

    def _line(self, kind: str, a: Point, b: Point, look: Expression) -> None:
        ends: Expression = ["pts", ["xy", a[0] * UNIT, a[1] * UNIT], ["xy", b[0] * UNIT, b[1] * UNIT]]
        self._items.append([kind, ends, look, uuid(kind, a, b)])

    def flag(self, name: str, spot: Point) -> None:
        """Tells KiCad that a supply is fed from outside."""
        beside = (spot[0] + 4, spot[1])
        self._supply(name, spot, (0, 1) if name == "GND" else (0, -1))
        self._place(f"#FLG0{len(self._instances)}", "PWR_FLAG", "PWR_FLAG", Place(beside))
        self._line("wire", spot, beside, stroke(0))

    def text(self, words: str, spot: Point, size: float = 1.8) -> None:
        self._items.append(
            [
                "text",
                Quoted(words),
                at(spot, 0),
                effects(size, justify=("left", "bottom")),
                uuid("text", spot),
            ]
        )

    def dashed(self, *points: Point, width: float = 0.5) -> None:
        for a, b in pairwise(points):
            self._line("polyline", a, b, stroke(width, "dash"))

    def write(self, title: str, comment: str) -> str:
        library: list[Expression] = [
            library_symbol(kind, f"ringfence:{kind}") for kind in sorted(self._kinds)
        ]
        sheet: list[Expression] = [
            "kicad_sch", ["version", 20211123], ["generator", "eeschema"], uuid("sheet"), ["paper", Quoted("A3")],
            ["title_block", ["title", Quoted(title)], ["company", Quoted("Ringfence 铃盾")],
             ["comment", 1, Quoted(comment)]],
            ["lib_symbols", *library],
            *self._items,
            ["sheet_instances", ["path", Quoted("/"), ["page", Quoted("1")]]],
            ["symbol_instances", *self._instances],
        ]  # fmt: skip
        return write(sheet) + "\n"


def library() -> str:
    """The text of the library of symbols."""
    head: list[Expression] = ["kicad_symbol_lib", ["version", 20211014], ["generator", "kicad_symbol_editor"]]
    return write([*head, *(library_symbol(kind, kind) for kind in sorted(SYMBOLS))]) + "\n"


def draw(circuit: Circuit) -> str:
    """The text of the schematic."""
    sheet = Sheet(circuit)
    for name, across in (("+5V", 110), ("+3V3", 119), ("GND", 128)):
        sheet.flag(name, (across, 95))
    for title, x, y in circuit.notes:
        sheet.text(title, (x, y))
    sheet.dashed(*circuit.barrier)
    return sheet.write("Line board", "Made from circuit.toml: change it there")
