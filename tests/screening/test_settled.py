"""Settled numbers answer as a dict would."""

from hypothesis import given
from hypothesis import strategies as st

from firmware.screening.settled import LONGEST, Settled, takes

NUMBERS = st.from_regex(r"\+[1-9][0-9]{0,17}", fullmatch=True)


@given(st.lists(st.tuples(NUMBERS, st.integers(-(1 << 40), 1 << 40))), st.lists(NUMBERS))
def test_each_number_has_what_was_added_first_or_else_it_is_given_back(
    added: list[tuple[str, int]], others: list[str]
) -> None:
    settled = Settled()
    for match, value in added:
        settled.add(match, value)
    twice = settled.settle()
    first: dict[str, int] = {}
    for match, value in added:
        first.setdefault(match, value)
    assert {match: settled.get(match) for match in [*first, *others]} == {
        match: first.get(match) for match in [*first, *others]
    }
    assert list(settled.items()) == sorted(first.items(), key=lambda item: int(item[0]))
    assert len(settled) == len(first)
    assert sorted([*first.items(), *twice]) == sorted(added)


@given(st.text(max_size=20) | st.from_regex(r"\+?[0-9]{0,25}", fullmatch=True))
def test_only_what_can_be_written_in_one_way_is_taken(match: str) -> None:
    if takes(match):
        assert f"+{int(match)}" == match
        assert len(match) <= LONGEST + 1
    else:
        settled = Settled()
        settled.settle()
        assert settled.get(match) is None
