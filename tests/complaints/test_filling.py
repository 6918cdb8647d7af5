"""What goes into a form."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.complaints.filling import Case, fill, in_one_text, short_message
from firmware.complaints.forms import Form, all_forms, find_form

SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 3, 2, 1, 15, tzinfo=UTC)
SAID = "您好，这里是某某金融，最近有资金需求吗？"


def a_call(id: int = 1, number: str | None = "+8616210123456", **more: Any) -> dict[str, Any]:
    return {
        "id": id, "number": number, "started": (MORNING + timedelta(hours=id - 1)).isoformat(), "rings": 3,
        "talked": None, "cut": False, "kind": None, "said": None, "verdict": None,
    } | more  # fmt: skip


def a_case(*calls: dict[str, Any], **more: Any) -> Case:
    newest_first = sorted(calls or (a_call(),), key=lambda call: -call["id"])
    about: dict[str, Any] = {
        "lead": newest_first[0],
        "answers": {},
        "own": {},
        "region": "CN",
        "zone": SHANGHAI,
    }
    return Case(newest_first, **(about | more))


def values(form: str, case: Case) -> dict[str, str]:
    return {one.field.name: one.value for one in fill(find_form(form), case)}


def test_a_marked_call_fills_the_form_of_12321() -> None:
    call = a_call(talked=42.0, kind="loans", said=SAID)
    assert values("12321", a_case(call, own={"mobile": "13800138000"}, answers={"manner": "person"})) == {
        "mobile": "13800138000", "picture": "", "code": "", "number": "16210123456", "date": "2026-03-02",
        "time": "09:15", "duration": "3分钟以下", "manner": "人工骚扰", "kind": "贷款理财", "said": SAID, "agreed": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("talked", "cut", "told"),
    [
        (None, True, "未产生通话"),
        (None, False, ""),
        (0.4, False, "3分钟以下"),
        (179.9, False, "3分钟以下"),
        (180.0, False, "3到5分钟"),
        (599.0, False, "5到10分钟"),
        (7200.0, False, "10分钟以上"),
    ],
)
def test_the_length_of_talk_is_told_where_the_line_knows_it(
    talked: float | None, cut: bool, told: str
) -> None:
    assert values("12321", a_case(a_call(talked=talked, cut=cut)))["duration"] == told


def test_a_call_that_rang_once_is_told_as_one_unless_the_box_cut_it() -> None:
    assert values("12321", a_case(a_call(rings=1)))["manner"] == "响一声挂"
    assert values("12321", a_case(a_call(rings=1, cut=True)))["manner"] == ""


def test_what_the_owner_answers_goes_before_the_log() -> None:
    case = a_case(
        a_call(rings=1, kind="loans", said=SAID),
        answers={"kind": "stocks", "said": "别的话", "manner": "recording"},
    )
    told = values("12321", case)
    assert (told["kind"], told["said"], told["manner"]) == ("股票证券", "别的话", "自动语音骚扰")


def test_most_marks_decide_the_kind_of_many_calls() -> None:
    marks = ("estate", "loans", "loans", None, "nothing that this form knows")
    case = a_case(*(a_call(id, kind=kind) for id, kind in enumerate(marks, 1)))
    assert values("12321", case)["kind"] == "贷款理财"


def test_what_was_said_stands_word_for_word_and_once_above_the_other_calls() -> None:
    said = (SAID, "  =cmd() <b>装修</b>吗 ", SAID)
    calls = [a_call(id, f"+86162101234{id:02}", said=text) for id, text in enumerate(said, 1)]
    assert values("12321", a_case(*calls))["said"].split("\n") == [
        SAID, "  =cmd() <b>装修</b>吗 ", "", "同一号段另有2次来电：", "16210123402 2026-03-02 10:15",
        "16210123401 2026-03-02 09:15",
    ]  # fmt: skip


def test_a_long_table_is_cut_between_lines_and_says_how_many_are_left_out() -> None:
    calls = [a_call(id, f"+8616210{id:06}", said=SAID) for id in range(1, 120)]
    said = values("12321", a_case(*calls))["said"]
    assert len(said) <= 1000
    assert said.startswith(SAID)
    listed = said.count(" 2026-03-")
    assert 20 < listed < 118
    assert said.endswith(f"\n……另有{118 - listed}次")


def test_a_form_is_about_the_call_that_leads() -> None:
    older, newer = a_call(1), a_call(2, "+8616210999999")
    told = values("12321", a_case(older, newer, lead=older))
    assert (told["number"], told["time"]) == ("16210123456", "09:15")
    assert "16210999999" in told["said"]


def test_a_withheld_number_is_told_as_the_form_wants_it() -> None:
    assert values("12321", a_case(a_call(number=None)))["number"] == "未知号码"


def test_pestering_attempts_are_counted_for_one_number() -> None:
    calls = [a_call(id, "+4915123456789", rings=id) for id in (1, 2, 30)] + [a_call(4, "+4930901820")]
    told = values("bnetza-attempts", a_case(*calls, region="DE", zone=ZoneInfo("Europe/Berlin")))
    assert {name: told[name] for name in ("number", "count", "first", "last", "times", "rings")} == {
        "number": "01512 3456789".replace(" ", ""),
        "count": "3", "first": "02.03.2026", "last": "03.03.2026",
        "times": "03.03.2026 07:15\n02.03.2026 03:15\n02.03.2026 02:15",
        "rings": "30",
    }  # fmt: skip


def test_the_short_message_is_one_line_of_bounded_length() -> None:
    call = a_call(kind="loans", said="一\n二\u2028三\x00四" + "长" * 400)
    message = short_message(find_form("12321"), a_case(call, a_call(0)))
    assert message
    assert message.startswith("16210123456*2026-03-02 09:15 贷款理财 一 二 三 四长")
    assert len(message) == 200
    assert message.isprintable()
    assert (
        short_message(find_form("ico"), a_case(a_call(number="+442079460000"), region="GB"))
        == "Call 02079460000"
    )
    assert short_message(find_form("ftc"), a_case()) is None


def test_a_text_that_is_too_long_goes_without_the_other_calls() -> None:
    calls = [a_call(id, f"+8616210{id:06}", said=SAID) for id in range(1, 40)]
    text = in_one_text(fill(find_form("12321"), a_case(*calls)), 700)
    assert text.endswith(f"来电描述: {SAID}")


def test_one_text_has_what_is_known_and_is_cut_between_characters() -> None:
    filled = fill(find_form("12321"), a_case(a_call(said=SAID)))
    assert in_one_text(filled).split("\n")[:2] == ["骚扰来电号码: 16210123456", "来电日期: 2026-03-02"]
    for most in range(60, 120):
        text = in_one_text(filled, most)
        assert len(text.encode()) <= most
        assert text.endswith("…")


@given(
    st.sampled_from(list(all_forms().values())),
    st.lists(
        st.fixed_dictionaries(
            {
                "number": st.none() | st.text(max_size=30),
                "said": st.none() | st.text(max_size=500),
                "kind": st.none() | st.text(max_size=40) | st.just("other"),
                "rings": st.integers(0, 100),
                "talked": st.none() | st.floats(0, 1e6),
                "cut": st.booleans(),
            }
        ),
        min_size=1,
        max_size=40,
    ),
    st.sampled_from(["CN", "US", "GB", "DE", "FR"]),
)
def test_nothing_that_callers_or_owners_say_breaks_a_form(
    form: Form, calls: list[dict[str, Any]], region: str
) -> None:
    case = a_case(*(a_call(id, **call) for id, call in enumerate(calls, 1)), region=region)
    for one in fill(form, case):
        assert len(one.value) <= one.field.most
        assert not one.field.choices or one.value == (one.choice.label if one.choice else "")
    assert len(in_one_text(fill(form, case), 700).encode()) <= 700
    message = short_message(form, case)
    assert message is None or (form.sms and len(message) <= form.sms.most and len(message.splitlines()) <= 1)
