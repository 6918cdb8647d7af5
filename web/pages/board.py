"""The page of the board: its state as a picture, trials, the line test, the check-up, and what the modem says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from firmware.board.trials import Ringing
from firmware.doctor import examine as examined
from web import picture
from web.alone import alone
from web.pages.answering import blueprint, wants_part
from web.safely import local_path
from web.within import appliance
from web.wording.outcomes import said_of


@blueprint.get("/board")
def board() -> str:
    """The board as it is now."""
    return _page()


@blueprint.get("/board/traffic")
def traffic() -> str:
    """What was said to the modem and by it, for the page that is open."""
    return render_template("_traffic.html", traffic=modem_traffic()) if wants_part() else _page()


@blueprint.get("/board/check-up")
def examine() -> str:
    """What ails the box."""
    with alone():
        findings = list(examined(appliance().wiring))
    return render_template("_findings.html", findings=findings) if wants_part() else _page(findings=findings)


@blueprint.post("/board/lamps")
def try_lamps() -> Response | str:
    """Light the lamps one after another."""
    try:
        appliance().trials.lamps()
    except Ringing:
        return _tried("trial_ringing")
    return _tried("trial_lamps")


@blueprint.post("/board/relay")
def try_relay() -> Response | str:
    """Click the relay."""
    try:
        return _tried("trial_relay" if appliance().trials.relay() else "trial_stuck")
    except Ringing:
        return _tried("trial_ringing")


def picture_now() -> str:
    """The picture, and what it shows in words."""
    return render_template("_board.html", **board_state())


def heard_now() -> str:
    """The call that rings, or rang last."""
    return render_template("_heard.html", **line_test())


PIECES: dict[str, Callable[[], str]] = {"board": picture_now, "heard": heard_now}
"""The parts that change by themselves, by the name of the event that brings them."""


def board_state() -> dict[str, Any]:
    """What `_board.html` shows."""
    wires = picture.wires(appliance().wiring)
    return {
        "status": appliance().status(),
        "wires": wires,
        "ys": {wire.name: wire.part[1] for wire in wires},
        "pins": picture.PINS,
    }


def line_test() -> dict[str, Any]:
    """What `_heard.html` shows."""
    return {"heard": appliance().heard(), "status": appliance().status()}


def modem_traffic() -> list[dict[str, Any]]:
    """The last lines, oldest first."""
    return [line.document() for line in appliance().line.traffic.lines()]


def _page(**more: Any) -> str:
    shown = board_state() | line_test()
    return render_template("board.html", **shown, traffic=modem_traffic(), **more)


def _tried(code: str) -> Response | str:
    """What a trial came to, on the page from which it was wanted."""
    page = local_path(request.form.get("next"))
    if wants_part():
        return render_template("_trials.html", tried=said_of(code), next=page)
    return redirect(f"{page}?said={code}", 303)
