"""The description of `web.api.state`."""

from __future__ import annotations

from firmware.board.buttons import BUTTONS
from firmware.board.lamps import Shows
from firmware.settings import SETTINGS, Setting
from web.openapi.terms import (
    BOOLEAN,
    INTEGER,
    MOMENT,
    NUMBER,
    STRING,
    Schema,
    array,
    content,
    named,
    operation,
    optional,
    parameter,
    record,
    streamed,
)


def setting_schema(setting: Setting) -> Schema:
    if setting.choices:
        return {"enum": list(setting.choices), "description": setting.help}
    if setting.pattern:
        return {"type": "string", "pattern": f"^{setting.pattern}$", "description": setting.help}
    kind = "integer" if isinstance(setting.default, int) else "number"
    return {"type": kind, "minimum": setting.least, "maximum": setting.most, "description": setting.help}


SETTING_SCHEMAS = {name: setting_schema(setting) for name, setting in SETTINGS.items()}


def health() -> Schema:
    responses = {"200": "The line is guarded", "503": "It is not"}
    return {
        "summary": "Whether the line is guarded",
        "security": [],
        "responses": {
            code: {"description": words, **content(named("Health"))} for code, words in responses.items()
        },
    }


def own() -> Schema:
    found = operation("This document", None)
    found["responses"]["200"] |= content({"type": "object"})
    return found


SCHEMAS: dict[str, Schema] = {
    "Health": record(status={"enum": ["ok", "fault"]}),
    "Status": record(
        line=record(
            name=STRING,
            state={"enum": ["starting", "guarding", "ringing", "fault"]},
            fault=optional(STRING),
            hint=optional(STRING),
        ),
        lines=array(named("Line")),
        modem=record(
            port=optional(STRING),
            model=optional(STRING),
            dialect=optional(STRING),
            caller_id=BOOLEAN,
            country=optional(STRING),
        ),
        relay={"enum": ["connected", "cut", "guard"]},
        first_ring=record(
            mode={"enum": ["ring", "mute", "guard"]},
            why={**optional(STRING), "description": "Why it is not as set: parts, unproved or hours"},
            possible={"type": "array", "items": {"enum": ["ring", "mute", "guard"]}},
        ),
        leds={
            "type": "object",
            "additionalProperties": STRING,
            "description": "off, on, slow, fast, left1 to left4, or how many times it blinks before a pause",
        },
        shows={"enum": [str(shows) for shows in Shows], "description": "What the lamps say"},
        paused={**optional(MOMENT), "description": "Until when nobody is blocked"},
        lifted={**optional(BOOLEAN), "description": "Whether the handset is; null where no sensor tells"},
        pressed={"type": "array", "items": {"enum": list(BUTTONS)}},
        jammed={"type": "array", "items": {"enum": list(BUTTONS)}},
        faults={
            **array(STRING),
            "description": "What does not work as it should: the faults of lines, relay, disk, store, backup",
        },
        pins={"enum": ["real", "simulated"]},
        counts=record(calls=INTEGER, rules=INTEGER, today=INTEGER, blocked_today=INTEGER),
        version=STRING,
        uptime_s=NUMBER,
    ),
    "Settings": record(**SETTING_SCHEMAS),
    "SettingsChange": record(*SETTING_SCHEMAS, **SETTING_SCHEMAS),
    "Changes": record(releases=array(record(name=STRING, about=STRING, changes=array(STRING)))),
}

PATHS: dict[str, Schema] = {
    "/healthz": {"get": health()},
    "/api/v1/openapi.json": {"get": own()},
    "/api/v1/status": {"get": operation("What is so now", "Status")},
    "/api/v1/events": {
        "get": streamed(
            "News as they happen, as server-sent events",
            "text/event-stream",
            503,
            parameters=(
                parameter(
                    "Last-Event-ID",
                    "header",
                    {**STRING, "description": "The id of the last news that were heard: go on from there"},
                ),
            ),
        )
    },
    "/api/v1/settings": {
        "get": operation("What the owner has set", "Settings"),
        "patch": operation("Change some settings, all or none", "Settings", body="SettingsChange"),
    },
    "/api/v1/changes": {"get": operation("What is new in each version, newest first", "Changes")},
    "/api/v1/restart": {
        "post": operation(
            "Begin anew in a moment; handset and line are connected meanwhile", None, status=202
        )
    },
}
