"""The API's description (OpenAPI 3.1), which the tests hold against the API itself."""

from __future__ import annotations

from web.openapi import (
    accounts,
    archive,
    board,
    calls,
    complaints,
    lines,
    lists,
    metrics,
    notices,
    people,
    pools,
    rules,
    state,
    undo,
)
from web.openapi.terms import INTEGER, STRING, Schema, record
from web.pace import BURST, PER_SECOND

ABOUT = f"""Errors are problem documents (RFC 9457). Of a token or address {BURST} requests are answered at once and
{PER_SECOND} a second in the long run, others with 429 and Retry-After. A document has an ETag for If-None-Match."""

SCOPED = """From `ringfence token NAME --scope SCOPE` or the page of accounts. To look, a token needs the scope read; to
change, write; to manage accounts, tokens and the box itself, admin; for /metrics, metrics."""

SCHEMAS: dict[str, Schema] = {
    "Problem": record(
        "code",
        type=STRING,
        title=STRING,
        status=INTEGER,
        detail=STRING,
        code={**STRING, "description": "What was wrong, where a program may want to know"},
    ),
    **accounts.SCHEMAS,
    **archive.SCHEMAS,
    **board.SCHEMAS,
    **calls.SCHEMAS,
    **complaints.SCHEMAS,
    **lines.SCHEMAS,
    **lists.SCHEMAS,
    **notices.SCHEMAS,
    **people.SCHEMAS,
    **pools.SCHEMAS,
    **rules.SCHEMAS,
    **state.SCHEMAS,
    **undo.SCHEMAS,
}

PATHS: dict[str, Schema] = {
    **accounts.PATHS,
    **archive.PATHS,
    **board.PATHS,
    **calls.PATHS,
    **complaints.PATHS,
    **lines.PATHS,
    **lists.PATHS,
    **metrics.PATHS,
    **notices.PATHS,
    **people.PATHS,
    **pools.PATHS,
    **rules.PATHS,
    **state.PATHS,
    **undo.PATHS,
}

for _methods in PATHS.values():
    if "application/json" in _methods.get("get", {}).get("responses", {}).get("200", {}).get("content", {}):
        _methods["get"]["responses"]["304"] = {"description": "As the If-None-Match of the request has it"}


def document(version: str) -> Schema:
    """The whole description, for the product's `version`."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Ringfence", "version": version, "description": ABOUT},
        "security": [{"token": []}],
        "paths": PATHS,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": SCOPED}},
        },
    }
