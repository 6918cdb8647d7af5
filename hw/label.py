"""Draws the label for the box's lid at its true size: `python -m hw.label > hw/label.svg`.

Size and holes are those of `enclosure/box.scad`; print at 100 % and cut out the circles.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from importlib.resources import files
from xml.sax.saxutils import escape

LAMPS = (("守护", "guarding", "#1f9d49"), ("来电", "call", "#e0b000"), ("拦截", "cut", "#d6282f"))
BUTTONS = (("拦截", "BLOCK", "#c8252c"), ("放行", "PASS", "#1668c4"))

STYLE = """
text { font: 2.6px "DejaVu Sans", "Noto Sans", Arial, "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC",
  "Microsoft YaHei", "WenQuanYi Micro Hei", sans-serif; fill: #16202a; text-anchor: middle }
.name { font-size: 5px; font-weight: bold; text-anchor: start } .key { font-size: 3.6px; font-weight: bold }
.alarm { fill: #b01820 } .ring { fill: none; stroke-width: 1.2 }
.edge { fill: #fff; stroke: #16202a; stroke-width: .3 } .hole { fill: #eceff1; stroke: #16202a; stroke-width: .15 }
"""


def lengths(scad: str) -> dict[str, float]:
    """The lengths of an OpenSCAD file that are given as plain numbers, in mm."""
    return {name: float(mm) for name, mm in re.findall(r"^(\w+) = ([\d.]+);", scad, re.MULTILINE)}


def drawing(box: Mapping[str, float]) -> Iterator[str]:
    """The label as lines of SVG, one unit a millimetre."""
    width, height, row = box["panel_w"], box["panel_h"], box["row_y"]
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}mm" height="{height:g}mm" '
        f'viewBox="0 0 {width:g} {height:g}">'
    )
    yield f"<title>Ringfence 铃盾</title>\n<style>{STYLE}</style>"
    yield f'<rect class="edge" x=".15" y=".15" width="{width - 0.3:g}" height="{height - 0.3:g}" rx="2"/>'
    yield text(4, 7, "铃盾 Ringfence", "name")
    for place, (zh, en, colour) in enumerate(LAMPS):
        x = box["lamp_x"] + place * box["lamp_pitch"]
        yield hole(x, row, box["lamp_d"], colour)
        yield text(x, row + 8.8, zh)
        yield text(x, row + 12, en)
    for place, (zh, en, colour) in enumerate(BUTTONS):
        x = box["button_x"] + place * box["button_pitch"]
        yield hole(x, row, box["button_d"], colour)
        yield text(x, row + 13.8, f"{zh} {en}", "key")
    yield text(
        width / 2, height - 1.6, "电话没有声音？拔下本机电源。 Telephone dead? Pull the power plug.", "alarm"
    )
    yield "</svg>"


def hole(x: float, y: float, diameter: float, colour: str) -> str:
    at = f'cx="{x:g}" cy="{y:g}"'
    ring = f'<circle class="ring" {at} r="{diameter / 2 + 1:g}" stroke="{colour}"/>'
    cut = f'<circle class="hole" {at} r="{diameter / 2:g}"/>'
    return ring + cut


def text(x: float, y: float, words: str, kind: str = "") -> str:
    return f'<text class="{kind}" x="{x:g}" y="{y:g}">{escape(words)}</text>'


def load() -> dict[str, float]:
    return lengths(files("hw").joinpath("enclosure", "box.scad").read_text("utf-8"))


if __name__ == "__main__":
    sys.stdout.write("\n".join(drawing(load())) + "\n")
