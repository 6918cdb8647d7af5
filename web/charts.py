"""Figures as pictures: where each bar of a chart stands, how warm each hour is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

STACKED = ("blocked", "unknown", "allowed")
"""What a bar is made of, from the ground up."""

STEP, GAP, HEIGHT = 20, 4, 180
WARMTHS = 4
LEAST_TOP = 4


class Bar(NamedTuple):
    """A rectangle of a chart, in its own units, with y downwards."""

    kind: str
    x: int
    y: float
    width: int
    height: float


class Column(NamedTuple):
    """One day: its figures, where its label stands, and its bars."""

    day: date
    figures: Mapping[str, Any]
    middle: float
    bars: list[Bar]


class Chart(NamedTuple):
    """A chart of columns; `top` is the number of calls at its upper edge."""

    width: int
    height: int
    top: int
    columns: list[Column]


def bars(days: Sequence[Mapping[str, Any]]) -> Chart:
    """The chart of days as the statistics give them."""
    most = max((sum(day[kind] for kind in STACKED) for day in days), default=0)
    top = max(LEAST_TOP, most)
    columns = []
    for place, day in enumerate(days):
        ground, found = float(HEIGHT), []
        for kind in STACKED:
            height = round(day[kind] / top * HEIGHT, 1)
            ground = round(ground - height, 1)
            if day[kind]:
                found.append(Bar(kind, place * STEP + GAP // 2, ground, STEP - GAP, height))
        columns.append(Column(date.fromisoformat(day["day"]), day, (place + 0.5) * STEP, found))
    return Chart(len(days) * STEP, HEIGHT, top, columns)


def heat(hours: Sequence[Sequence[int]]) -> list[list[tuple[int, int]]]:
    """For each weekday and hour the calls, and how warm that is, from 0 (none) to WARMTHS (the most there are)."""
    most = max(map(max, hours))
    return [[(calls, -(-calls * WARMTHS // most) if most else 0) for calls in day] for day in hours]
