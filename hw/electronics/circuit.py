"""The circuit as data: `circuit.toml`, read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

PIN = re.compile(r"([A-Z]+\d+)\.(\d+)")
MULTIPLIERS = {"p": 1e-12, "n": 1e-9, "u": 1e-6, "m": 1e-3, "": 1.0, "k": 1e3, "M": 1e6}


@dataclass(frozen=True, slots=True)
class Part:
    """One part. `sheet` and each of `poles`: x, y, rotation and perhaps "m"; `board`: x, y in mm, rotation."""

    ref: str
    kind: str
    value: str
    sheet: tuple[Any, ...]
    board: tuple[float, float, float]
    rating: str = ""
    poles: tuple[tuple[Any, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Net:
    """One net: the wires that draw it, and whether it is on the line's side of the barrier."""

    name: str
    wires: tuple[str, ...]
    on_line: bool

    @property
    def pins(self) -> Iterator[tuple[str, str]]:
        """Part and pin, in the order in which they are drawn."""
        for wire in self.wires:
            yield from PIN.findall(wire)


@dataclass(frozen=True, slots=True)
class Circuit:
    parts: dict[str, Part]
    nets: dict[str, Net]
    notes: list[tuple[str, float, float]]
    barrier: list[tuple[float, float]]

    def net_of(self, ref: str, pin: str) -> str | None:
        """The net on a pin, None where nothing is connected."""
        return self._by_pin().get((ref, pin))

    def _by_pin(self) -> dict[tuple[str, str], str]:
        return {pin: net.name for net in self.nets.values() for pin in net.pins}


@cache
def load() -> Circuit:
    table = tomllib.loads(files("hw.electronics").joinpath("circuit.toml").read_text("utf-8"))
    parts = {ref: Part(ref, **fields) for ref, fields in table["parts"].items()}
    nets = {
        name: Net(name, tuple(wires), side == "line_nets")
        for side in ("line_nets", "pi_nets")
        for name, wires in table[side].items()
    }
    drawing = table["drawing"]
    barrier = [(x, y) for x, y in drawing["barrier"]]
    return Circuit(parts, nets, [(text, x, y) for text, x, y in drawing["notes"]], barrier)


def number(value: str) -> float:
    """A value as written on a part, in ohms or farads: "2k2" is 2200, "470n" 4.7e-7. Raises ValueError."""
    match = re.fullmatch(r"(\d+)([pnumkM]?)(\d*)", value)
    if not match:
        raise ValueError(f"not a value: {value!r}")
    whole, unit, rest = match.groups()
    return float(f"{whole}.{rest or 0}") * MULTIPLIERS[unit]
