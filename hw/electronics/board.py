"""The board and its footprints as KiCad 6 and later read them, from `circuit.toml`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import pairwise

from hw.electronics.circuit import Circuit, Part
from hw.electronics.footprints import FOOTPRINTS, Footprint, Pad
from hw.electronics.placed import (
    BARRIER,
    CREEPAGE,
    HEIGHT,
    HOLES,
    LINE,
    POWER,
    SIGNAL,
    SLOT,
    WIDTH,
    net_class,
    pads,
)
from hw.electronics.route import VIA, found
from hw.electronics.schematic import identity
from hw.electronics.sexpr import Expression, Quoted, write
from hw.electronics.symbols import SYMBOLS

LAYERS = ("F.Cu", "B.Cu")
TABLE: list[Expression] = [
    [number, Quoted(name), kind]
    for number, name, kind in (
        (0, "F.Cu", "signal"), (31, "B.Cu", "signal"), (36, "B.SilkS", "user"), (37, "F.SilkS", "user"),
        (38, "B.Mask", "user"), (39, "F.Mask", "user"), (44, "Edge.Cuts", "user"), (46, "B.CrtYd", "user"),
        (47, "F.CrtYd", "user"), (48, "B.Fab", "user"), (49, "F.Fab", "user"),
    )
]  # fmt: skip

MARKS = (
    ("RINGFENCE line board", 55.5, 4, 1.4), ("LINE SIDE: UP TO 200 V", 55.5, 7, 1.2), ("6.4 mm", 64, 40.4, 0.9),
    ("Raspberry Pi, pin 1", 24.5, 68.2, 0.8),
)  # fmt: skip
BARRIER_LINES = ((21.5, 27.3), (34.2, 36.8), (70.2, 73.2), (84.4, 85.8), (92.2, 101.0))
EDGE_WIDTH = 0.1
SILK_OFF = 0.2


def tstamp(*names: object) -> Expression:
    return ["tstamp", str(identity("board", *names))]


def stroke(layer: str, width: float, *names: object) -> list[Expression]:
    return [["layer", Quoted(layer)], ["width", width], tstamp(layer, *names)]


def words(size: float, *justify: str) -> Expression:
    font: list[Expression] = ["effects", ["font", ["size", size, size], ["thickness", round(size * 0.15, 3)]]]
    return [*font, ["justify", *justify]] if justify else font


def signal(name: str) -> str:
    """KiCad's name for a net: one that the schematic names by a label is of its sheet."""
    return name if name in SYMBOLS or name.startswith("unconnected") else f"/{name}"


