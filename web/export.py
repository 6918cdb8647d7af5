"""Calls and complaints as tables for a spreadsheet, written as they are sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from firmware.complaints import find_form
from web.describing import here, kind, number
from web.searching import Filters
from web.spreadsheet import BYTE_ORDER_MARK, line
from web.within import appliance

MOST = 1_000_000
COLUMNS = (
    "id", "time", "line", "number", "name", "kind", "operator", "host", "country", "place", "action",
    "reason", "match", "rings", "duration_s", "talked_s", "cut", "note", "harassment", "said",
)  # fmt: skip

CASES = 30
CASE_COLUMNS = (
    "complaint", "authority", "state", "filed", "reference", "answer", "number", "time", "rings", "rang_s", "talked_s",
    "kind", "said", "note",
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


def case_lines() -> Iterator[str]:
    """The lines of the table of complaints, the heading first: a call each, with what became of its case."""
    complaints = appliance().complaints
    yield BYTE_ORDER_MARK + line(CASE_COLUMNS)
    before = None
    while cases := complaints.cases(before, CASES):
        before = cases[-1]["id"]
        for case in cases:
            for call in complaints.calls_of(case):
                at = here(datetime.fromisoformat(call["started"])).isoformat(sep=" ", timespec="seconds")
                yield line(
                    (
                        case["id"], find_form(case["form"]).name, case["state"], case["filed"], case["reference"],
                        case["answer"], call["number"] and number(call["number"]), at, call["rings"],
                        call["duration"], call["talked"], call["kind"] and kind(call["kind"]), call["said"],
                        call["note"],
                    )
                )  # fmt: skip


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
