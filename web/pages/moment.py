"""What is wished for a while: a courier is expected, the blocking is paused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from math import ceil
from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from web.pages.answering import blueprint, done, wants_part
from web.steps import kept_as
from web.within import household

PAUSES = (5, 30, 60)


def moment(step: str | None = None) -> str:
    """The part of the home page that shows it, with the way back from a `step`."""
    return render_template("_moment.html", **_courier(), **_pause(), undo=step)


@blueprint.get("/moment")
def show_moment() -> str:
    """Whether a courier is expected, or the blocking paused, for the page that is open."""
    return moment()


@blueprint.post("/courier")
def expect_courier() -> Response | str:
    """Expect a courier, or expect one for longer."""
    return _do("courier_expected", household().open_pass)


@blueprint.post("/courier/end")
def end_courier() -> Response | str:
    """Expect nobody any more."""
    return _do("courier_ended", lambda: household().expect([]))


@blueprint.post("/pause")
def pause() -> Response | str:
    """Block nobody for some minutes."""
    minutes = request.form.get("minutes", 0, type=int)
    try:
        return _do("paused", lambda: household().pause(minutes))
    except ValueError:
        return done("home", "pause_minutes")


@blueprint.post("/pause/end")
def end_pause() -> Response | str:
    """Block again."""
    return _do("resumed", household().resume)


def _do(code: str, act: Callable[[], object]) -> Response | str:
    with kept_as(code) as step:
        act()
    return moment(step.key) if wants_part() else done("home", code, step)


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
