"""The description of `web.api.undo`."""

from __future__ import annotations

from web.openapi.terms import MOMENT, NAMED, SKIPPING, STRING, Schema, array, operation, record

SCHEMAS: dict[str, Schema] = {
    "Steps": record(
        steps=array(
            record(id=STRING, what={**STRING, "description": "A code, such as rule_kept"}, made=MOMENT)
        )
    ),
}

PATHS: dict[str, Schema] = {
    "/api/v1/undo": {
        "get": operation(
            "What was done in the last day, on the page or by programs, and can be taken back, newest first",
            "Steps",
            400,
            parameters=SKIPPING,
        )
    },
    "/api/v1/undo/{id}": {
        "post": operation(
            "Take back what was done, as far as nothing of it has been changed again; with the scope that it took",
            None,
            404,
            409,
            507,
            status=204,
            parameters=NAMED,
        )
    },
}