class Board:
    """The drawing of one board."""

    def __init__(self, circuit: Circuit) -> None:
        self._circuit = circuit
        self._pads = {(pad.ref, pad.number): pad for pad in pads(circuit)}
        self._classes = {pad.net: net_class(pad.net, pad.on_line) for pad in self._pads.values()}
        self._nets = {name: number for number, name in enumerate(self._classes, 1)}

    def write(self) -> str:
        tracks = found()
        names = list(self._nets.items())
        nets: list[Expression] = [["net", number, Quoted(signal(name))] for name, number in names]
        board: list[Expression] = [
            "kicad_pcb", ["version", 20211014], ["generator", "pcbnew"],
            ["general", ["thickness", 1.6]], ["paper", Quoted("A4")],
            ["title_block", ["title", Quoted("Line board")], ["company", Quoted("Ringfence 铃盾")]],
            ["layers", *TABLE],
            ["setup", ["pad_to_mask_clearance", 0]],
            ["net", 0, Quoted("")],
            *nets,
            *(self._part(part) for part in self._circuit.parts.values()),
            *self._edges(),
            *self._marks(),
        ]  # fmt: skip
        for track in tracks.tracks:
            board.append(
                [
                    "segment", ["start", track.x1, track.y1], ["end", track.x2, track.y2],
                    ["width", self._classes[track.net].width],
                    ["layer", Quoted(LAYERS[track.layer])], ["net", self._nets[track.net]], tstamp(track),
                ]
            )  # fmt: skip
        for via in tracks.vias:
            board.append(
                [
                    "via", ["at", via.x, via.y], ["size", VIA], ["drill", VIA / 2],
                    ["layers", Quoted("F.Cu"), Quoted("B.Cu")], ["net", self._nets[via.net]], tstamp(via),
                ]
            )  # fmt: skip
        board += [self._keepout(place) for place in BARRIER]
        return write(board) + "\n"

    def _part(self, part: Part) -> Expression:
        x, y, rotation = part.board
        path = Quoted(f"/{identity('symbol', part.ref, 1)}")
        head: list[Expression] = [
            ["tstamp", str(identity("board", part.ref))],
            ["at", x, y, rotation],
            ["path", path],
        ]
        return footprint(part.kind, Quoted(f"ringfence:{part.kind}"), head, part, self._pad_net)

    def _pad_net(self, ref: str, number: str) -> list[Expression]:
        name = self._pads[ref, number].net
        return [["net", self._nets[name], Quoted(signal(name))]]

    def _edges(self) -> Iterator[Expression]:
        corners = ((0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT), (0, 0))
        left, top, right, bottom = SLOT
        yield from self._outline("edge", *corners)
        yield from self._outline(
            "slot", (left, top), (right, top), (right, bottom), (left, bottom), (left, top)
        )
        for x, y, diameter in HOLES:
            yield [
                "gr_circle", ["center", x, y], ["end", x + diameter / 2, y],
                ["layer", Quoted("Edge.Cuts")], ["width", EDGE_WIDTH], ["fill", "none"], tstamp("hole", x, y),
            ]  # fmt: skip

    @staticmethod
    def _outline(name: str, *corners: tuple[float, float]) -> Iterator[Expression]:
        for (x1, y1), (x2, y2) in pairwise(corners):
            look = stroke("Edge.Cuts", EDGE_WIDTH, name, x1, y1, x2, y2)
            yield ["gr_line", ["start", x1, y1], ["end", x2, y2], *look]

    @staticmethod
    def _marks() -> Iterator[Expression]:
        for text, x, y, size in MARKS:
            yield [
                "gr_text", Quoted(text), ["at", x, y], ["layer", Quoted("F.SilkS")], tstamp(text),
                words(size, "left"),
            ]  # fmt: skip
        for left, right in BARRIER_LINES:
            for y in (40.0, 40.8):
                yield ["gr_line", ["start", left, y], ["end", right, y], *stroke("F.SilkS", 0.15, left, y)]

    @staticmethod
    def _keepout(place: tuple[float, float, float, float]) -> Expression:
        left, top, right, bottom = place
        corners = ((left, top), (right, top), (right, bottom), (left, bottom))
        no = "not_allowed"
        return [
            "zone", ["net", 0], ["net_name", Quoted("")], ["layers", Quoted("F&B.Cu")], tstamp("barrier", left),
            ["name", Quoted("barrier")], ["hatch", "edge", 0.508], ["connect_pads", ["clearance", 0]],
            ["min_thickness", 0.254],
            ["keepout", ["tracks", no], ["vias", no], ["pads", "allowed"], ["copperpour", no],
             ["footprints", "allowed"]],
            ["fill", ["thermal_gap", 0.508], ["thermal_bridge_width", 0.508]],
            ["polygon", ["pts", *(["xy", x, y] for x, y in corners)]],
        ]  # fmt: skip


PLACES = {
    "TP": ((0, 0), (0, 1.7)), "HDR2": ((0, 0), (1.8, 1.27)), "HDR4": ((0, 0), (1.8, 3.81)),
    "LED": ((1.27, -1.5), (1.27, 3.4)), "SW": ((3.25, 1.25), (3.25, 3.25)), "RJ11": ((1.53, -5.5), (1.53, -3.5)),
    "NPN": ((2.54, -1.65), (2.54, 0)), "CP": ((1.27, -2), (1.27, 0)), "PI": ((24.13, 3), (24.13, 3)),
    "D": ((4.15, 0), (3.81, 0)), "SIDACTOR": ((2.54, -0.5), (2.54, 0)),
}  # fmt: skip
"""Where reference and value stand when it is not the middle of the body."""


