"""What modems really printed, and what it means: the recordings in `data/*.toml`.

    [[case]]
    name = "unique, in words"
    source = "where it was published"
    said = '''what the modem printed'''     # each line end in the file stands for `line_end`
    line_end = "\r\n"                       # this unless given; characters stand for octets (Latin-1)
    expected = [{ event = "ring" }, …]      # as `ringfence decode` prints it, without null and raw
    unknown = ["…"]                         # the raw of each Unknown, in order; none unless given
    notices = ["…"]                         # the raw of each Notice, likewise
    replies = ["…"]                         # each Reply, compared only where given

Digits that the reporters masked (`x`, `#`) are left masked.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Case:
    name: str
    source: str
    bytes: bytes
    expected: list[dict[str, str]]
    unknown: list[str]
    notices: list[str]
    replies: list[str] | None

    def __str__(self) -> str:
        return self.name


def _case(given: dict[str, Any]) -> Case:
    said = given["said"].replace("\n", given.get("line_end", "\r\n"))
    return Case(
        name=given["name"],
        source=given["source"],
        bytes=said.encode("latin-1"),
        expected=given["expected"],
        unknown=given.get("unknown", []),
        notices=given.get("notices", []),
        replies=given.get("replies"),
    )


CASES = [
    _case(given) for path in sorted(DATA.glob("*.toml")) for given in tomllib.loads(path.read_text())["case"]
]
