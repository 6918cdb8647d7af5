"""The pages of the owner."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from firmware.settings import SETTINGS
from web.rows import row
from web.within import appliance, household, tokens

CALLS = 30
RULES = 100

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> str:
    """The state of the line, and the calls, newest first."""
    before = request.args.get("before", type=int)
    return render_template("home.html", status=appliance().status(), **call_log(before))


def call_log(before: int | None = None) -> dict[str, Any]:
    """What `_calls.html` shows: the calls before an id, and where older ones begin."""
    calls = appliance().calls(before=before, limit=CALLS)
    older = calls[-1]["id"] if len(calls) == CALLS else None
    return {"calls": calls, "before": before, "older": older, "row": row}


@blueprint.post("/calls/<int:id>/rule")
def judge_caller(id: int) -> Response | str:
    """Block or allow the caller of a call, with one tap."""
    call = appliance().call(id)
    if call is None or not call["number"]:
        abort(404)
    code = _add_rule(call["number"], request.form.get("action", ""), call["name"] or "")
    if request.headers.get("HX-Request"):
        return row(call, refused=code is not None)
    return redirect(url_for("pages.home", said=code or "rule_kept"), 303)


@blueprint.get("/rules")
def rules() -> str:
    """Every rule, newest first."""
    found = household().rules(before=request.args.get("before", type=int), limit=RULES)
    older = found[-1]["id"] if len(found) == RULES else None
    return render_template("rules.html", rules=found, older=older)


@blueprint.post("/rules")
def add_rule() -> Response:
    """Keep a rule."""
    form = request.form
    code = _add_rule(form.get("match", ""), form.get("action", ""), form.get("note", ""))
    return redirect(url_for("pages.rules", said=code or "rule_kept"), 303)


@blueprint.post("/rules/<int:id>/remove")
def remove_rule(id: int) -> Response:
    """Drop a rule."""
    household().remove_rule(id)
    return redirect(url_for("pages.rules", said="rule_removed"), 303)


@blueprint.get("/settings")
def settings() -> str:
    """What the owner can change."""
    return render_template(
        "settings.html",
        settings=SETTINGS,
        values=household().settings(),
        tokens=tokens().issued(),
        version=version("ringfence"),
    )


@blueprint.post("/tokens/<id>/remove")
def remove_token(id: str) -> Response:
    """Shut a program out."""
    tokens().remove(id)
    return redirect(url_for("pages.settings", said="token_removed"), 303)


@blueprint.post("/settings")
def change_settings() -> Response:
    """Keep what was changed."""
    given = {name: _value(name, request.form[name]) for name in SETTINGS if name in request.form}
    try:
        household().change_settings(given)
    except ValueError:
        abort(400)
    return redirect(url_for("pages.settings", said="settings_kept"), 303)


@blueprint.get("/check")
def check() -> str:
    """How a number would be judged, step by step."""
    number = request.args.get("number", "")[:64].strip()
    path = household().explain(number) if number else None
    return render_template("check.html", number=number, path=path)


def _add_rule(match: str, action: str, note: str) -> str | None:
    """Keep a rule; gives the code of what was wrong."""
    try:
        household().add_rule({"match": match, "action": action, "note": note})
    except ValueError as error:
        return str(error)
    return None


def _value(name: str, text: str) -> str | float:
    """A form's text as the setting's type; the setting itself says whether it is valid."""
    if isinstance(SETTINGS[name].default, str):
        return text
    try:
        return float(text)
    except ValueError:
        return text
