"""The order in which a verdict is found."""

import pytest

from firmware.call import Absence, Action, CallerId, Reason
from firmware.numbers import understand
from firmware.screening import Policy, Rulebook, Screening, explain


def screening(*rules: tuple[str, Action], **policy: Action) -> Screening:
    rulebook = Rulebook()
    for id, (match, action) in enumerate(rules, 1):
        rulebook.put(id, match, action)
    return Screening(rulebook, Policy(**policy))


def test_a_rule_decides_and_is_named() -> None:
    verdict = screening(("162*", Action.BLOCK)).judge(
        CallerId(number="16210123456"), understand("16210123456", "CN")
    )
    assert (verdict.action, verdict.reason, verdict.rule, verdict.match) == (
        Action.BLOCK, Reason.RULE, 1, "162*",
    )  # fmt: skip


@pytest.mark.parametrize("presented", ["110", "96110", "+8612321", "057112345"])
def test_no_rule_blocks_a_protected_number(presented: str) -> None:
    rules = [("1*", Action.BLOCK), ("9*", Action.BLOCK), ("0*", Action.BLOCK), (presented, Action.BLOCK)]
    verdict = screening(*rules).judge(CallerId(number=presented), understand(presented, "CN"))
    assert (verdict.action, verdict.reason) == (Action.ALLOW, Reason.PROTECTED)


@pytest.mark.parametrize("absence", list(Absence))
@pytest.mark.parametrize("wish", list(Action))
def test_an_absent_number_is_treated_as_the_owner_wishes(absence: Absence, wish: Action) -> None:
    verdict = screening(**{absence.value: wish}).judge(CallerId(absence=absence), None)
    assert (verdict.action, verdict.reason) == (wish, Reason(absence.value))


def test_withheld_is_not_unavailable() -> None:
    strict = screening(withheld=Action.BLOCK)
    assert strict.judge(CallerId(absence=Absence.WITHHELD), None).action is Action.BLOCK
    assert strict.judge(CallerId(absence=Absence.UNAVAILABLE), None).action is Action.ALLOW


def test_a_ring_without_any_caller_id_goes_through() -> None:
    strict = screening(withheld=Action.BLOCK, unavailable=Action.BLOCK)
    assert strict.judge(None, None).action is Action.ALLOW


def test_every_step_is_shown_taken_or_not() -> None:
    path = explain(screening(("110*", Action.BLOCK)), "110")
    assert path["verdict"]["reason"] == "protected"
    assert [(step["step"], step["matched"], step["match"]) for step in path["steps"]] == [
        ("protected", True, None),
        ("rule", True, "110*"),
        ("default", True, None),
    ]
