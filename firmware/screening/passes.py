"""Passes: permissions for callers whom a segment, list or pool would keep out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from firmware.call import Number


@dataclass(frozen=True, slots=True)
class Pass:
    """Lets through a number, or every number in the segments, until a moment or for good (None).

    `segments` are kept matches ("+8616210123456", "162*"); `*` alone is everybody with a number.
    """

    id: int
    segments: tuple[str, ...]
    until: datetime | None

    @classmethod
    def of(cls, id: int, doc: Mapping[str, Any]) -> Pass:
        until = doc.get("until")
        return cls(id, tuple(doc["segments"]), until and datetime.fromisoformat(until))

    def admits(self, number: Number, at: datetime) -> str | None:
        """The segment by which it lets `number` through at `at`."""
        if self.until is not None and at >= self.until:
            return None
        return next((segment for segment in self.segments if _holds(segment, number)), None)


class Passes:
    """The passes there are. A pass for one number costs one look-up however many there are."""

    def __init__(self, passes: Iterable[Pass] = ()) -> None:
        self._wide: tuple[Pass, ...] = ()
        self._single: dict[str, Pass] = {}
        for one in passes:
            self.put(one)

    def put(self, one: Pass) -> None:
        if len(one.segments) == 1 and not one.segments[0].endswith("*"):
            self._single[one.segments[0]] = one
        else:
            self._wide = (*(other for other in self._wide if other.id != one.id), one)

    def drop(self, id: int) -> None:
        self._wide = tuple(one for one in self._wide if one.id != id)
        for number in [number for number, one in self._single.items() if one.id == id]:
            del self._single[number]

    def admit(self, number: Number, at: datetime) -> tuple[Pass, str] | None:
        """A pass that lets `number` through at `at`, and the segment by which it does."""
        single = self._single.get(number.normal)
        for one in (single, *self._wide) if single else self._wide:
            segment = one.admits(number, at)
            if segment:
                return one, segment
        return None


def _holds(segment: str, number: Number) -> bool:
    if not segment.endswith("*"):
        return segment == number.normal
    return number.normal.startswith(segment[:-1]) or number.national.startswith(segment[:-1])
