"""Draws `wiring.svg`, the version that needs no soldering, from `board.toml`: `python -m hw.wiring > hw/wiring.svg`."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any
from xml.sax.saxutils import escape

HEADER = {
    2: 3, 3: 5, 4: 7, 14: 8, 15: 10, 17: 11, 18: 12, 27: 13, 22: 15, 23: 16, 24: 18, 10: 19, 9: 21, 25: 22,
    11: 23, 8: 24, 7: 26, 0: 27, 1: 28, 5: 29, 6: 31, 12: 32, 13: 33, 19: 35, 16: 36, 26: 37, 20: 38, 21: 40,
}  # fmt: skip
"""The header's pin of each BCM number (Raspberry Pi documentation, GPIO and the 40-pin header)."""

FIVE_VOLTS = 2
GROUNDS = {"relay": 6, "lamps": 20, "block": 30, "pass": 34}
"""A header pin at ground for each part, so that no two wires share one."""

COLOURS = {
    "red": "#d6282f", "black": "#23272b", "orange": "#ee7a12", "green": "#1f9d49", "yellow": "#f0c000",
    "brown": "#7d4a26", "violet": "#7c3fb0", "blue": "#1668c4",
}  # fmt: skip

PITCH = 28
PI_X, PI_Y, PI_WIDTH, PI_HEIGHT = 150, 96, 331, 716
ODD_X = PI_X + PI_WIDTH - 54
EVEN_X = ODD_X + PITCH
FIRST_Y = PI_Y + 92
WIRES_FROM, WIRES_TO = EVEN_X + 20, 740
LIST_Y = 1090

STYLE = """
text { font: 15px "DejaVu Sans", "Noto Sans", "Helvetica Neue", Arial, sans-serif; fill: #22303c }
.title { font-size: 18px; font-weight: bold } .heading { font-size: 24px; font-weight: bold }
.note { font-size: 14px; fill: #46525e } .line-side { fill: #a03a0a; font-weight: bold }
.print { font-size: 13px; font-weight: bold; fill: #fff } .pin { font-size: 11px; font-weight: bold; fill: #4a3600 }
.middle { text-anchor: middle } .end { text-anchor: end } .on-wire { fill: #fff }
.wire { fill: none; stroke-linecap: round; stroke-linejoin: round }
"""


@dataclass(frozen=True, slots=True)
class Jumper:
    """A jumper wire from a pin of the header to a terminal of a part, `y` down the picture."""

    pin: int
    gpio: int | None
    colour: str
    part: str
    terminal: str
    y: int

    @property
    def source(self) -> str:
        if self.gpio is None:
            return "5 V" if self.pin == FIVE_VOLTS else "ground"
        return f"GPIO {self.gpio}"

    @property
    def leaves(self) -> int:
        """How far down the wire leaves the header: that of an odd pin passes between two even ones."""
        y = pin_at(self.pin)[1]
        return y - PITCH // 2 if self.pin % 2 else y


ENDS = {
    "relay": ("orange", "Relay module", "IN1", 222),
    "guard": ("green", "", "G", 428),
    "call": ("yellow", "", "Y", 458),
    "cut": ("brown", "", "R", 488),
    "block": ("violet", "", "either wire", 617),
    "pass": ("blue", "", "either wire", 737),
}
"""Where the wire of each pin ends: its colour, the part unless the pin's label says it, the terminal, how far down."""


def jumpers(board: Mapping[str, Mapping[str, Any]]) -> list[Jumper]:
    """Every jumper wire of the pins that are not optional, from the top of the header down.

    Raises KeyError when a pin is not optional and this drawing has no place for it.
    """
    wires = [
        Jumper(FIVE_VOLTS, None, "red", "Relay module", "DC+", 162),
        Jumper(GROUNDS["relay"], None, "black", "Relay module", "DC−", 192),
        Jumper(GROUNDS["lamps"], None, "black", "Lamps", "GND", 518),
        Jumper(GROUNDS["block"], None, "black", board["block"]["label"], "the other", 651),
        Jumper(GROUNDS["pass"], None, "black", board["pass"]["label"], "the other", 771),
    ]
    for name, pin in board.items():
        if not pin.get("optional"):
            colour, part, terminal, y = ENDS[name]
            wires.append(Jumper(HEADER[pin["gpio"]], pin["gpio"], colour, part or pin["label"], terminal, y))
    return sorted(wires, key=lambda wire: wire.pin)


