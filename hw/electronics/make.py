"""Makes KiCad's files and ngspice's lists of parts from `circuit.toml`: `python -m hw.electronics.make`."""

from __future__ import annotations

from pathlib import Path

from hw.electronics import board, schematic, spice
from hw.electronics.circuit import load

FOLDER = Path(__file__).parent

LIBRARIES = """({kind}_lib_table
  (lib (name "ringfence")(type "KiCad")(uri "${{KIPRJMOD}}/{file}")(options "")(descr ""))
)
"""


def made() -> dict[str, str]:
    """Name and text of every file that is made."""
    circuit = load()
    return {
        "ringfence.kicad_pro": board.project(circuit),
        "ringfence.kicad_sch": schematic.draw(circuit),
        "ringfence.kicad_sym": schematic.library(),
        "ringfence.kicad_pcb": board.Board(circuit).write(),
        "ringfence.kicad_dru": board.rules(),
        "sym-lib-table": LIBRARIES.format(kind="sym", file="ringfence.kicad_sym"),
        "fp-lib-table": LIBRARIES.format(kind="fp", file="ringfence.pretty"),
        **{f"ringfence.pretty/{name}": text for name, text in board.library()},
        **{f"spice/{block}.parts": spice.netlist(block) for block in spice.BLOCKS},
    }


if __name__ == "__main__":
    for name, text in made().items():
        file = FOLDER / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
