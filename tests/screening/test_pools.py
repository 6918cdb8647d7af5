"""Pools of look-alikes: what is one, what is none, and how it ends."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judging import NOON

from firmware.call import Number
from firmware.numbers import understand
from firmware.screening.pools import NOTHING, Found, Model, Outcome, Pools, Reported, is_match, prefixes_of

COST = 10.0
POOL = "1621012????"
STRANGER = "16210129876"


def number(presented: str) -> Number:
    return understand(presented, "CN")


def heard(
    pools: Pools,
    presented: str,
    outcome: Outcome = Outcome.UNTOLD,
    *,
    days: float = 0.0,
    word: bool | None = None,
) -> None:
    pools.ended(number(presented), NOON + timedelta(days=days), outcome, word)


def look_alikes(count: int) -> list[str]:
    """Numbers of 1621012, as far from each other as may be."""
    return [f"1621012{place * 917 % 10_000:04}" for place in range(count)]


def platform(outcome: Outcome = Outcome.HUNG_UP, count: int = 11) -> Pools:
    """A year's beginning: `count` look-alikes within nine days."""
    pools = Pools()
    for place, presented in enumerate(look_alikes(count)):
        heard(pools, presented, outcome, days=9 * place / count)
    return pools


def found(pools: Pools, days: float = 9.0) -> list[Found]:
    return pools.found(NOON + timedelta(days=days), COST)


def find(pools: Pools, presented: str = STRANGER, days: float = 9.0, cost: float = COST) -> str | None:
    return pools.find(number(presented), NOON + timedelta(days=days), cost)


def thick(match: str) -> Reported:
    """A list that has 214 numbers of the pool, all over it."""
    return Reported(214, 1.0) if match == POOL else NOTHING


def odds(pools: Pools, match: str = POOL, days: float = 9.0) -> float:
    about = pools.about(match, NOON + timedelta(days=days))
    assert about
    return about.odds


def test_look_alikes_that_are_hung_up_on_are_a_pool_with_its_reasons() -> None:
    pools = platform()
    assert find(pools) == POOL
    (pool,) = found(pools)
    assert (pool.match, pool.numbers, pool.hung_up, pool.wanted, pool.stopped) == (POOL, 11, 11, 0, 0)
    assert (pool.last - pool.first) // 86_400 == 8
    assert pool.latest[0] == number(look_alikes(11)[-1]).normal


def test_a_line_that_tells_no_talk_finds_the_pool_by_distinct_numbers_alone() -> None:
    assert find(platform(Outcome.UNTOLD)) == POOL


def test_two_look_alikes_are_chance() -> None:
    assert found(platform(count=2)) == []


def test_the_same_few_numbers_that_call_again_and_again_are_no_pool() -> None:
    pools = Pools()
    for day in range(0, 60, 3):
        heard(pools, f"0108234{day % 4:04}", days=day)
    assert found(pools, 60) == []


def test_a_busy_block_does_not_speak_for_its_neighbours() -> None:
    pools = platform(count=200)
    assert find(pools, "16210139876") is None
    assert find(pools, "16210929876") is None


def test_a_pool_over_many_blocks_is_found_as_the_wide_one_that_it_is() -> None:
    pools = Pools()
    for place in range(60):
        heard(pools, f"16210{place * 61_803 % 1_000_000:06}", Outcome.HUNG_UP, days=place / 8)
    assert find(pools, "16210555555") == "16210??????"


def test_one_wanted_call_lowers_the_odds_at_once() -> None:
    before, after = platform(), platform()
    heard(after, STRANGER, Outcome.TALKED, days=9)
    assert odds(after) < odds(before)


def test_one_number_that_the_owner_wants_opens_the_pool() -> None:
    pools = platform()
    heard(pools, STRANGER, word=True, days=9)
    assert find(pools, "16210120001") is None
    assert found(pools) == []


def test_a_wanted_number_within_the_pool_is_spared_itself() -> None:
    pools = platform(count=60)
    heard(pools, STRANGER, Outcome.TALKED, days=9)
    assert find(pools, "16210120001") == POOL
    assert find(pools) is None


def test_the_more_a_lost_call_costs_the_surer_a_pool_has_to_be() -> None:
    few, many = platform(count=4), platform(count=40)
    assert (find(few, cost=10), find(few, cost=100)) == (POOL, None)
    assert find(many, cost=50) == POOL


