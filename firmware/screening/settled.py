"""Rules over one E.164 number each and without terms, as they were at the start: sixteen bytes a rule."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice
from operator import lt

LONGEST = 18
"""Digits that fit into 64 bits. E.164 has no more than 15."""

_FORM = re.compile(rf"\+[1-9][0-9]{{0,{LONGEST - 1}}}")


class Settled:
    """An integer for each of many numbers in the form `+` and digits. Filled once, then only read."""

    def __init__(self) -> None:
        self._numbers = array("Q")
        self._values = array("q")

    def __len__(self) -> int:
        return len(self._numbers)

    def items(self) -> Iterator[tuple[str, int]]:
        """Each number with what is known of it, in order."""
        return ((f"+{number}", value) for number, value in zip(self._numbers, self._values, strict=True))

    def get(self, match: str) -> int | None:
        """What is known of a number, or None."""
        if not takes(match):
            return None
        number = int(match)
        at = bisect_left(self._numbers, number)
        found = at < len(self._numbers) and self._numbers[at] == number
        return self._values[at] if found else None

    def add(self, match: str, value: int) -> None:
        """Note what is to be known of a number that it `takes`. It is found once `settle` has been called."""
        self._numbers.append(int(match))
        self._values.append(value)

    def settle(self) -> list[tuple[str, int]]:
        """Put what was added in order; gives what it has no place for, since the number has something else already."""
        numbers, values = self._numbers, self._values
        if all(map(lt, numbers, islice(numbers, 1, None))):
            return []
        order = sorted(range(len(numbers)), key=numbers.__getitem__)
        self._numbers, self._values = array("Q"), array("q")
        twice = []
        last = None
        for at in order:
            number = numbers[at]
            if number == last:
                twice.append((f"+{number}", values[at]))
            else:
                self._numbers.append(number)
                self._values.append(values[at])
            last = number
        return twice


def takes(match: str) -> bool:
    """Whether a match is a number of that form, in the one way to write it."""
    return _FORM.fullmatch(match) is not None
