"""Where the owner is told of what happens."""

from __future__ import annotations

from flask import abort, render_template, request
from werkzeug.wrappers import Response

from firmware.notices.sending import Unsent
from web.guard import needs
from web.pages.answering import blueprint, done
from web.scopes import ADMIN
from web.steps import kept_as
from web.within import appliance


@blueprint.get("/settings/notices")
def notices() -> str:
    """The addresses to which notices go."""
    return render_template("notices.html", addresses=appliance().notices.addresses())


@blueprint.post("/settings/notices")
@needs(ADMIN)
def add_address() -> Response:
    """Keep an address."""
    form = request.form
    try:
        with kept_as("notices_kept") as step:
            appliance().notices.add(form.get("name", "").strip(), form.get("url", "").strip())
    except ValueError as error:
        return done("notices", f"notices_{error}")
    return done("notices", "notices_kept", step)


@blueprint.post("/settings/notices/<int:id>/test")
@needs(ADMIN)
def test_address(id: int) -> Response:
    """Send a test, and say what became of it."""
    try:
        if not appliance().notices.test(id):
            abort(404)
    except Unsent as unsent:
        return done("notices", f"unsent_{unsent.code}")
    return done("notices", "notices_sent")


@blueprint.post("/settings/notices/<int:id>/remove")
@needs(ADMIN)
def remove_address(id: int) -> Response:
    """Send nothing there any more."""
    with kept_as("notices_removed") as step:
        appliance().notices.remove(id)
    return done("notices", "notices_removed", step)
