"""The description of `web.api.notices`."""

from __future__ import annotations

from web.openapi.terms import INTEGER, ONE, STRING, Schema, array, named, operation, optional, record

SCHEMAS: dict[str, Schema] = {
    "NoticeWish": record(
        name=STRING, url={**STRING, "description": "An address as apprise has them; a secret"}
    ),
    "NoticeAddress": record(
        id=INTEGER,
        name=STRING,
        service=STRING,
        fault={**optional(STRING), "description": "Why the last message was not sent"},
        waiting={**INTEGER, "description": "Lines that wait to be sent"},
    ),
    "NoticeAddresses": record(addresses=array(named("NoticeAddress"))),
}

PATHS: dict[str, Schema] = {
    "/api/v1/notices": {
        "get": operation("The addresses to which notices go", "NoticeAddresses"),
        "post": operation("Keep an address", "NoticeAddress", status=201, body="NoticeWish"),
    },
    "/api/v1/notices/{id}": {
        "delete": operation("Drop an address", None, 404, 507, status=204, parameters=ONE)
    },
    "/api/v1/notices/{id}/test": {
        "post": operation("Send a test", None, 404, 502, status=204, parameters=ONE)
    },
}
