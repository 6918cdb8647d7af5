"""How the API is asked, and how it answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, json, request
from werkzeug.exceptions import BadRequest

from web.openapi.terms import MOST, USUAL
from web.problems import problem

blueprint = Blueprint("api", __name__)


@blueprint.after_request
def tag(response: Response) -> Response:
    """Let a program that has the document already be told so (RFC 9110, clause 13)."""
    if request.method in ("GET", "HEAD") and response.status_code == 200 and not response.is_streamed:
        response.headers["Cache-Control"] = "private, no-cache"
        response.add_etag(weak=True)
        response.make_conditional(request)
    return response


def answer(body: Any, status: int = 200) -> Response:
    return Response(json.dumps(body), status, mimetype="application/json")


def refusal(error: Exception, words: Mapping[str, str]) -> Response:
    """A change that makes no sense, by the code that is the argument of `error`."""
    code = str(error.args[0])
    return problem(422, words[code], code=code)


def gone(done: bool, what: str) -> Response:
    """The answer to a removal."""
    return Response(status=204) if done else problem(404, f"There is no such {what}.")


def asked(allowed: set[str] | None) -> dict[str, Any]:
    """The request's JSON object, with no names but those `allowed` (None: any). Raises BadRequest."""
    try:
        body = request.get_json()
        json.dumps(body, ensure_ascii=False).encode()
    except (RecursionError, UnicodeEncodeError) as error:
        raise BadRequest(
            "JSON that is nested less deeply, and text without lone surrogates, is wanted."
        ) from error
    return named(body, allowed)


def named(body: Any, allowed: set[str] | None) -> dict[str, Any]:
    """`body` if it is an object with no names but those `allowed`. Raises BadRequest."""
    if not isinstance(body, dict):
        raise BadRequest("A JSON object is wanted.")
    if allowed is not None and not body.keys() <= allowed:
        raise BadRequest(f"Nothing but {', '.join(sorted(allowed))} is wanted.")
    return body


def text(body: Mapping[str, Any], name: str, default: str | None = None) -> str:
    """A string of the body. Raises BadRequest."""
    value = body.get(name, default)
    if not isinstance(value, str):
        raise BadRequest(f"{name} is a string.")
    return value


def texts(body: Mapping[str, Any], name: str) -> list[str]:
    """A list of strings of the body, empty where it is not given. Raises BadRequest."""
    value = body.get(name, [])
    if not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
        raise BadRequest(f"{name} is a list of strings.")
    return value


def page() -> dict[str, Any]:
    """Which part of a table is asked for: what comes before an id, and no more than so many. Raises BadRequest."""
    limit = _number("limit", USUAL)
    if not 0 < (limit or 0) <= MOST:
        raise BadRequest(f"limit is from 1 to {MOST}.")
    return {"before": _number("before", None), "limit": limit}


def skipped() -> int:
    """How many are left out before the first that is wanted. Raises BadRequest."""
    return _number("skip", 0) or 0


def flag(name: str, *, default: bool) -> bool:
    """A yes or no of the query: 1 or 0. Raises BadRequest."""
    value = request.args.get(name, str(int(default)))
    if value not in ("0", "1"):
        raise BadRequest(f"{name} is 0 or 1.")
    return value == "1"


def _number(name: str, default: int | None) -> int | None:
    value = request.args.get(name)
    if value is None:
        return default
    if not value.isascii() or not value.isdigit() or len(value) > 15:
        raise BadRequest(f"{name} is a whole number.")
    return int(value)
