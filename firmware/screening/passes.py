"""Passes: permissions for callers whom a segment, list or pool would keep out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from firmware.call import Number


@dataclass(frozen=True, slots=True)
class Pass:
    """Lets through a number, or every number in the segments, until a moment or for good (None).

    `segments` are kept matches ("+8616210123456", "162*"); `*` alone is everybody with a number. `since`: when it was
    opened, or last made longer. `said`: whether the owner has said so, and it is not for a long talk alone.
    """

    id: int
    segments: tuple[str, ...]
    until: datetime | None
    since: datetime | None = None
    said: bool = False

    @classmethod
    def of(cls, id: int, doc: Mapping[str, Any]) -> Pass:
        until = doc.get("until")
        return cls(
            id,
            tuple(doc["segments"]),
            until and datetime.fromisoformat(until),
            _since(doc.get("created")),
            doc.get("said") is True,
        )

    def left(self, at: datetime) -> float:
        """How much of its time is left at `at`, from 0 to 1."""
        if self.until is None:
            return 1.0
        whole = self.until - (self.since or at)
        return max(0.0, min(1.0, (self.until - at) / whole)) if whole else 0.0

    def admits(self, number: Number, at: datetime) -> str | None:
        """The segment by which it lets `number` through at `at`."""
        if self.until is not None and at >= self.until:
            return None
        return next((segment for segment in self.segments if _holds(segment, number)), None)


class Passes:
    """The passes there are. A pass for one number costs one look-up however many there are."""

    def __init__(self, passes: Iterable[Pass] = ()) -> None:
        self._wide: tuple[Pass, ...] = ()
        self._single: dict[str, tuple[Pass, ...]] = {}
        for one in passes:
            self.put(one)

    def put(self, one: Pass) -> None:
        if len(one.segments) == 1 and not one.segments[0].endswith("*"):
            number = one.segments[0]
            self._single[number] = (*_without(one.id, self._single.get(number, ())), one)
        else:
            self._wide = (*_without(one.id, self._wide), one)

    def drop(self, id: int) -> None:
        self._wide = _without(id, self._wide)
        for number, ones in list(self._single.items()):
            rest = _without(id, ones)
            if not rest:
                del self._single[number]
            elif rest != ones:
                self._single[number] = rest

    def knows(self, normal: str) -> bool:
        """Whether there is a pass for this number alone."""
        return normal in self._single

    def said(self, normal: str) -> bool:
        """Whether the owner has said that this number is known."""
        return any(one.said for one in self._single.get(normal, ()))

    def courier(self, at: datetime) -> Pass | None:
        """Of the passes over segments that are open at `at`, the one that lasts longest."""
        open_now = [one for one in self._wide if one.until is not None and at < one.until]
        return max(open_now, key=lambda one: one.left(at), default=None)

    def open_at(self, at: datetime) -> Iterator[Pass]:
        """The passes that are open at `at`, in the order in which they are asked."""
        for one in (*(one for ones in self._single.copy().values() for one in ones), *self._wide):
            if one.until is None or at < one.until:
                yield one

    def admit(self, number: Number, at: datetime) -> tuple[Pass, str] | None:
        """A pass that lets `number` through at `at`, and the segment by which it does."""
        for one in (*self._single.get(number.normal, ()), *self._wide):
            segment = one.admits(number, at)
            if segment:
                return one, segment
        return None


def _without(id: int, passes: tuple[Pass, ...]) -> tuple[Pass, ...]:
    return tuple(one for one in passes if one.id != id)


def _since(text: object) -> datetime | None:
    try:
        since = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return since if since.tzinfo else None


def _holds(segment: str, number: Number) -> bool:
    if not segment.endswith("*"):
        return segment == number.normal
    return number.normal.startswith(segment[:-1]) or number.national.startswith(segment[:-1])
