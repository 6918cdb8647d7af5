import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from asking import Ask
from flask import Flask
from jsonschema import Draft202012Validator
from visiting import Visitor

from firmware.appliance import Appliance
from firmware.settings import SETTINGS
from web.openapi import document as openapi


def test_the_description_names_every_route_and_no_other(app: Flask, described: dict[str, Any]) -> None:
    routes = {
        (re.sub(r"<(?:int:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == {(path, method) for path, methods in described["paths"].items() for method in methods}


def test_every_schema_of_the_description_is_one(described: dict[str, Any]) -> None:
    for schema in described["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    used = set(references(described))
    assert used == {f"#/components/schemas/{name}" for name in described["components"]["schemas"]}


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from (value for key, value in part.items() if key == "$ref")
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from references(inner)


def test_the_status(ask: Ask, guarding: Appliance) -> None:
    status = ask("GET", "/api/v1/status").json
    assert status["line"] == {"name": "modem", "state": "guarding", "fault": None, "hint": None}
    assert status["relay"] == "connected"
    assert status["leds"].keys() == {"guard", "call", "cut"}
    assert status["pins"] == "simulated"
    assert status["uptime_s"] > 0
    assert status["version"] == ask("GET", "/api/v1/openapi.json").json["info"]["version"]


def test_calls_are_newest_first_and_paged(ask: Ask, ring: Callable[..., int]) -> None:
    ids = [ring("16210123456", "A <b>name</b>"), ring(None, absence="P"), ring("95588")]
    calls = ask("GET", "/api/v1/calls").json["calls"]
    assert [call["id"] for call in calls] == ids[::-1]
    assert [call["number"] for call in calls] == ["95588", None, "+8616210123456"]
    assert [call["absence"] for call in calls] == [None, "withheld", None]
    assert ask("GET", "/api/v1/calls?limit=1").json["calls"] == calls[:1]
    assert ask("GET", f"/api/v1/calls?before={ids[2]}&limit=1").json["calls"] == calls[1:2]
    assert ask("GET", f"/api/v1/calls/{ids[0]}").json == calls[2]
    assert calls[2]["name"] == "A <b>name</b>"


def test_a_call_tells_who_it_was_and_how_it_was_judged(
    ask: Ask, ring: Callable[..., int], appliance: Appliance
) -> None:
    appliance.household.add_rule({"match": "162*", "action": "block", "how": "cut"})
    virtual, none = (ask("GET", f"/api/v1/calls/{ring(number)}").json for number in ("16210123456", None))
    assert (virtual["who"]["kind"], virtual["who"]["country"]) == ("mvno", "CN")
    assert (virtual["verdict"]["action"], virtual["verdict"]["how"]) == ("block", "cut")
    assert virtual["talked"] is None
    assert none["who"] is None


def test_a_call_tells_why_and_what_it_belongs_to(
    ask: Ask, ring: Callable[..., int], appliance: Appliance
) -> None:
    call, withheld = ring("16210123456"), ring(None, absence="P")
    appliance.household.add_rule({"match": "162*", "action": "block"})
    case = ask("POST", "/api/v1/complaints", json={"call": call}).json["id"]
    found = ask("GET", f"/api/v1/calls/{call}/why").json
    assert (found["segment"], found["pool"], found["complaint"]) == ("1621012*", None, case)
    matched = [step for step in found["steps"] if step["matched"]]
    assert (matched[0]["step"], matched[0]["action"], matched[0]["match"]) == ("rule", "block", "162*")
    none = ask("GET", f"/api/v1/calls/{withheld}/why").json
    assert (none["segment"], none["pool"], none["complaint"]) == (None, None, None)
    assert [step["step"] for step in none["steps"] if step["matched"]] == ["withheld", "default"]
    assert ask("GET", "/api/v1/calls/99/why").status_code == 404


def test_the_owner_says_something_of_a_call(ask: Ask, ring: Callable[..., int]) -> None:
    path = f"/api/v1/calls/{ring('16210123456')}"
    call = ask("GET", path).json
    assert (call["note"], call["kind"], call["said"]) == (None, None, None)
    said = {"note": "a roofer", "said": "a free roof"}
    assert ask("PATCH", path, json=said).json == call | said
    assert ask("PATCH", path, json={"note": None}).json == call | {"said": "a free roof"}
    assert ask("GET", "/api/v1/calls").json["calls"] == [ask("GET", path).json]


def test_what_cannot_be_said_of_a_call_is_refused(ask: Ask, ring: Callable[..., int]) -> None:
    path = f"/api/v1/calls/{ring('16210123456')}"
    for note in ("x" * 501, "two\nlines", "\0"):
        answer = ask("PATCH", path, json={"note": note})
        assert (answer.status_code, answer.json["code"]) == (422, "note")
    for body in ({"note": 7}, {"number": "1"}, []):
        assert ask("PATCH", path, json=body).status_code == 400
    assert ask("PATCH", "/api/v1/calls/99", json={"note": "x"}).status_code == 404


def test_settings_are_changed_all_or_none(ask: Ask) -> None:
    before = ask("GET", "/api/v1/settings").json
    assert before.keys() == SETTINGS.keys()
    changed = ask("PATCH", "/api/v1/settings", json={"withheld": "block", "silence_s": 5}).json
    assert changed == before | {"withheld": "block", "silence_s": 5.0}
    answer = ask("PATCH", "/api/v1/settings", json={"withheld": "allow", "silence_s": 99})
    assert (answer.status_code, answer.json["code"]) == (422, "silence_s")
    assert ask("GET", "/api/v1/settings").json == changed


def test_what_is_new_is_told_and_a_restart_begun(ask: Ask, appliance: Appliance) -> None:
    assert ask("GET", "/api/v1/changes").json["releases"][0]["changes"]
    assert ask("POST", "/api/v1/restart").status_code == 202


def test_what_is_no_setting_is_refused(ask: Ask, appliance: Appliance) -> None:
    before = appliance.household.settings()
    bodies = (
        b'{"region": "XX"}',
        b'{"region": {}}',
        b'{"silence_s": NaN}',
        b'{"silence_s": Infinity}',
        b'{"silence_s": "6"}',
        b'{"silence_s": true}',
        b'{"retention_days": 1e400}',
        b'{"<img src=x>": 1}',
        b'{"\\ud800": 1}',
        b"[]",
        b"1",
    )
    for body in bodies:
        answer = ask("PATCH", "/api/v1/settings", data=body, content_type="application/json")
        assert answer.status_code in (400, 422), body
    assert appliance.household.settings() == before


def test_any_number_is_explained(ask: Ask) -> None:
    for number in ("16210123456", "110", "+12025550123", "abc", "१२३", "*", "\0", "铃", "<b>", "9" * 64):
        answer = ask("GET", "/api/v1/explain", query_string={"number": number})
        assert answer.json["presented"] == number
        assert answer.json["verdict"]["action"] == "allow"


def test_no_number_and_an_endless_one_are_refused(ask: Ask) -> None:
    for query in ("", "?number=", "?number=" + "1" * 65):
        assert ask("GET", f"/api/v1/explain{query}").status_code == 400


def test_a_number_is_explained_for_a_moment_and_a_line(ask: Ask, appliance: Appliance) -> None:
    appliance.household.change_settings({"zone": "Asia/Shanghai"})
    appliance.household.add_rule({"match": "162*", "action": "block", "when": "22:00-07:00", "line": "sip"})

    def action(at: str, line: str) -> Any:
        query = {"number": "16210123456", "at": at, "line": line}
        return ask("GET", "/api/v1/explain", query_string=query).json["verdict"]["action"]

    assert action("2026-03-01T23:00", "sip") == "block"
    assert action("2026-03-01T15:00Z", "sip") == "block"
    assert action("2026-03-01T15:00", "sip") == "allow"
    assert action("2026-03-01T23:00", "modem") == "allow"


def test_what_is_no_moment_or_line_is_refused(ask: Ask) -> None:
    moments = ("", "x", "25:00", "0001-01-01T00:00+14:00", "9999-12-31T23:59", "2026-02-30", "9" * 5000, "\0")
    queries = [{"at": moment} for moment in moments] + [{"line": ""}, {"line": "x" * 41}]
    for query in queries:
        assert ask("GET", "/api/v1/explain", query_string={"number": "1", **query}).status_code == 400, query


def test_what_is_no_whole_number_is_refused(ask: Ask) -> None:
    for value in ("-1", "x", "1.5", "९", "9" * 16, "", "1e3", " 1"):
        for name in ("before", "limit"):
            assert ask("GET", "/api/v1/calls", query_string={name: value}).status_code == 400
            assert ask("GET", "/api/v1/rules", query_string={name: value}).status_code == 400
            assert ask("GET", "/api/v1/contacts", query_string={name: value}).status_code == 400


def test_a_page_is_bounded(ask: Ask, appliance: Appliance) -> None:
    for number in range(210):
        appliance.household.add_rule({"match": str(17000000000 + number), "action": "block"})
    assert len(ask("GET", "/api/v1/rules?limit=200").json["rules"]) == 200
    for limit in (0, 201, 999999):
        assert ask("GET", f"/api/v1/rules?limit={limit}").status_code == 400


GONE = {
    "GET": ("calls", "rules"),
    "DELETE": ("rules", "contacts", "passes", "lists"),
    "PATCH": ("rules", "lists"),
    "PUT": ("sets",),
}


@pytest.mark.parametrize(("method", "rooms"), GONE.items())
def test_what_is_not_there_is_not_found(ask: Ask, method: str, rooms: tuple[str, ...]) -> None:
    body = {"PATCH": {"on": True}, "PUT": {"on": True}}.get(method)
    for room in rooms:
        for id in (0, 7, 10**30):
            assert ask(method, f"/api/v1/{room}/{id}", json=body).status_code == 404, (room, id)
    assert ask("POST", "/api/v1/lists/7/refresh").status_code == 404


RULE = {
    "match": "163*",
    "action": "block",
    "how": "cut",
    "line": "modem",
    "when": "22:00-07:00",
    "until": "2030-01-01T00:00:00+08:00",
    "on": False,
}
TAKEN: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "rules"): RULE,
    ("PATCH", "rules/1"): RULE,
    ("POST", "rules/preview"): {"rules": [RULE | {"id": 1}]},
    ("PUT", "sets/mvno"): {"on": True},
    ("POST", "contacts"): {"name": "A", "numbers": ["16210000000"], "groups": ["B"]},
    ("PATCH", "contacts/1"): {"name": "A", "numbers": ["16210000000"], "groups": ["B"]},
    ("POST", "passes"): {"minutes": 5, "segments": ["162*"]},
    ("POST", "known"): {"number": "16210000000"},
    ("POST", "lists"): {"name": "A", "url": "https://example.org/list", "action": "block", "token": "t"},
    ("PATCH", "lists/1"): {"name": "A", "action": "allow", "on": False, "token": "t"},
    ("POST", "forget"): {"number": "16210000000", "backups": False},
    ("POST", "notices"): {"name": "A", "url": "ntfy://example.org/t"},
    ("PATCH", "settings"): {"region": "CN", "block_action": "cut", "zone": "", "retention_days": 7},
}
"""Where JSON is taken, and a body that is."""

taken = pytest.mark.parametrize(("method", "path"), TAKEN)


@pytest.fixture
def kept(appliance: Appliance) -> bytes:
    """The store's file, with a rule, a contact and a list in it."""
    appliance.household.add_rule({"match": "162*", "action": "block"})
    appliance.household.add_contact("C", ["13800138000"])
    appliance.lists.subscribe("L", "https://example.org/")
    return (appliance.data / "store.journal").read_bytes()


@taken
def test_no_json_but_what_is_described_is_taken(
    ask: Ask, appliance: Appliance, kept: bytes, method: str, path: str
) -> None:
    bodies = (
        b"",
        b"{",
        b"[]",
        b"null",
        b"1",
        b'"text"',
        b"\xff\xfe",
        b"[" * 30_000,
        b'{"unknown": 1}',
        b'{"unknown": ' + b"9" * 5000 + b"}",
        json.dumps({**TAKEN[method, path], "\ud800": 1}).encode(),
        json.dumps({**TAKEN[method, path], "unknown": 1}).encode(),
    )
    for body in bodies:
        answer = ask(method, f"/api/v1/{path}", data=body, content_type="application/json")
        assert answer.status_code in (400, 422), body[:80]
    assert ask(method, f"/api/v1/{path}", data=b"{}").status_code == 415
    assert ask(method, f"/api/v1/{path}", data={"match": "162*"}).status_code == 415
    assert (appliance.data / "store.journal").read_bytes() == kept


@taken
def test_no_value_of_another_type_is_taken(
    ask: Ask, appliance: Appliance, kept: bytes, method: str, path: str
) -> None:
    for name in TAKEN[method, path]:
        for value in (["\n"], [["x"]], {"x": 1}, -1.5, 10**400, float("nan"), float("inf"), "\n", "\ud800"):
            body = json.dumps({**TAKEN[method, path], name: value})
            answer = ask(method, f"/api/v1/{path}", data=body, content_type="application/json")
            assert answer.status_code in (400, 422), (name, value)
    assert (appliance.data / "store.journal").read_bytes() == kept
    assert ask(method, f"/api/v1/{path}", json=TAKEN[method, path]).status_code in (200, 201)


def test_a_disk_that_refuses_is_told_as_such(
    ask: Ask, appliance: Appliance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fdatasync", full)
    monkeypatch.setattr("os.fsync", full)
    answer = ask("POST", "/api/v1/rules", json={"match": "162*", "action": "block"})
    assert answer.status_code == 507
    assert "/" not in answer.json["detail"]


def test_an_unforeseen_failure_tells_nothing_of_itself(program: Ask, appliance: Appliance) -> None:
    appliance.household.rules = None  # type: ignore[assignment, method-assign]
    answer = program("GET", "/api/v1/rules")
    assert (answer.status_code, answer.mimetype) == (500, "application/problem+json")
    assert "NoneType" not in answer.text


def test_health_is_told_to_anyone_and_nothing_else_is(app: Flask, guarding: Appliance, ask: Ask) -> None:
    answer = Visitor(app).get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    assert ask("GET", "/healthz").status_code == 200


def test_health_says_when_the_line_is_not_guarded(
    ask: Ask, guarding: Appliance, modem: Any, wait_until: Callable[..., None]
) -> None:
    modem.unplug()
    wait_until(lambda: ask("GET", "/healthz").json == {"status": "fault"})
    assert ask("GET", "/healthz").status_code == 503
    assert ask("GET", "/api/v1/status").json["line"]["fault"] == "lost"


def test_an_address_that_is_none_is_a_problem_document(program: Ask) -> None:
    for path in ("/api/v1/nothing", "/api/", "/api/v2/status", "/api/v1/calls/x"):
        answer = program("GET", path)
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
        assert answer.json.keys() == {"type", "title", "status", "detail"}


def test_a_method_that_is_none_names_those_that_are(program: Ask) -> None:
    answer = program("PUT", "/api/v1/rules")
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    assert "POST" in answer.headers["Allow"]


def test_each_setting_is_described_with_its_help(described: dict[str, Any]) -> None:
    settings = described["components"]["schemas"]["Settings"]["properties"]
    assert {name: schema["description"] for name, schema in settings.items()} == {
        name: setting.help for name, setting in SETTINGS.items()
    }


def test_the_description_is_json_as_it_stands() -> None:
    assert json.loads(json.dumps(openapi.document("1"))) == openapi.document("1")


def test_what_a_program_has_already_is_not_sent_again(ask: Ask, appliance: Appliance) -> None:
    first = ask("GET", "/api/v1/rules")
    again = {"headers": {"If-None-Match": first.headers["ETag"]}}
    assert ask("GET", "/api/v1/rules", **again).status_code == 304
    assert first.headers["Cache-Control"] == "private, no-cache"
    appliance.household.add_rule({"match": "162*", "action": "block"})
    changed = ask("GET", "/api/v1/rules", **again)
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_nothing_that_refuses_or_changes_is_held_back_by_a_tag(ask: Ask) -> None:
    tag = {"headers": {"If-None-Match": "*"}}
    assert ask("GET", "/api/v1/rules/7", **tag).status_code == 404
    assert ask("POST", "/api/v1/rules", json={"match": "162*", "action": "block"}, **tag).status_code == 201


def test_the_statistics_count_the_calls_that_came(
    ask: Ask, ring: Callable[..., int], appliance: Appliance
) -> None:
    appliance.household.add_rule({"match": "162*", "action": "block"})
    ring("16210123456")
    ring("95588")
    figures = ask("GET", "/api/v1/statistics").json
    assert figures["today"] == {"allowed": 0, "blocked": 1, "unknown": 1}
    assert figures["segments"][0] == {"segment": "1621012*", "calls": 1, "blocked": 1}
