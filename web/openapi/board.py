"""The description of `web.api.board`."""

from __future__ import annotations

from web.openapi.calls import HEARD
from web.openapi.terms import BOOLEAN, INTEGER, MOMENT, STRING, Schema, array, operation, optional, record

SCHEMAS: dict[str, Schema] = {
    "Heard": record(call=optional(record(**HEARD, raw=array(STRING)))),
    "Board": record(
        pins=array(
            record(
                name={**STRING, "description": "The part"},
                gpio={**INTEGER, "description": "By the BCM's number"},
                header={**INTEGER, "description": "By its place, from 1 to 40"},
            )
        )
    ),
    "Traffic": record(lines=array(record(at=MOMENT, sent=BOOLEAN, text=STRING, times=INTEGER))),
    "Findings": record(
        findings=array(
            record(part=STRING, verdict={"enum": ["ok", "warn", "fail"]}, says=STRING, advice=STRING)
        )
    ),
    "Moved": record(moved=BOOLEAN),
    "FirstRun": record(open={"type": "array", "items": {"enum": ["place", "line", "board", "sets"]}}),
}

PATHS: dict[str, Schema] = {
    "/api/v1/heard": {
        "get": operation(
            "The call that rings, or rang last since the start, and its caller ID as it came", "Heard"
        )
    },
    "/api/v1/board": {"get": operation("Which part is at which pin of the header", "Board")},
    "/api/v1/modem/traffic": {
        "get": operation("What was said to the modem and by it, oldest first", "Traffic")
    },
    "/api/v1/doctor": {"get": operation("What ails the box", "Findings", 503)},
    "/api/v1/trials/lamps": {"post": operation("Light the lamps one after another", None, 409, status=204)},
    "/api/v1/trials/relay": {
        "post": operation("Part handset and line for half a second, and connect them again", "Moved", 409)
    },
    "/api/v1/first-run": {
        "get": operation("The first steps that are still to be taken", "FirstRun"),
        "put": operation("Say which of the first steps are still to be taken", "FirstRun", body="FirstRun"),
    },
}
