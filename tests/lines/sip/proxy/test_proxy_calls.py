"""Calls at a proxy, from what is told of their transactions."""

from firmware.call import CallerId
from firmware.lines.sip.proxy.calls import LONGEST_SECONDS, MOST_CALLS, Calls

ONE = ("call-id", "tag")
CALLER = CallerId(number="10")


def test_a_call_rings_is_answered_and_ends() -> None:
    calls = Calls("sip")
    call = calls.invited(ONE, "1", "1:1", CALLER, 0.0)
    assert list(calls.rang("1:1", 1.0)) == [call]
    assert list(calls.rang("1:1", 2.0)) == []
    assert list(calls.answered("1:1", 12.5)) == [call]
    assert (call.rings, call.duration, call.talked, call.over) == (3, 12.5, 0.0, True)
    assert list(calls.ended("1:1", 72.5)) == [call]
    assert call.talked == 60.0


def test_a_call_that_nobody_answers_was_not_talked_through() -> None:
    calls = Calls("sip")
    call = calls.invited(ONE, "1", "1:1", CALLER, 0.0)
    list(calls.rang("1:1", 0.1))
    assert list(calls.ended("1:1", 4.0)) == [call]
    assert (call.rings, call.over, call.talked) == (1, True, None)


def test_branches_of_one_call_are_one_call_until_the_last_ends() -> None:
    calls = Calls("sip")
    call = calls.invited(ONE, "1", "1:1", CALLER, 0.0)
    assert calls.invited(ONE, "1", "1:2", CALLER, 0.1) is call
    assert list(calls.ended("1:1", 3.0)) == []
    assert list(calls.ended("1:2", 5.0)) == [call]


def test_the_branch_that_was_answered_says_how_long_was_talked() -> None:
    calls = Calls("sip")
    call = calls.invited(ONE, "1", "1:1", CALLER, 0.0)
    calls.invited(ONE, "1", "1:2", CALLER, 0.0)
    list(calls.answered("1:2", 5.0))
    assert list(calls.ended("1:1", 5.1)) == []
    assert list(calls.ended("1:2", 15.0)) == [call]
    assert call.talked == 10.0


def test_of_a_call_that_was_never_heard_of_nothing_is_said() -> None:
    calls = Calls("sip")
    for tell in (calls.rang, calls.answered, calls.ended):
        assert list(tell("9:9", 1.0)) == []


def test_what_is_abandoned_is_over() -> None:
    calls = Calls("sip")
    call = calls.invited(ONE, "1", "1:1", CALLER, 0.0)
    assert list(calls.abandon(2.0)) == [call]
    assert call.over
    assert list(calls.ended("1:1", 3.0)) == []


def test_calls_whose_end_is_never_told_are_given_up() -> None:
    calls = Calls("sip")
    call = calls.invited(ONE, "1", "1:1", CALLER, 0.0)
    assert list(calls.tick(LONGEST_SECONDS - 1)) == []
    assert list(calls.tick(LONGEST_SECONDS + 1)) == [call]


def test_of_too_many_calls_the_oldest_are_given_up() -> None:
    calls = Calls("sip")
    begun = [calls.invited((str(n), ""), "1", f"1:{n}", CALLER, 0.0) for n in range(MOST_CALLS + 2)]
    assert list(calls.tick(1.0)) == begun[:2]
