"""How a page answers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from firmware.store import Changed
from firmware.undo import Step
from web.steps import take_back

AROUND_A_FILE = 64 * 1024
"""Bytes that a form may add to the file that it sends."""

blueprint = Blueprint("pages", __name__)


def wants_part() -> bool:
    """Whether htmx asks, who puts a part into the page that is open."""
    return "HX-Request" in request.headers


def done(page: str, code: str, step: Step | None = None, **more: Any) -> Response:
    """To a page, which says by its code in `web.wording.outcomes` what came of it, and offers the way back."""
    return redirect(url_for(f"pages.{page}", said=code, undo=step and step.key, **more), 303)


def taken_back() -> str:
    """Take back what the form says, once: the code of what came of it."""
    try:
        take_back(request.form.get("undo", ""))
    except (LookupError, Changed):
        return "not_taken_back"
    return "taken_back"


def turned_on() -> bool:
    """Whether a switch was put on, and not off."""
    return request.form.get("on") == "yes"
