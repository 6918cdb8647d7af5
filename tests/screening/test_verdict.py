"""The order in which a verdict is found."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from judging import NOON, book, caller, rule

from firmware.call import Absence, Action, How, Number, Reason
from firmware.numbers import understand
from firmware.screening import (
    Contacts,
    Listed,
    Pass,
    Passes,
    Policy,
    Recent,
    Rule,
    Rulebook,
    Screening,
    Wish,
    explain,
)
from firmware.screening.matches import kept
from firmware.screening.pools import Outcome

MOBILE, UTILITY = "16210123456", "95598"


class Holding:
    """A list of what `numbers` says."""

    def __init__(self, *numbers: str) -> None:
        self.numbers = numbers

    def within(self, opening: str, digits: int) -> tuple[int, float]:
        return 0, 0.0

    def find(self, number: Number) -> str | None:
        return next((one for one in self.numbers if one in ("*", number.normal)), None)


def decided(screening: Screening, *args: Any, **kwargs: Any) -> tuple[str, str]:
    verdict = screening.judge(caller(*args, **kwargs))
    return str(verdict.action), str(verdict.reason)


def blocked_before(presented: str, minutes: float) -> Recent:
    recent = Recent()
    started = NOON - timedelta(minutes=minutes)
    recent.ended(understand(presented, "CN").normal, started, blocked=True, rings=1, talked=False)
    return recent


def speaking_from(reason: str, presented: str) -> Screening:
    """A screening in which every step from `reason` on would decide, each one otherwise than the next where it can."""
    normal = understand(presented, "CN").normal
    said = [str(one) for one in Reason]
    speaks = lambda step: said.index(step) >= said.index(reason)  # noqa: E731
    rules = [rule("kind:anyone")] * speaks("rule")
    if speaks("number"):
        rules.append(Rule(kept(normal), Action.BLOCK))
    screening = Screening(
        book(*rules),
        Policy(redial=timedelta(minutes=3) if speaks("redial") else timedelta(0), pools=Wish.BLOCK),
        contacts=Contacts([(1, {"name": "Mum", "numbers": [normal]})] if speaks("contact") else ()),
        passes=Passes([Pass(1, ("*",), None)] if speaks("pass") else ()),
        recent=blocked_before(presented, 1),
        lists=(Listed(1, "bad", Action.BLOCK, Holding("*")),) if speaks("list") else (),
    )
    screening.paused = NOON + timedelta(minutes=5) if speaks("pause") else None
    if speaks("pool"):
        for ending in range(1000, 9000, 1000):
            look_alike = understand(f"1621012{ending}", "CN")
            screening.pools.ended(look_alike, NOON - timedelta(days=1), Outcome.HUNG_UP, None)
    return screening


@pytest.mark.parametrize(
    ("presented", "reason", "action"),
    [
        ("110", "protected", "allow"),
        (MOBILE, "contact", "allow"),
        (UTILITY, "contact", "allow"),
        (MOBILE, "pause", "allow"),
        (UTILITY, "pause", "allow"),
        (MOBILE, "number", "block"),
        (UTILITY, "number", "block"),
        (UTILITY, "utility", "allow"),
        (MOBILE, "pass", "allow"),
        (MOBILE, "redial", "allow"),
        (MOBILE, "rule", "block"),
        (MOBILE, "list", "block"),
        (MOBILE, "pool", "block"),
        (MOBILE, "default", "allow"),
    ],
)
def test_each_step_decides_before_all_that_come_after_it(presented: str, reason: str, action: str) -> None:
    assert decided(speaking_from(reason, presented), presented) == (action, reason)


def test_a_pause_lets_callers_without_a_number_through_and_ends_by_itself() -> None:
    strict = Screening(book(), Policy(withheld=Action.BLOCK))
    strict.paused = NOON + timedelta(minutes=5)
    assert decided(strict, None, absence=Absence.WITHHELD, at=NOON) == ("allow", "pause")
    assert decided(strict, None, absence=Absence.WITHHELD, at=strict.paused) == ("block", "withheld")


PRESENTED = [
    "110",
    "+86110",
    "0086110",
    "86110",
    "010110",
    "0110",
    "+8610110",
    "057112345",
    "96110",
    "95110",
    "112",
    "911",
]
WIDE = [
    "1*", "9*", "0*", "+*", "8*", "*1*", "1??", "*?1?*", "100..999", "95000..99999", "/./", "/1/", "name:police",
    "kind:anyone", "kind:service", "kind:impossible", "kind:landline", "kind:ring-once", "kind:international",
]  # fmt: skip


@pytest.mark.parametrize("presented", PRESENTED)
def test_nothing_blocks_a_protected_number_at_any_hour(presented: str) -> None:
    number = understand(presented, "CN")
    recent = Recent()
    recent.ended(number.normal, NOON - timedelta(days=1), blocked=False, rings=1, talked=False)
    over_itself = [Rule(kept(text), Action.BLOCK) for text in {number.normal, number.national, presented}]
    strict = Screening(
        book(*map(rule, WIDE), *over_itself),
        Policy(withheld=Action.BLOCK, unavailable=Action.BLOCK),
        recent=recent,
        lists=(Listed(1, "everybody", Action.BLOCK, Holding("*")),),
    )
    for hour in range(7 * 24):
        at = NOON + timedelta(hours=hour)
        assert decided(strict, presented, name="police", at=at) == ("allow", "protected")


@pytest.mark.parametrize("presented", ["95598", "+8695598", "01095598", "10086", "+8610086", "11185"])
def test_a_utility_is_open_to_segments_and_shut_by_a_rule_of_its_own(presented: str) -> None:
    assert decided(Screening(book(*map(rule, WIDE)), Policy()), presented) == ("allow", "utility")
    own = Rule(kept(understand(presented, "CN").normal), Action.BLOCK)
    assert decided(Screening(book(own), Policy()), presented) == ("block", "number")


def test_a_utility_of_another_country_is_none() -> None:
    screening = Screening(book(rule("9*")), Policy(region="DE"))
    assert decided(screening, "95598", region="DE") == ("block", "rule")


def test_a_contact_is_named_in_the_verdict() -> None:
    contacts = Contacts([(7, {"name": "Mum", "numbers": ["+8616210123456"]})])
    verdict = Screening(book(rule(MOBILE)), Policy(), contacts=contacts).judge(caller(MOBILE))
    assert (verdict.reason, verdict.rule, verdict.match) == (Reason.CONTACT, 7, "Mum")


def test_a_rule_is_named_in_the_verdict_with_how_it_rejects() -> None:
    verdict = Screening(book(rule("170*"), rule("162*", how="hangup")), Policy()).judge(caller(MOBILE))
    assert (verdict.action, verdict.reason, verdict.rule, verdict.match, verdict.how) == (
        Action.BLOCK, Reason.RULE, 2, "162*", How.HANG_UP,
    )  # fmt: skip


def test_a_pass_is_named_with_the_segment_by_which_it_admits() -> None:
    passes = Passes([Pass(3, ("170*", "162*"), NOON + timedelta(minutes=1))])
    verdict = Screening(book(rule("162*")), Policy(), passes=passes).judge(caller(MOBILE))
    assert (verdict.action, verdict.reason, verdict.rule, verdict.match) == (
        Action.ALLOW, Reason.PASS, 3, "162*",
    )  # fmt: skip


def test_a_pass_ends_at_its_minute() -> None:
    screening = Screening(book(rule("162*")), Policy(), passes=Passes([Pass(1, ("*",), NOON)]))
    assert decided(screening, MOBILE, at=NOON - timedelta(seconds=1)) == ("allow", "pass")
    assert decided(screening, MOBILE, at=NOON) == ("block", "rule")


def test_a_number_rule_blocks_also_while_a_pass_is_open() -> None:
    screening = Screening(book(rule(MOBILE)), Policy(), passes=Passes([Pass(1, ("*",), None)]))
    assert decided(screening, MOBILE) == ("block", "number")


def test_a_pass_admits_nobody_who_hides_the_number() -> None:
    screening = Screening(Rulebook(), Policy(withheld=Action.BLOCK), passes=Passes([Pass(1, ("*",), None)]))
    assert decided(screening, absence=Absence.WITHHELD) == ("block", "withheld")


@pytest.mark.parametrize(
    ("minutes", "redial", "reason"),
    [(2.9, 3, "redial"), (3, 3, "redial"), (3.1, 3, "rule"), (1, 0, "rule"), (-1, 3, "rule")],
)
def test_a_second_call_within_the_time_comes_through(minutes: float, redial: int, reason: str) -> None:
    policy = Policy(redial=timedelta(minutes=redial))
    screening = Screening(book(rule("162*")), policy, recent=blocked_before(MOBILE, minutes))
    assert decided(screening, MOBILE)[1] == reason


def test_a_second_call_from_another_number_of_the_segment_does_not() -> None:
    policy = Policy(redial=timedelta(minutes=3))
    screening = Screening(book(rule("162*")), policy, recent=blocked_before(MOBILE, 1))
    assert decided(screening, "16210123457") == ("block", "rule")


def test_who_rang_once_and_gave_up_can_be_blocked_the_next_time() -> None:
    recent = Recent()
    screening = Screening(book(rule("kind:ring-once")), Policy(), recent=recent)
    assert decided(screening, MOBILE) == ("allow", "default")
    recent.ended("+8616210123456", NOON - timedelta(days=1), blocked=False, rings=1, talked=False)
    assert decided(screening, MOBILE) == ("block", "rule")
    assert decided(screening, "16210123457") == ("allow", "default")


def test_a_list_that_allows_comes_before_one_that_blocks() -> None:
    bad = Listed(1, "bad", Action.BLOCK, Holding("*"))
    good = Listed(2, "good", Action.ALLOW, Holding("+8616210123456"))
    screening = Screening(Rulebook(), Policy(), lists=(bad, good))
    verdict = screening.judge(caller(MOBILE))
    assert (verdict.action, verdict.rule, verdict.match) == (Action.ALLOW, 2, "good: +8616210123456")
    assert decided(screening, "16210123457") == ("block", "list")


@pytest.mark.parametrize("absence", list(Absence))
@pytest.mark.parametrize("wish", list(Action))
def test_an_absent_number_is_treated_as_the_owner_wishes(absence: Absence, wish: Action) -> None:
    screening = Screening(Rulebook(), Policy(**{str(absence): wish}))
    assert decided(screening, absence=absence) == (wish, absence)


def test_withheld_is_not_unavailable() -> None:
    strict = Screening(Rulebook(), Policy(withheld=Action.BLOCK))
    assert decided(strict, absence=Absence.WITHHELD)[0] == "block"
    assert decided(strict, absence=Absence.UNAVAILABLE)[0] == "allow"


@pytest.mark.parametrize("match", ["kind:withheld", "kind:anyone", "name:mum"])
@pytest.mark.parametrize("action", list(Action))
def test_a_rule_over_the_withheld_decides_before_the_owners_policy(match: str, action: Action) -> None:
    other = next(one for one in Action if one is not action)
    screening = Screening(book(rule(match, action)), Policy(withheld=other))
    assert decided(screening, absence=Absence.WITHHELD, name="Mum") == (action, "rule")


def test_a_ring_without_any_caller_id_goes_through() -> None:
    strict = Screening(
        book(rule("kind:withheld"), rule("kind:unavailable"), rule("+*"), rule("/./")),
        Policy(withheld=Action.BLOCK, unavailable=Action.BLOCK),
        lists=(Listed(1, "everybody", Action.BLOCK, Holding("*")),),
    )
    assert decided(strict) == ("allow", "default")


def test_a_ring_without_any_caller_id_is_anyone() -> None:
    night = Screening(book(rule("kind:anyone", when="22:00-07:00")), Policy())
    assert decided(night, at=NOON.replace(hour=23)) == ("block", "rule")
    assert decided(night) == ("allow", "default")


@pytest.mark.parametrize(
    ("match", "presented"),
    [
        ("kind:mvno", "17021550198"),
        ("kind:mobile", "13800138000"),
        ("kind:landline", "057188881234"),
        ("kind:service", "95588"),
        ("kind:toll-free", "8001234567"),
        ("kind:impossible", "12"  * 12),
        ("kind:international", "+447534123456"),
        ("kind:international", "+18005551234"),
        ("kind:international", "+870773111111"),
        ("kind:international", "+88216123456"),
        ("kind:international", "+4400"),
        ("place:浙江", "057188881234"),
        ("place:杭州", "057188881234"),
        ("place:浙江 杭州", "057188881234"),
        ("place:Los Angeles", "+12135550123"),
        ("operator:China Mobile", "13800138000"),
    ],
)  # fmt: skip
def test_a_rule_over_what_is_known_of_a_number(match: str, presented: str) -> None:
    screening = Screening(book(rule(match)), Policy())
    verdict = screening.judge(caller(presented))
    assert (verdict.action, verdict.match) == (Action.BLOCK, match)


@pytest.mark.parametrize(
    "presented", ["16210123456", "057188881234", "95588", "0086 16210123456", "12" * 12, "+86123"]
)
def test_a_number_from_home_is_not_international(presented: str) -> None:
    assert decided(Screening(book(rule("kind:international")), Policy()), presented) == ("allow", "default")


def test_a_number_of_a_shared_country_code_is_international_when_it_is_another_countrys() -> None:
    screening = Screening(book(rule("kind:international", region="US")), Policy(region="US"))
    assert decided(screening, "+14165550123", region="US") == ("block", "rule")
    assert decided(screening, "+12125550123", region="US") == ("allow", "default")


@pytest.mark.parametrize(("verified", "action"), [(False, "block"), (True, "allow"), (None, "allow")])
def test_a_number_is_unverified_where_the_network_does_not_vouch_for_it(
    verified: bool | None, action: str
) -> None:
    screening = Screening(book(rule("kind:unverified")), Policy())
    assert decided(screening, MOBILE, verified=verified)[0] == action


def test_every_step_is_shown_taken_or_not_and_each_rule_that_speaks_in_order() -> None:
    rules = book(rule("16*", "allow"), rule("162*"), rule("kind:mvno"), rule("162????3456"), rule("170*"))
    screening = Screening(
        rules,
        Policy(redial=timedelta(minutes=3)),
        lists=(Listed(1, "bad", Action.BLOCK, Holding("*")), Listed(2, "good", Action.ALLOW, Holding("*"))),
    )
    path = explain(screening, caller("162-1012-3456"))
    assert [(step["step"], step["matched"], step["action"], step["match"]) for step in path["steps"]] == [
        ("protected", False, None, None),
        ("contact", False, None, None),
        ("number", False, None, None),
        ("utility", False, None, None),
        ("pass", False, None, None),
        ("redial", False, None, None),
        ("rule", True, "block", "162????3456"),
        ("rule", True, "block", "162*"),
        ("rule", True, "allow", "16*"),
        ("rule", True, "block", "kind:mvno"),
        ("list", True, "allow", "good: *"),
        ("list", True, "block", "bad: *"),
        ("pool", False, None, None),
        ("default", True, "allow", None),
    ]
    assert path["verdict"] == {
        "action": "block", "reason": "rule", "rule": 4, "match": "162????3456", "how": None,
    }  # fmt: skip
    assert (path["presented"], path["number"], path["possible"]) == ("162-1012-3456", "+8616210123456", True)
    assert (path["who"]["kind"], path["at"], path["line"]) == ("mvno", "2026-03-02T12:00:00+00:00", "modem")


def test_a_caller_without_a_number_cannot_be_explained() -> None:
    with pytest.raises(ValueError, match="number"):
        explain(Screening(Rulebook(), Policy()), caller(absence=Absence.WITHHELD))


def test_what_is_explained_is_what_is_judged() -> None:
    for reason in Reason:
        for presented in ("110", MOBILE, UTILITY, "", "<b>", "\ud800"):
            screening = speaking_from(reason, presented)
            path = explain(screening, caller(presented))
            judged = screening.judge(caller(presented))
            assert path["verdict"]["reason"] == judged.reason
            deciding = next(step for step in path["steps"] if step["matched"])
            assert (deciding["step"], deciding["action"]) == (judged.reason, judged.action)


class Thick(Holding):
    """A list that has many numbers of every thousand, and none of those that call."""

    def within(self, opening: str, digits: int) -> tuple[int, float]:
        return 10**digits // 50, 1.0


def called_by(count: int, *lists: Listed) -> Screening:
    screening = Screening(Rulebook(), Policy(pools=Wish.BLOCK), lists=lists)
    for place in range(count):
        look_alike = understand(f"1621012{place}000", "CN")
        screening.pools.ended(look_alike, NOON - timedelta(days=1), Outcome.HUNG_UP, None)
    return screening


def test_lists_that_block_support_what_the_house_has_heard_and_alone_block_nothing() -> None:
    bad = Listed(1, "bad", Action.BLOCK, Thick())
    assert decided(called_by(0, bad), "16210129999") == ("allow", "default")
    assert decided(called_by(1, bad), "16210129999") == ("allow", "default")
    assert decided(called_by(2), "16210129999") == ("allow", "default")
    assert decided(called_by(2, bad), "16210129999") == ("block", "pool")


def test_a_list_that_allows_supports_no_pool() -> None:
    assert decided(called_by(2, Listed(1, "good", Action.ALLOW, Thick())), "16210129999")[0] == "allow"


def test_a_list_is_heeded_and_forgotten_as_it_comes_and_goes() -> None:
    screening = called_by(2)
    for lists, action in (((Listed(1, "bad", Action.BLOCK, Thick()),), "block"), ((), "allow")):
        screening.lists = lists
        assert decided(screening, "16210129999")[0] == action


def test_of_several_lists_the_thickest_speaks() -> None:
    lists = [
        Listed(place, "bad", Action.BLOCK, one) for place, one in enumerate((Holding(), Thick(), Holding()))
    ]
    assert called_by(2, *lists).reported("1621012????") == (200, 1.0)


def test_who_is_blocked_for_the_pool_and_rings_again_at_once_comes_through() -> None:
    screening = called_by(9)
    stranger = understand("16210129999", "CN")
    for _ in range(2):
        verdict = screening.judge(caller("16210129999"))
        assert (verdict.action, verdict.reason) == (Action.BLOCK, Reason.POOL)
    screening.ended(stranger, NOON, verdict, rings=1, talked=None)
    assert decided(screening, "16210129999", at=NOON + timedelta(minutes=3)) == ("allow", "default")
    assert decided(screening, "16210129999", at=NOON + timedelta(minutes=6)) == ("block", "pool")
