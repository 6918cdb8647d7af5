"""What a person is told when a rule is saved."""

from typing import Any

import pytest

from firmware.screening import rule_from
from firmware.screening.remarks import MOST, remarks

NAP = "12:30-14:30"


def told(wish: dict[str, Any], *others: dict[str, Any], itself: int | None = None) -> list[tuple[str, int]]:
    kept = [(id, rule_from(other, "CN").document()) for id, other in enumerate(others, 1)]
    return [(remark.code, remark.id) for remark in remarks(rule_from(wish, "CN"), kept, "CN", itself)]


def rule(match: str, action: str = "block", **terms: Any) -> dict[str, Any]:
    return {"match": match, "action": action, **terms}


@pytest.mark.parametrize(
    ("wish", "other", "code"),
    [
        (rule("162*"), rule("162*", "allow"), "replaces"),
        (rule("162*"), rule("162*", "allow", when=NAP), "contradicts"),
        (rule("kind:mvno"), rule("kind:mvno", "allow", line="2"), "contradicts"),
        (rule("16210*"), rule("162*"), "repeats"),
        (rule("16210123456"), rule("162*"), "repeats"),
        (rule("16210*", "allow"), rule("162*"), "exception"),
        (rule("16210123456", "allow"), rule("1621*"), "exception"),
        (rule("162*"), rule("1621*", "allow"), "excepted"),
        (rule("162*"), rule("+8616210123456", "allow"), "excepted"),
        (rule("0571*"), rule("0571 8888 1234", "allow"), "excepted"),
        (rule("+44*"), rule("+4420*", "allow"), "excepted"),
    ],
)
def test_two_rules_that_have_to_do_with_each_other(
    wish: dict[str, Any], other: dict[str, Any], code: str
) -> None:
    assert told(wish, other) == [(code, 1)]


@pytest.mark.parametrize(
    ("wish", "other"),
    [
        (rule("162*"), rule("170*", "allow")),
        (rule("162*"), rule("162*", when=NAP)),
        (rule("16210*"), rule("162*", when=NAP)),
        (rule("162*"), rule("1621*")),
        (rule("162*"), rule("162????8888", "allow")),
        (rule("kind:mvno"), rule("162*", "allow")),
        (rule("162*"), rule("162*", "allow", on=False)),
    ],
)
def test_two_rules_that_have_not(wish: dict[str, Any], other: dict[str, Any]) -> None:
    assert told(wish, other) == []


def test_a_rule_that_is_changed_does_not_contradict_itself() -> None:
    assert told(rule("162*"), rule("162*", "allow"), itself=1) == []


def test_no_more_is_told_than_can_be_read() -> None:
    others = [rule(f"1621{place:03}*", "allow") for place in range(100)]
    assert len(told(rule("162*"), *others)) == MOST
