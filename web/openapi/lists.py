"""The description of `web.api.lists`."""

from __future__ import annotations

from web.openapi.terms import (
    ACTION,
    BOOLEAN,
    INTEGER,
    MOMENT,
    ONE,
    STRING,
    Schema,
    array,
    named,
    operation,
    optional,
    parameter,
    record,
)

LIST_TOKEN = {
    **optional(STRING),
    "description": "What the list's own server is sent as a bearer token, and no other; null takes it away",
}

UPLOADED = (parameter("name", "query", STRING, required=True), parameter("action", "query", ACTION))

SCHEMAS: dict[str, Schema] = {
    "ListWish": record("action", "token", name=STRING, url=STRING, action=ACTION, token=LIST_TOKEN),
    "ListChange": record(
        "name", "action", "on", "token", name=STRING, action=ACTION, on=BOOLEAN, token=LIST_TOKEN
    ),
    "List": record(
        id=INTEGER,
        name=STRING,
        action=ACTION,
        url={**optional(STRING), "description": "null where the list was uploaded"},
        has_token={**BOOLEAN, "description": "Whether a token is sent, which is never told"},
        on=BOOLEAN,
        created=MOMENT,
        etag=optional(STRING),
        modified=optional(STRING),
        sha256=optional(STRING),
        checked=optional(MOMENT),
        built=optional(MOMENT),
        fault={**optional(STRING), "description": "The code of what went wrong when it was last renewed"},
        count={**INTEGER, "description": "Distinct numbers and segments"},
        refused={**INTEGER, "description": "Lines that were no number"},
        samples={**array(STRING), "description": "Beginnings of the first of them"},
        progress={
            **optional(
                {"type": "array", "items": {"type": ["string", "integer"]}, "minItems": 2, "maxItems": 2}
            ),
            "description": "The phase it is in (fetching, reading, writing), and how far",
        },
    ),
    "Lists": record(lists=array(named("List"))),
}

PATHS: dict[str, Schema] = {
    "/api/v1/lists": {
        "get": operation("Every list, newest first", "Lists"),
        "post": operation("Subscribe to a list", "List", status=201, body="ListWish"),
    },
    "/api/v1/lists/upload": {
        "post": operation("Keep a list", "List", status=201, file=("text/plain",), parameters=UPLOADED)
    },
    "/api/v1/lists/{id}": {
        "patch": operation(
            "Change a list's name, action or token, or turn it on or off",
            "List",
            404,
            body="ListChange",
            parameters=ONE,
        ),
        "delete": operation("Drop a list", None, 404, 507, status=204, parameters=ONE),
    },
    "/api/v1/lists/{id}/refresh": {
        "post": operation("Fetch and compile a list as soon as may be", None, 404, status=202, parameters=ONE)
    },
}
