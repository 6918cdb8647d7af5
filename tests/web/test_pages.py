"""Every page, without a browser: what a form keeps, and what is said of it."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from importlib.metadata import version
from typing import Any

import pytest
from asking import Ask
from markupsafe import escape
from test_injection import NAMES, shape
from visiting import Visitor, led

from firmware import backup
from firmware.appliance import Appliance
from firmware.contacts import MAX_BYTES, Contact
from firmware.lists import saving
from firmware.lists.address import Refused
from firmware.lists.entries import NotAList
from firmware.screening.matches import KINDS
from web.alone import alone
from web.wording.lists import LIST_FAULTS
from web.wording.outcomes import REFUSALS

CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:{}\nTEL:{}\nEND:VCARD\n"
Ring = Callable[..., int]


class Filled(HTMLParser):
    """What a browser would send of the form that changes a rule."""

    def __init__(self) -> None:
        super().__init__()
        self.form: dict[str, Any] = {"day": []}
        self._inside = False
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        name, value = has.get("name") or "", has.get("value") or ""
        if tag == "form":
            self._inside = has.get("id") == "rule"
        if not self._inside or name == "csrf_token":
            return
        if tag == "select":
            self._select, self.form[name] = name, ""
        elif tag == "option" and "selected" in has:
            self.form[self._select] = value if "value" in has else None
        elif tag == "input" and has.get("type") == "checkbox":
            self.form["day"] += [value] if "checked" in has else []
        elif tag == "input" and (has.get("type") != "radio" or "checked" in has):
            self.form[name] = value

    def handle_data(self, data: str) -> None:
        if self._select and self.form[self._select] is None:
            self.form[self._select] = data


def filled_in(html: str) -> dict[str, Any]:
    parser = Filled()
    parser.feed(html)
    return parser.form


def file(text: str | bytes, name: str = "file.txt") -> tuple[io.BytesIO, str]:
    return io.BytesIO(text.encode() if isinstance(text, str) else text), name


# Calls.


def test_a_call_says_who_it_is_and_why(owner: Visitor, appliance: Appliance, ring: Ring) -> None:
    appliance.household.add_contact("Ma", ["13800138000"])
    appliance.household.turn_set("mvno", on=True)
    ring("17021550198")
    ring("13800138000")
    html = owner.get("/").text
    assert "virtual operator on China Telecom · 山东 青岛" in html
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


def test_a_courier_is_expected_for_longer_and_no_more(owner: Visitor, appliance: Appliance) -> None:
    assert "I expect a courier" in owner.get("/").text
    assert led(owner.post("/courier")) == "/?said=courier_expected"
    (one,) = appliance.household.passes()
    assert one["segments"] == ["*"]
    assert "30 minutes left" in owner.get("/").text
    assert "60 minutes left" in owner.post("/courier", HX_Request="true").text
    assert "I expect a courier" in owner.post("/courier/end", HX_Request="true").text
    assert appliance.household.passes() == []


def test_ending_the_courier_keeps_the_callers_one_knows(owner: Visitor, appliance: Appliance) -> None:
    appliance.household.admit("+8617021550198")
    owner.post("/courier")
    owner.post("/courier/end")
    assert [one["segments"] for one in appliance.household.passes()] == [["+8617021550198"]]


# Rules.


def test_a_rule_is_kept_with_all_that_the_form_has(owner: Visitor, appliance: Appliance) -> None:
    form = {
        "place": "广东 深圳", "action": "block", "note": "n", "how": "cut+hangup", "line": "modem",
        "day": ["mon", "tue", "wed"], "from": "22:00", "to": "07:00", "until": "2999-01-01T00:00",
    }  # fmt: skip
    appliance.household.change_settings({"zone": "Asia/Shanghai"})
    answer = owner.post("/rules", form)
    (rule,) = appliance.household.rules()
    assert led(answer) == f"/rules?said=rule_kept&kept={rule['id']}"
    assert {key: rule[key] for key in ("match", "when", "until", "how", "line", "note")} == {
        "match": "place:广东 深圳",
        "when": "mon-wed 22:00-07:00",
        "until": "2998-12-31T16:00:00+00:00",
        "how": "cut+hangup",
        "line": "modem",
        "note": "n",
    }
    html = owner.get("/rules").text
    assert "numbers from 广东 深圳" in html
    assert "Mon–Wed 22:00–07:00" in html
    assert "until 1 Jan 2999 00:00" in html


CHANGED = [
    {"match": "16210123456", "action": "allow", "note": "courier"},
    {"match": "+442079460123", "action": "block"},
    {"match": "95588", "action": "block"},
    {"match": "1621000..1621999", "action": "block", "how": "hangup"},
    {"match": "/^162:name:/", "action": "block", "until": "2999-01-01T12:30:00+00:00"},
    {"match": "kind:anyone", "action": "block", "when": "22:00-07:00", "line": "study"},
    {"match": "name:a:b", "action": "block", "when": "mon-fri 12:00-24:00"},
    {"match": "place:广东 深圳", "action": "block", "when": "sat,sun 00:00-24:00"},
    {"match": "operator:Elsewhere", "action": "block", "when": "mon 09:00-10:00; tue 11:00-12:00"},
    {"match": "162*", "action": "block", "on": False},
]


@pytest.mark.parametrize("wish", CHANGED, ids=lambda wish: wish["match"])
def test_a_rule_is_put_into_the_form_and_comes_out_as_it_was(
    owner: Visitor, appliance: Appliance, wish: dict[str, Any]
) -> None:
    appliance.household.change_settings({"zone": "Asia/Shanghai"})
    rule = appliance.household.add_rule(wish)
    path = f"/rules/{rule['id']}"
    assert f'href="{path}"' in owner.get("/rules").text
    form = filled_in(owner.get(path).text)
    assert led(owner.post(path, form)) == f"/rules?said=rule_changed&kept={rule['id']}"
    (changed,) = appliance.household.rules()
    when = rule.get("when", "").replace("12:00-24:00", "12:00-00:00")
    assert changed == rule | ({"when": when} if when else {})


def test_a_rule_is_changed_on_its_page(owner: Visitor, appliance: Appliance, ring: Ring) -> None:
    ring("16310123456")
    wide = appliance.household.add_rule({"match": "16*", "action": "allow"})
    rule = appliance.household.add_rule({"match": "162*", "action": "block", "note": "n"})
    form = {"id": str(rule["id"]), "match": "163*", "action": "block"}
    for headers in ({}, {"HX_Request": "true"}):
        html = owner.post("/rules/try", form, **headers).text
        assert "it would have blocked 1 more of 1 calls" in html
        assert "It is an exception" in html
        assert ("Change the rule" in html) == (not headers)
    answer = owner.post(f"/rules/{rule['id']}", form)
    assert "It is an exception" in owner.get(answer.location).text
    assert [(one["match"], one["note"]) for one in appliance.household.rules()] == [("163*", ""), ("16*", "")]
    assert appliance.household.rule(wide["id"])


def test_a_change_that_makes_no_sense_is_refused_and_what_was_typed_stays(
    owner: Visitor, appliance: Appliance
) -> None:
    rule = appliance.household.add_rule({"match": "162*", "action": "block"})
    form = {"id": str(rule["id"]), "match": "1*6*2*", "action": "block", "note": "typed"}
    for path in (f"/rules/{rule['id']}", "/rules/try"):
        answer = owner.post(path, form)
        assert answer.status_code == 422
        assert str(REFUSALS["stars"]) in answer.text
        assert 'value="typed"' in answer.text
        assert "Change the rule" in answer.text
    assert appliance.household.rules() == [rule]
    for path in ("/rules/999", "/rules/x"):
        assert owner.get(path).status_code == 404
    assert owner.post("/rules/999", {"match": "162*", "action": "block"}).status_code == 404


def test_whole_days_need_no_hours(owner: Visitor, appliance: Appliance) -> None:
    owner.post("/rules", {"kind": "anyone", "action": "block", "day": ["sat", "sun"]})
    assert appliance.household.rules()[0]["when"] == "sat,sun 00:00-24:00"


def test_what_is_no_rule_is_refused_in_words_and_what_was_typed_stays(
    owner: Visitor, appliance: Appliance
) -> None:
    refused: list[tuple[dict[str, str], str]] = [
        ({}, "empty"),
        ({"match": "162*", "kind": "mvno"}, "several"),
        ({"match": "110"}, "protected"),
        ({"match": "1621..162"}, "range"),
        ({"match": "1*6*2*"}, "stars"),
        ({"match": "/(/"}, "expression"),
        ({"kind": "martian"}, "kind"),
        ({"match": "162*", "action": "explode"}, "action"),
        ({"match": "162*", "from": "22:00"}, "when"),
        ({"match": "162*", "from": "22:00", "to": "22:00"}, "when"),
        ({"match": "162*", "day": "today"}, "when"),
        ({"match": "162*", "until": "soon"}, "until"),
        ({"match": "162*", "how": "shout"}, "how"),
        ({"match": "162*", "note": "n" * 201}, "note"),
    ]
    for form, why in refused:
        for path in ("/rules", "/rules/try"):
            answer = owner.post(path, {"action": "block", **form})
            assert answer.status_code == 422
            assert str(escape(str(REFUSALS[why]))) in answer.text
            assert f'value="{escape(form.get("match", ""))}"' in answer.text
    assert appliance.household.rules() == []


def test_trying_a_rule_says_what_it_would_have_done_and_keeps_nothing(
    owner: Visitor, appliance: Appliance, ring: Ring
) -> None:
    appliance.household.add_rule({"match": "1621*", "action": "allow"})
    ring("16210123456")
    ring("16310123456")
    form = {"match": "16*", "action": "block"}
    for headers in ({}, {"HX_Request": "true"}):
        html = owner.post("/rules/try", form, **headers).text
        assert "it would have blocked 1 more of 2 calls" in html
        assert "16310123456" in html
        assert "An exception stays" in html
        assert ("<html" in html) == (not headers)
    assert len(appliance.household.rules()) == 1


def test_what_a_kept_rule_contradicts_is_said(owner: Visitor) -> None:
    owner.post("/rules", {"match": "162*", "action": "block"})
    answer = owner.post("/rules", {"match": "16210123456", "action": "allow"})
    html = owner.get(answer.location).text
    assert "It is an exception, and decides before this rule: numbers that begin with 162." in html


def test_a_contact_whose_number_is_blocked_is_named(owner: Visitor, appliance: Appliance) -> None:
    appliance.household.add_contact("<b>Ma</b>", ["13800138000"])
    answer = owner.post("/rules", {"match": "13800138000", "action": "block"})
    assert "&lt;b&gt;Ma&lt;/b&gt; is one of your contacts" in owner.get(answer.location).text


def test_a_rule_is_switched_off_on_and_removed(owner: Visitor, appliance: Appliance) -> None:
    id = appliance.household.add_rule({"match": "162*", "action": "block"})["id"]
    assert led(owner.post(f"/rules/{id}/switch", {"on": "no"})) == "/rules?said=rule_off"
    assert appliance.household.judge("16210123456").action == "allow"
    assert 'class="off"' in owner.get("/rules").text
    owner.post(f"/rules/{id}/switch", {"on": "yes"})
    assert appliance.household.judge("16210123456").action == "block"
    assert led(owner.post(f"/rules/{id}/remove")) == "/rules?said=rule_removed"
    assert owner.post(f"/rules/{id}/switch", {"on": "yes"}).status_code == 404


def test_hits_are_shown(owner: Visitor, appliance: Appliance, ring: Ring, wait_until: Any) -> None:
    id = appliance.household.add_rule({"match": "162*", "action": "block"})["id"]
    ring("16210123456")
    wait_until(lambda: appliance.calls_log.hits(id)["count"])
    assert "decided 1 call, last:" in owner.get("/rules").text


def test_a_ready_made_set_is_tried_and_turned_on_and_off(
    owner: Visitor, appliance: Appliance, ring: Ring
) -> None:
    ring("17021550198")
    said = "it would have blocked 1 more of 1 calls"
    assert said in owner.get("/sets/mvno/preview").text
    part = owner.get("/sets/mvno/preview", HX_Request="true").text
    assert said in part
    assert "<html" not in part
    assert led(owner.post("/sets/mvno", {"on": "yes"})) == "/rules?said=set_on"
    assert appliance.household.judge("17021550198").action == "block"
    owner.post("/sets/mvno", {"on": "no"})
    assert appliance.household.rules() == []
    assert owner.post("/sets/none", {"on": "yes"}).status_code == 404
    assert owner.get("/sets/none/preview").status_code == 404


def test_every_kind_is_offered(owner: Visitor) -> None:
    html = owner.get("/rules").text
    assert all(f'<option value="{kind}"' in html for kind in KINDS)


# Contacts.


def test_a_contact_is_kept_found_and_removed(owner: Visitor, appliance: Appliance) -> None:
    form = {"name": "妈妈", "numbers": "138 0013 8000，010-65551234"}
    assert led(owner.post("/contacts", form)) == "/contacts?said=contact_kept"
    owner.post("/contacts", {"name": "Li", "numbers": "13900000000"})
    (_, ma) = appliance.household.contacts()
    assert ma["numbers"] == ["+8613800138000", "+861065551234"]
    for search in ("妈", "0138000", "138 0013", "010-6555"):
        html = owner.get("/contacts?search=" + search, HX_Request="true").text
        assert "妈妈" in html
        assert "Li" not in html
        assert "<html" not in html
    assert "Nobody is found." in owner.get("/contacts?search=Wang").text
    assert led(owner.post(f"/contacts/{ma['id']}/remove")) == "/contacts?said=contact_removed"
    assert "妈妈" not in owner.get("/contacts").text


def test_what_is_no_contact_is_refused_in_words(owner: Visitor, appliance: Appliance) -> None:
    for form, code in (({"name": "x", "numbers": "?"}, "numbers"), ({"numbers": "13800138000"}, "name")):
        answer = owner.post("/contacts", form)
        assert led(answer) == f"/contacts?said=contact_{code}"
        assert str(REFUSALS[f"contact_{code}"]) in owner.get(answer.location).text
    assert appliance.household.contacts() == []


def test_an_address_book_is_taken_in_and_what_came_of_it_said(owner: Visitor, appliance: Appliance) -> None:
    appliance.household.add_contact("Ma", ["13800138000"])
    cards = CARD.format("Ma", "13800138000") + CARD.format("Li", "13900000000") + CARD.format("Wu", "")
    answer = owner.post("/contacts/import", {"file": file(cards + CARD.format("Li", "13900000000"))})
    html = owner.get(answer.location).text
    assert "1 contact is new" in html
    assert "1 was there already" in html
    assert "1 had no number" in html
    assert "Some were in it twice, and became one." in html
    assert [one["name"] for one in appliance.household.contacts()] == ["Li", "Ma"]


def test_a_file_without_contacts_is_refused_in_words(owner: Visitor) -> None:
    for data, why in ((b"", "empty"), (b"\x89PNG\r\n\x1a\n" * 9, "not_contacts")):
        answer = owner.post("/contacts/import", {"file": file(data)})
        assert led(answer) == f"/contacts?said=contacts_{why}"
        assert str(escape(str(REFUSALS[f"contacts_{why}"]))) in owner.get(answer.location).text


def test_a_form_without_a_file_is_an_empty_one(owner: Visitor) -> None:
    assert led(owner.post("/contacts/import")) == "/contacts?said=contacts_empty"
    assert led(owner.post("/lists/upload")) == "/lists?said=list_file"
    assert led(owner.post("/settings/restore")) == "/settings?said=backup_format"


def test_a_large_address_book_is_taken_and_a_huge_one_refused(owner: Visitor, appliance: Appliance) -> None:
    photo = "NOTE:" + "x" * (1 << 20) + "\n"
    card = CARD.format("Ma", "13800138000").replace("END:", photo + "END:")
    assert "new=1" in owner.post("/contacts/import", {"file": file(card)}).location
    huge = owner.post("/contacts/import", {"file": file(b" " * (MAX_BYTES + (1 << 20)))})
    assert huge.status_code == 413
    assert "That is too large." in huge.text


def test_large_work_is_done_one_at_a_time(owner: Visitor, appliance: Appliance) -> None:
    book, saved = file(CARD.format("Ma", "13800138000")), file("".join(backup.written(appliance.db)))
    with alone():
        for answer in (
            owner.post("/contacts/import", {"file": book}),
            owner.post("/settings/restore", {"file": saved}),
            owner.post("/rules/try", {"match": "162*", "action": "block"}),
            owner.get("/sets/mvno/preview"),
        ):
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
            assert "Please try again in a moment." in answer.text
    assert owner.get("/sets/mvno/preview").status_code == 200


def test_everywhere_else_a_large_form_is_refused(owner: Visitor) -> None:
    for path in ("/contacts", "/rules", "/lists", "/settings"):
        assert owner.post(path, {"file": file(b"x" * (1 << 20))}).status_code == 413


def test_what_an_import_came_to_is_never_what_the_address_says(owner: Visitor) -> None:
    html = owner.get("/contacts?new=1&known=2&skipped=3&notes=Your+box+cut+infected").text
    assert "infected" not in html
    assert "What was too long" in html
    for query in ("new=x&known=1&skipped=1", "new=1", "search=" + "x" * 5000, "before=-1", "before=x"):
        assert owner.get(f"/contacts?{query}").status_code == 200


def test_what_a_search_finds_is_paged(owner: Visitor, appliance: Appliance) -> None:
    appliance.household.import_contacts(
        [Contact(f"{'Ma' if n % 2 else 'Li'} {n:03}", (f"1390000{n:04}",), ()) for n in range(150)]
    )
    html = owner.get("/contacts?search=ma").text
    assert "Ma 149" in html
    assert "Ma 049" not in html
    assert "Li" not in html.partition("Kept contacts")[2]
    assert "Ma 049" in owner.get("/contacts?search=ma&before=51").text


def test_contacts_are_paged(owner: Visitor, appliance: Appliance) -> None:
    appliance.household.import_contacts(
        [Contact(f"Contact {n:03}", (f"1390000{n:04}",), ()) for n in range(150)]
    )
    html = owner.get("/contacts").text
    assert "Contact 149" in html
    assert "Contact 049" not in html
    assert "Contact 049" in owner.get("/contacts?before=51").text


def test_a_known_caller_is_shown_and_forgotten(owner: Visitor, appliance: Appliance) -> None:
    appliance.household.admit("+8617021550198")
    owner.post("/courier")
    html = owner.get("/contacts").text
    assert "Known numbers" in html
    assert html.count("17021550198") == 2
    (id,) = [one["id"] for one in appliance.household.passes() if one["until"] is None]
    owner.post(f"/known/{id}/remove")
    assert "Known numbers" not in owner.get("/contacts").text


def test_known_callers_are_paged(owner: Visitor, appliance: Appliance) -> None:
    ids = [appliance.household.know(f"162101234{number:02}")["id"] for number in range(60)]
    assert owner.get("/contacts").text.count("/known/") == 50
    assert owner.get(f"/contacts?known={ids[10]}").text.count("/known/") == 10


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


def test_a_number_that_was_looked_up_is_known_with_one_tap(owner: Visitor, appliance: Appliance) -> None:
    assert "I have called it" in owner.get("/check?number=16210123456").text
    assert led(owner.post("/known", {"number": "+8616210123456"})) == "/contacts?said=known_kept"
    assert "I have called it" not in owner.get("/check?number=16210123456").text
    assert led(owner.post("/known", {"number": "162*"})) == "/contacts?said=known_number"
    assert len(appliance.household.known()) == 1


# Lists.


@pytest.fixture
def shelf(appliance: Appliance) -> Appliance:
    """The appliance with its lists at work."""
    appliance.lists.start()
    return appliance


def test_a_file_becomes_a_list_that_blocks(owner: Visitor, shelf: Appliance, wait_until: Any) -> None:
    text = "16500000001\nnot a number <b>\n16500000002\n"
    assert led(owner.post("/lists/upload", {"file": file(text, "my list.txt")})) == "/lists?said=list_kept"
    assert 'hx-trigger="every 1s"' in owner.get("/lists/state").text
    wait_until(lambda: shelf.lists.lists()[0]["built"])
    html = owner.get("/lists/state").text
    assert "my list.txt" in html
    assert "2 numbers" in html
    assert "1 line was no number" in html
    assert "not a number &lt;b&gt;" in html
    assert 'hx-trigger="every 20s"' in html
    assert shelf.household.judge("16500000001").reason == "list"


def test_a_list_is_switched_off_and_removed(owner: Visitor, shelf: Appliance, wait_until: Any) -> None:
    owner.post("/lists/upload", {"file": file("16500000001\n"), "name": "L", "action": "allow"})
    wait_until(lambda: shelf.lists.lists()[0]["built"])
    id = shelf.lists.lists()[0]["id"]
    assert shelf.lists.lists()[0]["action"] == "allow"
    owner.post(f"/lists/{id}/switch", {"on": "no"})
    assert shelf.household.judge("16500000001").reason == "default"
    assert led(owner.post(f"/lists/{id}/remove")) == "/lists?said=list_removed"
    assert owner.post(f"/lists/{id}/switch", {"on": "yes"}).status_code == 404
    assert "No lists yet." in owner.get("/lists").text


def test_a_list_that_is_off_is_not_waited_for(owner: Visitor, appliance: Appliance) -> None:
    id = appliance.lists.subscribe("L", "https://lists.invalid/")["id"]
    assert "Waits for its turn" in owner.get("/lists/state").text
    owner.post(f"/lists/{id}/switch", {"on": "no"})
    html = owner.get("/lists/state").text
    assert "Waits for its turn" not in html
    assert 'hx-trigger="every 20s"' in html


def test_a_file_with_an_endless_name_is_called_by_its_beginning(owner: Visitor, appliance: Appliance) -> None:
    owner.post("/lists/upload", {"file": file("16500000001\n", "x" * 300)})
    assert [one["name"] for one in appliance.lists.lists()] == ["x" * 100]


def test_why_a_list_could_not_be_read_is_said(owner: Visitor, shelf: Appliance, wait_until: Any) -> None:
    owner.post("/lists/upload", {"file": file("hello\n" * 50), "name": "L"})
    wait_until(lambda: shelf.lists.lists()[0]["fault"])
    assert "It is no list of numbers" in owner.get("/lists").text


def test_an_address_that_is_none_is_refused_in_words(owner: Visitor, appliance: Appliance) -> None:
    refused = {
        "ftp://example.org/list": "scheme",
        "https://user:word@example.org/list": "userinfo",
        "https://example.org:22/list": "port",
        "https://": "url",
        "javascript:alert(1)": "scheme",
    }
    for url, why in refused.items():
        answer = owner.post("/lists", {"name": "L", "url": url, "action": "block"})
        assert led(answer) == f"/lists?said=list_{why}"
        assert str(escape(str(REFUSALS[f"list_{why}"]))) in owner.get(answer.location).text
    assert appliance.lists.lists() == []


def test_a_subscription_is_kept_and_fetched_when_asked(owner: Visitor, appliance: Appliance) -> None:
    form = {"name": "L", "url": "https://lists.invalid/a?b=<c>", "action": "block"}
    assert led(owner.post("/lists", form)) == "/lists?said=list_kept"
    (one,) = appliance.lists.lists()
    html = owner.get("/lists").text
    assert "https://lists.invalid/a?b=&lt;c&gt;" in html
    assert "Waits for its turn" in html
    assert led(owner.post(f"/lists/{one['id']}/refresh")) == "/lists?said=list_wanted"


def test_every_fault_of_a_list_has_words() -> None:
    documented = f"{Refused.__doc__} {NotAList.__doc__}".split("`")[1::2]
    codes = {code for code in documented if code not in ("code", "detail", "samples")}
    assert codes | {"disk", "error", "left_out"} == LIST_FAULTS.keys()


# Look-up.


def test_a_number_is_looked_up_with_every_step(owner: Visitor, appliance: Appliance, ring: Ring) -> None:
    appliance.household.turn_set("mvno", on=True)
    ring("17021550198")
    html = owner.get("/check?number=170 2155 0198").text
    for told in ("virtual operator", "China Telecom", "山东 青岛"):
        assert f"<dd>{told}</dd>" in html
    assert "Blocked by your rule: numbers that begin with 170" in html
    assert html.count("This decides.") == 1
    assert "Its last calls" in html
    assert html.count("does not apply") == 7


def test_a_number_is_judged_at_another_time(owner: Visitor, appliance: Appliance) -> None:
    appliance.household.add_rule({"match": "162*", "action": "block", "when": "22:00-07:00"})
    night = owner.get("/check?number=16210123456&at=2030-01-01T23:00").text
    noon = owner.get("/check?number=16210123456&at=2030-01-01T12:00").text
    assert "Blocked by your rule" in night
    assert "1 Jan 2030 23:00" in night
    assert "Let through: no rule is against it" in noon


def test_a_time_that_is_none_is_refused(owner: Visitor) -> None:
    for at in ("x", "2030-99-01T00:00", *NAMES):
        answer = owner.client.get(
            "/check", query_string={"number": "16210123456", "at": at}, headers=owner.headers
        )
        assert answer.status_code == 400
        assert "That is no day and time." in answer.text


def test_a_number_can_be_blocked_where_it_was_looked_up(owner: Visitor, appliance: Appliance) -> None:
    assert "Block this number" in owner.get("/check?number=16210123456").text
    owner.post("/rules", {"match": "+8616210123456", "action": "block"})
    assert "Always let this number through" in owner.get("/check?number=16210123456").text
    assert "this number" not in owner.get("/check?number=110").text.partition("steps")[0]


# Settings.


def test_every_setting_can_be_kept_as_it_stands(owner: Visitor, appliance: Appliance) -> None:
    values = appliance.household.settings()
    assert led(owner.post("/settings", values)) == "/settings?said=settings_kept"
    assert appliance.household.settings() == values


def test_a_setting_that_is_none_is_named_and_stays_to_be_mended(owner: Visitor) -> None:
    answer = owner.post("/settings", {"zone": "Mars/Olympus", "courier_minutes": "45"})
    assert answer.status_code == 400
    assert "This cannot be so: Time zone of the line" in answer.text
    assert 'value="Mars/Olympus"' in answer.text
    assert 'value="45"' in answer.text.replace("45.0", "45")


def test_a_setting_among_the_others_that_is_none_is_shown(owner: Visitor) -> None:
    assert "<details open" in owner.post("/settings", {"zone": "Mars/Olympus"}).text
    assert "<details open" not in owner.get("/settings").text


def test_the_log_tells_as_much_as_is_set_at_once(owner: Visitor) -> None:
    owner.post("/settings", {"log_level": "debug"})
    assert all(logging.getLogger(name).isEnabledFor(logging.DEBUG) for name in ("firmware.lines", "web"))
    owner.post("/settings", {"log_level": "error"})
    assert not any(logging.getLogger(name).isEnabledFor(logging.WARNING) for name in ("firmware", "web.live"))
    owner.post("/settings", {"log_level": "info"})


def test_the_page_waits_for_a_restart_and_goes_on(owner: Visitor, appliance: Appliance) -> None:
    html = owner.post("/settings/restart").text
    assert f"/settings/restarted?since={appliance.started}" in html
    waits = owner.get(f"/settings/restarted?since={appliance.started}")
    assert (waits.status_code, "HX-Redirect" in waits.headers) == (204, False)
    assert owner.get("/settings/restarted?since=1.5").headers["HX-Redirect"] == "/settings?said=restarted"


def test_the_page_says_what_is_new(owner: Visitor) -> None:
    assert version("ringfence") in owner.get("/settings").text
    assert "The appliance: from the first ring to the relay." in owner.get("/settings/changes").text


def test_a_backup_is_put_in_force(owner: Visitor, appliance: Appliance) -> None:
    household = appliance.household
    household.add_rule({"match": "162*", "action": "block"})
    household.add_contact("Ma", ["13800138000"])
    text = "".join(backup.written(appliance.db))
    household.add_rule({"match": "163*", "action": "block"})
    answer = owner.post("/settings/restore", {"file": file(text, "backup.jsonl")})
    assert led(answer) == "/settings?said=restored"
    assert [rule["match"] for rule in household.rules()] == ["162*"]
    assert household.judge("13800138000").reason == "contact"


def test_what_a_backup_has_no_room_for_is_said(
    owner: Visitor, shelf: Appliance, wait_until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner.post("/lists/upload", {"file": file("162*\n163*\n", "many.txt")})
    wait_until(lambda: shelf.lists.lists()[0]["built"], 20)
    assert "many.txt" not in owner.get("/settings").text
    monkeypatch.setattr(saving, "MOST_NUMBERS", 1)
    html = owner.get("/settings").text
    assert "keep the files from which they came: many.txt" in html
    saved = file(owner.get("/api/v1/backup").text)
    owner.post("/settings/restore", {"file": saved})
    assert "Please upload its file again." in owner.get("/lists").text


def test_the_token_of_a_list_is_never_shown(owner: Visitor, appliance: Appliance) -> None:
    form = {"name": "P", "url": "https://lists.invalid/", "token": " s3cret "}
    assert led(owner.post("/lists", form)) == "/lists?said=list_kept"
    html = owner.get("/lists").text
    assert "with a token" in html
    assert "s3cret" not in html + owner.get("/settings").text
    assert led(owner.post("/lists", form | {"url": "http://lists.invalid/"})) == "/lists?said=list_token"


def test_a_list_is_given_another_token(owner: Visitor, appliance: Appliance) -> None:
    id = appliance.lists.subscribe("P", "https://lists.invalid/")["id"]
    assert f'href="/lists/{id}/token"' in owner.get("/lists").text
    assert led(owner.post(f"/lists/{id}/token", {"token": " s3cret "})) == "/lists?said=list_changed"
    assert "with a token" in owner.get("/lists").text
    assert "s3cret" not in owner.get(f"/lists/{id}/token").text
    assert led(owner.post(f"/lists/{id}/token", {"token": "a b"})) == f"/lists/{id}/token?said=list_token"
    assert owner.post(f"/lists/{id}/token", {"token": ""}).status_code == 303
    assert not appliance.lists.lists()[0]["has_token"]


def test_a_list_without_an_address_takes_no_token(owner: Visitor, appliance: Appliance) -> None:
    id = appliance.lists.take_in("U", io.BytesIO(b"162*\n"))["id"]
    assert owner.get(f"/lists/{id}/token").status_code == 404
    assert owner.post(f"/lists/{id}/token", {"token": "x"}).status_code == 404


def test_what_is_no_backup_changes_nothing(owner: Visitor, appliance: Appliance) -> None:
    appliance.household.add_rule({"match": "162*", "action": "block"})
    for data in (b"", b"{}", b"\xff\xfe", b"[" * 100_000, b"x" * 300_000):
        assert led(owner.post("/settings/restore", {"file": file(data)})) == ("/settings?said=backup_format")
    assert len(appliance.household.rules()) == 1


# All of them.


def test_names_from_elsewhere_are_text_and_nothing_else(
    owner: Visitor, shelf: Appliance, wait_until: Any
) -> None:
    household = shelf.household
    paths = ("/", "/rules", "/contacts", "/lists", "/lists/state", "/check?number=16210123456", "/settings")
    until = (datetime.now(UTC) + timedelta(days=1)).isoformat()

    def fill(name: str, n: int) -> None:
        household.add_contact(name, [f"1390000000{n}"], [name])
        household.add_rule({"match": f"name:{name}", "action": "block", "note": name, "until": until})
        household.add_rule({"match": f"place:{name}", "action": "block", "line": name[:40]})
        shelf.lists.take_in(name, io.BytesIO(b"16210123456\n"))

    fill("plain", 0)
    wait_until(lambda: shelf.lists.lists()[0]["built"])
    before = {path: shape(owner.get(path).text) for path in paths}
    for n, name in enumerate(NAMES, 1):
        fill(name, n)
        for path in ("/rules", "/contacts", "/lists", "/lists/state"):
            assert str(escape(name)) in owner.get(path).text
    for path, shown in before.items():
        assert shape(owner.get(path).text) <= shown | {"details", "summary"}


def test_nothing_is_changed_without_the_page_s_token(owner: Visitor, appliance: Appliance) -> None:
    changing = [
        rule.rule.replace("<int:id>", "1").replace("<name>", "mvno").replace("<id>", "1")
        for rule in owner.client.application.url_map.iter_rules()
        if rule.endpoint.startswith("pages.") and "POST" in (rule.methods or ())
    ]
    assert len(changing) > 15
    for path in changing:
        assert (
            owner.client.post(path, data={"on": "yes", "match": "162*", "action": "block"}).status_code == 400
        )
    assert appliance.household.rules() == []
    assert appliance.household.passes() == []


def test_every_page_is_in_both_languages(owner: Visitor, appliance: Appliance) -> None:
    appliance.household.turn_set("mvno", on=True)
    appliance.household.add_contact("Ma", ["13800138000"])
    for path in ("/", "/rules", "/contacts", "/lists", "/check?number=17021550198", "/settings"):
        for language, tag in (("en", "en"), ("zh", "zh-CN")):
            answer = owner.get(path, Accept_Language=language)
            assert answer.status_code == 200
            assert f'<html lang="{tag}">' in answer.text


def test_rules_stand_in_the_order_in_which_they_decide(owner: Visitor, appliance: Appliance) -> None:
    for match, action in (
        ("162*", "block"),
        ("1621012*", "allow"),
        ("16210123456", "block"),
        ("kind:mvno", "block"),
    ):
        appliance.household.add_rule({"match": match, "action": action})
    html = owner.get("/rules").text.split('id="rules-title"')[1]
    places = [
        html.index(words) for words in ("16210123456", "with 1621012<", "with 162<", "virtual operators")
    ]
    assert places == sorted(places)


def test_rules_stand_in_the_order_of_all_of_them_a_part_at_a_time(
    owner: Visitor, appliance: Appliance
) -> None:
    household = appliance.household
    for number in range(60):
        household.add_rule({"match": f"1{number + 300}*", "action": "block"})
    household.add_rule({"match": "16210123456", "action": "block"})
    household.add_rule({"match": "1*", "action": "block"})

    def shown(path: str) -> list[str]:
        return re.findall(r'href="/rules/(\d+)"', owner.get(path).text)

    first, rest = shown("/rules"), shown("/rules?skip=50")
    assert first[0] == "61"
    assert rest[-1] == "62"
    assert first + rest == ["61", *map(str, range(1, 61)), "62"]
    assert "/rules?skip=50#rules-title" in owner.get("/rules").text
    assert "The rules after these" not in owner.get("/rules?skip=50").text


def test_a_program_reads_the_rules_in_their_order(ask: Ask, appliance: Appliance) -> None:
    appliance.household.turn_set("mvno", on=True)
    for match in ("1*", "162*", "1621012*"):
        appliance.household.add_rule({"match": match, "action": "block"})
    found = ask("GET", "/api/v1/rules/order?skip=1&limit=1").json["rules"]
    assert [rule["match"] for rule in found] == ["162*"]
    assert all(rule["of"] == "mvno" for rule in ask("GET", "/api/v1/rules/order?of_sets=1").json["rules"])
    assert ask("GET", "/api/v1/rules/order?skip=x").status_code == 400
