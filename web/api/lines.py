"""The lines, and the accounts at SIP registrars. Passwords are taken, and never told."""

from __future__ import annotations

from flask import Response

from firmware.lines.sip.account import FIELDS
from web.api.asking import answer, asked, blueprint, gone, refusal
from web.guard import needs
from web.problems import problem
from web.scopes import ADMIN
from web.steps import kept_as
from web.within import appliance, household

REFUSALS = {
    "name": "A name has 1 to 32 letters, digits, spaces, dots and dashes.",
    "server": "The server is HOST or HOST:PORT.",
    "proxy": "The proxy is HOST or HOST:PORT, or empty.",
    "user": "That is no user name.",
    "login": "That is no login.",
    "password": "A password is text on one line, and is given anew with the place where it goes.",
    "transport": "The transport is udp, tcp, tls or tls-unchecked.",
    "expiry": "A registration lasts from 60 to 3600 seconds.",
    "ending": "A blocked call ends by take, 603 or 607.",
    "wait": "The wait is from 0 to 120 seconds.",
    "internal": "Numbers of the house have at most 8 digits.",
    "exempt": "At most 20 patterns, with at most four stars each.",
    "on": "on is true or false.",
    "taken": "Another line has that name.",
    "most": "There are as many accounts as there may be.",
}


@blueprint.get("/api/v1/lines")
def lines() -> Response:
    """Every line and its state."""
    return answer({"lines": appliance().status()["lines"]})


@blueprint.get("/api/v1/lines/sip")
def sip_accounts() -> Response:
    """The accounts at SIP registrars, each with what is known of its line."""
    return answer({"accounts": appliance().accounts()})


@blueprint.post("/api/v1/lines/sip")
@needs(ADMIN)
@kept_as("sip_kept")
def add_sip_account() -> Response:
    """Keep an account, and register."""
    try:
        return answer(_shown(household().add_account(asked(set(FIELDS)))), 201)
    except ValueError as error:
        return refusal(error, REFUSALS)


@blueprint.patch("/api/v1/lines/sip/<int:id>")
@needs(ADMIN)
@kept_as("sip_changed")
def change_sip_account(id: int) -> Response:
    """Change an account, and register as it is now."""
    try:
        changed = household().change_account(id, asked(set(FIELDS)))
    except ValueError as error:
        return refusal(error, REFUSALS)
    return answer(_shown(id)) if changed else gone(False, "account")


@blueprint.delete("/api/v1/lines/sip/<int:id>")
@needs(ADMIN)
@kept_as("sip_removed")
def remove_sip_account(id: int) -> Response:
    """Drop an account."""
    return gone(household().remove_account(id), "account")


@blueprint.post("/api/v1/lines/sip/<int:id>/register")
@needs(ADMIN)
def register_sip_account(id: int) -> Response:
    """Register again now; the state of the account tells how that went."""
    line = appliance().extensions.line(id)
    if line is None:
        return problem(404, "There is no such account, or it is off.")
    line.register()
    return Response(status=202)


def _shown(id: int) -> dict[str, object] | None:
    return next((account for account in appliance().accounts() if account["id"] == id), None)
