import csv
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import timedelta
from importlib.resources import files

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import escape

from firmware.call import Action, Reason, Verdict
from firmware.household import Household
from firmware.numbers import Kind, identify, understand
from firmware.screening.matches import KINDS, kept, match_from
from firmware.screening.schedule import schedule
from firmware.screening.sets import ready_made
from firmware.settings import SETTINGS
from web import describing
from web.wording.callers import CALLERS, OPERATORS
from web.wording.callers import KINDS as KINDS_IN_WORDS
from web.wording.rules import SETS
from web.wording.settings import SETTING_GROUPS, SETTING_HELP, SETTING_NAMES

Speaking = Callable[[str], AbstractContextManager[object]]


@pytest.fixture
def speaking(app: Flask) -> Speaking:
    """A request of somebody who speaks a language."""
    return lambda language: app.test_request_context("/", headers={"Accept-Language": language})


@pytest.fixture
def english(speaking: Speaking) -> Iterator[None]:
    with speaking("en"):
        yield


def who(number: str) -> str:
    return describing.who(asdict(identify(understand(number, "CN", ""), "CN")))


def verdict(action: str, reason: str, match: str | None = None) -> str:
    return describing.verdict(asdict(Verdict(Action(action), Reason(reason), 1, match)))


def test_a_number_is_told_by_kind_network_and_place(speaking: Speaking) -> None:
    with speaking("zh"):
        assert who("17021550198") == "虚拟运营商 · 中国电信网 · 山东 青岛"
        assert who("13800138000").startswith("手机 · 中国移动 · ")
        assert who("95588") == "服务号码"
    with speaking("en"):
        assert who("17021550198") == "virtual operator on China Telecom · Qingdao, Shandong"
        assert who("+442079460123") == "landline · United Kingdom · London"


def test_what_a_number_does_not_tell_is_not_said(english: None) -> None:
    assert who("999999999999999") == ""
    assert describing.who(None) == ""


def test_every_kind_and_every_operator_has_words() -> None:
    assert {*map(str, Kind)} - KINDS_IN_WORDS.keys() == {"unknown"}
    text = files("firmware.numbers").joinpath("segments.csv").read_text("utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    assert {row["operator"] for row in rows} - {""} == OPERATORS.keys()


def test_every_kind_of_caller_and_every_set_and_setting_has_words() -> None:
    assert CALLERS.keys() == KINDS
    assert SETS.keys() == ready_made("CN").keys()
    assert SETTING_NAMES.keys() == SETTINGS.keys()
    assert SETTING_HELP.keys() <= SETTINGS.keys()


def test_every_setting_stands_in_one_group() -> None:
    grouped = [name for _, plain, more in SETTING_GROUPS.values() for name in (*plain, *more)]
    assert sorted(grouped) == sorted(SETTINGS)


def test_every_reason_is_a_verdict_in_words(english: None) -> None:
    said = {
        verdict(action, reason, match)
        for action in Action
        for reason, match in {"contact": "Ma", "rule": "162*", "list": "L: +86162*", "pass": "*"}.items()
    }
    assert said == {
        "Let through: Ma is one of your contacts",
        "Let through by your rule: numbers that begin with 162",
        "Blocked by your rule: numbers that begin with 162",
        "Let through: on the list L",
        "Blocked: on the list L",
        "Let through: a courier is expected",
    }
    plain = {
        reason: verdict("allow", reason) for reason in Reason if reason not in ("rule", "list", "contact")
    }
    assert plain.pop(Reason.WITHHELD) == plain.pop(Reason.UNAVAILABLE)
    assert len({*plain.values()}) == len(plain)


def test_a_known_caller_is_no_courier(english: None) -> None:
    assert verdict("allow", "pass", "+8617021550198") == "Let through: the number is known here"


def test_a_match_in_words(english: None) -> None:
    told = {
        "16210123456": "16210123456",
        "010 6555 1234": "01065551234",
        "162*": "numbers that begin with 162",
        "+44*": "numbers that begin with +44",
        "1621000..1621999": "numbers from 1621000 to 1621999",
        "162????8888": "numbers like 162????8888",
        "*8888": "numbers like *8888",
        r"/^162\d+8$/": r"numbers that fit /^162\d+8$/",
        "name:贷款": "callers whose name has “贷款” in it",
        "place:北京": "numbers from Beijing",
        "place:浙江 台州": "numbers from Taizhou, Zhejiang",
        "place:nowhere": "numbers from nowhere",
        "operator:China Mobile": "numbers of China Mobile",
        "kind:ring-once": "numbers that rang once and gave up",
        "kind:anyone": "everyone",
    }
    assert {written: describing.whom(match_from(written, "CN").text) for written in told} == told


@given(st.text(max_size=40))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_kept_can_be_told(english: None, written: str) -> None:
    try:
        text = match_from(written, "CN").text
    except ValueError:
        return
    assert describing.whom(text)
    assert kept(text)


def test_a_schedule_in_words(speaking: Speaking) -> None:
    text = schedule("mon-fri 22:00-07:00; sat,sun 00:00-24:00").text
    with speaking("en"):
        assert describing.when(text) == "Mon–Fri 22:00–07:00; Sat,Sun 00:00–24:00"
    with speaking("zh"):
        assert describing.when(text) == "周一–周五 22:00–07:00; 周六,周日 00:00–24:00"


def test_times_are_on_the_clock_of_the_line(english: None, app: Flask) -> None:
    household: Household = app.extensions["appliance"].household
    household.change_settings({"zone": "Asia/Shanghai"})
    assert describing.clock("2025-01-01T20:30:00+00:00") == "04:30"
    assert describing.day("2025-01-01T20:30:00+00:00") == "Thursday, 2 January 2025"
    assert describing.moment("2025-01-01T20:30:00+00:00") == "2 Jan 2025 04:30"
    now = describing.now()
    assert describing.day(now.isoformat()) == "Today"
    assert describing.day((now - timedelta(days=1)).isoformat()) == "Yesterday"
    other = now.replace(month=6 if now.month < 6 else 1, day=3, hour=4, minute=5)
    assert describing.moment(other.isoformat()) == f"3 {other:%b} 04:05"
    found = describing.written_moment("2025-01-02T04:30")
    assert found is not None
    assert found.isoformat() == "2025-01-02T04:30:00+08:00"


@pytest.mark.parametrize(
    ("number", "groups"),
    [
        ("16210123456", ["162", "1012", "3456"]),
        ("01065551234", ["010", "6555", "1234"]),
        ("+442079460123", ["+44", "20", "7946", "0123"]),
        ("00442079460123", ["00", "44", "20", "7946", "0123"]),
        ("95588", []),
        ("1234567890123456", []),
        ("<b>16210123456", []),
    ],
)
def test_a_number_is_shown_in_groups_and_copied_without_gaps(
    english: None, app: Flask, number: str, groups: list[str]
) -> None:
    shown = describing.grouped(number)
    assert re.findall(r'<span class="part">([^<]+)</span>', shown) == groups
    assert shown.striptags() == number if groups else shown == escape(number)


def test_a_moment_that_is_none_is_refused(english: None) -> None:
    for text in ("x", "2025-13-01T00:00", "25:00", "0001-01-01T00:00+23:59", "9" * 40):
        with pytest.raises(ValueError):  # noqa: PT011
            describing.written_moment(text)
    assert describing.written_moment("") is None
