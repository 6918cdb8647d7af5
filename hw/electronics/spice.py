"""Simulates blocks of the circuit with ngspice: the parts come from `circuit.toml`, the bench from `spice/`.

Each bench `spice/*.cir` includes the parts of its block and runs by itself with `ngspice -b`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from hw.electronics.circuit import Circuit, Part, load, number

FOLDER = Path(__file__).parent / "spice"
BLOCKS = {
    "ring": ("C1", "R5", "D3", "D4", "U1", "R6", "C2"),
    "hook": ("R7", "R8", "D5", "D6", "D7", "D8", "U2", "R9", "C3"),
    "local": ("PS1", "R10", "R11", "R12"),
    "relay": ("R1", "R2", "Q1", "D1", "K1"),
}
LONGEST = 60.0


def element(circuit: Circuit, part: Part) -> str:
    """The part as a line of a netlist, its nodes named as the nets are (GND is ngspice's 0)."""

    def node(pin: str) -> str:
        net = circuit.net_of(part.ref, pin)
        return "0" if net == "GND" else (net or f"open_{part.ref}_{pin}").strip("+")

    def nodes(*pins: str) -> str:
        return " ".join(map(node, pins))

    model = part.value.replace("-", "_")
    match part.kind:
        case "R" | "RHV":
            return f"{part.ref} {nodes('1', '2')} {number(part.value):g}"
        case "C" | "CFILM" | "CBOX" | "CP":
            return f"{part.ref} {nodes('1', '2')} {number(part.value):g}"
        case "D" | "D4007" | "DZ":
            return f"{part.ref} {nodes('2', '1')} D{model}"
        case "NPN":
            return f"{part.ref} {nodes('1', '2', '3')} Q{model}"
        case "OPTO":
            return f"X{part.ref} {nodes('1', '2', '3', '4')} {model} ctr={{ctr}}"
        case "RELAY":
            return f"X{part.ref} {nodes('1', '12')} G6S rated={{rated}} henry={{henry}}"
        case "DCDC":
            return f"V{part.ref} {nodes('7', '5')} {{local}}"
    raise ValueError(f"no model for {part.ref}, a {part.kind}")


def netlist(block: str) -> str:
    """The block's parts as ngspice reads them."""
    circuit = load()
    lines = [element(circuit, circuit.parts[ref]) for ref in BLOCKS[block]]
    return "\n".join([f"* {block}: made from circuit.toml", *lines, ""])


def run(bench: str, **parameters: float) -> dict[str, list[float]]:
    """Run `spice/{bench}.cir` with some of its parameters changed.

    Returns what it records, by name, "time" in seconds among them. Raises KeyError for a parameter that the
    bench does not have, subprocess.SubprocessError when ngspice fails or takes longer than a minute.
    """
    deck = (FOLDER / f"{bench}.cir").read_text("utf-8")
    for name, value in parameters.items():
        deck, changed = re.subn(rf"(?m)^(\.param {name}=).*$", rf"\g<1>{value!r}", deck)
        if not changed:
            raise KeyError(name)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in (*FOLDER.glob("*.parts"), FOLDER / "models.lib"):
            shutil.copy(file, folder)
        (folder / "bench.cir").write_text(deck, "utf-8")
        subprocess.run(
            ["ngspice", "-b", "bench.cir"],  # noqa: S607 - wherever it is installed
            cwd=folder, capture_output=True, check=True, timeout=LONGEST,
        )  # fmt: skip
        return _table((folder / "trace").read_text("ascii"))


def _table(trace: str) -> dict[str, list[float]]:
    head, *rows = (line.split() for line in trace.splitlines())
    return dict(zip(head, map(list, zip(*(map(float, row) for row in rows), strict=True)), strict=True))


def falls(trace: dict[str, list[float]], name: str, *, low: float = 0.8, high: float = 2.0) -> list[float]:
    """Seconds at which an input falls to `low`, once it has been above `high` since the last fall."""
    return [start for start, _ in lows(trace, name, low=low, high=high)]


def lows(
    trace: dict[str, list[float]], name: str, *, low: float = 0.8, high: float = 2.0
) -> list[tuple[float, float]]:
    """From when till when an input reads low; volts `low` and `high` are a Pi's worst thresholds."""
    spans: list[tuple[float, float]] = []
    since: float | None = None
    for time, volts in zip(trace["time"], trace[name], strict=True):
        if since is None and volts < low:
            since = time
        elif since is not None and volts > high:
            spans.append((since, time))
            since = None
    return spans if since is None else [*spans, (since, trace["time"][-1])]
