"""When a rule holds."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.screening.schedule import DAYS, LONGEST, schedule

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def at(day: str, clock: str) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return MONDAY + timedelta(days=DAYS.index(day), hours=hour, minutes=minute)


@pytest.mark.parametrize(
    ("written", "day", "clock", "holds"),
    [
        ("12:30-14:30", "wed", "12:30", True),
        ("12:30-14:30", "wed", "14:29", True),
        ("12:30-14:30", "wed", "14:30", False),
        ("sun 23:00-01:00", "mon", "00:30", True),
        ("sun 23:00-01:00", "mon", "01:00", False),
        ("sun 23:00-01:00", "sun", "00:30", False),
        ("mon-fri 22:00-07:00", "sat", "06:59", True),
        ("mon-fri 22:00-07:00", "mon", "06:59", False),
        ("sat-mon 10:00-11:00", "sun", "10:30", True),
        ("sat-mon 10:00-11:00", "tue", "10:30", False),
        ("sat,sun 00:00-24:00", "sat", "23:59", True),
        ("sat,sun 00:00-24:00", "mon", "00:00", False),
        ("12:00-24:00", "mon", "23:59", True),
        ("12:00-24:00", "mon", "00:00", False),
        ("00:00-24:00", "thu", "00:00", True),
        ("mon 09:00-10:00; tue 09:00-10:00", "tue", "09:30", True),
        ("9:00–10:00", "tue", "09:30", True),
        (" MON  9:00 - 10:00 ", "mon", "09:30", True),
    ],
)
def test_the_hours_of_the_week_in_which_it_holds(written: str, day: str, clock: str, holds: bool) -> None:
    assert schedule(written).holds(at(day, clock)) is holds


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("mon,tue,wed,thu,fri 9:00–17:00", "mon-fri 09:00-17:00"),
        ("mon-sun 9:00-10:00", "09:00-10:00"),
        ("sun,sat 0:00-24:00", "sat,sun 00:00-24:00"),
        ("sat-mon 1:00-2:00;3:00-4:00", "mon,sat,sun 01:00-02:00; 03:00-04:00"),
    ],
)
def test_the_kept_form(written: str, text: str) -> None:
    assert schedule(written).text == text


@pytest.mark.parametrize(
    "written",
    [
        "",
        ";",
        "mon",
        "12:00",
        "12:00-12:00",
        "24:00-01:00",
        "24:01-01:00",
        "12:60-13:00",
        "1200-1300",
        "-1:00-2:00",
        "mon-xyz 10:00-11:00",
        "mon-wed-fri 10:00-11:00",
        "mon, 10:00-11:00",
        "moon 10:00-11:00",
        "10:00-11:00;",
        "１0:00-11:00",
        "10:00-11:00\x00",
        "; ".join(["10:00-11:00"] * 17),
        "10:00-11:00" + " " * LONGEST,
    ],
)
def test_what_is_no_schedule_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"^when$"):
        schedule(written)


def test_what_is_kept_can_be_read_again_however_short_it_was_written() -> None:
    for count in range(1, 17):
        try:
            kept = schedule(";".join(["1:00-2:00"] * count))
        except ValueError:
            break
        assert schedule(kept.text) == kept
    else:
        pytest.fail("the kept form is never too long")


SPANS = st.lists(
    st.tuples(
        st.sets(st.sampled_from(DAYS), min_size=1),
        st.integers(0, 24 * 60 - 1),
        st.integers(0, 24 * 60),
    ).filter(lambda span: span[1] != span[2]),
    min_size=1,
    max_size=4,
)


@given(SPANS)
def test_it_agrees_with_a_table_of_every_minute_of_the_week(spans: list[tuple[set[str], int, int]]) -> None:
    clock = lambda minute: f"{minute // 60}:{minute % 60:02}"  # noqa: E731
    found = schedule("; ".join(f"{','.join(days)} {clock(start)}-{clock(end)}" for days, start, end in spans))
    week = [False] * 7 * 1440
    for days, start, end in spans:
        for day in days:
            minute = DAYS.index(day) * 1440 + start
            while True:
                week[minute % len(week)] = True
                minute += 1
                if minute % 1440 == end % 1440:
                    break
    edges = {(edge + off) % 1440 for _, start, end in spans for edge in (start, end) for off in (-1, 0, 1)}
    minutes = [day * 1440 + minute for day in range(7) for minute in edges | {0, 720, 1439}]
    assert [found.holds(MONDAY + timedelta(minutes=minute)) for minute in minutes] == [
        week[minute] for minute in minutes
    ]
    assert schedule(found.text) == found


@given(st.text("montuewdhfrisa0123456789:-–,; ", max_size=40) | st.text(max_size=30))
def test_nothing_but_a_refusal_escapes(written: str) -> None:
    try:
        found = schedule(written)
    except ValueError as error:
        assert str(error) == "when"  # noqa: PT017
    else:
        assert schedule(found.text) == found


def test_on_the_days_on_which_the_clock_is_changed_it_goes_by_the_clock_on_the_wall() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    night = schedule("sun 02:00-03:00")
    for change, minutes in (
        (datetime(2026, 3, 29, tzinfo=UTC), 0),
        (datetime(2026, 10, 25, tzinfo=UTC), 120),
    ):
        start = change - timedelta(hours=3)
        moments = [(start + timedelta(minutes=m)).astimezone(berlin) for m in range(12 * 60)]
        assert sum(night.holds(moment) for moment in moments) == minutes