def test_a_pool_is_over_when_it_is_silent() -> None:
    pools = platform()
    last = found(pools)[0].last
    silent = Model().silent + (last - NOON.timestamp()) / 86_400
    assert find(pools, days=silent - 0.1) == POOL
    assert find(pools, days=silent + 0.1) is None


def test_a_pool_that_is_blocked_does_not_end_while_it_calls_nor_confirm_itself() -> None:
    pools = platform()
    before = odds(pools)
    for day in range(10, 100):
        assert find(pools, days=day) == POOL
        heard(pools, f"1621012{day * 71:04}", Outcome.STOPPED, days=day)
    assert odds(pools, days=100) < before


def test_a_pool_that_nobody_heard_for_years_has_to_be_found_again() -> None:
    pools = platform()
    ended = 0
    for day in range(10, 2000):
        if find(pools, days=day) is None:
            ended = day
            break
        heard(pools, f"1621012{day * 71 % 10_000:04}", Outcome.STOPPED, days=day)
    assert 100 < ended < 1000
    for place in range(4):
        heard(pools, f"1621012{place * 1111:04}", Outcome.HUNG_UP, days=ended)
    assert find(pools, days=ended) == POOL


def test_numbers_that_others_complained_of_are_evidence_though_they_were_stopped() -> None:
    assert found(platform(Outcome.LISTED))[0].listed == 11


def test_calls_at_night_speak_less_against_a_caller() -> None:
    by_day, by_night = Pools(), Pools()
    for place, presented in enumerate(look_alikes(6)):
        heard(by_day, presented, days=place)
        heard(by_night, presented, days=place + 0.5)
    assert odds(by_night) < odds(by_day)


def test_two_callers_are_enough_where_a_list_is_thick() -> None:
    pools = platform(count=2)
    at = NOON + timedelta(days=9)
    assert pools.find(number(STRANGER), at, COST) is None
    assert pools.find(number(STRANGER), at, COST, thick) == POOL
    (pool,) = pools.found(at, COST, thick)
    assert (pool.match, pool.numbers, pool.reported) == (POOL, 2, 214)


def test_a_list_alone_is_no_pool_whatever_a_lost_call_costs() -> None:
    at = NOON + timedelta(days=9)
    everywhere = Reported(10_000_000, 1.0)
    for pools in (Pools(), platform(count=1), platform(Outcome.STOPPED), platform(Outcome.TALKED, count=3)):
        assert pools.find(number(STRANGER), at, 0.5, lambda _: everywhere) is None
        assert pools.found(at, 0.5, lambda _: everywhere) == []


def test_what_a_list_supports_does_not_last_longer_than_what_was_heard() -> None:
    pools = platform(count=3)
    ends = NOON + timedelta(days=2000)
    pools.ended(number("16210120001"), ends, Outcome.STOPPED, None)
    assert pools.find(number(STRANGER), ends, 2.0, thick) is None


def test_a_list_changes_nothing_where_callers_are_wanted() -> None:
    pools = platform(count=2)
    heard(pools, STRANGER, word=True, days=9)
    assert pools.find(number("16210120001"), NOON + timedelta(days=9), COST, thick) is None


@given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 12))
def test_the_thicker_a_list_the_surer_is_a_pool(one: float, other: float, count: int) -> None:
    pools, at = platform(count=count), NOON + timedelta(days=9)
    thin, thick = sorted((one, other))
    surer = [pools.about(POOL, at, lambda _, share=share: Reported(1, share)) for share in (thin, thick)]
    assert surer[0]
    assert surer[1]
    assert surer[0].odds <= surer[1].odds


def test_who_is_stopped_and_rings_again_at_once_comes_through() -> None:
    pools = platform()
    heard(pools, STRANGER, Outcome.STOPPED, days=9)
    minute = 1 / 1440
    assert find(pools, days=9 + 2 * minute) is None
    assert find(pools, days=9 + 6 * minute) == POOL
    assert find(pools, "16210129875", days=9 + 2 * minute) == POOL
    assert find(pools, days=9 - 2 * minute) == POOL


@pytest.mark.parametrize("presented", ["110", "95588", "12345678", "", "<b>", "9" * 40])
def test_what_has_no_look_alikes_is_in_no_pool(presented: str) -> None:
    pools = Pools()
    for day in range(20):
        heard(pools, presented, Outcome.HUNG_UP, days=day)
    assert len(pools) == 0
    assert find(pools, presented) is None