def drawing(board: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """The picture as lines of SVG."""
    wires = jumpers(board)
    yield '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1340 1350" role="img">'
    yield "<title>Ringfence between the telephone line and the telephone: the version without soldering</title>"
    yield f"<style>{STYLE}</style>"
    yield '<rect width="1340" height="1350" fill="#fbfaf7"/>'
    yield text(30, 42, "Ringfence: wiring without soldering", "heading")
    yield from line_side()
    yield from pi()
    yield from relay_module()
    yield from lamps(board)
    yield from button(592, board["block"]["label"], "#c8252c")
    yield from button(712, board["pass"]["label"], "#1668c4")
    yield from telephone_side()
    for wire in wires:
        yield from jumper(wire)
    yield from pins(wires)
    yield from bridge()
    yield from wire_list(wires)
    yield "</svg>"


def text(x: float, y: float, words: str, kind: str = "") -> str:
    return f'<text class="{kind}" x="{x:g}" y="{y:g}">{escape(words)}</text>'


def block(x: float, y: float, w: float, h: float, fill: str, *, rx: float = 6, line: str = "#22303c") -> str:
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" rx="{rx:g}" fill="{fill}" '
        f'stroke="{line}" stroke-width="1.5"/>'
    )


def disc(x: float, y: float, r: float, fill: str, line: str = "#22303c") -> str:
    return f'<circle cx="{x:g}" cy="{y:g}" r="{r:g}" fill="{fill}" stroke="{line}" stroke-width="1.5"/>'


def screw(x: float, y: float) -> str:
    slot = f'<path d="M{x - 5:g} {y - 5:g} L{x + 5:g} {y + 5:g}" stroke="#5b6470" stroke-width="2.5"/>'
    return disc(x, y, 8.5, "#d5dade") + slot


def strand(path: str, colour: str, width: float = 6, extra: str = "") -> str:
    """A wire with a light edge, so that it can be told from what it lies on."""
    return (
        f'<path class="wire" d="{path}" stroke="#fff" stroke-width="{width + 3:g}"/>'
        f'<path class="wire" {extra} d="{path}" stroke="{colour}" stroke-width="{width:g}"/>'
    )


