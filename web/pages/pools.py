"""The page of the pools: look-alikes behind which one platform seems to call, and what the owner says of each."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from web.pages.answering import blueprint, done, wants_part
from web.steps import kept_as
from web.within import household

PAST = 50


@blueprint.get("/pools")
def pools() -> str:
    """The pools that call, what speaks for each, and the answers about those that call no more."""
    return render_template("pools.html", past=household().past_pools()[:PAST], **_state())


@blueprint.get("/pools/state")
def pools_state() -> str:
    """The pools alone, for the page that is open."""
    return _found()


@blueprint.post("/pools/answer")
def answer_pool() -> Response | str:
    """Keep what the owner says of a pool, or take it back."""
    match = request.form.get("match", "")
    try:
        with kept_as("pool_answered") as step:
            household().answer_pool(match, request.form.get("answer") or None)
    except ValueError as error:
        return done("pools", f"pool_{error}")
    return _found(answered=match, undo=step.key) if wants_part() else done("pools", "pool_answered", step)


def _found(**more: Any) -> str:
    """The pools alone, with the way back from an answer about one."""
    return render_template("_pools.html", **_state(), **more)


def _state() -> dict[str, Any]:
    return {"pools": household().found_pools(), "mode": household().settings()["pools"]}