def footprint(
    kind: str,
    name: Quoted,
    head: list[Expression],
    part: Part | None = None,
    net_of: Callable[[str, str], list[Expression]] = lambda ref, number: [],
) -> Expression:
    """A footprint of the library, or with `part` one that is placed on the board."""
    shape = FOOTPRINTS[kind]
    ref, value = (part.ref, part.value) if part else ("REF**", kind)
    rotation = part.board[2] if part else 0
    left, top, right, bottom = shape.body
    middle = ((left + right) / 2, (top + bottom) / 2)
    attributes = ["attr", "through_hole", *(["exclude_from_bom"] if kind == "TP" else [])]
    out: list[Expression] = ["footprint", name, ["layer", Quoted("F.Cu")], *head, attributes]
    upright = 90 if rotation in (90, 270) else 0
    small = min(right - left, bottom - top) < 2
    ref_at, value_at = PLACES.get(kind, (middle, middle))
    out += [
        [
            "fp_text", "reference", Quoted(ref), ["at", *ref_at, upright],
            ["layer", Quoted("F.Fab" if kind in {"TP", "HDR2", "HDR4", "PI"} else "F.SilkS")],
            words(0.7 if small else 0.9), tstamp(ref, "reference"),
        ],
        [
            "fp_text", "value", Quoted(value), ["at", *value_at, upright],
            ["layer", Quoted("F.SilkS" if shape.shown else "F.Fab")],
            words(0.8, "left") if kind.startswith("HDR") else words(0.8), tstamp(ref, "value"),
        ],
    ]  # fmt: skip
    out += drawn(shape, ref)
    for index, pad in enumerate(shape.pads):
        out.append(copper(pad, rotation, [*net_of(ref, pad.number), tstamp(ref, "pad", index)]))
    for x, y, diameter in shape.holes:
        out.append(
            [
                "pad", Quoted(""), "np_thru_hole", "circle", ["at", x, y], ["size", diameter, diameter],
                ["drill", diameter], ["layers", Quoted("*.Cu"), Quoted("*.Mask")], tstamp(ref, "hole", x),
            ]
        )  # fmt: skip
    return out


def copper(pad: Pad, rotation: float, tail: list[Expression]) -> Expression:
    place: list[Expression] = ["at", pad.x, pad.y]
    return [
        "pad", Quoted(pad.number), "thru_hole", pad.shape, [*place, rotation] if rotation else place,
        ["size", pad.width, pad.height], ["drill", pad.drill],
        ["layers", Quoted("*.Cu"), Quoted("*.Mask")], *tail,
    ]  # fmt: skip


def drawn(shape: Footprint, ref: str) -> Iterator[Expression]:
    """The body on the silk screen, interrupted at the pads, and the room that the part takes."""
    left, top, right, bottom = shape.body
    if shape.round:
        x, y, radius = (left + right) / 2, (top + bottom) / 2, (right - left) / 2
        layer = "F.Fab" if len(shape.pads) == 1 else "F.SilkS"
        yield [
            "fp_circle", ["center", x, y], ["end", x + radius, y],
            *stroke(layer, 0.12, ref, "body")[:2], ["fill", "none"], tstamp(ref, "body"),
        ]  # fmt: skip
    else:
        corners = ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
        for side, ((x1, y1), (x2, y2)) in enumerate(pairwise(corners)):
            for part, (a, b) in enumerate(uncovered(shape, (x1, y1), (x2, y2))):
                yield ["fp_line", ["start", *a], ["end", *b], *stroke("F.SilkS", 0.12, ref, side, part)]
    if shape.bar:
        x = left + 0.8
        yield ["fp_line", ["start", x, top], ["end", x, bottom], *stroke("F.SilkS", 0.2, ref, "bar")]
    pads = [(pad.x, pad.y, pad.width / 2, pad.height / 2) for pad in shape.pads]
    pads += [(x, y, diameter / 2, diameter / 2) for x, y, diameter in shape.holes]
    room = (
        min(left, *(x - w for x, _, w, _ in pads)) - 0.25,
        min(top, *(y - h for _, y, _, h in pads)) - 0.25,
        max(right, *(x + w for x, _, w, _ in pads)) + 0.25,
        max(bottom, *(y + h for _, y, _, h in pads)) + 0.25,
    )
    yield [
        "fp_rect", ["start", room[0], room[1]], ["end", room[2], room[3]],
        *stroke("F.CrtYd", 0.05, ref, "room")[:2], ["fill", "none"], tstamp(ref, "room"),
    ]  # fmt: skip


