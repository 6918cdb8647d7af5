"""A rule as it is wished for and as it is kept."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judging import NOON, rule

from firmware.call import Action, How
from firmware.screening import rule_from
from firmware.screening.rules import rule_of

FULL = {
    "match": "162*",
    "action": "block",
    "note": "推销",
    "how": "cut+hangup",
    "line": "modem",
    "when": "mon-fri 22:00-07:00",
    "until": "2026-12-24T18:00:00+00:00",
    "on": False,
    "of": "mvno",
}


def test_a_document_says_all_that_was_wished_for_and_is_read_again_as_the_same_rule() -> None:
    wished = rule_from(FULL, "CN")
    assert wished.document() == FULL
    assert rule_of(json.loads(json.dumps(wished.document()))) == wished


def test_what_is_left_open_is_left_out_of_the_document() -> None:
    assert rule("162*", how=None, line="", when=None, until="").document() == {
        "match": "162*", "action": "block", "note": "",
    }  # fmt: skip


def test_until_is_kept_in_utc_to_the_second() -> None:
    wished = rule("162*", until="2026-12-24T18:00:00.75+08:00")
    assert wished.document()["until"] == "2026-12-24T10:00:00+00:00"
    assert rule_of(wished.document()) == wished


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"match": None}, "empty"),
        ({"match": 162}, "match"),
        ({"match": ["162*"]}, "match"),
        ({"match": "1" * 1001}, "match"),
        ({"match": "110"}, "protected"),
        ({"match": "+86 96110"}, "protected"),
        ({"match": "010110"}, "protected"),
        ({"action": None}, "action"),
        ({"action": "maybe"}, "action"),
        ({"action": ["block"]}, "action"),
        ({"action": True}, "action"),
        ({"note": "x" * 201}, "note"),
        ({"note": "a\nb"}, "note"),
        ({"note": {}}, "note"),
        ({"how": "explode"}, "how"),
        ({"how": 1}, "how"),
        ({"line": "x" * 41}, "line"),
        ({"line": "a\x1bb"}, "line"),
        ({"when": "always"}, "when"),
        ({"when": 7}, "when"),
        ({"until": "tomorrow"}, "until"),
        ({"until": 1e9}, "until"),
        ({"until": "2026-12-24T18:00:00"}, "until"),
        ({"until": "0001-01-01T00:00:00+14:00"}, "until"),
        ({"until": "9999-12-31T23:59:59-14:00"}, "until"),
        ({"on": "yes"}, "on"),
        ({"on": 1}, "on"),
        ({"of": "x" * 41}, "of"),
    ],
)
def test_what_is_no_rule_is_refused_by_name(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(ValueError, match=f"^{code}$"):
        rule_from({**FULL, **changes}, "CN")


def test_a_protected_number_may_be_allowed_and_its_segment_blocked() -> None:
    assert rule("110", "allow").action is Action.ALLOW
    assert rule("110*").action is Action.BLOCK


def test_what_is_protected_depends_on_where_the_line_is() -> None:
    assert rule("12345", region="DE").match.text == "12345"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"mood": "sad"}, "fields"),
        ({"action": "screen"}, "action"),
        ({"match": "colour:red"}, "kind"),
        ({"match": r"/(1)\1/"}, "expression"),
        ({"match": ""}, "match"),
        ({"match": {}}, "match"),
        ({"how": "music"}, "how"),
        ({"when": "at noon"}, "when"),
        ({"on": 2}, "on"),
    ],
)
def test_a_document_of_another_version_is_refused_by_what_is_unknown_in_it(
    changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(ValueError, match=f"^{code}$"):
        rule_of({**FULL, **changes})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([*FULL, "mood"]), JSON), st.sampled_from([{}, FULL]))
def test_nothing_but_a_refusal_escapes_whatever_is_wished(
    changes: dict[str, Any], before: dict[str, Any]
) -> None:
    for reading in (lambda wish: rule_from(wish, "CN"), rule_of):
        try:
            found = reading({**before, **changes})
        except ValueError as error:
            assert str(error).isidentifier()  # noqa: PT017
        else:
            assert rule_of(found.document()) == found


def test_terms_hold_on_their_line_in_their_hours_and_before_their_end() -> None:
    terms = rule("162*", line="modem", when="mon 12:00-13:00", until="2026-03-02T12:30:00Z").terms
    assert terms.hold("modem", NOON)
    assert not terms.hold("sip", NOON)
    assert not terms.hold("modem", NOON.replace(hour=11))
    assert terms.hold("modem", NOON.replace(minute=29, second=59))
    assert not terms.hold("modem", NOON.replace(minute=30))


def test_how_a_call_is_rejected_is_the_rules_own_or_left_to_the_owner() -> None:
    assert rule("162*", how="hangup").terms.how is How.HANG_UP
    assert rule("162*").terms.how is None
