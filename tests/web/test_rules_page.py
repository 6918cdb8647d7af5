"""The rules' page: what a form keeps, and what is said of it."""

import re
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from markupsafe import escape
from visiting import Visitor, led

from firmware.appliance import Appliance
from firmware.screening.matches import KINDS
from web.wording.outcomes import REFUSALS

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
    assert "numbers from Shenzhen, Guangdong" in html
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
    {"match": "place:苏州", "action": "block"},
    {"match": "place:Los Angeles", "action": "block"},
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


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_place_is_given_in_either_language(owner: Visitor, appliance: Appliance, language: str) -> None:
    owner.headers = {"Accept-Language": language}
    for name in ("beijing", "Suzhou, Jiangsu", "天津", "Springfield"):
        owner.post("/rules", {"place": name, "action": "block"})
    places = ["place:北京", "place:江苏 苏州", "place:天津", "place:Springfield"]
    assert sorted(rule["match"] for rule in appliance.household.rules()) == sorted(places)
    shown = unescape(owner.get("/rules").text)
    assert ("Suzhou, Jiangsu" in shown) == (language == "en")


def test_of_places_with_one_name_the_owner_says_which(owner: Visitor, appliance: Appliance) -> None:
    answer = owner.post("/rules", {"place": "Suzhou", "action": "block"})
    assert answer.status_code == 422
    assert "Several places have that name" in answer.text
    assert 'value="Suzhou"' in answer.text
    assert appliance.household.rules() == []


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
    assert "<span>decided 1 call</span><span>last:" in owner.get("/rules").text


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


def test_a_rule_may_be_for_any_of_the_lines(owner: Visitor, appliance: Appliance) -> None:
    appliance.household.add_account({"name": "study", "server": "192.0.2.1", "user": "621"})
    appliance.household.add_rule({"match": "162*", "action": "block", "line": "modem"})
    german = "büro"
    appliance.household.add_rule({"match": "163*", "action": "block", "line": german})
    offered = re.findall(
        r'<option value="([^"]+)"( selected)?>([^<]+)',
        owner.get("/rules/1").text.split('name="line"')[1].split("</select>")[0],
    )
    assert offered == [("modem", " selected", "Modem"), ("study", "", "study")]
    assert f'<option value="{german}" selected>' in owner.get("/rules/2").text
    assert "line Modem" in owner.get("/rules").text
