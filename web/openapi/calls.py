"""The description of `web.api.calls`."""

from __future__ import annotations

from firmware.call import Reason
from firmware.calls.statistics import HOURS, Outcome
from firmware.screening.rules import LONGEST_LINE_NAME
from web.openapi.terms import (
    ACTION,
    BOOLEAN,
    DAY,
    HOW,
    INTEGER,
    MOMENT,
    NUMBER,
    ONE,
    PAGING,
    STRING,
    Schema,
    array,
    named,
    operation,
    optional,
    parameter,
    record,
    streamed,
)

REMARKED: dict[str, Schema] = {
    "note": {**optional(STRING), "description": "What the owner wrote down of the call"},
    "kind": {**optional(STRING), "description": "The kind of harassment, as the authority names it"},
    "said": {**optional(STRING), "description": "What the caller said"},
}

MARKED: Schema = {**optional(MOMENT), "description": "When a kind was first given"}

OUTCOMES: dict[str, Schema] = {
    "allowed": INTEGER,
    "blocked": INTEGER,
    "unknown": {**INTEGER, "description": "Let through since nothing was known of the caller"},
}

STEPS: Schema = array(record(step=STRING, matched=BOOLEAN, action=optional(ACTION), match=optional(STRING)))

HEARD: Schema = {
    "line": STRING,
    "started": MOMENT,
    "number": optional(STRING),
    "presented": optional(STRING),
    "name": optional(STRING),
    "absence": optional({"enum": ["withheld", "unavailable"]}),
    "rings": INTEGER,
    "duration": NUMBER,
    "over": BOOLEAN,
    "cut": BOOLEAN,
    "talked": {**optional(NUMBER), "description": "Seconds; null where nobody answered or it is not known"},
    "answered": {**BOOLEAN, "description": "Whether another phone has it, where the seconds are not known"},
    "verdict": optional(named("Verdict")),
    "who": optional(named("Who")),
}
"""What there is to know of a call from the line itself."""

LONGEST_NUMBER = 64

FILTERS = (
    parameter(
        "search",
        "query",
        {
            **STRING,
            "description": "Part of the number, the name, what the owner said of the call, or what the number tells",
        },
    ),
    parameter("verdict", "query", {"enum": [str(outcome) for outcome in Outcome]}),
    parameter("since", "query", DAY),
    parameter("until", "query", DAY),
)

CALLER = (
    parameter("number", "query", {**STRING, "maxLength": LONGEST_NUMBER}, required=True),
    parameter("at", "query", MOMENT),
    parameter("line", "query", {**STRING, "maxLength": LONGEST_LINE_NAME}),
)

SCHEMAS: dict[str, Schema] = {
    "Verdict": record(
        action=ACTION,
        reason={"enum": [str(reason) for reason in Reason]},
        rule={
            **optional(INTEGER),
            "description": "The id of the rule, contact, pass, list or answer about a pool that decided",
        },
        match=optional(STRING),
        how=optional(HOW),
    ),
    "Who": record(
        kind=STRING,
        country=optional(STRING),
        operator=optional(STRING),
        host=optional(STRING),
        place=optional(STRING),
    ),
    "Call": record(id=INTEGER, **HEARD, **REMARKED, marked=MARKED),
    "CallRemark": record(*REMARKED, **REMARKED),
    "Calls": record(
        calls=array(named("Call")),
        next={**optional(INTEGER), "description": "`before` of the next part; null where there is none"},
    ),
    "Outcomes": record(**OUTCOMES),
    "Statistics": record(
        today=named("Outcomes"),
        week={**named("Outcomes"), "description": "Seven days, today among them"},
        days=array(record(day=DAY, **OUTCOMES)),
        hours={
            **array({"type": "array", "items": INTEGER, "minItems": HOURS, "maxItems": HOURS}),
            "description": "Calls by weekday, from Monday on, and hour",
        },
        segments=array(record(segment=STRING, calls=INTEGER, blocked=INTEGER)),
        operators=array(
            record(operator=optional(STRING), host=optional(STRING), calls=INTEGER, blocked=INTEGER)
        ),
        blocked=INTEGER,
        each_s={**NUMBER, "description": "Seconds that a call takes of whoever answers it"},
        measured={**BOOLEAN, "description": "Whether each_s is that of unknown callers who came through"},
        saved_s={**INTEGER, "description": "blocked times each_s"},
        whole={**BOOLEAN, "description": "Whether all of the log has been counted yet"},
    ),
    "History": record(segment=optional(STRING), own=array(named("Call")), alike=array(named("Call"))),
    "Explanation": record(
        presented=STRING,
        number=STRING,
        possible=BOOLEAN,
        who=named("Who"),
        at=MOMENT,
        line=STRING,
        verdict=named("Verdict"),
        steps=STEPS,
    ),
    "Why": record(
        steps=STEPS,
        segment={**optional(STRING), "description": "That of its number, as rules write it"},
        pool={**optional(STRING), "description": "That to which its number belongs"},
        complaint={**optional(INTEGER), "description": "The case that it is in"},
    ),
}

PATHS: dict[str, Schema] = {
    "/api/v1/calls": {
        "get": operation(
            "Calls, newest first, of those that are looked for", "Calls", 400, parameters=(*PAGING, *FILTERS)
        )
    },
    "/api/v1/calls.csv": {
        "get": streamed(
            "The calls that are looked for, as a table (RFC 4180)", "text/csv", 400, parameters=FILTERS
        )
    },
    "/api/v1/calls/{id}": {
        "get": operation("One call", "Call", 404, parameters=ONE),
        "patch": operation(
            "Keep what the owner says of a call", "Call", 404, body="CallRemark", parameters=ONE
        ),
    },
    "/api/v1/calls/{id}/why": {
        "get": operation(
            "How a call would be judged if it came now, step by step, and what it belongs to",
            "Why",
            404,
            parameters=ONE,
        )
    },
    "/api/v1/statistics": {
        "get": operation("The calls of the last 30 days, counted by the owner's clock", "Statistics")
    },
    "/api/v1/explain": {
        "get": operation(
            "How a number would be judged at a moment, or now", "Explanation", 400, parameters=CALLER
        )
    },
    "/api/v1/history": {
        "get": operation(
            "The latest calls of a number and of its look-alikes, of all that are kept",
            "History",
            400,
            parameters=CALLER[:1],
        )
    },
}
