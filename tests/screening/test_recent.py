"""What callers did lately."""

from datetime import timedelta

import pytest
from judging import NOON

from firmware.screening import Recent
from firmware.screening.recent import MOST

NUMBER = "+8616210123456"
WITHIN = timedelta(minutes=3)


def after(blocked: bool = False, rings: int = 1, talked: bool = False) -> Recent:
    recent = Recent()
    recent.ended(NUMBER, NOON, blocked=blocked, rings=rings, talked=talked)
    return recent


def test_a_blocked_call_counts_for_the_next_within_the_time() -> None:
    recent = after(blocked=True)
    assert recent.redials(NUMBER, NOON + WITHIN, WITHIN)
    assert not recent.redials(NUMBER, NOON + WITHIN + timedelta(seconds=1), WITHIN)
    assert not recent.redials(NUMBER + "7", NOON, WITHIN)
    assert not after().redials(NUMBER, NOON, WITHIN)


def test_a_clock_that_was_put_back_makes_no_redial() -> None:
    assert not after(blocked=True).redials(NUMBER, NOON - timedelta(hours=1), WITHIN)


@pytest.mark.parametrize(
    ("call", "once"),
    [
        ({}, True),
        ({"rings": 2}, False),
        ({"rings": 0}, False),
        ({"talked": True}, False),
        ({"blocked": True}, False),
    ],
)
def test_one_ring_that_nobody_answered_or_blocked_is_a_ring_once(call: dict[str, int], once: bool) -> None:
    assert after(**call).rang_once(NUMBER, NOON) is once


def test_a_ring_once_is_forgotten_after_thirty_days() -> None:
    assert after().rang_once(NUMBER, NOON + timedelta(days=30))
    assert not after().rang_once(NUMBER, NOON + timedelta(days=30, seconds=1))


def test_only_the_latest_are_remembered() -> None:
    recent = after()
    for number in range(MOST - 1):
        recent.ended(str(number), NOON, blocked=False, rings=1, talked=False)
    recent.ended(NUMBER, NOON, blocked=False, rings=1, talked=False)
    recent.ended("one more", NOON, blocked=False, rings=1, talked=False)
    assert recent.rang_once(NUMBER, NOON)
    assert not recent.rang_once("0", NOON)
    assert recent.rang_once("1", NOON)
