"""The calls of a number and of its look-alikes are found among all there are."""

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from firmware.calls.by_number import ByNumber

REAL = st.from_regex(r"\+?[0-9]{3,7}", fullmatch=True)
NUMBERS = REAL | st.sampled_from([None, "", "anonymous", "+", "１２３"])
CALLS = st.lists(NUMBERS, max_size=30).map(lambda numbers: list(enumerate(numbers, 1)))


def look_alike(one: str, other: str | None) -> bool:
    return one != other and other is not None and len(one) == len(other) and one[:-2] == other[:-2]


@given(CALLS, CALLS, REAL)
def test_it_finds_what_a_look_at_every_call_finds(
    before: list[tuple[int, str | None]], after: list[tuple[int, str | None]], number: str
) -> None:
    index = ByNumber(lambda: before)
    assert index.of(number, most=100) == [id for id, other in before[::-1] if other == number]
    fresh = [(len(before) + id, other) for id, other in after]
    for call in fresh + fresh:
        index.add(*call)
    every = (before + fresh)[::-1]
    assert index.of(number, most=100) == [id for id, other in every if other == number]
    assert index.like(number, 2, most=100) == [id for id, other in every if look_alike(number, other)]


def test_the_latest_come_first_and_no_more_than_are_wanted() -> None:
    index = ByNumber(lambda: [(id, "+8616210123456") for id in range(1, 10)])
    assert index.of("+8616210123456", most=3) == [9, 8, 7]


def test_a_call_that_comes_while_the_log_is_read_is_known() -> None:
    def calls() -> Iterator[tuple[int, str | None]]:
        yield 1, "10086"
        index.add(2, "10086")

    index = ByNumber(calls)
    assert index.of("10086", most=9) == [2, 1]


def test_what_was_forgotten_is_asked_for_anew() -> None:
    calls: list[tuple[int, str | None]] = [(1, "10086"), (2, "10086")]
    index = ByNumber(lambda: calls)
    assert index.of("10086", most=9) == [2, 1]
    del calls[1]
    index.clear()
    assert index.of("10086", most=9) == [1]
