"""The API's description (OpenAPI 3.1), which the tests hold against the API itself."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from firmware.call import Action, Reason
from firmware.settings import SETTINGS, Setting

Schema = dict[str, Any]

USUAL, MOST = 50, 200
"""How many calls or rules an answer has."""

LONGEST_NUMBER = 64

STRING: Schema = {"type": "string"}
INTEGER: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
BOOLEAN: Schema = {"type": "boolean"}
ACTION: Schema = {"enum": [str(action) for action in Action]}


def optional(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def record(**properties: Schema) -> Schema:
    """An object with all of these and nothing else."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def array(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def named(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


VERDICT = record(
    action=ACTION,
    reason={"enum": [str(reason) for reason in Reason]},
    rule=optional(INTEGER),
    match=optional(STRING),
)

SCHEMAS: dict[str, Schema] = {
    "Status": record(
        line=record(
            name=STRING,
            state={"enum": ["starting", "guarding", "ringing", "fault"]},
            fault=optional(STRING),
            hint=optional(STRING),
        ),
        modem=record(
            port=optional(STRING),
            model=optional(STRING),
            dialect=optional(STRING),
            caller_id=BOOLEAN,
            country=optional(STRING),
        ),
        relay={"enum": ["connected", "cut"]},
        leds={"type": "object", "additionalProperties": {"enum": ["on", "off", "blink"]}},
        pins={"enum": ["real", "simulated"]},
        counts=record(calls=INTEGER, rules=INTEGER, today=INTEGER, blocked_today=INTEGER),
        version=STRING,
        uptime_s=NUMBER,
    ),
    "Verdict": VERDICT,
    "Call": record(
        id=INTEGER,
        line=STRING,
        started={"type": "string", "format": "date-time"},
        number=optional(STRING),
        presented=optional(STRING),
        name=optional(STRING),
        absence=optional({"enum": ["withheld", "unavailable"]}),
        rings=INTEGER,
        duration=NUMBER,
        over=BOOLEAN,
        cut=BOOLEAN,
        verdict=optional(named("Verdict")),
    ),
    "Calls": record(calls=array(named("Call"))),
    "NewRule": record(match=STRING, action=ACTION)
    | {"properties": {"match": STRING, "action": ACTION, "note": STRING}},
    "Rule": record(id=INTEGER, match=STRING, action=ACTION, note=STRING, created=STRING),
    "Rules": record(rules=array(named("Rule"))),
    "Explanation": record(
        presented=STRING,
        number=STRING,
        possible=BOOLEAN,
        verdict=named("Verdict"),
        steps=array(record(step=STRING, matched=BOOLEAN, action=optional(ACTION), match=optional(STRING))),
    ),
    "Health": record(status={"enum": ["ok", "fault"]}),
    "Problem": record(type=STRING, title=STRING, status=INTEGER, detail=STRING)
    | {"properties": {"type": STRING, "title": STRING, "status": INTEGER, "detail": STRING, "code": STRING}},
}


def setting_schema(setting: Setting) -> Schema:
    if setting.choices:
        return {"enum": list(setting.choices), "description": setting.help}
    if setting.pattern:
        return {"type": "string", "pattern": f"^{setting.pattern}$", "description": setting.help}
    kind = "integer" if isinstance(setting.default, int) else "number"
    return {"type": kind, "minimum": setting.least, "maximum": setting.most, "description": setting.help}


def json_body(schema: Schema) -> Schema:
    return {"content": {"application/json": {"schema": schema}}}


def parameter(name: str, place: str, schema: Schema, *, required: bool = False) -> Schema:
    return {"name": name, "in": place, "required": required, "schema": schema}


def operation(
    summary: str,
    schema: str | None,
    *problems: int,
    status: int = 200,
    body: str | None = None,
    parameters: tuple[Schema, ...] = (),
) -> Schema:
    """One operation: its answer's schema, and the problems it may answer with besides those of any body."""
    refused = {"application/problem+json": {"schema": named("Problem")}}
    of_any_body = (400, 413, 415, 422, 507) if body else ()
    responses: Schema = {
        str(status): {"description": summary, **(json_body(named(schema)) if schema else {})},
        **{
            str(code): {"description": HTTPStatus(code).phrase, "content": refused}
            for code in sorted({401, *problems, *of_any_body})
        },
    }
    found: Schema = {"summary": summary, "responses": responses}
    if parameters:
        found["parameters"] = list(parameters)
    if body:
        found["requestBody"] = {"required": True, **json_body(named(body))}
    return found


def document(version: str) -> Schema:
    """The whole description, for the product's `version`."""
    paging = (
        parameter("before", "query", {"type": "integer", "minimum": 0}),
        parameter("limit", "query", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}),
    )
    one = (parameter("id", "path", INTEGER, required=True),)
    number = parameter("number", "query", {"type": "string", "maxLength": LONGEST_NUMBER}, required=True)
    settings = {name: setting_schema(setting) for name, setting in SETTINGS.items()}
    events = operation("News as they happen, as server-sent events", None, 503)
    events["responses"]["200"]["content"] = {"text/event-stream": {"schema": STRING}}
    own = operation("This document", None)
    own["responses"]["200"] |= json_body({"type": "object"})
    health = operation("Whether the line is guarded", "Health") | {"security": []}
    health["responses"] = {
        code: {"description": words, **json_body(named("Health"))}
        for code, words in (("200", "It is"), ("503", "It is not"))
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Ringfence", "version": version},
        "security": [{"token": []}],
        "paths": {
            "/healthz": {"get": health},
            "/api/v1/openapi.json": {"get": own},
            "/api/v1/status": {"get": operation("What is so now", "Status")},
            "/api/v1/calls": {"get": operation("Calls, newest first", "Calls", 400, parameters=paging)},
            "/api/v1/calls/{id}": {"get": operation("One call", "Call", 404, parameters=one)},
            "/api/v1/rules": {
                "get": operation("Rules, newest first", "Rules", 400, parameters=paging),
                "post": operation("Keep a rule", "Rule", status=201, body="NewRule"),
            },
            "/api/v1/rules/{id}": {
                "delete": operation("Drop a rule", None, 404, 507, status=204, parameters=one)
            },
            "/api/v1/settings": {
                "get": operation("What the owner has set", "Settings"),
                "patch": operation("Change some settings, all or none", "Settings", body="SettingsChange"),
            },
            "/api/v1/explain": {
                "get": operation("How a number would be judged", "Explanation", 400, parameters=(number,))
            },
            "/api/v1/events": {"get": events},
        },
        "components": {
            "schemas": SCHEMAS
            | {"Settings": record(**settings)}
            | {"SettingsChange": record(**settings) | {"required": []}},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }
