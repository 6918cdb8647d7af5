from collections.abc import Callable
from typing import Any

from asking import Ask

from firmware.appliance import Appliance
from web.api.rules import REFUSALS
from web.openapi.rules import MOST_TRIED

TERMS = {
    "how": "hangup",
    "line": "modem",
    "when": "mon-fri 22:00-07:00",
    "until": "2030-01-01T00:00:00+00:00",
}


def add(ask: Ask, **wish: Any) -> Any:
    answer = ask("POST", "/api/v1/rules", json={"action": "block", **wish})
    assert answer.status_code == 201
    return answer.json


def test_a_rule_is_kept_found_and_dropped(ask: Ask) -> None:
    answer = ask("POST", "/api/v1/rules", json={"match": "162-10*", "action": "block", "note": "骚扰"})
    rule = answer.json
    assert rule.pop("remarks") == []
    assert {"match": "16210*", "action": "block", "note": "骚扰"}.items() <= rule.items()
    assert ask("GET", "/api/v1/rules").json["rules"] == [rule]
    assert ask("GET", answer.location).json == rule
    assert ask("GET", "/api/v1/explain?number=16210123456").json["verdict"]["rule"] == rule["id"]
    assert ask("DELETE", answer.location).status_code == 204
    assert ask("DELETE", answer.location).status_code == 404
    assert ask("GET", "/api/v1/rules").json["rules"] == []


def test_a_rule_keeps_its_terms(ask: Ask) -> None:
    rule = add(ask, match="162*", on=False, **TERMS)
    assert (TERMS | {"on": False}).items() <= rule.items()


def test_every_sort_of_match_is_kept(ask: Ask) -> None:
    sorts = (
        "16210000000", "+12025550123", "162*", "16210000..16219999", "162????8888", "*8888", "/^162/", "name:贷款",
        "kind:withheld", "kind:mvno", "place:北京", "operator:x", "kind:anyone",
    )  # fmt: skip
    kept = {add(ask, match=match)["match"] for match in sorts}
    assert len(kept) == len(sorts)
    assert len(ask("GET", "/api/v1/rules").json["rules"]) == len(sorts)


def test_a_rule_is_changed_in_part(ask: Ask) -> None:
    rule = add(ask, match="162*", note="A", **TERMS)
    path = f"/api/v1/rules/{rule['id']}"
    changed = ask("PATCH", path, json={"action": "allow", "how": None, "on": False}).json
    assert changed == {key: value for key, value in rule.items() if key != "how"} | {
        "action": "allow",
        "on": False,
    }
    moved = ask("PATCH", path, json={"match": "163*", "on": True}).json
    assert ask("GET", path).json == {key: value for key, value in moved.items() if key != "remarks"}
    assert "on" not in moved


def test_a_changed_rule_speaks_at_once_and_no_more_as_it_was(ask: Ask) -> None:
    path = f"/api/v1/rules/{add(ask, match='162*')['id']}"
    ask("PATCH", path, json={"match": "163*"})
    verdicts = [
        ask("GET", f"/api/v1/explain?number={number}").json["verdict"]["action"]
        for number in ("16210123456", "16310123456")
    ]
    assert verdicts == ["allow", "block"]


def test_a_change_that_makes_no_sense_changes_nothing(ask: Ask) -> None:
    rule = add(ask, match="162*")
    path = f"/api/v1/rules/{rule['id']}"
    for change, code in (
        ({"match": ""}, "empty"),
        ({"action": None}, "action"),
        ({"match": "110"}, "protected"),
    ):
        answer = ask("PATCH", path, json=change)
        assert (answer.status_code, answer.json["code"]) == (422, code)
    assert ask("GET", path).json.items() <= rule.items()


def test_what_is_no_rule_is_refused_with_a_code(ask: Ask, appliance: Appliance) -> None:
    refused: list[tuple[dict[str, Any], str]] = [
        ({"match": ""}, "empty"),
        ({"match": "*"}, "empty"),
        ({"match": "<script>"}, "characters"),
        ({"match": "16２"}, "characters"),
        ({"match": "1" * 40}, "too_long"),
        ({"match": "16219999..16210000"}, "range"),
        ({"match": "1*2*3*"}, "stars"),
        ({"match": "/(/"}, "expression"),
        ({"match": "kind:aliens"}, "kind"),
        ({"match": 162}, "match"),
        ({"match": "110"}, "protected"),
        ({"action": "explode"}, "action"),
        ({"note": "x" * 201}, "note"),
        ({"how": "explode"}, "how"),
        ({"line": "x" * 41}, "line"),
        ({"when": "always"}, "when"),
        ({"until": "2030-01-01"}, "until"),
        ({"on": 1}, "on"),
    ]
    for wish, code in refused:
        answer = ask("POST", "/api/v1/rules", json={"match": "162*", "action": "block"} | wish)
        assert (answer.status_code, answer.json["code"]) == (422, code)
    assert {code for _, code in refused} | {"most"} == set(REFUSALS)
    assert appliance.household.rules() == []


