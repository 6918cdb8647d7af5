"""How lists are written, told by what is in them: plain lines, CSV, or JSON objects.

What is particular to PhoneBlock is from its INTEGRATIONS.md, and to NCID from ncidd.blacklist(5).
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from dataclasses import dataclass

SAMPLE_LINES = 200

Pick = Callable[[str], str | None]

_OBJECTS = re.compile(rb"\s*(?:\[\s*)?\{")
_COMMENT = re.compile(r"#|//|;")
_REMARK = re.compile(r"\s*(?:#|//)")
_WRITTEN = re.compile(r"\^?\+?\(?[0-9][0-9 \u00a0().\-/]*\*?(?=[\s,|\"']|\Z)")
_OTHER = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|(?:19|20)\d\d([-/.])\d\d?\1\d\d?(?:\s.*)?")
_NAMED = re.compile(r"phone|number|nummer|nmbr|caller|\btel|号码|电话|手机|主叫", re.IGNORECASE)
_AROUND = " \t\u00a0\"'="
_FIELDS = ("phone", "number", "phoneNumber", "phone_number")


@dataclass(frozen=True, slots=True)
class Format:
    """What ends a piece of text, and how its number is picked: "" where it has none to give, None where it should."""

    end: bytes
    pick: Pick


def format_of(start: bytes) -> Format:
    """The format of a text that starts so."""
    if _OBJECTS.match(start):
        return Format(b"}", _from_object)
    lines = [decoded(line) for line in start.split(b"\n")[:SAMPLE_LINES] if line.strip()]
    rows = [line for line in lines if not _REMARK.match(line)]
    for delimiter in "\t;,":
        if 2 * sum(delimiter in row for row in rows) > len(rows):
            return Format(b"\n", _from_row(delimiter, rows))
    return Format(b"\n", _from_line)


def _from_line(line: str) -> str | None:
    text = _COMMENT.split(line, maxsplit=1)[0].strip(_AROUND)
    return _number(text) if text else ""


def _from_row(delimiter: str, rows: list[str]) -> Pick:
    """Picks the column whose cells are numbers, the one with a telling name before others, else the leftmost."""
    table = [_cells(row, delimiter) for row in rows]
    columns = range(max(map(len, table), default=0))
    cells = {column: [row[column] for row in table if column < len(row)] for column in columns}

    def rank(column: int) -> tuple[bool, int]:
        likely = sum(map(_likelihood, cells[column]))
        return bool(likely and _NAMED.search(cells[column][0])), likely

    chosen = max(columns, key=rank, default=0)
    heading = cells[chosen][0] if cells else ""

    def pick(line: str) -> str | None:
        if _REMARK.match(line):
            return ""
        row = _cells(line, delimiter)
        cell = row[chosen] if chosen < len(row) else ""
        return _number(cell) or ("" if cell == heading else None)

    return pick


def _from_object(piece: str) -> str | None:
    """From the last brace on. In PhoneBlock's answers no votes, or a legitimate rating, say that a number is off it."""
    start = piece.rfind("{")
    if start < 0:
        return ""
    try:
        found = json.loads(f"{piece[start:]}}}")
    except (ValueError, RecursionError):
        return None
    if found.get("votes") == 0 or found.get("rating") == "A_LEGITIMATE":
        return ""
    text = next((found[field] for field in _FIELDS if field in found), None)
    return _number(text) if isinstance(text, str) else None


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return [cell.strip(_AROUND) for row in csv.reader([line], delimiter=delimiter) for cell in row]
    except csv.Error:
        return []


def _number(text: str) -> str | None:
    """The number or segment with which `text` begins; `^162` opens a segment as in NCID's lists."""
    written = _WRITTEN.match(text)
    if not written or _OTHER.fullmatch(written[0].strip()):
        return None
    return f"{written[0][1:].strip()}*" if written[0].startswith("^") else written[0].strip()


def _likelihood(cell: str) -> int:
    digits = re.sub(r"\D", "", _number(cell) or "")
    return (len(digits) > 2) + (7 <= len(digits) <= 12)


def decoded(line: bytes) -> str:
    """A line as text: UTF-8, else GB 18030."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("gb18030", "replace")
