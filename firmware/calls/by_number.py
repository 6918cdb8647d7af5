"""Which calls of the log came from a number, or from its look-alikes: one integer a call."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Callable, Iterable

ID_BITS = 53
ID = (1 << ID_BITS) - 1

Numbered = Iterable[tuple[int, str | None]]
"""Ids of calls, each with its number in the normal form."""


class ByNumber:
    """The ids of calls by their numbers. `calls` gives those of the log, and is asked when somebody first looks.

    A call that the log has dropped may still be found; ids are never given again.
    """

    def __init__(self, calls: Callable[[], Numbered]) -> None:
        self._calls = calls
        self._asking = threading.Lock()
        self._changing = threading.Lock()
        self._late: list[int] = []
        self._places: list[int] | None = None

    def add(self, id: int, number: str | None) -> None:
        """Know a call, or more of it than before."""
        place = _place(number, id)
        if place is None:
            return
        with self._changing:
            if self._places is not None:
                _enter(self._places, place)
            elif self._asking.locked():
                self._late.append(place)

    def clear(self) -> None:
        """Forget all, and ask again when somebody looks."""
        with self._asking, self._changing:
            self._late, self._places = [], None

    def of(self, number: str, *, most: int) -> list[int]:
        """The ids of the latest calls from a number, newest first."""
        key = _key(number)
        return [] if key is None else self._between(key, key + 1)[:most]

    def like(self, number: str, open_digits: int, *, most: int) -> list[int]:
        """The ids of the latest calls from others that differ in the last `open_digits`, newest first."""
        key = _key(number)
        if key is None:
            return []
        first = key - key % 10**open_digits
        return sorted(
            self._between(first, key) + self._between(key + 1, first + 10**open_digits), reverse=True
        )[:most]

    def _between(self, low: int, high: int) -> list[int]:
        self._ask()
        with self._changing:
            places = self._places or []
            found = places[bisect_left(places, low << ID_BITS) : bisect_left(places, high << ID_BITS)]
        return sorted((place & ID for place in found), reverse=True)

    def _ask(self) -> None:
        """Ask for the calls of the log, unless that was done; those that come meanwhile are `_late`."""
        with self._asking:
            if self._places is not None:
                return
            with self._changing:
                self._late = []
            places = sorted(
                place for id, number in self._calls() if (place := _place(number, id)) is not None
            )
            with self._changing:
                for late in self._late:
                    _enter(places, late)
                self._late, self._places = [], places


def _enter(places: list[int], place: int) -> None:
    at = bisect_left(places, place)
    if at == len(places) or places[at] != place:
        places.insert(at, place)


def _place(number: str | None, id: int) -> int | None:
    key = _key(number or "")
    return None if key is None else key << ID_BITS | id


def _key(number: str) -> int | None:
    """A number as an integer in which look-alikes lie side by side; None where it is no number."""
    digits = number.removeprefix("+")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 32):
        return None
    return int(f"{1 + number.startswith('+')}{digits}")
