"""Rules over numbers and segments: what a person may write, and which one speaks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.call import Action
from firmware.numbers import understand
from firmware.screening import Rulebook, rule_from


def book(*rules: tuple[str, Action]) -> Rulebook:
    rulebook = Rulebook()
    for id, (match, action) in enumerate(rules, 1):
        rulebook.put(id, rule_from(match, action, "", "CN").match, action)
    return rulebook


def action_for(rulebook: Rulebook, presented: str) -> Action | None:
    found = rulebook.find(understand(presented, "CN"))
    return found.action if found else None


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("16210123456", "+8616210123456"),
        ("(0571) 8888-1234", "+8657188881234"),
        ("162*", "162*"),
        ("+86 170 *", "170*"),
        ("00441*", "+441*"),
        ("95588", "95588"),
    ],
)
def test_a_rule_is_kept_in_the_form_in_which_numbers_are_compared(written: str, kept: str) -> None:
    assert rule_from(written, "block", "", "CN").match == kept


@pytest.mark.parametrize(
    ("match", "action", "note", "code"),
    [
        ("", "block", "", "empty"),
        ("*", "block", "", "empty"),
        ("  - ", "block", "", "empty"),
        ("16a", "block", "", "characters"),
        ("162\n110", "block", "", "characters"),
        ("1*2", "block", "", "characters"),
        ("+", "block", "", "characters"),
        ("１６２", "block", "", "characters"),
        ("<b>", "block", "", "characters"),
        ("1" * 33, "block", "", "too_long"),
        ("110", "block", "", "protected"),
        ("+86 96110", "block", "", "protected"),
        ("162*", "maybe", "", "action"),
        ("162*", "block", "x" * 201, "note_too_long"),
    ],
)
def test_what_is_no_rule_is_refused_by_name(match: str, action: str, note: str, code: str) -> None:
    with pytest.raises(ValueError, match=f"^{code}$"):
        rule_from(match, action, note, "CN")


def test_the_longest_segment_wins() -> None:
    rules = book(("16*", Action.BLOCK), ("1621*", Action.ALLOW), ("16210*", Action.BLOCK))
    assert action_for(rules, "16210123456") is Action.BLOCK
    assert action_for(rules, "16211123456") is Action.ALLOW
    assert action_for(rules, "16333333333") is Action.BLOCK
    assert action_for(rules, "13900010086") is None


def test_a_number_wins_over_its_segment() -> None:
    rules = book(("162*", Action.BLOCK), ("16210123456", Action.ALLOW))
    assert action_for(rules, "+8616210123456") is Action.ALLOW
    assert action_for(rules, "16210123457") is Action.BLOCK


def test_allow_wins_a_tie() -> None:
    rules = Rulebook()
    rules.put(1, "+8616*", Action.ALLOW)
    rules.put(2, "16210*", Action.BLOCK)
    assert action_for(rules, "16210123456") is Action.ALLOW


def test_a_dropped_rule_speaks_no_more() -> None:
    rules = book(("162*", Action.BLOCK))
    rules.drop("162*")
    assert action_for(rules, "16210123456") is None
    assert len(rules) == 0


@given(
    st.dictionaries(
        st.from_regex(r"[0-9]{1,6}\*|1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(Action), max_size=20
    ),
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
)
def test_the_rule_found_is_the_one_that_trying_them_all_finds(rules: dict[str, Action], number: str) -> None:
    matching = [
        match for match in rules if match == number or (match[-1] == "*" and number.startswith(match[:-1]))
    ]
    expected = rules[max(matching, key=len)] if matching else None
    assert action_for(book(*rules.items()), number) is expected
