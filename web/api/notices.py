"""Where the owner is told of what happens. The addresses are secrets: they are taken, and never told."""

from __future__ import annotations

from flask import Response

from firmware.notices.sending import Unsent
from web.api.asking import answer, asked, blueprint, gone, refusal, text
from web.guard import needs
from web.problems import problem
from web.scopes import ADMIN
from web.steps import kept_as
from web.within import appliance

REFUSALS = {
    "name": "The name has 1 to 100 characters on one line.",
    "most": "There are as many addresses as there may be.",
    "url": "No service has such an address.",
}


@blueprint.get("/api/v1/notices")
def notices() -> Response:
    """The addresses to which notices go."""
    return answer({"addresses": appliance().notices.addresses()})


@blueprint.post("/api/v1/notices")
@needs(ADMIN)
@kept_as("notices_kept")
def add_address() -> Response:
    """Keep an address."""
    body = asked({"name", "url"})
    try:
        return answer(appliance().notices.add(text(body, "name"), text(body, "url")), 201)
    except ValueError as error:
        return refusal(error, REFUSALS)


@blueprint.post("/api/v1/notices/<int:id>/test")
@needs(ADMIN)
def test_address(id: int) -> Response:
    """Send a test, and say what became of it."""
    try:
        return gone(appliance().notices.test(id), "address")
    except Unsent as unsent:
        return problem(502, "The test was not sent.", code=unsent.code)


@blueprint.delete("/api/v1/notices/<int:id>")
@needs(ADMIN)
@kept_as("notices_removed")
def remove_address(id: int) -> Response:
    """Send nothing there any more."""
    return gone(appliance().notices.remove(id), "address")
