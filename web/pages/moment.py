"""What is wished for a while: a courier is expected, the blocking is paused."""

from __future__ import annotations

from datetime import UTC, datetime
from math import ceil
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from web.pages.answering import blueprint, done, wants_part
from web.within import household

PAUSES = (5, 30, 60)


def moment() -> str:
    """The part of the home page that shows it."""
    return render_template("_moment.html", **_courier(), **_pause())


@blueprint.get("/moment")
def show_moment() -> str:
    """Whether a courier is expected, or the blocking paused, for the page that is open."""
    return moment()


@blueprint.post("/courier")
def expect_courier() -> Response | str:
    """Expect a courier, or expect one for longer."""
    household().open_pass()
    return _changed()


@blueprint.post("/courier/end")
def end_courier() -> Response | str:
    """Expect nobody any more."""
    for one in household().couriers():
        household().end_pass(one["id"])
    return _changed()


@blueprint.post("/pause")
def pause() -> Response | str:
    """Block nobody for some minutes."""
    try:
        household().pause(request.form.get("minutes", 0, type=int))
    except ValueError:
        return done("home", "pause_minutes")
    return _changed()


@blueprint.post("/pause/end")
def end_pause() -> Response | str:
    """Block again."""
    household().resume()
    return _changed()


def _changed() -> Response | str:
    return moment() if wants_part() else redirect(url_for("pages.home"), 303)


def _courier() -> dict[str, Any]:
    """Until when a courier is expected (None: none is), and for how long one would be."""
    until = max((one["until"] for one in household().couriers()), default=None)
    return {
        "expected": until,
        "minutes_left": until and _minutes_to(until),
        "minutes": household().settings()["courier_minutes"],
    }


def _pause() -> dict[str, Any]:
    until = household().paused()
    return {"paused": until, "pause_left": until and _minutes_to(until), "pauses": PAUSES}


def _minutes_to(moment: str) -> int:
    left = datetime.fromisoformat(moment) - datetime.now(UTC)
    return max(1, ceil(left.total_seconds() / 60))
