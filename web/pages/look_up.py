"""The page that looks a number up."""

from __future__ import annotations

from flask import render_template, request

from web.describing import written_moment
from web.pages.answering import blueprint
from web.rows import is_known
from web.within import appliance, household
from web.wording.outcomes import refusal

LONGEST_NUMBER = 64
SHOWN_OF_ONE = 5
SHOWN_ALIKE = 10


@blueprint.get("/check")
def check() -> str | tuple[str, int]:
    """Who a number is, how it would be judged at a moment, step by step, its calls of late and its look-alikes'."""
    number = request.args.get("number", "")[:LONGEST_NUMBER].strip()
    written = request.args.get("at", "")[:40]
    try:
        at = written_moment(written)
    except ValueError:
        return render_template("check.html", number=number, at="", path=None, refused=refusal("at")), 400
    path = household().explain(number, at=at) if number else None
    return render_template(
        "check.html",
        number=number,
        at=written,
        path=path,
        history=appliance().history(path["number"]) if path else None,
        known=is_known(path["number"], path["verdict"]["reason"]) if path else None,
        most_own=SHOWN_OF_ONE,
        most_alike=SHOWN_ALIKE,
    )
