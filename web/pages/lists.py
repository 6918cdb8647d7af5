"""The page of the lists: numbers that others have gathered, subscribed to or uploaded."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request
from werkzeug.wrappers import Response

from firmware.lists.shelf import LARGEST_UPLOAD, LONGEST_NAME
from web.guard import takes
from web.pages.answering import AROUND_A_FILE, blueprint, done, turned_on
from web.steps import kept_as
from web.within import appliance


@blueprint.get("/lists")
def lists() -> str:
    """Each list and its state, and how to add one."""
    return render_template("lists.html", **_state())


@blueprint.get("/lists/state")
def lists_state() -> str:
    """The lists alone, for the page that is open."""
    return render_template("_lists.html", **_state())


@blueprint.post("/lists")
def subscribe() -> Response:
    """Keep a list that is fetched every day."""
    form = request.form
    try:
        with kept_as("list_kept") as step:
            appliance().lists.subscribe(
                form.get("name", ""),
                form.get("url", "").strip(),
                form.get("action", "block"),
                form.get("token", "").strip(),
            )
    except ValueError as error:
        return done("lists", f"list_{error}")
    return done("lists", "list_kept", step)


@blueprint.post("/lists/upload")
@takes(LARGEST_UPLOAD + AROUND_A_FILE)
def upload_list() -> Response:
    """Keep a list from a file; without a name it is called as the file is."""
    file = request.files.get("file")
    if not file or not file.filename:
        return done("lists", "list_file")
    name = request.form.get("name", "").strip() or file.filename[:LONGEST_NAME]
    try:
        with kept_as("list_kept") as step:
            appliance().lists.take_in(name, file.stream, request.form.get("action", "block"))
    except ValueError as error:
        return done("lists", f"list_{error}")
    return done("lists", "list_kept", step)


@blueprint.post("/lists/<int:id>/switch")
def switch_list(id: int) -> Response:
    """Turn a list on or off."""
    with kept_as("list_changed") as step:
        if appliance().lists.change(id, {"on": turned_on()}) is None:
            abort(404)
    return done("lists", "list_changed", step)


@blueprint.get("/lists/<int:id>/token")
def list_token(id: int) -> str:
    """Where the token of a subscription is given anew."""
    return render_template("list_token.html", list=_subscription(id))


@blueprint.post("/lists/<int:id>/token")
def change_list_token(id: int) -> Response:
    """Keep another token; none where the field is empty."""
    _subscription(id)
    try:
        with kept_as("list_changed") as step:
            appliance().lists.change(id, {"token": request.form.get("token", "").strip()})
    except ValueError as error:
        return done("list_token", f"list_{error}", id=id)
    return done("lists", "list_changed", step)


@blueprint.post("/lists/<int:id>/refresh")
def refresh_list(id: int) -> Response:
    """Fetch a list again as soon as may be."""
    appliance().lists.refresh(id)
    return done("lists", "list_wanted")


@blueprint.post("/lists/<int:id>/remove")
def remove_list(id: int) -> Response:
    """Drop a list."""
    with kept_as("list_removed") as step:
        appliance().lists.remove(id)
    return done("lists", "list_removed", step)


def _subscription(id: int) -> dict[str, Any]:
    found = next((one for one in appliance().lists.lists() if one["id"] == id and one["url"]), None)
    return found or abort(404)


def _state() -> dict[str, Any]:
    """The lists, and whether any is at work or waits for its turn."""
    found = [
        one | {"waits": one["on"] and not one["checked"] and not one["progress"]}
        for one in appliance().lists.lists()
    ]
    return {"lists": found, "busy": any(one["progress"] or one["waits"] for one in found)}
