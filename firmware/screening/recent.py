"""What callers did lately, as far as a verdict depends on it."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

MOST = 10_000
ONE_RING_DAYS = 30


class Recent:
    """Who was blocked last when, and who rang once and gave up. Remembers the ten thousand latest of each."""

    def __init__(self) -> None:
        self._blocked: OrderedDict[str, datetime] = OrderedDict()
        self._rang_once: OrderedDict[str, datetime] = OrderedDict()

    def ended(self, number: str, started: datetime, *, blocked: bool, rings: int, talked: bool) -> None:
        """A call from `number`, in its normal form, is over."""
        if blocked:
            _remember(self._blocked, number, started)
        elif rings == 1 and not talked:
            _remember(self._rang_once, number, started)

    def redials(self, number: str, at: datetime, within: timedelta) -> bool:
        """Whether `number` was blocked no longer than `within` before `at`."""
        before = self._blocked.get(number)
        return before is not None and timedelta(0) <= at - before <= within

    def rang_once(self, number: str, at: datetime) -> bool:
        """Whether `number` rang once and gave up (响一声, wangiri) in the thirty days before `at`."""
        before = self._rang_once.get(number)
        return before is not None and at - before <= timedelta(days=ONE_RING_DAYS)

    def forget(self, number: str | None) -> None:
        """Know nothing of a number, or of any (None)."""
        for numbers in (self._blocked, self._rang_once):
            if number is None:
                numbers.clear()
            else:
                numbers.pop(number, None)


def _remember(numbers: OrderedDict[str, datetime], number: str, at: datetime) -> None:
    if number in numbers and numbers[number] > at:
        return
    numbers[number] = at
    numbers.move_to_end(number)
    while len(numbers) > MOST:
        numbers.popitem(last=False)
