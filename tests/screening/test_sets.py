"""Ready-made sets of rules."""

from datetime import timedelta

import pytest
from judging import NOON, book, caller

from firmware.call import Absence, Action
from firmware.screening import Policy, Recent, Screening, rule_from
from firmware.screening.sets import ready_made
from firmware.settings import SETTINGS

REGIONS = SETTINGS["region"].choices


def turned_on(*names: str, region: str = "CN", recent: Recent | None = None) -> Screening:
    rules = [rule_from(wish, region) for name in names for wish in ready_made(region)[name]]
    return Screening(book(*rules), Policy(region=region), recent=recent)


def blocked(screening: Screening, presented: str) -> bool:
    return screening.judge(caller(presented)).action is Action.BLOCK


@pytest.mark.parametrize("region", REGIONS)
def test_every_set_is_of_valid_rules_in_every_region(region: str) -> None:
    sets = ready_made(region)
    assert {"international", "withheld", "ring-once", "impossible", "night"} <= sets.keys()
    for name, wishes in sets.items():
        rules = [rule_from(wish, region) for wish in wishes]
        assert rules
        assert {(rule.of, rule.action) for rule in rules} == {(name, Action.BLOCK)}
        assert [rule.match.text for rule in rules] == [wish["match"] for wish in wishes]


def test_the_sets_over_chinas_segments_are_for_china() -> None:
    assert {"mvno", "call-centres"} <= ready_made("CN").keys()
    assert not {"mvno", "call-centres"} & ready_made("DE").keys()


def test_mvno_blocks_the_segments_of_virtual_operators_and_nothing_else() -> None:
    screening = turned_on("mvno")
    meant = {"162", "165", "167", "170", "171"}
    assert {str(segment) for segment in range(130, 200) if blocked(screening, f"{segment}10123456")} == meant
    assert not any(
        blocked(screening, number) for number in ("057116212345", "010 6217 0123", "95588", "+441621234567")
    )


@pytest.mark.parametrize("presented", ["95013123", "95105123", "9521234", "95400", "95712345"])
def test_call_centres_are_blocked(presented: str) -> None:
    assert blocked(turned_on("call-centres"), presented)


@pytest.mark.parametrize(
    "presented", ["95338", "95533", "95588", "95599", "95620", "95110", "95598", "95306", "9610086"]
)
def test_banks_airlines_utilities_and_the_coast_guard_stay_open_to_the_set_of_call_centres(
    presented: str,
) -> None:
    assert not blocked(turned_on("call-centres"), presented)


def test_the_sets_over_kinds_block_what_they_are_named_for() -> None:
    recent = Recent()
    recent.ended("+8613800138000", NOON - timedelta(days=1), blocked=False, rings=1, talked=False)
    screening = turned_on("international", "ring-once", "impossible", recent=recent)
    assert blocked(screening, "+447534123456")
    assert blocked(screening, "13800138000")
    assert blocked(screening, "12" * 12)
    assert not blocked(screening, "13800138001")


def test_the_set_of_withheld_numbers_blocks_them_whatever_the_policy() -> None:
    screening = turned_on("withheld")
    assert screening.judge(caller(absence=Absence.WITHHELD)).action is Action.BLOCK
    assert screening.judge(caller(absence=Absence.UNAVAILABLE)).action is Action.ALLOW


def test_at_night_nobody_rings_but_who_is_protected() -> None:
    night = turned_on("night")
    late = NOON.replace(hour=23)
    assert night.judge(caller("13800138000", at=late)).action is Action.BLOCK
    assert night.judge(caller("110", at=late)).action is Action.ALLOW
    assert night.judge(caller("13800138000", at=NOON)).action is Action.ALLOW
