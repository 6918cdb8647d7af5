"""What the last thirty days came to: counted call by call, so that showing it costs the same for any number of them."""

from __future__ import annotations

import logging
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

from firmware.call import Action, Reason
from firmware.numbers import identify, look_alikes, understand

log = logging.getLogger(__name__)

DAYS = 30
WEEK = 7
HOURS = 24
QUARTER_SECONDS = 900
"""Every clock in use differs from UTC by whole quarters of an hour: what is counted in quarters fits them all."""

QUARTERS_A_DAY = 96
MOST_READ = 100_000
PAGE = 200
BREATH_SECONDS = 0.005
MOST_LATELY = 1000
MOST_DISTINCT = 500
"""Segments, or operators, told apart in one day: who dials with a new number each time fills no memory."""

TOP = 5
LEAST_MEASURED = 10
ASSUMED_SECONDS = 30.0
"""What a call takes of whoever gets up for it, until LEAST_MEASURED of them have shown what it takes here."""

NOBODY_SAYS = {Reason.DEFAULT, Reason.WITHHELD, Reason.UNAVAILABLE}

K = TypeVar("K")
Network = tuple[str | None, str | None]
"""An operator; of a number of a virtual one, None and the host."""


class Outcome(StrEnum):
    """Let through because somebody wished it; blocked; let through because nothing was known of the caller."""

    ALLOWED = "allowed"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"


class Tally(NamedTuple):
    """What one call adds. `quarter` is that of its beginning since 1970; `seconds`: how long it rang and was talked."""

    quarter: int
    outcome: Outcome
    segment: str | None
    network: Network | None
    seconds: float


@dataclass(slots=True)
class Day:
    """What is counted by days of UTC, since no clock matters for it."""

    segments: dict[str, list[int]] = field(default_factory=dict)
    networks: dict[Network, list[int]] = field(default_factory=dict)
    unknown: int = 0
    unknown_seconds: float = 0.0


