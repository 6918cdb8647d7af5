"""Calls as a table for a spreadsheet, written as it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from web.describing import here, number
from web.searching import Filters
from web.spreadsheet import BYTE_ORDER_MARK, line

MOST = 1_000_000
COLUMNS = (
    "id", "time", "line", "number", "name", "kind", "operator", "host", "country", "place", "action",
    "reason", "match", "rings", "duration_s", "talked_s", "cut", "note", "harassment", "said",
)  # fmt: skip


def lines(filters: Filters) -> Iterator[str]:
    """The table's lines with their ends, the heading first, newest call first."""
    yield BYTE_ORDER_MARK + line(COLUMNS)
    before, written = None, 0
    while written < MOST:
        found, before = filters.find(before=before, limit=200)
        written += len(found)
        yield "".join(line(_cells(call)) for call in found)
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
