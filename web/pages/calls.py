"""The calls: as they come, searched, explained, and what can be done about each where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, abort, redirect, render_template, request, stream_with_context, url_for
from werkzeug.wrappers import Response as AnyResponse

from firmware.calls.log import LONGEST_REMARKS
from firmware.screening import Says
from web.export import lines
from web.marking import mark
from web.pages.answering import blueprint, taken_back, wants_part
from web.rows import row, standing
from web.searching import Filters
from web.steps import kept_as
from web.within import appliance, household
from web.wording.outcomes import refusal, said_of

A_PART = 30
MOST_LIVE = 100
"""As many calls stay on a page that is open for long; older ones among the new are found by loading it again."""


# Looking.


@blueprint.get("/calls")
def calls() -> str:
    """Calls, newest first; those that come while the page is open come to its top by themselves."""
    filters, refused = _filters()
    before = request.args.get("before", type=int)
    found, more = filters.find(before=before, limit=A_PART)
    newest = appliance().calls(limit=1)
    live_from = (more or 1) if not (filters.given or before) else newest[0]["id"] + 1 if newest else 1
    live = [call for call in found if call["id"] >= live_from]
    return render_template(
        "calls.html",
        live=live,
        live_from=None if before else live_from,
        calls=found[len(live) :],
        more=more,
        before=before,
        filters=filters,
        refused=refused,
        row=row,
    )


@blueprint.get("/calls/older")
def older_calls() -> str:
    """More calls, for the end of the list."""
    filters, _ = _filters()
    found, more = filters.find(before=request.args.get("before", type=int), limit=A_PART)
    return render_template("_older.html", calls=found, more=more, filters=filters, row=row)


@blueprint.get("/calls.csv")
def calls_csv() -> Response:
    """The calls that are looked for, as a table."""
    filters, _ = _filters()
    response = Response(stream_with_context(lines(filters)), mimetype="text/csv")
    response.headers["Content-Disposition"] = "attachment; filename=calls.csv"
    return response


@blueprint.get("/calls/<int:id>")
def call(id: int) -> str:
    """One call: why it was judged so, and what can be done about it."""
    found = _found(id)
    if wants_part():
        return _panel(found)
    return render_template("call.html", call=found, shown=row(found, panel=_panel(found)))


def pieces(args: Mapping[str, str]) -> dict[str, Callable[[], str]]:
    """The part of the calls' page that changes by itself: the calls from the id `down_to` of the address on."""
    given = args.get("down_to", "")
    live_from = int(given) if given.isdecimal() and len(given) < 16 else 1
    try:
        filters = Filters.filled_in(args)
    except ValueError:
        filters = Filters()

    def live() -> str:
        found, _ = filters.find(limit=MOST_LIVE, down_to=live_from)
        return "".join(map(row, found))

    return {"calls": live}


# Doing. Each change offers the way back from it.


@blueprint.post("/calls/<int:id>/rule")
def judge_caller(id: int) -> AnyResponse | str:
    """Block or allow the caller of a call, or the segment that its number is in."""
    found = _found(id)
    number = found["number"]
    match = appliance().alike(number)["segment"] if request.form.get("of") == "segment" else number
    if not match:
        abort(404)
    wish = {"match": match, "action": request.form.get("action", ""), "note": found["name"] or ""}
    return _do(found, "rule_kept", lambda: household().add_rule(wish))


@blueprint.post("/calls/<int:id>/pool")
def block_pool(id: int) -> AnyResponse | str:
    """Block the pool to which the caller of a call belongs."""
    found = _found(id)
    match = appliance().alike(found["number"])["pool"] or abort(404)
    return _do(found, "pool_answered", lambda: household().answer_pool(match, Says.BLOCK), "pool_")


@blueprint.post("/calls/<int:id>/known")
def know_caller(id: int) -> AnyResponse | str:
    """Know the caller of a call."""
    found = _found(id)
    return _do(found, "known_kept", lambda: household().know(found["number"] or ""), "known_")


@blueprint.post("/calls/<int:id>/contact")
def add_caller(id: int) -> AnyResponse | str:
    """Keep the caller of a call as a contact."""
    found = _found(id)
    name, numbers = request.form.get("name", "").strip(), [found["number"] or ""]
    return _do(found, "contact_kept", lambda: household().add_contact(name, numbers), "contact_")


@blueprint.post("/calls/<int:id>/note")
def note_call(id: int) -> AnyResponse | str:
    """Write down something about a call."""
    note = " ".join(request.form.get("note", "").split())
    return _do(_found(id), "note_kept", lambda: appliance().remark(id, note=note))


@blueprint.post("/calls/<int:id>/kind")
def name_kind(id: int) -> AnyResponse | str:
    """Say of what kind a call was; said again, it is taken away."""
    found = _found(id)
    given = request.form.get("kind", "")
    kind = "" if given == found["kind"] else given
    return _do(found, "kind_kept" if kind else "kind_gone", lambda: mark(id, kind=kind), "mark_")


@blueprint.post("/calls/<int:id>/undo")
def undo_tap(id: int) -> AnyResponse | str:
    """Take back what was done about a call."""
    code = taken_back()
    return _done(_found(id), code)


def _filters() -> tuple[Filters, str | None]:
    """The filters of the address, and what is wrong with them, in words."""
    try:
        return Filters.filled_in(request.args), None
    except ValueError as error:
        return Filters(), refusal(str(error))


def _found(id: int) -> dict[str, Any]:
    found = appliance().call(id)
    return found or abort(404)


def _panel(call: dict[str, Any]) -> str:
    """Why, and what else can be done."""
    offer, _, known = standing(call)
    return render_template(
        "_panel.html",
        call=call,
        path=household().why(call),
        **appliance().alike(call["number"] if offer else None),
        offer=offer,
        known=known,
        longest_note=LONGEST_REMARKS["note"],
    )


def _do(call: dict[str, Any], code: str, act: Callable[[], object], refused: str = "") -> AnyResponse | str:
    """What came of a tap at a call: the `code` that says so, with the way back, or that of a refusal."""
    try:
        with kept_as(code) as step:
            act()
    except ValueError as error:
        return _done(call, f"{refused}{error}")
    return _done(_found(call["id"]), code, step.key)


def _done(call: dict[str, Any], code: str, undo: str | None = None) -> AnyResponse | str:
    """The row of a call, which says what was done and offers the way back; without scripts, the page of the call."""
    if not wants_part():
        return redirect(url_for("pages.call", id=call["id"], said=code, undo=undo), 303)
    panel = _panel(call) if "panel" in request.form else None
    return row(call, render_template("_outcome.html", call=call, words=said_of(code), undo=undo), panel)
