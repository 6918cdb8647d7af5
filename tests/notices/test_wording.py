import re
import unicodedata
from datetime import timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.board.lamps import Shows
from firmware.call import Reason
from firmware.notices.wording import LONGEST, Words, plain, table

BEIJING = timezone(timedelta(hours=8))


def call(**changes: Any) -> dict[str, Any]:
    verdict = {"action": "block", "reason": "rule", "rule": 1, "match": "162*", "how": None}
    return {
        "id": 1,
        "started": "2026-03-01T12:00:00+00:00",
        "number": "+8616210123456",
        "presented": "16210123456",
        "name": None,
        "rings": 2,
        "over": True,
        "who": None,
        "verdict": verdict,
    } | changes


def words(language: str = "en") -> Words:
    return Words(language, "CN", BEIJING)


@given(st.text(max_size=300))
def test_a_caller_s_name_is_a_short_line_without_markup(name: str) -> None:
    shown = plain(name)
    assert len(shown) <= LONGEST
    assert not re.search(r"[!-/:-@\[-`{-~]", shown)
    assert not any(unicodedata.category(char).startswith("C") for char in shown)
    assert shown == " ".join(shown.split())
    assert len(plain(name + "王" * LONGEST)) <= LONGEST


def test_a_name_that_would_write_a_message_of_its_own_stays_a_name() -> None:
    name = "Bank\r\n\r\n@all [click](http://evil.example) <b>\u202e"
    said = words().call("blocked", call(name=name))
    assert said.count("\n") == 0
    assert "@" not in said
    assert "://" not in said
    assert "＠all" in said


def test_a_blocked_call_is_told_with_its_reason_on_the_owner_s_clock() -> None:
    where = {"place": "山东 青岛"}
    assert words().call("blocked", call(who=where, name="Ma")) == (
        "20:00 blocked 16210123456 Qingdao, Shandong “Ma”: your rule 162＊"
    )
    assert words("zh").who(call(who=where)) == "16210123456 山东 青岛"
    assert words().who(call(who={"place": "<b>, <i>"})) == "16210123456 ＜b＞， ＜i＞"
    assert words("zh").call("blocked", call(number=None)) == "20:00 已拦截 没有号码：规则 162＊"


def test_what_is_no_number_is_told_by_its_digits_alone() -> None:
    assert words().who(call(number="@all<5>")) == "5"


def test_a_day_is_told_in_figures() -> None:
    calls = [call(), call(number="+8616210129999"), call(verdict=None)]
    assert words().digest(calls).splitlines() == [
        "In the last day 3 calls, of which 2 were blocked.",
        "Blocked most: 1621012… ×2",
    ]
    assert words().digest([call(verdict=None)]).count("\n") == 0


def test_both_languages_say_the_same_things_with_the_same_gaps() -> None:
    def gaps(text: str) -> set[str]:
        return set(re.findall(r"\{(\w+)\}", text))

    zh, en = table()["zh"], table()["en"]
    assert zh.keys() == en.keys()
    assert zh["faults"].keys() == en["faults"].keys()
    assert zh["reasons"].keys() == en["reasons"].keys()
    for key in zh.keys() - {"faults", "reasons"}:
        assert gaps(zh[key]) == gaps(en[key]), key


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_fault_of_a_line_has_words(language: str) -> None:
    for shows in (Shows.NO_MODEM, Shows.SILENT, Shows.LOST, Shows.NO_CALLER_ID, Shows.RELAY, Shows.LINE):
        assert str(shows) in table()[language]["faults"]
    assert words(language).fault("anything else") == words(language).fault("line")


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_words(reason: Reason) -> None:
    verdict = {"action": "block", "reason": str(reason), "match": "L"}
    assert words().call("blocked", call(verdict=verdict)).rpartition(": ")[2]
