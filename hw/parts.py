"""The bill of materials: `python -m hw.parts` prints it as Markdown, `python -m hw.parts --write` into `hw/README.md`.

`parts.toml` says what to buy and where; how many of each the board needs is counted in `electronics/circuit.toml`.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

README = Path(__file__).with_name("README.md")
MARKS = re.compile(r"(?<=<!-- parts -->\n).*?(?=<!-- /parts -->)", re.DOTALL)
PADS = {"TP"}
"""Kinds of the circuit that are bare pads, and are not bought."""

TITLES = {
    "without_soldering": "The version without soldering",
    "board": "The board, in place of relay module, lamps, buttons, sockets and jumper wires",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the bill; `usd` is for one piece."""

    pieces: int
    part: str
    number: str
    usd: float
    china: str
    world: str


def bill(parts: Mapping[str, Any], circuit: Mapping[str, Any]) -> dict[str, list[Row]]:
    """The rows of each version.

    Raises ValueError when the board has a kind of part that the bill does not name, or the other way round.
    """
    counts: dict[str, Counter[str]] = {}
    for fields in circuit["parts"].values():
        if fields["kind"] not in PADS:
            counts.setdefault(fields["kind"], Counter())[fields["value"]] += 1
    board = parts["board"]
    if odd := counts.keys() ^ board.keys():
        raise ValueError(f"only in the bill, or only in the circuit: {', '.join(sorted(odd))}")
    return {
        "without_soldering": [Row(**fields) for fields in parts["without_soldering"]],
        "board": [_counted(counts[kind], **fields) for kind, fields in board.items()],
    }


def _counted(counts: Counter[str], *, part: str, values: bool = False, **rest: Any) -> Row:
    several = ", ".join(f"{count} × {value}" for value, count in sorted(counts.items()))
    return Row(counts.total(), f"{part}: {several}" if values else part, **rest)


def tables(versions: Mapping[str, Iterable[Row]]) -> Iterator[str]:
    """The bill as lines of Markdown."""
    for version, rows in versions.items():
        rows = list(rows)
        yield f"### {TITLES[version]}\n"
        yield "| Pieces | Part | Number, or words to search for | USD each | In China | Elsewhere |"
        yield "| ---: | --- | --- | ---: | --- | --- |"
        for row in rows:
            yield f"| {row.pieces} | {row.part} | {row.number} | {row.usd:g} | {row.china} | {row.world} |"
        yield f"\nTogether about {sum(row.pieces * row.usd for row in rows):.0f} USD.\n"


def load() -> dict[str, list[Row]]:
    folder = files("hw")
    parts, circuit = (
        tomllib.loads(folder.joinpath(*path).read_text("utf-8"))
        for path in (("parts.toml",), ("electronics", "circuit.toml"))
    )
    return bill(parts, circuit)


def rewritten(text: str) -> str:
    """The README's text with the tables as they are now."""
    return MARKS.sub(lambda _: "\n".join(tables(load())), text)


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        README.write_text(rewritten(README.read_text("utf-8")), "utf-8")
    else:
        sys.stdout.write("\n".join(tables(load())))
