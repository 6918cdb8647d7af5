"""The calls, what they came to, and how a number would be judged."""

from __future__ import annotations

from datetime import datetime

from flask import Response, request, stream_with_context
from werkzeug.exceptions import BadRequest

from firmware.calls.log import LONGEST_REMARKS
from firmware.household import ASSUMED_LINE
from firmware.screening.rules import LONGEST_LINE_NAME
from web.api.asking import answer, asked, blueprint, page, text
from web.export import lines
from web.openapi.calls import LONGEST_NUMBER
from web.problems import problem
from web.searching import Filters
from web.steps import kept_as
from web.within import appliance, household

YEARS = range(2000, 2100)


@blueprint.get("/api/v1/calls")
def calls() -> Response:
    """Calls, newest first, of those that are looked for."""
    found, more = _filters().find(**page())
    return answer({"calls": found, "next": more})


@blueprint.get("/api/v1/calls.csv")
def calls_csv() -> Response:
    """The calls that are looked for, as a table."""
    return Response(stream_with_context(lines(_filters())), mimetype="text/csv")


@blueprint.get("/api/v1/calls/<int:id>")
def call(id: int) -> Response:
    """One call."""
    found = appliance().call(id)
    return answer(found) if found else problem(404, "There is no such call.")


@blueprint.get("/api/v1/calls/<int:id>/why")
def why(id: int) -> Response:
    """How a call would be judged if it came now, step by step, and what it belongs to."""
    found = appliance().call(id)
    if found is None:
        return problem(404, "There is no such call.")
    complaint = appliance().complaints.case_of(id)
    return answer(
        {"steps": household().why(found), **appliance().alike(found["number"]), "complaint": complaint}
    )


@blueprint.patch("/api/v1/calls/<int:id>")
@kept_as("mark_kept")
def remark(id: int) -> Response:
    """Keep what the owner says of a call."""
    changes = asked(set(LONGEST_REMARKS))
    try:
        found = appliance().remark(
            id, **{name: None if said is None else text(changes, name) for name, said in changes.items()}
        )
    except ValueError as error:
        return problem(422, f"{error} is plain text on one line, and not as long.", code=str(error))
    return answer(found) if found else problem(404, "There is no such call.")


@blueprint.get("/api/v1/statistics")
def statistics() -> Response:
    """What the last days came to."""
    return answer(appliance().figures())


@blueprint.get("/api/v1/explain")
def explain() -> Response:
    """How a number would be judged at a moment, or now, step by step."""
    number = _number()
    line = request.args.get("line", ASSUMED_LINE)
    if not 0 < len(line) <= LONGEST_LINE_NAME:
        raise BadRequest(f"line has at most {LONGEST_LINE_NAME} characters.")
    return answer(household().explain(number, line, _moment(request.args.get("at"))))


@blueprint.get("/api/v1/history")
def history() -> Response:
    """The calls of a number and of its look-alikes."""
    return answer(appliance().history(_number()))


def _number() -> str:
    """The number that is asked about. Raises BadRequest."""
    number = request.args.get("number", "")
    if not 0 < len(number) <= LONGEST_NUMBER:
        raise BadRequest(f"number is wanted, of at most {LONGEST_NUMBER} characters.")
    return number


def _filters() -> Filters:
    """What is looked for. Raises BadRequest."""
    try:
        return Filters.of(request.args)
    except ValueError as error:
        raise BadRequest(f"{error} makes no sense.") from error


def _moment(written: str | None) -> datetime | None:
    """A moment, on the owner's clock where it says no other. Raises BadRequest."""
    if written is None:
        return None
    try:
        at = datetime.fromisoformat(written)
    except ValueError as error:
        raise BadRequest("at is a moment in ISO 8601.") from error
    if at.year not in YEARS:
        raise BadRequest("at is a moment of this century.")
    return at if at.tzinfo else at.replace(tzinfo=household().screening.policy.zone)