def pin_at(pin: int) -> tuple[int, int]:
    """Where a pin of the header is drawn: odd pins left, even pins right, pin 1 at the top."""
    return (ODD_X if pin % 2 else EVEN_X), FIRST_Y + PITCH * ((pin - 1) // 2)


def jumper(wire: Jumper) -> Iterator[str]:
    x, y = pin_at(wire.pin)
    out = ODD_X + PITCH // 2 if wire.pin % 2 else EVEN_X
    middle = (WIRES_FROM + WIRES_TO) // 2
    path = f"M{x} {y} L{out} {wire.leaves} H{WIRES_FROM} "
    path += f"C{middle} {wire.leaves} {middle} {wire.y} {WIRES_TO} {wire.y}"
    yield strand(path, COLOURS[wire.colour], 5.5, f'data-pin="{wire.pin}"')
    yield disc(WIRES_TO - 42, wire.y, 13, COLOURS[wire.colour], "#fff")
    number = "middle" if wire.colour == "yellow" else "middle on-wire"
    yield text(WIRES_TO - 42, wire.y + 5, str(wire.pin), number)


def pi() -> Iterator[str]:
    yield block(PI_X, PI_Y, PI_WIDTH, PI_HEIGHT, "#2c7d4f", rx=26)
    for x in (PI_X + 38, PI_X + PI_WIDTH - 38):
        for y in (PI_Y + 38, PI_Y + PI_HEIGHT - 38):
            yield disc(x, y, 16, "#e8c96a")
            yield disc(x, y, 11, "#fbfaf7")
    yield block(PI_X + 112, PI_Y - 8, 124, 76, "#c9ced3", rx=4)
    yield text(PI_X + 174, PI_Y + 36, "SD card", "middle note")
    yield block(PI_X + 96, PI_Y + 250, 120, 120, "#9aa3ab", rx=5)
    yield text(PI_X + 156, PI_Y + 314, "processor", "middle note")
    yield text(PI_X + 150, PI_Y + 440, "Raspberry Pi", "middle title on-wire")
    yield text(PI_X + 150, PI_Y + 464, "Zero 2 W", "middle title on-wire")
    yield text(PI_X + 150, PI_Y + 490, "(3, 4 and 5: the same", "middle on-wire")
    yield text(PI_X + 150, PI_Y + 510, "40 pins)", "middle on-wire")
    for y, height, name in ((118, 120, "HDMI"), (424, 84, "USB"), (562, 84, "PWR")):
        yield block(PI_X - 12, PI_Y + y, 58, height, "#c9ced3", rx=4)
        yield text(PI_X + 17, PI_Y + y + height / 2 + 5, name, "middle note")
    yield strand(f"M{PI_X - 8} {PI_Y + 604} H112", "#3b4147", 9)
    yield block(40, PI_Y + 572, 76, 64, "#3b4147")
    yield text(78, PI_Y + 600, "5 V", "middle print")
    yield text(78, PI_Y + 620, "2.5 A", "middle print")


def pins(wires: list[Jumper]) -> Iterator[str]:
    used = {wire.pin: wire for wire in wires}
    yield (
        f'<rect x="{ODD_X - 15}" y="{FIRST_Y - 15}" width="{PITCH + 30}" height="{19 * PITCH + 30}" '
        'fill="none" stroke="#111" stroke-width="3"/>'
    )
    for pin in range(1, 41):
        x, y = pin_at(pin)
        wire = used.get(pin)
        yield block(
            x - 11, y - 11, 22, 22, COLOURS[wire.colour] if wire else "#e8c96a", rx=1 if pin == 1 else 8
        )
        yield text(
            x, y + 4, str(pin), "pin middle" + (" on-wire" if wire and wire.colour != "yellow" else "")
        )
    x, y = pin_at(1)
    yield text(x - 76, y + 1, "pin 1", "on-wire title end")
    yield f'<path d="M{x - 70} {y - 5} H{x - 22}" stroke="#fff" stroke-width="3"/>'
    yield f'<path d="M{x - 30} {y - 12} L{x - 18} {y - 5} L{x - 30} {y + 2} Z" fill="#fff"/>'


def relay_module() -> Iterator[str]:
    yield text(735, 94, "Relay module, 5 V", "title")
    yield block(730, 106, 270, 268, "#26527a")
    yield block(740, 140, 42, 134, "#2e9c5b", rx=3)
    for y, name in ((162, "DC+"), (192, "DC−"), (222, "IN1"), (252, "IN2")):
        yield screw(761, y)
        yield text(788, y + 5, name, "print")
    for y, name in ((118, "1"), (246, "2")):
        yield block(836, y, 96, 114, "#2b74d8", rx=3)
        yield text(884, y + 50, f"RELAY {name}", "middle print")
        yield text(884, y + 70, "5 V DC", "middle print")
        yield block(954, y, 40, 114, "#2e9c5b", rx=3)
        for row in range(3):
            yield screw(974, y + 21 + 36 * row)
    for x, name in ((744, "1"), (786, "2")):
        yield block(x, 306, 30, 16, "#f0c000", rx=2)
        yield text(x + 15, 345, f"H{name}", "middle print")
    yield text(735, 398, "Both yellow jumpers on H (high level).", "note")


def bridge() -> Iterator[str]:
    yield strand("M752 222 C722 222 722 252 752 252", COLOURS["orange"], 5)


def lamps(board: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    yield block(730, 408, 140, 132, "#20262c")
    for name, y, colour, letter in (
        ("guard", 428, "#35d46a", "G"),
        ("call", 458, "#ffd23c", "Y"),
        ("cut", 488, "#ff4d4d", "R"),
    ):
        yield disc(838, y, 13, colour)
        yield disc(834, y - 4, 4, "#fff", colour)
        yield block(740, y - 8, 16, 16, "#e8c96a", rx=2)
        yield text(764, y + 5, letter, "print")
        yield text(880, y + 5, board[name]["label"])
    yield block(740, 510, 16, 16, "#e8c96a", rx=2)
    yield text(764, 523, "GND", "print")
    yield text(735, 560, "Traffic-light module, with resistors.", "note")


def button(y: int, label: str, colour: str) -> Iterator[str]:
    for end in (y + 25, y + 59):
        yield strand(f"M{WIRES_TO} {end} H796", "#3b4147", 4)
        yield block(WIRES_TO - 8, end - 7, 34, 14, "#3b4147", rx=2)
    yield block(796, y + 10, 22, 64, "#aeb6bd", rx=2)
    yield disc(862, y + 42, 40, "#d5dade")
    yield disc(862, y + 42, 30, colour)
    yield text(914, y + 38, label.split()[0], "title")
    yield text(914, y + 58, "button")


def line_side() -> Iterator[str]:
    yield (
        '<path d="M944 60 H1330 V1050 H300 V850 H1026 V384 H944 Z" fill="#fdeee2" stroke="#c2571c" '
        'stroke-width="2" stroke-dasharray="9 6"/>'
    )
    yield text(1320, 84, "Telephone side: up to 100 V", "line-side end")
    yield text(
        320,
        878,
        "Telephone side. Unplug the line from the wall before you touch anything in here.",
        "line-side",
    )


def socket_box(x: int, y: int, title: str, *notes: str) -> Iterator[str]:
    """A surface socket with screw terminals: red and green on the left, the plug on the right."""
    yield block(x, y, 170, 92, "#f3ead7")
    for row, name in enumerate(("red", "green")):
        yield screw(x + 18, y + 26 + 40 * row)
        yield text(x + 32, y + 31 + 40 * row, name, "note")
    yield block(x + 128, y + 28, 42, 38, "#3b4147", rx=2)
    yield block(x + 148, y + 36, 22, 22, "#e8c96a", rx=2)
    yield text(x, y - 10, title, "title")
    for row, note in enumerate(notes):
        yield text(x, y + 110 + 18 * row, note, "note")


def telephone_side() -> Iterator[str]:
    grey, red, green = "#8b949c", COLOURS["red"], COLOURS["green"]
    yield strand("M1262 176 H1308 V930 H1034", grey, 8)
    yield strand("M1262 366 H1284 V470 H1180 V520", grey, 8)
    yield strand("M880 944 H958", grey, 8)
    yield strand("M1034 962 H1060 V1020 H414", grey, 8)
    yield strand("M242 968 H18 V562 H142", "#3b4147", 9)

    yield from socket_box(1100, 130, "LINE socket")
    yield from socket_box(1100, 320, "PHONE socket")

    yield strand("M980 175 H1046 V156 H1118", red)
    yield strand("M980 211 H1052 V346 H1118", red)
    yield strand("M980 303 H1041 A11 11 0 0 1 1063 303 H1074 V196 H1118", green)
    yield strand("M980 339 H1030 V386 H1118", green)
    for y, name in ((139, "NO"), (175, "COM"), (211, "NC"), (267, "NO"), (303, "COM"), (339, "NC")):
        kept = "" if name == "NO" else " line-side"
        yield text(1004, y - 6, name, "note" + kept)

    yield from telephone(1090, 520)
    yield block(790, 900, 92, 84, "#fff")
    yield block(818, 926, 36, 32, "#3b4147", rx=2)
    yield text(836, 1006, "wall socket, or the router's phone socket", "middle")
    yield block(956, 912, 80, 66, "#f3ead7")
    yield text(996, 902, "splitter", "middle")
    yield block(240, 920, 176, 108, "#2b3036")
    yield text(328, 958, "USB modem", "middle print")
    yield text(328, 978, "with caller ID", "middle print")
    yield text(402, 1024, "LINE", "end print")
    yield text(254, 1010, "USB", "print")
    yield text(34, 998, "USB cable; a Pi Zero", "note")
    yield text(34, 1016, "needs an adapter to", "note")
    yield text(34, 1034, "micro USB (OTG)", "note")


def telephone(x: int, y: int) -> Iterator[str]:
    yield f'<path d="M{x + 14} {y + 40} H{x + 186} L{x + 200} {y + 190} H{x} Z" fill="#e9e4d8" stroke="#22303c"/>'
    yield (
        f'<path d="M{x - 4} {y + 52} Q{x - 6} {y + 2} {x + 44} {y} H{x + 156} Q{x + 206} {y + 2} {x + 204} {y + 52} '
        f'H{x + 150} V{y + 34} H{x + 50} V{y + 52} Z" fill="#d8d1c0" stroke="#22303c"/>'
    )
    for key in range(12):
        yield block(x + 62 + 28 * (key % 3), y + 70 + 27 * (key // 3), 20, 18, "#fff", rx=3)
    yield text(x + 100, y + 214, "the telephone", "middle")


def wire_list(wires: list[Jumper]) -> Iterator[str]:
    yield text(30, LIST_Y, "Wire by wire", "title")
    yield text(170, LIST_Y, "The number in a wire's circle is the pin of the header that it sits on.", "note")
    for place, wire in enumerate(wires):
        x, y = 30 + 650 * (place // 6), LIST_Y + 34 + 30 * (place % 6)
        yield strand(f"M{x} {y - 5} h46", COLOURS[wire.colour])
        yield text(x + 62, y, f"pin {wire.pin}", "title")
        yield text(x + 140, y, wire.source)
        yield text(x + 226, y, wire.colour)
        yield text(x + 296, y, f"{wire.part}: {wire.terminal}")
    y = LIST_Y + 34 + 30 * (len(wires) % 6)
    yield strand(f"M680 {y - 5} h46", COLOURS["orange"])
    yield text(742, y, "IN1 to IN2 of the relay module, a short piece: both relays switch together")
    yield text(30, LIST_Y + 234, "Telephone side", "title")
    yield text(
        190,
        LIST_Y + 234,
        "LINE socket: red to COM of relay 1, green to COM of relay 2. PHONE socket: the same colours to NC. "
        "NO stays empty.",
    )


def load() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files("hw").joinpath("board.toml").read_text("utf-8"))


if __name__ == "__main__":
    sys.stdout.write("\n".join(drawing(load())) + "\n")
