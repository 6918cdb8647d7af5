"""Where a list is thick: the thousands of numbers of which many are on it, counted while the list is compiled.

A thousand are the numbers of one length that differ in their last three digits. Those with fewer than `LEAST` listed
numbers are left out: they say nothing of their neighbourhood, and there is no end to them.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from itertools import accumulate, chain
from operator import itemgetter
from typing import Final

OPEN_DIGITS = 3
LEAST = 10
LENGTHS = range(9, 20)
"""Characters of a number that has neighbours."""

_CODE: Final = "Q"
_COUNT: Final = "I"
_ROOM = 10**17
_OPENING = itemgetter(slice(None, -OPEN_DIGITS - 1))


class Counting:
    """Counts the thousands of sorted keys, some at a time, in memory for the thick ones alone."""

    def __init__(self) -> None:
        self._open: dict[bytes, int] = {}
        self._thick: dict[int, tuple[array[int], array[int]]] = {}

    def add(self, keys: Iterable[bytes], last: bytes) -> None:
        """The next `keys` of numbers, each with its end sign; whatever follows is greater than `last`."""
        counts = Counter(self._open)
        counts.update(map(_OPENING, keys))
        beginnings = [last[:length] for length in range(len(last))]
        self._open = {opening: counts.pop(opening) for opening in beginnings if opening in counts}
        self._take(counts)

    def written(self) -> tuple[bytes, int]:
        """The thick thousands as `Thousands` reads them, and how many they are."""
        self._take(self._open)
        groups = [self._thick[group] for group in sorted(self._thick)]
        codes = b"".join(codes.tobytes() for codes, _ in groups)
        counts = chain.from_iterable(counts for _, counts in groups)
        sums = array(_COUNT, accumulate(counts, initial=0))
        return codes + sums.tobytes(), len(sums) - 1

    def _take(self, counts: dict[bytes, int]) -> None:
        for opening, count in counts.items():
            if count >= LEAST and len(opening) + OPEN_DIGITS in LENGTHS:
                group, code = _coded(opening.decode("ascii"), OPEN_DIGITS)
                codes, counted = self._thick.setdefault(group, (array(_CODE), array(_COUNT)))
                codes.append(group * _ROOM + code)
                counted.append(count)


class Thousands:
    """The thick thousands of a list, in memory that is mapped or not."""

    def __init__(self, written: memoryview, count: int) -> None:
        width = array(_CODE).itemsize * count
        self._codes = written[:width].cast(_CODE)
        self._sums = written[width:].cast(_COUNT)

    def within(self, opening: str, digits: int) -> tuple[int, float]:
        """How many numbers are listed in the thick thousands of a prefix, and which share of its thousands is thick.

        The prefix has the numbers that begin with `opening` and go on for `digits`.
        """
        if digits < OPEN_DIGITS or len(opening) + digits not in LENGTHS:
            return 0, 0.0
        parts = 10 ** (digits - OPEN_DIGITS)
        group, code = _coded(opening, digits)
        first = bisect_left(self._codes, group * _ROOM + code * parts)
        end = bisect_left(self._codes, group * _ROOM + (code + 1) * parts, first)
        return self._sums[end] - self._sums[first], (end - first) / parts


def _coded(opening: str, digits: int) -> tuple[int, int]:
    """The group of the numbers that are as long and as national as these, and the digits that open them."""
    return (len(opening) + digits) << 1 | opening.startswith("+"), int(opening)


if sys.byteorder != "little":
    raise ImportError("lists are compiled and read on little-endian machines alone")
