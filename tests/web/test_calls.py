"""The calls' page: searched, explained, and acted upon."""

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from asking import Ask
from test_injection import NAMES
from visiting import Visitor, led

from firmware.appliance import Appliance
from firmware.call import Action, Call, CallerId, Reason, Verdict
from firmware.calls.log import MOST_SEARCHED, as_document
from firmware.numbers import understand
from web.spreadsheet import FORMULA

Ring = Callable[..., int]
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
"""In Shanghai."""


def logged(
    number: str | None, name: str | None = None, *, days: int = 0, verdict: Verdict | None = None
) -> Call:
    call = Call("modem", NOON + timedelta(days=days), CallerId(number=number, name=name), over=True, rings=2)
    call.number = understand(number, "CN") if number else None
    call.verdict = verdict or Verdict(Action.ALLOW, Reason.DEFAULT)
    return call


BLOCKED = Verdict(Action.BLOCK, Reason.RULE, 1, "162*")


@pytest.fixture
def log(appliance: Appliance) -> Callable[..., None]:
    """Puts calls into the log."""
    appliance.household.change_settings({"zone": "Asia/Shanghai"})

    def put(*calls: Call) -> None:
        store = appliance.calls_log.store()
        assert store is not None
        store.table("calls").insert_multiple(map(as_document, calls))

    return put


@pytest.fixture
def few(log: Callable[..., None], appliance: Appliance) -> None:
    log(
        logged("16210123456", verdict=BLOCKED),
        logged("13800138000", "Wang Wu", days=1, verdict=Verdict(Action.ALLOW, Reason.CONTACT, 1, "Wang")),
        logged("02164550011", days=2),
        logged(None, days=3, verdict=Verdict(Action.BLOCK, Reason.WITHHELD)),
    )
    appliance.remark(3, note="A roofer")


def shown(html: str) -> list[int]:
    return [int(id) for id in re.findall(r'<li id="call-(\d+)"', html)]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ({}, [4, 3, 2, 1]),
        ({"search": "1621012"}, [1]),
        ({"search": "162 1012*"}, [1]),
        ({"search": "+86 138-0013-8000"}, [2]),
        ({"search": "wang"}, [2]),
        ({"search": "上海"}, [3]),
        ({"search": "shanghai"}, [3]),
        ({"search": "china mobile"}, [2]),
        ({"search": "virtual operator"}, [1]),
        ({"search": "roofer"}, [3]),
        ({"search": "nobody"}, []),
        ({"verdict": "blocked"}, [4, 1]),
        ({"verdict": "allowed"}, [2]),
        ({"verdict": "unknown"}, [3]),
        ({"since": "2026-03-04"}, [4, 3]),
        ({"until": "2026-03-03"}, [2, 1]),
        ({"since": "2026-03-03", "until": "2026-03-04"}, [3, 2]),
        ({"verdict": "blocked", "search": "162", "until": "2026-03-02"}, [1]),
        ({"until": "0001-01-01"}, []),
        ({"since": "9999-12-31"}, []),
        ({"until": "9999-12-31"}, [4, 3, 2, 1]),
    ],
)
def test_calls_are_found_by_what_is_in_the_address(
    owner: Visitor, few: None, search: dict[str, str], found: list[int]
) -> None:
    html = owner.get(f"/calls?{urlencode(search)}").text
    assert shown(html) == found
    for name, value in search.items():
        assert f'value="{value}"' in html, name


def test_a_filter_that_makes_no_sense_is_refused_in_words(owner: Visitor, few: None) -> None:
    assert "There is no such verdict." in owner.get("/calls?verdict=x").text
    assert "That is no day." in owner.get("/calls?since=soon").text


def test_more_calls_come_at_the_end_until_there_are_no_more(owner: Visitor, log: Callable[..., None]) -> None:
    log(*(logged("16210123456", days=day) for day in range(70)))
    html, found = owner.get("/calls").text, []
    while True:
        found += shown(html)
        older = re.search(r'hx-get="(/calls/older[^"]*)" hx-trigger="revealed"', html)
        if not older:
            break
        html = owner.get(older[1].replace("&amp;", "&")).text
    assert found == list(range(70, 0, -1))


