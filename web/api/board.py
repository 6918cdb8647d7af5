"""The board and the line as they are tried, what ails the box, and the first steps."""

from __future__ import annotations

from flask import Response
from werkzeug.exceptions import BadRequest

from firmware.board.trials import Ringing
from firmware.doctor import Finding, examine
from web import picture
from web.alone import alone
from web.api.asking import answer, asked, blueprint
from web.first_run import STEPS, first_run
from web.problems import problem
from web.within import appliance


@blueprint.get("/api/v1/heard")
def heard() -> Response:
    """The call that rings, or the last one since the start, as it was heard."""
    return answer({"call": appliance().heard()})


@blueprint.get("/api/v1/board")
def board() -> Response:
    """Which part is at which pin of the header."""
    wires = picture.wires(appliance().wiring)
    return answer({"pins": [{"name": one.name, "gpio": one.gpio, "header": one.header} for one in wires]})


@blueprint.get("/api/v1/modem/traffic")
def modem_traffic() -> Response:
    """What was said to the modem and by it, oldest first."""
    return answer({"lines": [line.document() for line in appliance().line.traffic.lines()]})


@blueprint.get("/api/v1/doctor")
def doctor() -> Response:
    """What ails the box."""
    with alone():
        return answer({"findings": list(map(_finding, examine(appliance().wiring)))})


@blueprint.post("/api/v1/trials/lamps")
def try_lamps() -> Response:
    """Light the lamps one after another."""
    try:
        appliance().trials.lamps()
    except Ringing:
        return _ringing()
    return Response(status=204)


@blueprint.post("/api/v1/trials/relay")
def try_relay() -> Response:
    """Part handset and line for half a second."""
    try:
        return answer({"moved": appliance().trials.relay()})
    except Ringing:
        return _ringing()


@blueprint.get("/api/v1/first-run")
def first_steps() -> Response:
    """The first steps that are still to be taken."""
    return answer({"open": list(first_run().open)})


@blueprint.put("/api/v1/first-run")
def keep_first_steps() -> Response:
    """Say which of the first steps are still to be taken."""
    steps = asked({"open"}).get("open")
    if not isinstance(steps, list) or not all(isinstance(step, str) and step in STEPS for step in steps):
        raise BadRequest(f"open is a list of {', '.join(STEPS)}.")
    first_run().keep(steps)
    return answer({"open": list(first_run().open)})


def _finding(found: Finding) -> dict[str, str]:
    return {"part": found.part, "verdict": found.verdict, "says": found.says, "advice": found.advice}


def _ringing() -> Response:
    return problem(409, "A call rings, and comes first.", code="ringing")
