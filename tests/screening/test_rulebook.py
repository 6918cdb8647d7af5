"""Many rules compiled for look-up, against trying each of them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import islice
from math import log10
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judging import NOON, book, caller, rule

from firmware.call import Absence, Action
from firmware.numbers import identify
from firmware.screening import Caller, Policy, Rule, Rulebook, Screening, rule_from
from firmware.screening.matches import Sort
from firmware.screening.rulebook import Found, segments_of

NUMBERS = (
    "13312345678",
    "16210123456",
    "16210129999",
    "17021550198",
    "057188881234",
    "95588",
    "95510123",
    "+447534123456",
    "4001234567",
    "00000",
    "?*?*",
    "",
)
NAMES = (None, "贷款", "Bank of X", "bank")
MOMENTS = tuple(NOON + timedelta(hours=hours) for hours in (0, 11, 40, 24 * 40))


def speaking(rulebook: Rulebook, who: Caller) -> list[Found]:
    """The rules that speak, as the verdict asks for them."""
    traits = Screening(rulebook, Policy()).traits
    exact = rulebook.exactly(who.number, who.line, who.at) if who.number else []
    return exact + rulebook.otherwise(who, traits)


def settled(text: str) -> float:
    low, sign, high = text.partition("..")
    if sign:
        return len(low) - log10(int(high) - int(low) + 1)
    return len(text) - 1 if re.fullmatch(r"\+?[0-9]*\*", text) else sum(map(str.isdigit, text))


def fits(one: Rule, who: Caller) -> bool:
    """Whether a caller fits a rule, by the plain meaning of its match."""
    text, number, name = one.match.text, who.number, who.name
    about, _, rest = text.partition(":")
    if one.match.sort is Sort.ANYONE:
        return True
    if one.match.sort is Sort.NAME:
        return name is not None and rest.casefold() in name.casefold()
    if number is None:
        return one.match.sort is Sort.KIND and rest == who.absence
    if one.match.sort is Sort.NUMBER:
        return number.normal == text
    if one.match.sort is Sort.EXPRESSION:
        return any(re.search(text[1:-1], form) for form in (number.normal, number.national))
    if one.match.sort is Sort.DIGITS:
        low, sign, high = text.partition("..")
        if sign:
            return len(number.national) == len(low) and low <= number.national <= high
        pattern = re.escape(text).replace(r"\*", ".*").replace(r"\?", "[0-9]")
        return re.fullmatch(pattern, number.national) is not None
    who_it_is = identify(number, "CN")
    return {
        "kind": rest == who_it_is.kind
        or (rest == "impossible" and not number.possible)
        or (rest == "international" and number.possible and number.normal.startswith("+44")),
        "place": who_it_is.place is not None and rest in who_it_is.place.split(),
        "operator": rest == who_it_is.operator,
    }[about]


def first(rules: dict[int, Rule], who: Caller) -> int | None:
    """The rule that decides, found by trying them all."""
    order = list(Sort)
    holding = [
        (id, one)
        for id, one in rules.items()
        if one.on and one.terms.hold(who.line, who.at) and fits(one, who)
    ]
    if not holding:
        return None
    return min(
        holding,
        key=lambda item: (
            order.index(item[1].match.sort),
            -settled(item[1].match.text) if item[1].match.sort is Sort.DIGITS else 0,
            item[1].action is Action.BLOCK,
            item[0],
        ),
    )[0]


def rule_or_none(wish: dict[str, Any]) -> Rule | None:
    try:
        return rule_from(wish, "CN")
    except ValueError:
        return None


DIGITS = st.sampled_from(NUMBERS[:-2])
MATCHES = st.one_of(
    DIGITS,
    st.builds(lambda digits, length: f"{digits[:length]}*", DIGITS, st.integers(1, 8)),
    st.builds(
        lambda digits, down, up: f"{int(digits) - down:0{len(digits)}}..{int(digits) + up:0{len(digits)}}",
        DIGITS.filter(str.isdecimal),
        st.integers(0, 2000),
        st.integers(0, 20_000),
    ),
    st.builds(
        lambda digits, start, end, sign: digits[:start] + sign + digits[end:],
        DIGITS,
        st.integers(0, 6),
        st.integers(3, 8),
        st.sampled_from(["?", "??", "*", "???", "????"]),
    ),
    st.sampled_from(["/^1[67]/", "/98$/", "/(12)+3/", r"/^\+86.*4/", "/^0/", "/5{2}/", "/.*/"]),
    st.sampled_from(["name:贷", "name:BANK", "name:x", "place:杭州", "place:浙江", "operator:China Telecom"]),
    st.sampled_from(["mvno", "landline", "service", "international", "impossible", "withheld", "anyone"]).map(
        "kind:{}".format
    ),
)
RULES = st.fixed_dictionaries(
    {"match": MATCHES, "action": st.sampled_from(["allow", "block"])},
    optional={
        "line": st.sampled_from(["modem", "sip"]),
        "when": st.sampled_from(["22:00-07:00", "mon 11:00-13:00", "tue-sat 00:00-24:00"]),
        "until": st.sampled_from([(NOON + timedelta(hours=5)).isoformat()]),
        "how": st.sampled_from(["cut", "hangup"]),
        "on": st.booleans(),
    },
).map(rule_or_none)
CALLERS = st.builds(
    lambda digits, name, line, at: caller(digits, name=name, line=line, at=at),
    st.sampled_from(NUMBERS),
    st.sampled_from(NAMES),
    st.sampled_from(["modem", "sip"]),
    st.sampled_from(MOMENTS),
) | st.builds(
    lambda absence, name: caller(name=name, absence=absence),
    st.sampled_from([None, *Absence]),
    st.sampled_from(NAMES),
)


@given(st.lists(RULES, max_size=15), st.lists(CALLERS, min_size=1, max_size=6))
def test_the_rule_that_decides_is_the_one_that_trying_them_all_finds(
    rules: list[Rule | None], callers: list[Caller]
) -> None:
    numbered = {id: one for id, one in enumerate(rules, 1) if one}
    rulebook = Rulebook()
    for id, one in numbered.items():
        rulebook.put(id, one)
    assert len(rulebook) == sum(one.on for one in numbered.values())
    for who in callers:
        found = speaking(rulebook, who)
        assert (found[0].id if found else None) == first(numbered, who)
        assert len({one.id for one in found}) == len(found)
        for one in found:
            meant = numbered[one.id]
            assert (one.action, one.match, one.how) == (meant.action, meant.match.text, meant.terms.how)


def loaded_from(kept: dict[int, Rule]) -> Rulebook:
    return Rulebook.load((id, {**one.document(), "created": "2026"}) for id, one in sorted(kept.items()))


@given(
    st.lists(st.tuples(st.integers(1, 5), RULES), max_size=15),
    st.lists(CALLERS, min_size=1, max_size=4),
    st.integers(0, 15),
)
def test_after_any_changes_it_is_as_if_loaded_anew(
    changes: list[tuple[int, Rule | None]], callers: list[Caller], starts: int
) -> None:
    rulebook = Rulebook()
    kept: dict[int, Rule] = {}
    for place, (id, one) in enumerate(changes):
        if place == starts:
            rulebook = loaded_from(kept)
        before = kept.pop(id, None)
        if before and (one is None or one.match != before.match):
            rulebook.drop(id, before.match.text)
        if one:
            rulebook.put(id, one)
            kept[id] = one
    loaded = loaded_from(kept)
    assert len(loaded) == len(rulebook)
    for who in callers:
        assert speaking(loaded, who) == speaking(rulebook, who)
    for one in kept.values():
        assert (loaded.same(one) is None) == (rulebook.same(one) is None)


@pytest.mark.parametrize(
    ("document", "what"),
    [
        ({"match": "162*", "action": "block", "mood": "sad"}, "fields"),
        ({"match": "16210123456", "action": "screen"}, "action"),
        ({"match": "162*", "action": "screen"}, "action"),
        ({"match": "kind:nice", "action": "block"}, "kind"),
        ({"match": "colour:red", "action": "block"}, "kind"),
        ({"match": r"/(1)\1/", "action": "block"}, "expression"),
        ({"match": {"all": []}, "action": "block"}, "match"),
        ({"match": ["+86162"], "action": "block"}, "match"),
        ({"match": "162*", "action": "block", "when": "at noon"}, "when"),
        ({"action": "block"}, "match"),
        ({"match": "162*"}, "action"),
    ],
)
def test_a_rule_of_a_newer_version_is_left_out_and_said_so_and_the_rest_is_loaded(
    document: dict[str, Any], what: str, caplog: pytest.LogCaptureFixture
) -> None:
    good = [
        (id, {**rule(match).document(), "created": ""})
        for id, match in ((1, "162*"), (9, "/8$/"), (10, "170*"))
    ]
    rulebook = Rulebook.load([good[0], (7, {"note": "", "created": "", **document}), *good[1:]])
    assert len(rulebook) == 3
    assert [one.id for one in speaking(rulebook, caller("16210120008"))] == [1, 9]
    assert [record.getMessage() for record in caplog.records] == [
        f"rule 7 is left out: its {what} makes no sense here"
    ]


def test_the_same_rule_is_the_one_with_the_same_match_and_terms() -> None:
    night = rule("162*", when="22:00-7:00")
    rulebook = book(rule("162*"), night, rule("162*", line="modem"), rule("170*"))
    assert rulebook.same(rule("162 *", "allow", note="other")) == 1
    assert rulebook.same(rule("+86162*", when="22:00-07:00")) == 2
    assert rulebook.same(rule("162*", line="modem")) == 3
    assert rulebook.same(rule("162*", line="sip")) is None
    assert rulebook.same(rule("171*")) is None


def test_a_rule_that_changes_its_terms_loses_the_old_ones() -> None:
    rulebook = book(rule("162*", line="sip"))
    assert speaking(rulebook, caller("16210123456")) == []
    rulebook.put(1, rule("162*"))
    assert [one.id for one in speaking(rulebook, caller("16210123456"))] == [1]


def test_a_rule_that_is_changed_speaks_all_the_while() -> None:
    """As another thread sees it between any two steps."""
    rulebook = book(rule("16210123456", line="modem"))
    seen: list[bool] = []
    rulebook._rules = Watched(lambda: seen.append(bool(speaking(rulebook, who))), rulebook._rules)
    who = caller("16210123456")
    rulebook.put(1, rule("16210123456", "allow"))
    assert seen
    assert all(seen)


class Watched(dict[str, Any]):
    """A dict that calls `on_change` after each change."""

    def __init__(self, on_change: Any, content: dict[str, Any]) -> None:
        super().__init__(content)
        self.on_change = on_change

    def __setitem__(self, key: str, value: Any) -> None:
        super().__setitem__(key, value)
        self.on_change()

    def pop(self, *args: Any) -> Any:
        value = super().pop(*args)
        self.on_change()
        return value


def test_two_rules_over_the_same_number_are_both_asked() -> None:
    number = "16210123456"
    rulebook = book(
        rule(number, "block", when="mon 12:00-13:00"), rule(number, "allow", line="sip"), rule(number)
    )
    assert [one.id for one in speaking(rulebook, caller(number))] == [1, 3]
    assert [one.id for one in speaking(rulebook, caller(number, line="sip"))] == [2, 1, 3]
    rulebook.drop(1, "+8616210123456")
    assert [one.id for one in speaking(rulebook, caller(number))] == [3]


@pytest.mark.parametrize("presented", ["162*", "kind:anyone", "name:mum", "/1/", "1620..1629", "place:杭州"])
def test_a_caller_that_presents_a_match_instead_of_a_number_is_not_taken_for_it(presented: str) -> None:
    who = caller(presented)
    assert who.number
    rulebook = book(rule(presented, "allow"))
    assert rulebook.exactly(who.number, who.line, who.at) == []


@given(st.text(max_size=30), st.text(max_size=30) | st.none())
def test_whatever_is_presented_is_answered(presented: str, name: str | None) -> None:
    rulebook = book(
        *(rule(m) for m in ("1*", "*1*", "?*1", "1000..2000", "/1/", "name:x", "kind:impossible"))
    )
    speaking(rulebook, caller(presented, name=name))


def test_a_number_that_no_text_can_hold_is_answered() -> None:
    assert [one.match for one in speaking(book(rule("/1$/")), caller("\ud8001"))] == ["/1$/"]


def test_an_expression_that_would_never_end_elsewhere_does() -> None:
    rulebook = book(rule("/^(1+)+$/"), rule("/^(1|11)*$/"), rule("/2$/"))
    assert [one.id for one in speaking(rulebook, caller("1" * 60 + "2"))] == [3]


def test_many_large_expressions_are_sought_at_once() -> None:
    rules = [rule(rf"/(\d?.?){{1,300}}7{last:03}/") for last in range(50)]
    assert [one.id for one in speaking(book(*rules), caller("16210127042"))] == [43]


ENDS = st.integers(1, 7).flatmap(
    lambda length: st.tuples(
        st.just(length),
        st.integers(0, 10**length - 1),
        st.integers(0, 10**length - 1),
        st.sampled_from(["", "+"]),
    )
)


@given(ENDS)
def test_segments_make_up_their_range_exactly(ends: tuple[int, int, int, str]) -> None:
    length, one, other, plus = ends
    low, high = sorted((one, other))
    segments = list(segments_of(f"{plus}{low:0{length}}", f"{plus}{high:0{length}}"))
    covered = sorted(
        (int(f"{s[len(plus) :]:0<{length}}"), 10 ** (length - len(s) + len(plus))) for s in segments
    )
    assert all(segment.startswith(plus) for segment in segments)
    assert covered[0][0] == low
    assert all(start + size == after for (start, size), (after, _) in zip(covered, islice(covered, 1, None)))  # noqa: B905
    assert sum(covered[-1]) == high + 1
    assert len(segments) <= 18 * length


def test_a_widest_range_is_one_segment() -> None:
    assert list(segments_of("0000", "9999")) == [""]
    assert list(segments_of("+00", "+99")) == ["+"]


def test_datetimes_of_rules_are_compared_across_zones() -> None:
    rulebook = book(rule("162*", until="2026-03-02T20:00:00+08:00"))
    assert speaking(rulebook, caller("16210123456", at=NOON - timedelta(seconds=1)))
    assert not speaking(
        rulebook, caller("16210123456", at=datetime.fromisoformat("2026-03-02T13:00:00+01:00"))
    )


def test_a_number_ruled_on_at_the_start_can_be_dropped_changed_and_ruled_on_twice() -> None:
    blocked, allowed = rule("13312345678"), rule("13312345678", "allow")
    rulebook = loaded_from({1: blocked, 2: rule("13312345679")})
    who, other = caller("13312345678"), caller("13312345679")
    rulebook.put(3, allowed)
    assert [found.id for found in speaking(rulebook, who)] == [3, 1]
    rulebook.drop(3, allowed.match.text)
    rulebook.drop(1, blocked.match.text)
    assert speaking(rulebook, who) == []
    assert [found.id for found in rulebook.speaking("modem", NOON)] == [2]
    assert len(rulebook) == 1
    rulebook.put(2, rule("13312345679", on=False))
    assert speaking(rulebook, other) == []
    assert [found.id for found in speaking(loaded_from({1: blocked, 2: allowed}), who)] == [2, 1]


ORDERED = st.lists(
    st.tuples(
        st.sampled_from(
            ["16210123456", "13800138000", "*12345678", "162*", "1621*", "16?????8888", "16210120000..16210129999",
             "/162/", "name:x", "place:北京", "kind:mvno", "kind:anyone"]
        ),
        st.sampled_from(["block", "allow"]),
        st.sampled_from([None, "modem", "sip"]),
        st.booleans(),
        st.sampled_from([None, "mvno"]),
    ),
    max_size=12,
)  # fmt: skip


@given(ORDERED)
def test_the_order_is_that_in_which_rules_decide(
    wishes: list[tuple[str, str, str | None, bool, str | None]],
) -> None:
    book, rules = Rulebook(), {}
    for id, (match, action, line, on, of) in enumerate(wishes, 1):
        rules[id] = rule_from({"match": match, "action": action, "line": line, "on": on, "of": of}, "CN")
        book.put(id, rules[id])

    def place(id: int) -> tuple[object, ...]:
        return rules[id].match.rank, rules[id].action == "allow", -id

    expected = sorted(rules, key=place, reverse=True)
    own, of_sets = [id for id in expected if not rules[id].of], [id for id in expected if rules[id].of]
    assert book.order() == (own, of_sets)
    documents = [
        (id, {**rule.document(), "created": "2026-03-02T04:00:00+00:00"}) for id, rule in rules.items()
    ]
    loaded = Rulebook.load(documents)
    assert loaded.order() == (own, of_sets)
    assert len(loaded) == len(book) == sum(rule.on for rule in rules.values())
    for id in own:
        book.drop(id, rules[id].match.text)
        assert id not in book.order()[0]