class Counts:
    """The counts of the last days. `version` grows with each change; `whole`: whether all of the log is in them."""

    def __init__(self) -> None:
        self.version = 0
        self.whole = False
        self._quarters: defaultdict[int, Counter[Outcome]] = defaultdict(Counter)
        self._days: defaultdict[int, Day] = defaultdict(Day)
        self._lately: dict[int, Tally] = {}

    def take(self, id: int, tally: Tally) -> None:
        """Count a call of now; in place of what it was counted as before, if it was."""
        before = self._lately.pop(id, None)
        if before:
            self._count(before, -1)
        self._count(tally, 1)
        self._lately[id] = tally
        if len(self._lately) > MOST_LATELY:
            del self._lately[min(self._lately)]
        self._drop_before(_quarter(datetime.now(UTC)) - (DAYS + 1) * QUARTERS_A_DAY)

    def take_old(self, tallies: Iterable[tuple[int, Tally]]) -> None:
        """Count calls from the log, newest first, but those that were taken already."""
        for id, tally in tallies:
            if id not in self._lately:
                self._count(tally, 1)
                if len(self._lately) < MOST_LATELY:
                    self._lately[id] = tally

    def figures(self, now: datetime, zone: tzinfo | None) -> dict[str, Any]:
        """As `Statistics.figures`."""
        today = now.astimezone(zone).date()
        days = {today - timedelta(days=back): Counter[Outcome]() for back in reversed(range(DAYS))}
        hours = [[0] * HOURS for _ in range(WEEK)]
        for quarter, counted in self._quarters.items():
            at = datetime.fromtimestamp(quarter * QUARTER_SECONDS, UTC).astimezone(zone)
            if at.date() in days:
                days[at.date()].update(counted)
                hours[at.weekday()][at.hour] += counted.total()
        shown = [{"day": day.isoformat(), **_outcomes([counted])} for day, counted in days.items()]
        blocked = sum(counted[Outcome.BLOCKED] for counted in days.values())
        unknown = sum(day.unknown for day in self._days.values())
        measured = unknown >= LEAST_MEASURED
        seconds = sum(day.unknown_seconds for day in self._days.values())
        each = seconds / unknown if measured else ASSUMED_SECONDS
        return {
            "today": _outcomes([days[today]]),
            "week": _outcomes(list(days.values())[-WEEK:]),
            "days": shown,
            "hours": hours,
            "segments": [
                {"segment": segment, "calls": calls, "blocked": cut}
                for segment, (calls, cut) in _top(day.segments for day in self._days.values())
            ],
            "operators": [
                {"operator": operator, "host": host, "calls": calls, "blocked": cut}
                for (operator, host), (calls, cut) in _top(day.networks for day in self._days.values())
            ],
            "blocked": blocked,
            "each_s": round(each, 1),
            "measured": measured,
            "saved_s": round(blocked * each),
            "whole": self.whole,
        }

    def _count(self, tally: Tally, by: int) -> None:
        self.version += 1
        self._quarters[tally.quarter][tally.outcome] += by
        day = self._days[tally.quarter // QUARTERS_A_DAY]
        blocked = by * (tally.outcome is Outcome.BLOCKED)
        _add(day.segments, tally.segment, by, blocked)
        _add(day.networks, tally.network, by, blocked)
        if tally.outcome is Outcome.UNKNOWN:
            day.unknown += by
            day.unknown_seconds += by * tally.seconds

    def _drop_before(self, quarter: int) -> None:
        for old in [one for one in self._quarters if one < quarter]:
            del self._quarters[old]
        for old in [one for one in self._days if one < quarter // QUARTERS_A_DAY]:
            del self._days[old]


class Statistics:
    """Counts calls as they end.

    `calls` gives those of the log, newest first (`CallLog.newest`), from which `rebuild` counts anew; `place` the
    region and area code of the line; `wait` returns when there is time for what can wait; `on_whole` hears that the
    log has been counted.
    """

    def __init__(
        self,
        calls: Callable[..., list[dict[str, Any]]],
        *,
        place: Callable[[], tuple[str, str]],
        wait: Callable[[], None] = lambda: None,
        on_whole: Callable[[], None] = lambda: None,
    ) -> None:
        self._calls = calls
        self._place = place
        self._wait = wait
        self._on_whole = on_whole
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._counts = Counts()
        self._shown: tuple[object, dict[str, Any]] | None = None

    def take(self, call: Mapping[str, Any]) -> None:
        """Count a call that is over; of one that comes again, what has changed."""
        tally = self._tally(call)
        with self._lock:
            self._counts.take(call["id"], tally)

    def rebuild(self) -> None:
        """Count anew what the log has, on a thread of its own, while calls go on coming."""
        with self._lock:
            self._counts = counts = Counts()
        threading.Thread(target=self._read, args=(counts,), name="statistics", daemon=True).start()

    def close(self) -> None:
        self._closing.set()

    def figures(self, now: datetime, zone: tzinfo | None = None) -> dict[str, Any]:
        """The figures by the clock of `zone` (None: the box's own); not made again until one of them changes.

        `days`: the last 30, oldest first, each `{"day", "allowed", "blocked", "unknown"}`; `today` and `week` (seven
        days) the same without the day; `hours`: for each weekday from Monday on, 24 numbers of calls; `segments` and
        `operators`: the five with the most calls, each with "calls" and "blocked"; `saved_s`: `blocked` calls of
        `each_s` seconds, which were `measured` on unknown callers who came through, or are assumed; `whole`: whether
        all of the log has been counted yet.
        """
        with self._lock:
            counts = self._counts
            key = counts, counts.version, counts.whole, _quarter(now), zone
            if self._shown is None or self._shown[0] != key:
                self._shown = key, counts.figures(now, zone)
            return self._shown[1]

    def _read(self, counts: Counts) -> None:
        try:
            self._read_back(counts)
        except Exception:
            log.exception("the calls of before could not be counted")
        with self._lock:
            counts.whole = True
        self._on_whole()

    def _read_back(self, counts: Counts) -> None:
        horizon = (datetime.now(UTC) - timedelta(days=DAYS + 1)).isoformat(timespec="seconds")
        before = None
        for _ in range(MOST_READ // PAGE):
            self._wait()
            page = self._calls(before=before, limit=PAGE)
            tallies = [
                (call["id"], self._tally(call))
                for call in page
                if call["over"] and call["started"] >= horizon
            ]
            with self._lock:
                counts.take_old(tallies)
            stop = not page or page[-1]["started"] < horizon or self._counts is not counts
            if stop or self._closing.wait(BREATH_SECONDS):
                return
            before = page[-1]["id"]

    def _tally(self, call: Mapping[str, Any]) -> Tally:
        region, area = self._place()
        segment = network = None
        if call["number"]:
            number = understand(call["number"], region, area)
            who = identify(number, region)
            segment = look_alikes(number)
            network = (who.operator, who.host) if who.operator or who.host else None
        return Tally(
            _quarter(datetime.fromisoformat(call["started"])),
            outcome_of(call["verdict"]),
            segment,
            network,
            call["duration"] + (call["talked"] or 0.0),
        )


def outcome_of(verdict: Mapping[str, Any] | None) -> Outcome:
    """What became of a call, by its verdict as the log has it."""
    if verdict and verdict["action"] == Action.BLOCK:
        return Outcome.BLOCKED
    return Outcome.UNKNOWN if verdict is None or verdict["reason"] in NOBODY_SAYS else Outcome.ALLOWED


def _quarter(at: datetime) -> int:
    return int(at.timestamp()) // QUARTER_SECONDS


def _outcomes(counted: Iterable[Counter[Outcome]]) -> dict[str, int]:
    whole: Counter[Outcome] = sum(counted, Counter())
    return {str(outcome): whole[outcome] for outcome in Outcome}


def _add(counts: dict[K, list[int]], key: K | None, calls: int, blocked: int) -> None:
    if key is None or (key not in counts and len(counts) >= MOST_DISTINCT):
        return
    found = counts.setdefault(key, [0, 0])
    found[0] += calls
    found[1] += blocked
    if found[0] == 0:
        del counts[key]


def _top(days: Iterable[dict[K, list[int]]]) -> list[tuple[K, tuple[int, int]]]:
    """The keys with the most calls over all days, with the calls and of them the blocked ones."""
    calls: Counter[K] = Counter()
    blocked: Counter[K] = Counter()
    for day in days:
        for key, (all_of_them, cut) in day.items():
            calls[key] += all_of_them
            blocked[key] += cut
    return [(key, (count, blocked[key])) for key, count in calls.most_common(TOP)]
