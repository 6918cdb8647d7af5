"""Calls as a table for a spreadsheet (RFC 4180), written as it is sent."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from web.describing import here, number
from web.searching import Filters

MOST = 1_000_000
BYTE_ORDER_MARK = "\ufeff"
"""By which spreadsheets know UTF-8."""

COLUMNS = (
    "id", "time", "line", "number", "name", "kind", "operator", "host", "country", "place", "action",
    "reason", "match", "rings", "duration_s", "talked_s", "cut", "note", "harassment", "said",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""With one of these, or its full-width form, a cell would be a formula to a spreadsheet."""


def lines(filters: Filters) -> Iterator[str]:
    """The table's lines with their ends, the heading first, newest call first."""
    yield BYTE_ORDER_MARK + _line(COLUMNS)
    before, written = None, 0
    while written < MOST:
        found, before = filters.find(before=before, limit=200)
        written += len(found)
        yield "".join(_line(_cells(call)) for call in found)
        if before is None:
            return


def _cells(call: dict[str, Any]) -> tuple[Any, ...]:
    who, verdict = call["who"] or {}, call["verdict"] or {}
    return (
        call["id"],
        here(datetime.fromisoformat(call["started"])).isoformat(timespec="seconds"),
        call["line"],
        number(call["number"]) if call["number"] else call["absence"],
        call["name"],
        *(who.get(name) for name in ("kind", "operator", "host", "country", "place")),
        *(verdict.get(name) for name in ("action", "reason", "match")),
        call["rings"],
        call["duration"],
        call["talked"],
        int(call["cut"]),
        call["note"],
        call["kind"],
        call["said"],
    )


def _line(cells: Iterable[Any]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(map(_harmless, cells))
    return text.getvalue()


def _harmless(cell: Any) -> Any:
    """A cell that no spreadsheet calculates."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
