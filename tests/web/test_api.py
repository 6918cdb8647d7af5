import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from visiting import Visitor
from werkzeug.test import TestResponse

from firmware.appliance import Appliance
from firmware.settings import SETTINGS
from web import openapi
from web.api import REFUSALS

Ask = Callable[..., TestResponse]
DOCUMENT = "urn:openapi"


@pytest.fixture
def described(program: Ask) -> dict[str, Any]:
    found: dict[str, Any] = program("GET", "/api/v1/openapi.json").json
    return found


@pytest.fixture
def ask(program: Ask, described: dict[str, Any]) -> Ask:
    """Asks the API, and holds each answer against the API's own description."""
    registry = Registry().with_resource(DOCUMENT, Resource(described, DRAFT202012))

    def ask(method: str, path: str, **how: Any) -> TestResponse:
        answer = program(method, path, **how)
        (documented,) = (
            operations[method.lower()]
            for template, operations in described["paths"].items()
            if template == path.partition("?")[0] or template == path.rpartition("/")[0] + "/{id}"
        )
        expected = documented["responses"][str(answer.status_code)]
        if "content" not in expected:
            assert answer.data == b""
            return answer
        (mimetype,) = expected["content"]
        assert answer.mimetype == mimetype
        pointer = f"{DOCUMENT}#/paths/{escaped(path_of(described, path))}/{method.lower()}/responses"
        schema = {"$ref": f"{pointer}/{answer.status_code}/content/{escaped(mimetype)}/schema"}
        Draft202012Validator(schema, registry=registry, format_checker=FormatChecker()).validate(answer.json)
        return answer

    return ask


def path_of(described: dict[str, Any], path: str) -> str:
    plain = path.partition("?")[0]
    return plain if plain in described["paths"] else plain.rpartition("/")[0] + "/{id}"


def escaped(text: str) -> str:
    """As a part of a JSON Pointer (RFC 6901) in a URI fragment."""
    return (
        text.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D").replace("+", "%2B")
    )


def test_the_description_names_every_route_and_no_other(app: Flask, described: dict[str, Any]) -> None:
    routes = {
        (rule.rule.replace("<int:id>", "{id}"), method.lower())
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


def test_a_rule_is_kept_found_and_dropped(ask: Ask, appliance: Appliance) -> None:
    answer = ask("POST", "/api/v1/rules", json={"match": "162-10*", "action": "block", "note": "骚扰"})
    rule = answer.json
    assert (answer.status_code, rule["match"], rule["action"], rule["note"]) == (
        201,
        "16210*",
        "block",
        "骚扰",
    )
    assert ask("GET", "/api/v1/rules").json["rules"] == [rule]
    assert answer.location == f"/api/v1/rules/{rule['id']}"
    assert ask("GET", "/api/v1/explain?number=16210123456").json["verdict"]["rule"] == rule["id"]
    assert ask("DELETE", answer.location).status_code == 204
    assert ask("DELETE", answer.location).status_code == 404
    assert ask("GET", "/api/v1/rules").json["rules"] == []


def test_what_is_no_rule_is_refused_with_a_code(ask: Ask, appliance: Appliance) -> None:
    refused = {
        ("", "block", ""): "empty",
        ("*", "block", ""): "empty",
        ("<script>", "block", ""): "characters",
        ("16２", "block", ""): "characters",
        ("1" * 40, "block", ""): "too_long",
        ("110", "block", ""): "protected",
        ("162*", "explode", ""): "action",
        ("162*", "block", "x" * 201): "note_too_long",
    }
    for (match, action, note), code in refused.items():
        answer = ask("POST", "/api/v1/rules", json={"match": match, "action": action, "note": note})
        assert (answer.status_code, answer.json["code"]) == (422, code)
    assert set(refused.values()) == set(REFUSALS)
    assert appliance.rules() == []


def test_a_body_that_is_no_rule_is_refused_and_changes_nothing(ask: Ask, appliance: Appliance) -> None:
    bodies = (
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b"[" * 30_000,
        b'{"match": 162, "action": "block"}',
        b'{"match": "162*"}',
        b'{"match": "162*", "action": ["block"]}',
        b'{"match": "162*", "action": "block", "note": null}',
        b'{"match": "162*", "action": "block", "unknown": 1}',
        b'{"match": "162*", "action": "block", "note": "\\ud800"}',
        b'{"match": "\\ud800", "action": "block"}',
        b'{"match": "162*", "action": "\\udfff"}',
        b'{"match": "162*", "action": "block", "a": ' + b"9" * 5000 + b"}",
    )
    for body in bodies:
        answer = ask("POST", "/api/v1/rules", data=body, content_type="application/json")
        assert answer.status_code == 400, body[:80]
    assert appliance.rules() == []


def test_a_body_that_is_not_json_is_refused(ask: Ask) -> None:
    assert ask("POST", "/api/v1/rules", data={"match": "162*", "action": "block"}).status_code == 415
    assert ask("PATCH", "/api/v1/settings", data="withheld=block").status_code == 415


def test_a_body_that_is_too_large_is_refused(ask: Ask) -> None:
    assert ask("POST", "/api/v1/rules", json={"match": "1" * 70_000, "action": "block"}).status_code == 413


def test_settings_are_changed_all_or_none(ask: Ask) -> None:
    before = ask("GET", "/api/v1/settings").json
    assert before.keys() == SETTINGS.keys()
    changed = ask("PATCH", "/api/v1/settings", json={"withheld": "block", "silence_s": 5}).json
    assert changed == before | {"withheld": "block", "silence_s": 5.0}
    answer = ask("PATCH", "/api/v1/settings", json={"withheld": "allow", "silence_s": 99})
    assert (answer.status_code, answer.json["code"]) == (422, "silence_s")
    assert ask("GET", "/api/v1/settings").json == changed


def test_what_is_no_setting_is_refused(ask: Ask, appliance: Appliance) -> None:
    before = appliance.settings()
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
    assert appliance.settings() == before


def test_any_number_is_explained(ask: Ask) -> None:
    for number in ("16210123456", "110", "+12025550123", "abc", "१२३", "*", "\0", "铃", "<b>", "9" * 64):
        answer = ask("GET", "/api/v1/explain", query_string={"number": number})
        assert answer.json["presented"] == number
        assert answer.json["verdict"]["action"] == "allow"


def test_no_number_and_an_endless_one_are_refused(ask: Ask) -> None:
    for query in ("", "?number=", "?number=" + "1" * 65):
        assert ask("GET", f"/api/v1/explain{query}").status_code == 400


def test_what_is_no_whole_number_is_refused(ask: Ask) -> None:
    for value in ("-1", "x", "1.5", "९", "9" * 16, "", "1e3", " 1"):
        for name in ("before", "limit"):
            assert ask("GET", "/api/v1/calls", query_string={name: value}).status_code == 400
            assert ask("GET", "/api/v1/rules", query_string={name: value}).status_code == 400


def test_a_page_is_bounded(ask: Ask, appliance: Appliance) -> None:
    for number in range(210):
        appliance.add_rule(str(17000000000 + number), "block")
    assert len(ask("GET", "/api/v1/rules?limit=999999").json["rules"]) == 200
    assert len(ask("GET", "/api/v1/rules?limit=0").json["rules"]) == 1


def test_what_is_not_there_is_not_found(ask: Ask) -> None:
    for id in (0, 7, 10**30):
        assert ask("GET", f"/api/v1/calls/{id}").status_code == 404
        assert ask("DELETE", f"/api/v1/rules/{id}").status_code == 404


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
    appliance.rules = None  # type: ignore[assignment, method-assign]
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