def test_without_scripts_a_link_leads_to_the_older_calls(owner: Visitor, log: Callable[..., None]) -> None:
    log(*(logged("16210123456", days=day) for day in range(40)))
    (path,) = re.findall(r'<a href="(/calls\?before=\d+)"', owner.get("/calls").text)
    html = owner.get(path).text
    assert shown(html) == list(range(10, 0, -1))
    assert "sse-connect" not in html


def test_a_search_through_many_calls_is_done_a_part_at_a_time(
    owner: Visitor, log: Callable[..., None]
) -> None:
    log(logged("13800138000"), *(logged("16210123456", days=1) for _ in range(MOST_SEARCHED + 20)))
    html = owner.get("/calls?search=13800138000").text
    assert shown(html) == []
    assert "Search further back" in html
    (path,) = re.findall(r'hx-get="(/calls/older[^"]*)"', html)
    assert shown(owner.get(path.replace("&amp;", "&")).text) == [1]


def table(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_calls_that_are_looked_for_are_a_table_too(owner: Visitor, few: None) -> None:
    answer = owner.get("/calls.csv?verdict=blocked")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    nobody, virtual = table(answer.text)
    assert (nobody["number"], nobody["reason"]) == ("", "withheld")
    assert (virtual["time"], virtual["number"], virtual["kind"], virtual["action"], virtual["match"]) == (
        "2026-03-02T12:00:00+08:00", "16210123456", "mvno", "block", "162*",
    )  # fmt: skip
    assert [row["note"] for row in table(owner.get("/calls.csv").text)] == ["", "A roofer", "", ""]


@pytest.mark.parametrize("name", [*NAMES, *(f"{sign}cmd|' /C calc'!A0" for sign in FORMULA), 'a",=1+1,"b'])
def test_no_cell_of_the_table_is_a_formula(owner: Visitor, log: Callable[..., None], name: str) -> None:
    log(logged("+12025550123", name))
    (row,) = table(owner.get("/calls.csv").text)
    assert row["name"].removeprefix("'") == name.replace("\r\n", "\n") or row["name"] == name
    assert not any(cell.startswith(FORMULA) for cell in row.values())


def test_a_long_table_is_whole(owner: Visitor, log: Callable[..., None]) -> None:
    log(*(logged("16210123456", days=day) for day in range(450)))
    assert [int(row["id"]) for row in table(owner.get("/calls.csv").text)] == list(range(450, 0, -1))


def test_why_a_call_was_judged_so_is_told_step_by_step(
    owner: Visitor, few: None, appliance: Appliance
) -> None:
    appliance.household.add_rule({"match": "162*", "action": "block"})
    for headers in ({}, {"HX_Request": "true"}):
        html = owner.get("/calls/1", **headers).text
        assert ("<html" in html) == (not headers)
        assert "Blocked by your rule: numbers that begin with 162" in html
        assert "numbers that begin with 162</bdi> — This decides." in " ".join(html.split())
    assert "Number withheld" in owner.get("/calls/4").text or owner.get("/calls/4").status_code == 200
    assert owner.get("/calls/99").status_code == 404


def undo_of(html: str) -> str:
    found = re.search(r'name="undo" value="([^"]+)"', html)
    assert found, html
    return found[1]


ACTIONS: list[tuple[str, dict[str, str]]] = [
    ("rule", {"action": "block"}),
    ("rule", {"action": "block", "of": "segment"}),
    ("rule", {"action": "allow"}),
    ("known", {}),
    ("contact", {"name": "Roofer"}),
    ("note", {"note": "called twice"}),
]


def wishes(appliance: Appliance) -> Any:
    household = appliance.household
    return household.rules(), household.contacts(), household.known(), appliance.call(1)


@pytest.mark.parametrize(("action", "form"), ACTIONS)
def test_what_a_tap_does_is_taken_back_with_another(
    owner: Visitor, few: None, appliance: Appliance, action: str, form: dict[str, str]
) -> None:
    before = wishes(appliance)
    html = owner.post(f"/calls/1/{action}", form, HX_Request="true").text
    assert shown(html) == [1]
    assert wishes(appliance) != before
    undo = {"undo": undo_of(html)}
    assert "It is taken back." in owner.post("/calls/1/undo", undo, HX_Request="true").text
    assert wishes(appliance) == before
    assert "That cannot be taken back any more." in owner.post("/calls/1/undo", undo, HX_Request="true").text


@pytest.mark.parametrize(("action", "form"), ACTIONS)
def test_without_scripts_the_page_of_the_call_offers_the_way_back(
    owner: Visitor, few: None, appliance: Appliance, action: str, form: dict[str, str]
) -> None:
    before = wishes(appliance)
    answer = owner.post(f"/calls/1/{action}", form)
    assert answer.status_code == 303
    owner.post("/calls/1/undo", {"undo": undo_of(owner.get(answer.location).text)})
    assert wishes(appliance) == before


def test_a_whole_segment_is_blocked_with_one_tap(owner: Visitor, few: None, appliance: Appliance) -> None:
    assert "Block all of 1621012*" in owner.get("/calls/1").text
    owner.post("/calls/1/rule", {"action": "block", "of": "segment"})
    assert [rule["match"] for rule in appliance.household.rules()] == ["1621012*"]
    assert owner.post("/calls/4/rule", {"action": "block", "of": "segment"}).status_code == 404


def test_the_way_back_leads_to_the_rule_that_was_replaced(
    owner: Visitor, few: None, appliance: Appliance
) -> None:
    appliance.household.add_rule({"match": "16210123456", "action": "allow", "note": "courier"})
    html = owner.post("/calls/1/rule", {"action": "block"}, HX_Request="true").text
    owner.post("/calls/1/undo", {"undo": undo_of(html)})
    (rule,) = appliance.household.rules()
    assert (rule["action"], rule["note"]) == ("allow", "courier")


def test_a_known_caller_stays_known_when_a_second_tap_is_taken_back(
    owner: Visitor, few: None, appliance: Appliance
) -> None:
    owner.post("/calls/1/known")
    assert 'name="undo"' not in owner.post("/calls/1/known", HX_Request="true").text
    assert appliance.household.is_known("+8616210123456")


def test_what_cannot_be_done_is_said_where_the_call_stands(owner: Visitor, few: None) -> None:
    for id, action, form, words in (
        (1, "contact", {"name": ""}, "A contact needs a name"),
        (4, "contact", {"name": "x"}, "A contact needs telephone numbers"),
        (4, "known", {}, "That is no telephone number."),
        (1, "note", {"note": "x" * 501}, "The note is too long."),
        (1, "rule", {"action": "explode"}, "Please choose to block or to allow."),
    ):
        html = owner.post(f"/calls/{id}/{action}", form, HX_Request="true").text
        assert words in html
        assert 'role="alert"' in html
    for action in ("rule", "known", "contact", "note", "undo"):
        assert owner.post(f"/calls/99/{action}", {"action": "block", "name": "x"}).status_code == 404


@pytest.mark.parametrize("text", NAMES)
def test_a_note_and_a_search_are_text_and_nothing_else(owner: Visitor, few: None, text: str) -> None:
    owner.post("/calls/1/note", {"note": text})
    for path in ("/calls/1", "/calls", f"/calls?{urlencode({'search': text})}"):
        assert "<script>" not in owner.get(path).text.replace('<script src="', "")
        assert "<img src=x" not in owner.get(path).text


def test_the_pool_of_a_caller_is_blocked_with_one_tap(
    owner: Visitor, appliance: Appliance, ring: Ring
) -> None:
    ids = [ring(f"1621012{number:04}") for number in range(1000, 1012)]
    household = appliance.household
    pool = household.pool_of("+8616210121011")
    assert pool
    assert "Block the pool" in owner.get(f"/calls/{ids[-1]}").text
    html = owner.post(f"/calls/{ids[-1]}/pool", HX_Request="true").text
    assert household.judge("16210121011").reason == "pool"
    owner.post(f"/calls/{ids[-1]}/undo", {"undo": undo_of(html)})
    assert household.judge("16210121011").action == "allow"
    assert owner.post(f"/calls/{ring('13912345678')}/pool").status_code == 404


def test_a_program_searches_as_the_page_does(ask: Ask, few: None) -> None:
    answer = ask("GET", "/api/v1/calls?verdict=blocked&limit=1").json
    assert [call["id"] for call in answer["calls"]] == [4]
    answer = ask("GET", f"/api/v1/calls?verdict=blocked&before={answer['next']}").json
    assert ([call["id"] for call in answer["calls"]], answer["next"]) == ([1], None)
    assert [row["id"] for row in table(ask("GET", "/api/v1/calls.csv?search=roofer").text)] == ["3"]
    for query in ("verdict=x", "since=soon", "until=2026-13-01"):
        assert ask("GET", f"/api/v1/calls?{query}").status_code == 400
        assert ask("GET", f"/api/v1/calls.csv?{query}").status_code == 400


def test_the_kinds_are_offered_for_who_was_blocked_or_unknown_and_not_for_who_is_wanted(
    owner: Visitor, log: Callable[..., None]
) -> None:
    wanted = Verdict(Action.ALLOW, Reason.RULE, 1, "170*")
    log(logged("16210123456", verdict=BLOCKED), logged("13810123456"), logged("17010123456", verdict=wanted))
    rows = re.split(r'<li id="call-', owner.get("/calls").text)[1:]
    assert ['class="kinds"' in row for row in rows] == [False, True, True]


def test_a_call_says_who_it_is_and_why(owner: Visitor, appliance: Appliance, ring: Ring) -> None:
    appliance.household.add_contact("Ma", ["13800138000"])
    appliance.household.turn_set("mvno", on=True)
    ring("17021550198")
    ring("13800138000")
    html = owner.get("/").text
    assert "virtual operator on China Telecom · Qingdao, Shandong" in html
    assert "Blocked by your rule: numbers that begin with 170" in html
    assert "Let through: Ma is one of your contacts" in html


def test_a_call_that_its_name_has_blocked_can_be_allowed(
    owner: Visitor, appliance: Appliance, ring: Ring
) -> None:
    appliance.household.add_rule({"match": "name:loan", "action": "block"})
    id = ring("13912345678", "A loan")
    html = owner.get("/").text
    assert 'value="allow"' in html
    assert "From now on" not in html
    html = owner.post(f"/calls/{id}/rule", {"action": "allow"}, HX_Request="true").text
    assert "From now on let through" in html


def test_contacts_are_not_offered_for_blocking(owner: Visitor, appliance: Appliance, ring: Ring) -> None:
    appliance.household.add_contact("Ma", ["13800138000"])
    id = ring("13800138000")
    assert f"/calls/{id}/rule" not in owner.get("/").text


def test_the_caller_of_a_call_is_known_with_one_tap(owner: Visitor, appliance: Appliance, ring: Ring) -> None:
    appliance.household.turn_set("mvno", on=True)
    id = ring("17021550198")
    assert f"/calls/{id}/known" in owner.get("/").text
    html = owner.post(f"/calls/{id}/known", HX_Request="true").text
    assert "Known: comes through segments and lists" in html
    assert f"/calls/{id}/known" not in html
    assert appliance.household.judge("17021550198").reason == "pass"
    assert led(owner.post(f"/calls/{id}/known")) == f"/calls/{id}?said=known_kept"
    assert owner.post("/calls/999/known").status_code == 404


def test_a_caller_is_not_known_where_that_changes_nothing(
    owner: Visitor, appliance: Appliance, ring: Ring
) -> None:
    ids = [ring(number) for number in ("96110", "95598", "17021550198", None)]
    appliance.household.add_rule({"match": "17021550198", "action": "block"})
    html = owner.get("/").text
    assert not any(f"/calls/{id}/known" in html for id in ids)
