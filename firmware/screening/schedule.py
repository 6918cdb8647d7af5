"""When a rule holds: hours of the week, in the owner's time zone.

12:30-14:30                 every day
mon-fri 22:00-07:00         across midnight, counted to the day on which it begins
sat,sun 00:00-24:00; mon 09:00-10:00
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60
WEEK = 7 * DAY
MOST_SPANS = 16
LONGEST = 200

_SPAN = re.compile(
    r"(?:(?P<days>[a-z]{3}(?:\s*[-,]\s*[a-z]{3})*)\s+)?"
    r"(?P<from>[0-9]{1,2}:[0-9]{2})\s*[-–]\s*(?P<to>[0-9]{1,2}:[0-9]{2})",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Schedule:
    """`spans`: minutes of the week, Monday 0:00 being 0, from the first to before the second; the second may lie in
    the week after. `text` is the form in which it is kept."""

    text: str
    spans: tuple[tuple[int, int], ...]

    def holds(self, at: datetime) -> bool:
        """Whether the moment `at`, on the owner's clock, lies in a span."""
        minute = at.weekday() * DAY + at.hour * 60 + at.minute
        return any(start <= minute < end or minute + WEEK < end for start, end in self.spans)


@lru_cache(maxsize=256)
def schedule(written: str) -> Schedule:
    """The schedule that a person wrote. Raises ValueError with the code `when`."""
    texts: list[str] = []
    spans: list[tuple[int, int]] = []
    for part in written.lower().split(";"):
        found = _SPAN.fullmatch(part.strip())
        if not found:
            raise ValueError("when")
        days = _days(found["days"] or "mon-sun")
        start, end = _minute(found["from"]), _minute(found["to"])
        if start in (DAY, end):
            raise ValueError("when")
        length = (end - start) % DAY or DAY
        spans += [(day * DAY + start, day * DAY + start + length) for day in days]
        texts.append(" ".join(filter(None, (_written(days), f"{_clock(start)}-{_clock(end)}"))))
    text = "; ".join(texts)
    if len(texts) > MOST_SPANS or max(len(written), len(text)) > LONGEST:
        raise ValueError("when")
    return Schedule(text, tuple(spans))


def _days(text: str) -> list[int]:
    days: set[int] = set()
    for part in text.split(","):
        first, _, last = (word.strip() for word in part.partition("-"))
        if first not in DAYS or (last and last not in DAYS):
            raise ValueError("when")
        day, end = DAYS.index(first), DAYS.index(last or first)
        days |= {(day + step) % 7 for step in range((end - day) % 7 + 1)}
    return sorted(days)


def _written(days: list[int]) -> str:
    if len(days) == 7:
        return ""
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{DAYS[days[0]]}-{DAYS[days[-1]]}"
    return ",".join(DAYS[day] for day in days)


def _minute(clock: str) -> int:
    hour, minute = map(int, clock.split(":"))
    if hour * 60 + minute > DAY or minute > 59:
        raise ValueError("when")
    return hour * 60 + minute


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
