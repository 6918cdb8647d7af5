"""What was done of late, and taking it back."""

from __future__ import annotations

from flask import Response

from firmware.store import Changed
from web.api.asking import answer, blueprint, gone, page, skipped
from web.problems import problem
from web.steps import take_back
from web.within import undo


@blueprint.get("/api/v1/undo")
def steps() -> Response:
    """What was done on the page or by programs and can be taken back, newest first."""
    first, most = skipped(), page()["limit"]
    found = undo().lately()[first : first + most]
    return answer({"steps": [{"id": key, "what": kept.what, "made": kept.made} for key, kept in found]})


@blueprint.post("/api/v1/undo/<id>")
def undo_step(id: str) -> Response:
    """Take back what was done, once."""
    try:
        take_back(id)
    except LookupError:
        return gone(False, "step")
    except Changed:
        return problem(409, "What it changed has been changed again since.", code="changed")
    return Response(status=204)
