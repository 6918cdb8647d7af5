"""What the last thirty days came to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.calls.statistics import ASSUMED_SECONDS, LEAST_MEASURED, MOST_DISTINCT, PAGE, Statistics

NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def call(
    id: int, started: datetime = NOW, action: str = "allow", reason: str = "default", **more: Any
) -> dict[str, Any]:
    """A call that is over, as the log gives it."""
    return {
        "id": id,
        "started": started.isoformat(timespec="seconds"),
        "number": "+8616210123456",
        "duration": 20.0,
        "talked": None,
        "over": True,
        "verdict": {"action": action, "reason": reason},
    } | more


def blocked(id: int, started: datetime = NOW, **more: Any) -> dict[str, Any]:
    return call(id, started, "block", "rule", **more)


class Log:
    """Calls as a call log gives them, newest first, page by page."""

    def __init__(self, *calls: dict[str, Any]) -> None:
        self.calls = sorted(calls, key=lambda one: -one["id"])
        self.asked = 0

    def newest(self, *, before: int | None = None, limit: int = 50) -> list[dict[str, Any]]:
        self.asked += 1
        return [one for one in self.calls if before is None or one["id"] < before][:limit]


def statistics(*calls: dict[str, Any], **how: Any) -> Statistics:
    return Statistics(Log(*calls).newest, place=lambda: ("CN", ""), **how)


def taken(*calls: dict[str, Any]) -> Statistics:
    """Statistics that have seen these calls end."""
    found = statistics()
    for one in calls:
        found.take(one)
    return found


def whole(statistics: Statistics, wait_until: Callable[..., None]) -> dict[str, Any]:
    """The figures once the log has been counted."""
    statistics.rebuild()
    wait_until(lambda: statistics.figures(NOW)["whole"])
    return statistics.figures(NOW)


def counted(figures: dict[str, Any]) -> int:
    return sum(day[outcome] for day in figures["days"] for outcome in ("allowed", "blocked", "unknown"))


def test_calls_are_wished_blocked_or_of_unknown_callers() -> None:
    figures = taken(
        call(1, reason="contact"), call(2, reason="pass"), blocked(3), call(4), call(5, reason="withheld"),
        call(6, verdict=None, number=None),
    ).figures(NOW)  # fmt: skip
    assert figures["today"] == {"allowed": 2, "blocked": 1, "unknown": 3}


def test_a_week_has_seven_days_and_the_chart_thirty() -> None:
    figures = taken(*(blocked(day, NOW - timedelta(days=day)) for day in range(40))).figures(NOW, UTC)
    assert figures["week"]["blocked"] == 7
    assert [day["blocked"] for day in figures["days"]] == [1] * 30
    assert figures["days"][-1]["day"] == NOW.date().isoformat()
    assert figures["blocked"] == 30


@given(
    st.lists(st.integers(0, 29 * 24 * 4), max_size=20),
    st.sampled_from(["Asia/Shanghai", "America/New_York", "Asia/Kathmandu", "UTC"]),
)
def test_days_and_hours_are_those_of_the_owners_clock(quarters: list[int], zone: str) -> None:
    there = ZoneInfo(zone)
    moments = [NOW - timedelta(minutes=15 * back) for back in quarters]
    figures = taken(*(call(id, at) for id, at in enumerate(moments))).figures(NOW, there)
    shown = [at.astimezone(there) for at in moments]
    first = NOW.astimezone(there).date() - timedelta(days=29)
    for at in shown:
        if at.date() >= first:
            same = [
                one
                for one in shown
                if one.date() >= first and (one.weekday(), one.hour) == (at.weekday(), at.hour)
            ]
            assert figures["hours"][at.weekday()][at.hour] == len(same)
            day = next(day for day in figures["days"] if day["day"] == at.date().isoformat())
            assert day["unknown"] == sum(one.date() == at.date() for one in shown)


def test_the_segments_and_operators_with_the_most_calls_come_first() -> None:
    figures = taken(
        *(blocked(id, number=f"+861621012{id:04}") for id in range(3)),
        call(10, number="+8613800138000"),
        call(11, number="+8613800138001", reason="contact"),
        call(12, number=None),
        call(13, number="95588"),
    ).figures(NOW)
    assert figures["segments"][:2] == [
        {"segment": "1621012*", "calls": 3, "blocked": 3},
        {"segment": "1380013*", "calls": 2, "blocked": 0},
    ]
    assert figures["operators"][:2] == [
        {"operator": None, "host": "China Telecom", "calls": 3, "blocked": 3},
        {"operator": "China Mobile", "host": None, "calls": 2, "blocked": 0},
    ]


def test_a_call_that_comes_again_is_counted_as_it_is_now() -> None:
    found = taken(call(1), blocked(1), blocked(1, talked=0.0))
    assert found.figures(NOW)["today"] == {"allowed": 0, "blocked": 1, "unknown": 0}
    assert found.figures(NOW)["segments"] == [{"segment": "1621012*", "calls": 1, "blocked": 1}]


def test_the_time_saved_is_what_unknown_callers_take_who_come_through() -> None:
    found = taken(blocked(1), blocked(2))
    assert (found.figures(NOW)["measured"], found.figures(NOW)["saved_s"]) == (False, 2 * ASSUMED_SECONDS)
    for id in range(10, 10 + LEAST_MEASURED):
        found.take(call(id, duration=10.0))
        found.take(call(id, duration=10.0, talked=50.0))
    figures = found.figures(NOW)
    assert (figures["measured"], figures["each_s"], figures["saved_s"]) == (True, 60.0, 120)


def test_what_the_log_has_is_counted_and_what_comes_meanwhile_once(wait_until: Callable[..., None]) -> None:
    calls = [call(id, NOW - timedelta(minutes=id)) for id in range(3 * PAGE, 0, -1)]
    found = statistics(*calls)
    found.take(calls[0])
    found.rebuild()
    found.take(calls[0])
    wait_until(lambda: found.figures(NOW)["whole"])
    assert counted(found.figures(NOW)) == len(calls)


def test_no_more_of_the_log_is_read_than_is_shown(wait_until: Callable[..., None]) -> None:
    log = Log(*(call(id, NOW - timedelta(hours=2000 - id)) for id in range(2000)))
    found = Statistics(log.newest, place=lambda: ("CN", ""))
    assert counted(whole(found, wait_until)) == pytest.approx(30 * 24, abs=24)
    assert log.asked <= 31 * 24 // PAGE + 1


def test_a_call_that_rings_is_counted_when_it_is_over(wait_until: Callable[..., None]) -> None:
    assert counted(whole(statistics(call(1, over=False)), wait_until)) == 0


def test_it_waits_for_a_call_that_comes(wait_until: Callable[..., None]) -> None:
    waited: list[int] = []
    whole(statistics(call(1), wait=lambda: waited.append(1)), wait_until)
    assert waited


def test_a_log_that_cannot_be_read_ends_the_counting_and_is_logged(
    wait_until: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    assert counted(whole(statistics(call(1, verdict={})), wait_until)) == 0
    assert "could not be counted" in caplog.text


def test_old_days_and_many_segments_take_no_memory() -> None:
    found = statistics()
    for id in range(3 * MOST_DISTINCT):
        found.take(call(id, number=f"+861{30_000_000_00 + id * 10_000}"))
    for id in range(100):
        found.take(call(10_000 + id, NOW - timedelta(days=40 + id)))
    (day,) = found._counts._days.values()
    assert len(day.segments) == MOST_DISTINCT
    assert len(found._counts._quarters) == 1


def test_figures_are_made_anew_only_when_they_change() -> None:
    found = taken(call(1))
    first = found.figures(NOW)
    assert found.figures(NOW) is first
    assert found.figures(NOW, SHANGHAI) is not first
    found.take(call(2))
    assert counted(found.figures(NOW)) == 2
