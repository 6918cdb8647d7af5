"""The terms in which the API is described: JSON Schemas, and the operations of OpenAPI 3.1."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from firmware.call import Action, How

Schema = dict[str, Any]

STRING: Schema = {"type": "string"}
INTEGER: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
BOOLEAN: Schema = {"type": "boolean"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
DAY: Schema = {"type": "string", "format": "date"}
ACTION: Schema = {"enum": [str(action) for action in Action]}
HOW: Schema = {"enum": [str(how) for how in How]}


def optional(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def record(*left_out: str, **properties: Schema) -> Schema:
    """An object with all of these and nothing else; those `left_out` need not be there."""
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in left_out],
        "additionalProperties": False,
    }


def array(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def named(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


USUAL, MOST = 50, 200
"""How many calls, rules or contacts an answer has."""

FLAG: Schema = {"enum": ["0", "1"]}


def content(schema: Schema, *media: str) -> Schema:
    return {"content": {one: {"schema": schema} for one in media or ("application/json",)}}


def parameter(name: str, place: str, schema: Schema, *, required: bool = False) -> Schema:
    return {"name": name, "in": place, "required": required, "schema": schema}


def operation(
    summary: str,
    schema: str | None,
    *problems: int,
    status: int = 200,
    body: str | None = None,
    file: tuple[str, ...] = (),
    parameters: tuple[Schema, ...] = (),
) -> Schema:
    """One operation: its answer's schema, the schema of its JSON `body` or the media types of its `file`, and the
    problems it may answer with besides those of any body."""
    refused = {"application/problem+json": {"schema": named("Problem")}}
    of_any_body = (400, 413, 415, 422, 507) if body else (413, 422, 507) if file else ()
    found: Schema = {
        "summary": summary,
        "responses": {str(status): {"description": summary, **(content(named(schema)) if schema else {})}}
        | {
            str(code): {"description": HTTPStatus(code).phrase, "content": refused}
            for code in sorted({401, 403, 429, *problems, *of_any_body})
        },
    }
    if parameters:
        found["parameters"] = list(parameters)
    if body or file:
        found["requestBody"] = {"required": True, **(content(named(body)) if body else content({}, *file))}
    return found


def streamed(summary: str, media: str, *problems: int, parameters: tuple[Schema, ...] = ()) -> Schema:
    """An operation whose answer is no JSON document."""
    found = operation(summary, None, *problems, parameters=parameters)
    found["responses"]["200"] |= content(STRING, media)
    return found


PAGING = (
    parameter("before", "query", {"type": "integer", "minimum": 0, "maximum": 10**15 - 1}),
    parameter("limit", "query", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}),
)

SKIPPING = (
    parameter("skip", "query", {"type": "integer", "minimum": 0, "maximum": 10**15 - 1, "default": 0}),
    PAGING[1],
)

ONE = (parameter("id", "path", INTEGER, required=True),)
NAMED = (parameter("id", "path", STRING, required=True),)
SET = (parameter("name", "path", STRING, required=True),)
