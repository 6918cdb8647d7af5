"""The JSON API: what the page does, for programs. Its document is `openapi.py`."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, json, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from web import live, openapi
from web.openapi import LONGEST_NUMBER, MOST, USUAL
from web.problems import problem
from web.within import appliance, household

blueprint = Blueprint("api", __name__)

REFUSALS = {
    "empty": "A match is wanted: a number, or the beginning of one with * after it.",
    "characters": "A match has digits, perhaps + before them and * after them.",
    "too_long": "The match is too long.",
    "protected": "Emergency and public-service numbers cannot be blocked.",
    "action": "The action is allow or block.",
    "note_too_long": "The note is too long.",
}


@blueprint.get("/healthz")
def health() -> Response:
    """Whether the line is guarded; says nothing else, to anyone."""
    fault = appliance().status()["line"]["fault"]
    return answer({"status": "fault" if fault else "ok"}, 503 if fault else 200)


@blueprint.get("/api/v1/openapi.json")
def document() -> Response:
    """This API's own description."""
    return answer(openapi.document(appliance().status()["version"]))


@blueprint.get("/api/v1/status")
def status() -> Response:
    """What is so now."""
    return answer(appliance().status())


@blueprint.get("/api/v1/calls")
def calls() -> Response:
    """Calls, newest first."""
    found = appliance().calls(before=_number("before", None), limit=_limit())
    return answer({"calls": found})


@blueprint.get("/api/v1/calls/<int:id>")
def call(id: int) -> Response:
    """One call."""
    found = appliance().call(id)
    return answer(found) if found else problem(404, "There is no such call.")


@blueprint.get("/api/v1/rules")
def rules() -> Response:
    """Rules, newest first."""
    return answer({"rules": household().rules(before=_number("before", None), limit=_limit())})


@blueprint.post("/api/v1/rules")
def add_rule() -> Response:
    """Keep a rule; it is on disk and in force when this has answered."""
    body = _object({"match", "action", "note"})
    match, action, note = body.get("match"), body.get("action"), body.get("note", "")
    if not (isinstance(match, str) and isinstance(action, str) and isinstance(note, str)):
        return problem(400, "match, action and note are strings.")
    try:
        rule = household().add_rule({"match": match, "action": action, "note": note})
    except ValueError as error:
        return problem(422, REFUSALS[str(error)], code=str(error))
    response = answer(rule, 201)
    response.headers["Location"] = url_for("api.rules") + f"/{rule['id']}"
    return response


@blueprint.delete("/api/v1/rules/<int:id>")
def remove_rule(id: int) -> Response:
    """Drop a rule; it is off the disk when this has answered."""
    return Response(status=204) if household().remove_rule(id) else problem(404, "There is no such rule.")


@blueprint.get("/api/v1/settings")
def settings() -> Response:
    """What the owner has set."""
    return answer(household().settings())


@blueprint.patch("/api/v1/settings")
def change_settings() -> Response:
    """Change some settings, all or none."""
    try:
        return answer(household().change_settings(_object(None)))
    except ValueError as error:
        return problem(422, f"{error} has no such value.", code=str(error))


@blueprint.get("/api/v1/explain")
def explain() -> Response:
    """How a number would be judged now, step by step."""
    number = request.args.get("number", "")
    if not 0 < len(number) <= LONGEST_NUMBER:
        return problem(400, f"number is wanted, of at most {LONGEST_NUMBER} characters.")
    return answer(household().explain(number))


@blueprint.get("/api/v1/events")
def events() -> AnyResponse:
    """News as they happen."""
    return live.program_news()


def answer(body: Any, status: int = 200) -> Response:
    return Response(json.dumps(body), status, mimetype="application/json")


def _object(allowed: set[str] | None) -> dict[str, Any]:
    """The request's JSON object, with no names but those `allowed` (None: any). Raises BadRequest."""
    try:
        body = request.get_json()
        json.dumps(body, ensure_ascii=False).encode()
    except (RecursionError, UnicodeEncodeError) as error:
        raise BadRequest(
            "JSON that is nested less deeply, and text without lone surrogates, is wanted."
        ) from error
    if not isinstance(body, dict):
        raise BadRequest("A JSON object is wanted.")
    if allowed is not None and not body.keys() <= allowed:
        raise BadRequest(f"Nothing but {', '.join(sorted(allowed))} is wanted.")
    return body


def _limit() -> int:
    return min(max(_number("limit", USUAL) or 1, 1), MOST)


def _number(name: str, default: int | None) -> int | None:
    text = request.args.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise BadRequest(f"{name} is a whole number.")
    return int(text)
