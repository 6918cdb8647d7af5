"""The first page: the state of the line, the calls, and the courier who is expected."""

from __future__ import annotations

from datetime import UTC, datetime
from math import ceil
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from web.pages.answering import blueprint, done, wants_part
from web.rows import row
from web.within import appliance, household

CALLS = 30


@blueprint.get("/")
def home() -> str:
    """The state of the line, and the calls, newest first."""
    before = request.args.get("before", type=int)
    return render_template("home.html", status=appliance().status(), **call_log(before))


def call_log(before: int | None = None) -> dict[str, Any]:
    """What `_calls.html` shows: the calls before an id, where older ones begin, and whether a courier is expected."""
    calls = appliance().calls(before=before, limit=CALLS)
    older = calls[-1]["id"] if len(calls) == CALLS else None
    return {"calls": calls, "before": before, "older": older, "row": row, **_courier()}


@blueprint.post("/calls/<int:id>/rule")
def judge_caller(id: int) -> Response | str:
    """Block or allow the caller of a call, with one tap."""
    call = appliance().call(id)
    if call is None or not call["number"]:
        abort(404)
    wish = {"match": call["number"], "action": request.form.get("action", ""), "note": call["name"] or ""}
    code = None
    try:
        household().add_rule(wish)
    except ValueError as error:
        code = str(error)
    if wants_part():
        return row(call, refused=code is not None)
    return done("home", code or "rule_kept")


@blueprint.get("/courier")
def courier() -> str:
    """Whether a courier is expected, for the page that is open."""
    return render_template("_courier.html", **_courier())


@blueprint.post("/courier")
def expect_courier() -> Response | str:
    """Expect a courier, or expect one for longer."""
    household().open_pass()
    return _courier_changed()


@blueprint.post("/courier/end")
def end_courier() -> Response | str:
    """Expect nobody any more."""
    for one in _courier_passes():
        household().end_pass(one["id"])
    return _courier_changed()


def _courier_changed() -> Response | str:
    return courier() if wants_part() else redirect(url_for("pages.home"), 303)


def _courier_passes() -> list[dict[str, Any]]:
    return [one for one in household().passes() if one["until"]]


def _courier() -> dict[str, Any]:
    """What `_courier.html` shows: until when a courier is expected (None: none is), and for how long one would be."""
    until = max((one["until"] for one in _courier_passes()), default=None)
    left = datetime.fromisoformat(until) - datetime.now(UTC) if until else None
    return {
        "expected": until,
        "minutes_left": left and max(1, ceil(left.total_seconds() / 60)),
        "minutes": household().settings()["courier_minutes"],
    }