def test_a_person_is_told_how_a_rule_stands_to_the_others(ask: Ask) -> None:
    wide = add(ask, match="162*")
    narrow = add(ask, match="16210*", action="allow")
    assert narrow["remarks"] == [{"code": "exception", "id": wide["id"], "match": "162*"}]
    changed = ask("PATCH", f"/api/v1/rules/{narrow['id']}", json={"action": "block"}).json
    assert changed["remarks"] == [{"code": "repeats", "id": wide["id"], "match": "162*"}]


def test_a_rule_counts_the_calls_that_it_decided(
    ask: Ask, ring: Callable[..., int], wait_until: Callable[..., None]
) -> None:
    rule = add(ask, match="162*")
    assert rule["hits"] == {"count": 0, "last": None}
    started = ask("GET", f"/api/v1/calls/{ring('16210123456')}").json["started"]
    hits = {"count": 1, "last": started}
    wait_until(lambda: ask("GET", f"/api/v1/rules/{rule['id']}").json["hits"] == hits)
    assert ask("GET", "/api/v1/rules").json["rules"][0]["hits"] == hits


def test_a_preview_tells_what_rules_would_have_done_and_keeps_none(
    ask: Ask, ring: Callable[..., int], appliance: Appliance
) -> None:
    ring("16210123456")
    ring("13810123456")
    wish = {"match": "162*", "action": "block"}
    found = ask("POST", "/api/v1/rules/preview", json={"rules": [wish]}).json
    assert (found["calls"], found["blocked"], found["examples"]) == (2, 1, ["16210123456"])
    assert appliance.household.rules() == []


def test_a_preview_of_one_rule_tells_how_it_stands_to_the_others(ask: Ask) -> None:
    rule = add(ask, match="162*")
    wish = {"match": "162*", "action": "allow"}
    remarks = [{"code": "replaces", "id": rule["id"], "match": "162*"}]
    assert ask("POST", "/api/v1/rules/preview", json={"rules": [wish]}).json["remarks"] == remarks
    assert ask("POST", "/api/v1/rules/preview", json={"rules": [wish, wish]}).json["remarks"] == []


def test_a_preview_of_a_change_leaves_out_what_the_rule_was(ask: Ask, ring: Callable[..., int]) -> None:
    ring("16210123456")
    rule = add(ask, match="162*")
    wish = {"id": rule["id"], "match": "163*", "action": "block"}
    found = ask("POST", "/api/v1/rules/preview", json={"rules": [wish]}).json
    assert (found["blocked"], found["spared"], found["remarks"]) == (0, 1, [])


def test_what_cannot_be_previewed_is_refused(ask: Ask) -> None:
    wish = {"match": "162*", "action": "block"}
    for rules in (
        [], [wish] * (MOST_TRIED + 1), [None], [{**wish, "of": "mvno"}], {"0": wish}, [{**wish, "id": "1"}],
    ):  # fmt: skip
        assert ask("POST", "/api/v1/rules/preview", json={"rules": rules}).status_code == 400
    answer = ask("POST", "/api/v1/rules/preview", json={"rules": [wish, {"match": "110", "action": "block"}]})
    assert (answer.status_code, answer.json["code"]) == (422, "protected")


def test_a_set_is_turned_on_and_off(ask: Ask) -> None:
    assert ask("PUT", "/api/v1/sets/mvno", json={"on": True}).json["on"] is True
    assert {one["name"]: one["on"] for one in ask("GET", "/api/v1/sets").json["sets"]}["mvno"] is True
    rules = ask("GET", "/api/v1/rules").json["rules"]
    assert {rule["of"] for rule in rules} == {"mvno"}
    assert ask("GET", "/api/v1/explain?number=16210123456").json["verdict"]["action"] == "block"
    assert ask("PUT", "/api/v1/sets/mvno", json={"on": False}).json["on"] is False
    assert ask("GET", "/api/v1/rules").json["rules"] == []


def test_a_set_tells_what_it_would_have_done_where_that_is_asked_for(
    ask: Ask, ring: Callable[..., int]
) -> None:
    ring("16210123456")
    plain = ask("GET", "/api/v1/sets").json["sets"]
    assert not any("preview" in one for one in plain)
    found = {one["name"]: one["preview"] for one in ask("GET", "/api/v1/sets?preview=1").json["sets"]}
    assert found.keys() == {one["name"] for one in plain}
    assert (found["mvno"]["blocked"], found["withheld"]["blocked"]) == (1, 0)
    assert ask("GET", "/api/v1/sets?preview=yes").status_code == 400


def test_a_program_reads_the_rules_in_their_order(ask: Ask, appliance: Appliance) -> None:
    appliance.household.turn_set("mvno", on=True)
    for match in ("1*", "162*", "1621012*"):
        appliance.household.add_rule({"match": match, "action": "block"})
    found = ask("GET", "/api/v1/rules/order?skip=1&limit=1").json["rules"]
    assert [rule["match"] for rule in found] == ["162*"]
    assert all(rule["of"] == "mvno" for rule in ask("GET", "/api/v1/rules/order?of_sets=1").json["rules"])
    assert ask("GET", "/api/v1/rules/order?skip=x").status_code == 400
