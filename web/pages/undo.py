"""Undo, where a page has offered it."""

from __future__ import annotations

from flask import redirect, request
from werkzeug.wrappers import Response

from web.pages.answering import blueprint, taken_back
from web.safely import local_path


@blueprint.post("/undo")
def undo() -> Response:
    """Take back what was done, and go where that was offered."""
    path = local_path(request.form.get("next")).partition("?")[0]
    return redirect(f"{path}?said={taken_back()}", 303)
