"""Asks the API as a program does, and holds each question and answer against the API's own description."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from werkzeug.test import TestResponse

Ask = Callable[..., TestResponse]
DOCUMENT = "urn:openapi"


def held_against(described: dict[str, Any], program: Ask) -> Ask:
    """`program`, but an answer that is not described, or a body that is taken and not described, fails."""
    registry = Registry().with_resource(DOCUMENT, Resource(described, DRAFT202012))

    def validate(value: Any, *place: str) -> None:
        schema = {"$ref": f"{DOCUMENT}#/{'/'.join(map(escaped, place))}/schema"}
        Draft202012Validator(schema, registry=registry, format_checker=FormatChecker()).validate(value)

    def ask(method: str, path: str, **how: Any) -> TestResponse:
        answer = program(method, path, **how)
        place = ("paths", template_of(described, path), method.lower())
        expected = described["paths"][place[1]][place[2]]["responses"][str(answer.status_code)]
        if "content" not in expected:
            assert answer.data == b""
            return answer
        (mimetype,) = expected["content"]
        assert answer.mimetype == mimetype
        if mimetype.endswith("json") and "ndjson" not in mimetype:
            validate(answer.json, *place, "responses", str(answer.status_code), "content", mimetype)
        if "json" in how and answer.status_code < 300:
            validate(how["json"], *place, "requestBody", "content", "application/json")
        return answer

    return ask


def template_of(described: dict[str, Any], path: str) -> str:
    """The described path that `path` is one of."""
    plain = path.partition("?")[0]
    fitting = [
        template
        for template in described["paths"]
        if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)), plain)
    ]
    return min(fitting, key=lambda template: template.count("{"))


def escaped(text: str) -> str:
    """As a part of a JSON Pointer (RFC 6901) in a URI fragment."""
    return (
        text.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D").replace("+", "%2B")
    )
