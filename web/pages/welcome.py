"""The first steps after the claim: where the line is, whether it works, whether the board does, and which rules."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from firmware.settings import SETTINGS
from web.first_run import STEPS, first_run
from web.language import say
from web.pages.answering import blueprint
from web.pages.board import board_state, line_test
from web.within import appliance, household
from web.wording.settings import SETTING_NAMES

PLACE = ("region", "area")

FIRST_STEPS = {
    "place": lazy_gettext("Where"),
    "line": lazy_gettext("Line"),
    "board": lazy_gettext("Board"),
    "sets": lazy_gettext("Rules"),
}


@blueprint.get("/welcome")
def welcome() -> Response:
    """To the first step that has not been taken, or through all of them again."""
    return redirect(url_for(f"pages.welcome_{next(iter(first_run().open), STEPS[0])}"), 303)


@blueprint.get("/welcome/place")
def welcome_place() -> str:
    """Language, country and area code."""
    return _place(household().settings())


@blueprint.post("/welcome/place")
def keep_place() -> Response | tuple[str, int]:
    """Keep where the line is."""
    given = {name: request.form[name] for name in PLACE if name in request.form}
    try:
        household().change_settings(given)
    except ValueError as error:
        refused = say("This cannot be so: %(setting)s", setting=SETTING_NAMES[str(error)])
        return _place(household().settings() | given, refused), 400
    return _on("place")


@blueprint.get("/welcome/line")
def welcome_line() -> str:
    """Call the line, and see each ring and what the caller ID says."""
    return _step("line", **line_test())


@blueprint.get("/welcome/board")
def welcome_board() -> str:
    """The lamps light, the relay clicks."""
    return _step("board", **board_state())


@blueprint.get("/welcome/sets")
def welcome_sets() -> str:
    """The ready-made rules, with what each means."""
    return _step("sets", sets=household().sets())


@blueprint.post("/welcome/sets")
def keep_sets() -> Response:
    """Turn on the sets that are wanted, and the others off."""
    wanted = request.form.getlist("set")
    for one in household().sets():
        if one["on"] != (one["name"] in wanted):
            household().turn_set(one["name"], on=not one["on"])
    return _on("sets")


@blueprint.post("/welcome/next")
def take_step() -> Response:
    """On from a step that keeps nothing, or from any that is passed over."""
    step = request.form.get("step", "")
    return _on(step if step in STEPS else STEPS[0])


@blueprint.get("/welcome/ready")
def welcome_ready() -> str:
    """What has been achieved, and what else one may want to do."""
    return _step("ready", status=appliance().status())


@blueprint.post("/welcome/ready")
def end_welcome() -> Response:
    """No reminder of the first steps any more."""
    first_run().finish()
    return redirect(url_for("pages.home"), 303)


def _on(step: str) -> Response:
    """What comes after a step that was taken."""
    first_run().take(step)
    after = STEPS[STEPS.index(step) + 1 :]
    return redirect(url_for(f"pages.welcome_{after[0] if after else 'ready'}"), 303)


def _place(values: dict[str, Any], refused: str | None = None) -> str:
    return _step("place", values=values, regions=SETTINGS["region"].choices, refused=refused)


def _step(step: str, **shown: Any) -> str:
    return render_template(
        f"welcome_{step}.html",
        step=step,
        all_steps=STEPS,
        first_steps=FIRST_STEPS,
        open=first_run().open,
        **shown,
    )
