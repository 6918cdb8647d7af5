"""The page that looks a number up."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from web.describing import written_moment
from web.pages.answering import blueprint
from web.rows import is_known
from web.within import appliance, household
from web.wording import refusal

LONGEST_NUMBER = 64
LOOKED_THROUGH = 500
SHOWN_OF_ONE = 5


@blueprint.get("/check")
def check() -> str | tuple[str, int]:
    """Who a number is, how it would be judged at a moment, step by step, and its calls of late."""
    number = request.args.get("number", "")[:LONGEST_NUMBER].strip()
    written = request.args.get("at", "")[:40]
    try:
        at = written_moment(written)
    except ValueError:
        return render_template("check.html", number=number, at="", path=None, refused=refusal("at")), 400
    path = household().explain(number, at=at) if number else None
    calls = _calls_of(path["number"]) if path else []
    known = is_known(path["number"], path["verdict"]["reason"]) if path else None
    return render_template("check.html", number=number, at=written, path=path, calls=calls, known=known)


def _calls_of(number: str) -> list[dict[str, Any]]:
    """The last calls of a number, among the last of all."""
    calls = appliance().calls_log.newest(limit=LOOKED_THROUGH)
    return [call for call in calls if call["number"] == number][:SHOWN_OF_ONE]