OUTCOMES = st.sampled_from(list(Outcome))
CALLS = st.lists(
    st.tuples(
        st.integers(0, 40).map(lambda place: f"16210{place * 27_183 % 300_000:06}"),
        OUTCOMES,
        st.integers(0, 200).map(lambda half_days: half_days / 2),
        st.sampled_from([None, None, None, True, False]),
    ),
    max_size=40,
    unique_by=lambda call: (call[0], call[2]),
)


def told(calls: Iterable[tuple[str, Outcome, float, bool | None]], words: dict[str, bool | None]) -> Pools:
    pools = Pools()
    for presented, outcome, days, _ in calls:
        heard(pools, presented, outcome, days=days, word=words[presented])
    return pools


def known(pools: Pools) -> list[object]:
    """All that follows from a pool's knowledge."""
    return [*found(pools, 100), *(pools.about(match, NOON) for match in prefixes_of("16210123456"))]


@given(CALLS, st.randoms())
def test_the_order_in_which_calls_are_told_does_not_matter(calls, random) -> None:  # type: ignore[no-untyped-def]
    words = {presented: word for presented, _, _, word in calls}
    again = random.sample(calls, len(calls))
    first, second = told(calls, words), told([*again, *again[:5]], words)
    assert known(first) == known(second)


@given(CALLS)
def test_what_the_owner_says_counts_as_if_it_had_been_said_before(calls) -> None:  # type: ignore[no-untyped-def]
    words = {presented: word for presented, _, _, word in calls}
    later = told(calls, dict.fromkeys(words))
    later.reword(lambda one: words[one.national])
    assert known(later) == known(told(calls, words))


@given(CALLS, st.floats(100, 2000), st.floats(0, 2000))
def test_nothing_becomes_surer_by_waiting(calls, days: float, more: float) -> None:  # type: ignore[no-untyped-def]
    pools = told(calls, {call[0]: call[3] for call in calls})
    for match in prefixes_of("16210123456"):
        if pools.about(match, NOON):
            assert odds(pools, match, days + more) <= odds(pools, match, days)


@given(CALLS, st.lists(st.integers(300_000, 999_999), max_size=20))
def test_stopped_calls_change_no_odds(calls, stopped: list[int]) -> None:  # type: ignore[no-untyped-def]
    pools = told(calls, {call[0]: call[3] for call in calls})
    matches = prefixes_of("16210123456")
    before = [one and one.odds for one in (pools.about(match, NOON) for match in matches)]
    for place in stopped:
        heard(pools, f"16210{place:06}", Outcome.STOPPED, days=101)
    after = [one and one.odds for one in (pools.about(match, NOON) for match in matches)]
    assert all(was in (None, now) for was, now in zip(before, after, strict=True))


@given(CALLS)
def test_what_is_forgotten_leaves_nothing(calls) -> None:  # type: ignore[no-untyped-def]
    words = {call[0]: call[3] for call in calls}
    pools = told(calls, words)
    gone = {presented for presented in words if presented < "16210150000"}
    for presented in gone:
        pools.forget(number(presented))
    assert known(pools) == known(told([call for call in calls if call[0] not in gone], words))


def test_no_more_numbers_are_remembered_than_may_be() -> None:
    pools = Pools(most=50)
    for place in range(400):
        heard(pools, f"16210{place * 27_183 % 1_000_000:06}", Outcome.HUNG_UP, days=place)
    assert len(pools) == 50
    (pool,) = pools.found(NOON + timedelta(days=400), 2.0)
    assert pool.numbers <= 50
    pools.clear()
    assert len(pools) == 0
    assert found(pools) == []


@given(st.text(max_size=24), st.datetimes())
def test_any_presented_number_at_any_time_is_taken(presented: str, at: datetime) -> None:
    pools = Pools()
    moment = at.replace(year=min(max(at.year, 1970), 2200), tzinfo=NOON.tzinfo)
    for outcome in Outcome:
        pools.ended(number(presented), moment, outcome, None)
    assert pools.find(number(presented), NOON, COST) is None


@given(st.text("0123456789?+*x", max_size=22))
def test_a_match_is_told_from_other_texts(text: str) -> None:
    assert is_match(text) == (re.fullmatch(r"\+?[0-9]+\?{2,6}", text) is not None and 9 <= len(text) <= 20)
