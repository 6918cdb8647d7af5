"""Draws `wiring.svg` from `board.toml`: `python -m hw.wiring > hw/wiring.svg`."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any
from xml.sax.saxutils import escape

HEADER = {
    2: 3,
    3: 5,
    4: 7,
    17: 11,
    27: 13,
    22: 15,
    23: 16,
    24: 18,
    10: 19,
    9: 21,
    25: 22,
    11: 23,
    8: 24,
    7: 26,
}
HEADER |= {5: 29, 6: 31, 12: 32, 13: 33, 19: 35, 16: 36, 26: 37, 20: 38, 21: 40, 14: 8, 15: 10, 18: 12}
"""The header's pin of each BCM number (Raspberry Pi documentation, GPIO and the 40-pin header)."""

STYLE = """
svg { background: #fbfaf7 } text { font: 14px sans-serif; fill: #22303c }
.small { font-size: 12px; fill: #5b6773 } .title { font-weight: bold }
.part { fill: #fff; stroke: #22303c; stroke-width: 1.5 } .wire { fill: none; stroke: #22303c; stroke-width: 2 }
.line { stroke: #b5541c; stroke-width: 3 } .signal { stroke: #2f6f4f }
"""


def box(x: int, y: int, w: int, h: int, title: str, *lines: str) -> Iterator[str]:
    yield f'<rect class="part" x="{x}" y="{y}" width="{w}" height="{h}" rx="8"/>'
    yield text(x + 12, y + 22, title, "title")
    for row, line in enumerate(lines):
        yield text(x + 12, y + 42 + 17 * row, line, "small")


def text(x: int, y: int, words: str, kind: str = "") -> str:
    return f'<text class="{kind}" x="{x}" y="{y}">{escape(words)}</text>'


def wire(path: str, kind: str = "") -> str:
    return f'<path class="wire {kind}" d="{path}"/>'


def drawing(board: dict[str, dict[str, Any]]) -> Iterator[str]:
    yield '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 920 560" role="img">'
    yield "<title>Ringfence between the telephone line and the handset</title>"
    yield f"<style>{STYLE}</style>"

    yield from box(20, 40, 150, 80, "Telephone line", "wall socket, or the", "router's phone port")
    yield from box(
        330,
        40,
        260,
        80,
        "Relay, normally closed",
        "both wires through its NC contacts:",
        "no current, no cut",
    )
    yield from box(750, 40, 150, 80, "Handset", "the telephone", "that is protected")
    for y in (70, 90):
        yield wire(f"M170 {y} H330", "line")
        yield wire(f"M590 {y} H750", "line")
    yield text(182, 60, "line pair", "small")
    yield text(602, 60, "line pair", "small")
    yield wire("M230 70 V210 M250 90 V210", "line")
    yield from box(150, 210, 180, 62, "Modem", "caller ID, on the line's side")
    yield wire("M240 272 V330")
    yield text(250, 305, "USB", "small")

    pins = list(board.items())
    height = 60 + 26 * len(pins)
    yield from box(150, 330, 340, height - 20, "Raspberry Pi")
    for row, (name, pin) in enumerate(pins):
        y = 380 + 26 * row
        yield text(166, y, f"GPIO {pin['gpio']}", "title")
        yield text(240, y, f"header pin {HEADER[pin['gpio']]}", "small")
        yield text(350, y, pin["label"])
        if name == "relay":
            yield wire(f"M490 {y - 5} H530 V120", "signal")
            yield text(540, 200, "driver with its own transistor", "small")
            yield text(540, 217, "and flyback diode, 5 V (pin 2)", "small")
        else:
            yield wire(f"M490 {y - 5} H600", "signal")
            led = pin["direction"] == "output"
            yield text(610, y, "470 Ω, lamp, ground (pin 6)" if led else "button to ground (pin 6)", "small")
    yield "</svg>"


def load() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files("hw").joinpath("board.toml").read_text("utf-8"))


if __name__ == "__main__":
    sys.stdout.write("\n".join(drawing(load())) + "\n")
