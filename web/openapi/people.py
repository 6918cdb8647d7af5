"""The description of `web.api.people`."""

from __future__ import annotations

from firmware.household.pause import LONGEST_PAUSE
from web.openapi.terms import (
    INTEGER,
    MOMENT,
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
)

CONTACT = {"name": STRING, "numbers": array(STRING), "groups": array(STRING)}

SCHEMAS: dict[str, Schema] = {
    "ContactWish": record("groups", **CONTACT),
    "ContactChange": record(*CONTACT, **CONTACT),
    "Contact": record(id=INTEGER, **CONTACT, created=MOMENT),
    "Contacts": record(contacts=array(named("Contact"))),
    "Imported": record(new=INTEGER, known=INTEGER, skipped=INTEGER, notes=array(STRING)),
    "PassWish": record("minutes", "segments", minutes=optional(INTEGER), segments=optional(array(STRING))),
    "Pass": record(
        "said",
        id=INTEGER,
        segments=array(STRING),
        until=optional(MOMENT),
        created=MOMENT,
        said={"const": True, "description": "There where the owner said so, and it is not for a long talk"},
    ),
    "PauseWish": record(minutes={**INTEGER, "minimum": 1, "maximum": LONGEST_PAUSE}),
    "Pause": record(until={**optional(MOMENT), "description": "null where nothing is paused"}),
    "Passes": record(passes=array(named("Pass"))),
    "KnownWish": record(number=STRING),
    "Known": record(known=array(named("Pass"))),
}

PATHS: dict[str, Schema] = {
    "/api/v1/contacts": {
        "get": operation(
            "Contacts, newest first; those that have `search` in their name or in a number",
            "Contacts",
            400,
            parameters=(*PAGING, parameter("search", "query", STRING)),
        ),
        "post": operation("Keep a contact", "Contact", status=201, body="ContactWish"),
    },
    "/api/v1/contacts/{id}": {
        "patch": operation(
            "Change some of a contact's fields", "Contact", 404, body="ContactChange", parameters=ONE
        ),
        "delete": operation("Drop a contact", None, 404, 507, status=204, parameters=ONE),
    },
    "/api/v1/contacts/import": {
        "post": operation(
            "Keep the contacts of an exported address book, all or none",
            "Imported",
            503,
            file=("text/vcard", "text/csv"),
        )
    },
    "/api/v1/passes": {
        "get": operation("The passes that are open, newest first", "Passes"),
        "post": operation("Expect a courier", "Pass", status=201, body="PassWish"),
    },
    "/api/v1/passes/{id}": {"delete": operation("End a pass", None, 404, 507, status=204, parameters=ONE)},
    "/api/v1/pause": {
        "get": operation("Until when nobody is blocked", "Pause"),
        "put": operation("Block nobody for some minutes", "Pause", body="PauseWish"),
        "delete": operation("Block again", None, 404, 507, status=204),
    },
    "/api/v1/known": {
        "get": operation(
            "Callers who are known, since somebody has talked with them or the owner said so, newest first",
            "Known",
            400,
            parameters=PAGING,
        ),
        "post": operation(
            "Know the caller with a number, such as one that the owner has called",
            "Pass",
            status=201,
            body="KnownWish",
        ),
    },
    "/api/v1/known/{id}": {
        "delete": operation("Know a caller no more", None, 404, 507, status=204, parameters=ONE)
    },
}
