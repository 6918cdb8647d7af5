"""The page of the lines: the modem, and the accounts at SIP registrars."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request
from werkzeug.wrappers import Response

from firmware.lines.sip.account import ENDINGS, LIMITS, TRANSPORTS, Account
from web.guard import needs
from web.pages.answering import blueprint, done, turned_on
from web.scopes import ADMIN
from web.steps import kept_as
from web.within import appliance, household

TEXTS = ("name", "server", "user", "login", "transport", "proxy", "ending", "exempt")


@blueprint.get("/lines")
def lines() -> str:
    """Each line and its state, and how to add an account."""
    return render_template("lines.html", **_state(), **_choices(), account=_fresh())


@blueprint.get("/lines/state")
def lines_state() -> str:
    """The lines alone, for the page that is open."""
    return render_template("_phone_lines.html", **_state())


@blueprint.post("/lines")
@needs(ADMIN)
def add_line() -> Response:
    """Keep an account, and register."""
    try:
        with kept_as("sip_kept") as step:
            household().add_account(_wish())
    except ValueError as error:
        return done("lines", f"sip_{error}")
    return done("lines", "sip_kept", step)


@blueprint.get("/lines/sip/<int:id>")
def line(id: int) -> str:
    """Where an account is changed."""
    found = next((one for one in appliance().accounts() if one["id"] == id), None)
    if found is None:
        abort(404)
    return render_template("line.html", account=found, **_choices())


@blueprint.post("/lines/sip/<int:id>")
@needs(ADMIN)
def change_line(id: int) -> Response:
    """Keep what was changed of an account."""
    return _changed(id, _wish(), "line", id=id)


@blueprint.post("/lines/sip/<int:id>/switch")
@needs(ADMIN)
def switch_line(id: int) -> Response:
    """Turn an account on or off."""
    return _changed(id, {"on": turned_on()}, "lines")


@blueprint.post("/lines/sip/<int:id>/register")
@needs(ADMIN)
def register_line(id: int) -> Response:
    """Register again now."""
    line = appliance().extensions.line(id)
    if line is None:
        abort(404)
    line.register()
    return done("lines", "sip_registering")


@blueprint.post("/lines/sip/<int:id>/remove")
@needs(ADMIN)
def remove_line(id: int) -> Response:
    """Drop an account."""
    with kept_as("sip_removed") as step:
        household().remove_account(id)
    return done("lines", "sip_removed", step)


def _changed(id: int, changes: dict[str, Any], page: str, /, **where: Any) -> Response:
    try:
        with kept_as("sip_changed") as step:
            if not household().change_account(id, changes):
                abort(404)
    except ValueError as error:
        return done(page, f"sip_{error}", **where)
    return done("lines", "sip_changed", step)


def _state() -> dict[str, Any]:
    return {"lines": appliance().status()["lines"], "accounts": appliance().accounts()}


def _choices() -> dict[str, Any]:
    return {"transports": TRANSPORTS, "endings": ENDINGS, "limits": LIMITS}


def _fresh() -> dict[str, Any]:
    return Account(name="", server="", user="").document()


def _wish() -> dict[str, Any]:
    """What the form says; an empty password is none that was given. Raises ValueError."""
    form = request.form
    wish: dict[str, Any] = {name: form[name].strip() for name in TEXTS if name in form}
    for name in LIMITS:
        if name in form:
            wish[name] = int(form[name]) if form[name].isascii() and form[name].isdecimal() else -1
    if form.get("password"):
        wish["password"] = form["password"]
    return wish
