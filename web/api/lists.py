"""The lists that are subscribed to or uploaded."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from firmware.lists.shelf import LARGEST_UPLOAD
from web.api.asking import answer, asked, blueprint, gone, refusal, text
from web.guard import takes
from web.steps import kept_as
from web.within import appliance

Doc = dict[str, Any]

REFUSALS = {
    "name": "The name has 1 to 100 characters on one line.",
    "action": "The action is allow or block.",
    "on": "on is true or false.",
    "most": "There are as many lists as there may be.",
    "url": "That is no address of a list.",
    "scheme": "A list is fetched over https or http.",
    "userinfo": "An address with a name or password in it is not taken.",
    "port": "A list is not fetched from that port.",
    "token": "A token is RFC 6750's, of at most 500 characters, for a subscription over https.",
    "too_large": "The list is too large.",
}


@blueprint.get("/api/v1/lists")
def lists() -> Response:
    """Every list, and how far its fetching or compiling has come."""
    return answer({"lists": appliance().lists.lists()})


@blueprint.post("/api/v1/lists")
@kept_as("list_kept")
def subscribe() -> Response:
    """Keep a list that is fetched from its address once a day."""
    body = asked({"name", "url", "action", "token"})
    name, url, action = text(body, "name"), text(body, "url"), text(body, "action", "block")
    token = "" if body.get("token") is None else text(body, "token")
    try:
        return answer(_found(appliance().lists.subscribe(name, url, action, token)["id"]), 201)
    except ValueError as error:
        return refusal(error, REFUSALS)


@blueprint.post("/api/v1/lists/upload")
@takes(LARGEST_UPLOAD)
@kept_as("list_kept")
def take_in() -> Response:
    """Keep the list that is the body of the request."""
    name, action = request.args.get("name", ""), request.args.get("action", "block")
    try:
        return answer(_found(appliance().lists.take_in(name, request.stream, action)["id"]), 201)
    except ValueError as error:
        return refusal(error, REFUSALS)


@blueprint.patch("/api/v1/lists/<int:id>")
@kept_as("list_changed")
def change_list(id: int) -> Response:
    """Change a list's name, action or token, or turn it on or off."""
    changes = asked({"name", "action", "on", "token"})
    try:
        changed = appliance().lists.change(id, changes)
    except ValueError as error:
        return refusal(error, REFUSALS)
    return answer(_found(id)) if changed else gone(False, "list")


@blueprint.delete("/api/v1/lists/<int:id>")
@kept_as("list_removed")
def remove_list(id: int) -> Response:
    """Drop a list."""
    return gone(appliance().lists.remove(id), "list")


@blueprint.post("/api/v1/lists/<int:id>/refresh")
def refresh_list(id: int) -> Response:
    """Have a list fetched and compiled as soon as may be."""
    if _found(id) is None:
        return gone(False, "list")
    appliance().lists.refresh(id)
    return Response(status=202)


def _found(id: int) -> Doc | None:
    return next((one for one in appliance().lists.lists() if one["id"] == id), None)
