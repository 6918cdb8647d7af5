"""The description of `web.api.complaints`."""

from __future__ import annotations

from firmware.complaints import Fill, State
from firmware.complaints.cases import CHANGES, OWN
from web.openapi.terms import (
    BOOLEAN,
    INTEGER,
    MOMENT,
    ONE,
    PAGING,
    STRING,
    Schema,
    array,
    operation,
    optional,
    parameter,
    record,
    streamed,
)

CASE: dict[str, Schema] = {
    "id": INTEGER,
    "form": {**STRING, "description": "The id of the authority's form"},
    "about": {
        **optional(STRING),
        "description": "What the callers share, such as +861621012????; null: no number",
    },
    "calls": array(INTEGER),
    "answers": {
        "type": "object",
        "additionalProperties": STRING,
        "description": "The owner's answers by the names of fields; where a field has choices, the code of one",
    },
    "state": {"enum": [str(state) for state in State]},
    "reference": {**STRING, "description": "The number that the authority gave the case"},
    "answer": {**STRING, "description": "What the authority answered"},
    "created": MOMENT,
    "filed": optional(MOMENT),
}

FIELD: dict[str, Schema] = {
    "name": STRING,
    "label": {**STRING, "description": "In the form's own words"},
    "fill": {"enum": [str(fill) for fill in Fill], "description": "Where its value comes from"},
}

CASE_CHANGES = {name: CASE[name] for name in CHANGES}
COMPLAINANT = dict.fromkeys(OWN, STRING)

SCHEMAS: dict[str, Schema] = {
    "Complaints": record(complaints=array(record(**CASE))),
    "Complaint": record(
        "authority",
        "address",
        "fields",
        "text",
        "sms",
        "offers",
        **CASE,
        authority=STRING,
        address=optional(STRING),
        fields=array(record(**FIELD, value=STRING, given=STRING, enough=BOOLEAN)),
        text={**STRING, "description": "All fields that have a value, a line each"},
        sms=optional(record(to=STRING, text=STRING)),
        offers={**array(INTEGER), "description": "Calls from its like that are in no case, newest first"},
    ),
    "ComplaintWish": record(call={**INTEGER, "description": "The call that it is about"}),
    "ComplaintChange": record(*CASE_CHANGES, **CASE_CHANGES),
    "ComplaintForms": record(
        forms=array(
            record(
                id=STRING,
                name=STRING,
                language=STRING,
                address=optional(STRING),
                fields=array(record(**FIELD, choices=array(record(code=STRING, label=STRING)))),
            )
        )
    ),
    "Complainant": record(**COMPLAINANT),
    "ComplainantChange": record(*COMPLAINANT, **COMPLAINANT),
}

PATHS: dict[str, Schema] = {
    "/api/v1/complaints.csv": {
        "get": streamed("Every case with its calls, as a table (RFC 4180)", "text/csv")
    },
    "/api/v1/complaints": {
        "get": operation("Cases, newest first", "Complaints", 400, parameters=PAGING),
        "post": operation(
            "The case of a call, prepared where there is none",
            "Complaint",
            404,
            status=201,
            body="ComplaintWish",
        ),
    },
    "/api/v1/complaints/{id}": {
        "get": operation(
            "One case with its form filled in; `call`: the one of its calls that the form is about",
            "Complaint",
            404,
            parameters=(*ONE, parameter("call", "query", INTEGER)),
        ),
        "patch": operation("Change some of a case", "Complaint", 404, body="ComplaintChange", parameters=ONE),
        "delete": operation("Drop a case; its calls stay", None, 404, 507, status=204, parameters=ONE),
    },
    "/api/v1/complaints/forms": {
        "get": operation("The authorities' forms for the country of the line", "ComplaintForms")
    },
    "/api/v1/complainant": {
        "get": operation("The owner's details for the forms", "Complainant"),
        "patch": operation("Keep some of the owner's details", "Complainant", body="ComplainantChange"),
    },
}