def uncovered(
    shape: Footprint, start: tuple[float, float], end: tuple[float, float]
) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """The pieces of a level or upright line that keep off pads, holes and gaps."""
    level = start[1] == end[1]
    low, high = sorted((start[0], end[0]) if level else (start[1], end[1]))
    across = start[1] if level else start[0]
    off: list[tuple[float, float]] = []
    spots = [
        (p.x - p.width / 2, p.y - p.height / 2, p.x + p.width / 2, p.y + p.height / 2) for p in shape.pads
    ]
    spots += [(x - d / 2, y - d / 2, x + d / 2, y + d / 2) for x, y, d in shape.holes]
    spots += shape.gaps
    for left, top, right, bottom in spots:
        near, far = (top, bottom) if level else (left, right)
        if near - SILK_OFF < across < far + SILK_OFF:
            off.append((left - SILK_OFF, right + SILK_OFF) if level else (top - SILK_OFF, bottom + SILK_OFF))
    for begin, stop in [*sorted(off), (high, high)]:
        if begin > low:
            until = min(begin, high)
            yield ((low, across), (until, across)) if level else ((across, low), (across, until))
        low = max(low, stop)


def library() -> Iterator[tuple[str, str]]:
    """Name and text of each footprint."""
    for kind in FOOTPRINTS:
        head: list[Expression] = [["version", 20211014], ["generator", "pcbnew"]]
        yield f"{kind}.kicad_mod", write(footprint(kind, Quoted(kind), head)) + "\n"


def rules() -> str:
    """The insulation that the design rules demand between the two sides."""
    rule: list[Expression] = [
        "rule", Quoted("insulation barrier"),
        ["condition", Quoted("A.NetClass == 'line' && B.NetClass != 'line'")],
        ["constraint", "creepage", ["min", f"{CREEPAGE}mm"]],
    ]  # fmt: skip
    return "(version 1)\n" + write(rule) + "\n"


def project(circuit: Circuit) -> str:
    """KiCad's project file: the classes of nets, and what the checks are to be strict about."""
    classes = [
        {
            "name": "Default" if cls is SIGNAL else cls.name,
            "clearance": cls.clearance, "track_width": cls.width, "via_diameter": VIA, "via_drill": VIA / 2,
            "wire_width": 6, "bus_width": 12, "line_style": 0,
            "microvia_diameter": 0.3, "microvia_drill": 0.1,
            "diff_pair_gap": 0.25, "diff_pair_via_gap": 0.25, "diff_pair_width": 0.2,
            "pcb_color": "rgba(0, 0, 0, 0.000)", "schematic_color": "rgba(0, 0, 0, 0.000)",
        }
        for cls in (SIGNAL, LINE, POWER)
    ]  # fmt: skip
    patterns = [
        {"netclass": net_class(name, on_line).name, "pattern": signal(name)}
        for name, on_line in sorted({(pad.net, pad.on_line) for pad in pads(circuit)})
        if net_class(name, on_line) is not SIGNAL
    ]
    rules = {
        "min_clearance": 0.2, "min_copper_edge_clearance": 0.3, "min_hole_clearance": 0.25,
        "min_through_hole_diameter": 0.3, "min_via_annular_width": 0.15, "min_track_width": 0.3,
        "min_silk_clearance": 0.0, "min_text_height": 0.7, "min_text_thickness": 0.08,
    }  # fmt: skip
    table = {
        "board": {"design_settings": {"rules": rules}},
        "meta": {"filename": "ringfence.kicad_pro", "version": 1},
        "net_settings": {"classes": classes, "meta": {"version": 3}, "netclass_patterns": patterns},
    }
    return json.dumps(table, indent=2) + "\n"
