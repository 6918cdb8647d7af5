"""The calls: as they come, searched, explained, and what can be done about each where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import Response, abort, redirect, render_template, request, stream_with_context, url_for
from werkzeug.wrappers import Response as AnyResponse

from firmware.calllog import LONGEST_REMARKS
from firmware.numbers import look_alikes, understand
from firmware.screening import Says
from web.export import lines
from web.pages.answering import blueprint, wants_part
from web.rows import row, standing
from web.searching import Filters
from web.undoing import Back
from web.within import appliance, household, undoing
from web.wording import refusal, said_of

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
    return render_template("call.html", call=found, shown=row(found, _outcome(found), _panel(found)))


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
    match = _segment(found) if request.form.get("of") == "segment" else found["number"]
    if not match:
        abort(404)
    wish = {"match": match, "action": request.form.get("action", ""), "note": found["name"] or ""}
    try:
        _, back = household().add_rule_reversibly(wish)
    except ValueError as error:
        return _done(found, str(error))
    return _done(found, "rule_kept", back)


@blueprint.post("/calls/<int:id>/pool")
def block_pool(id: int) -> AnyResponse | str:
    """Block the pool to which the caller of a call belongs."""
    found = _found(id)
    match = _pool(found) or abort(404)
    before = household().screening.answers.about(match)
    household().answer_pool(match, Says.BLOCK)
    back = partial(household().answer_pool, match, before and str(before.says))
    return _done(found, "pool_answered", back)


@blueprint.post("/calls/<int:id>/known")
def know_caller(id: int) -> AnyResponse | str:
    """Know the caller of a call."""
    found = _found(id)
    was_known = household().is_known(found["number"] or "")
    try:
        known = household().know(found["number"] or "")
    except ValueError as error:
        return _done(found, f"known_{error}")
    return _done(found, "known_kept", None if was_known else partial(household().forget, known["id"]))


@blueprint.post("/calls/<int:id>/contact")
def add_caller(id: int) -> AnyResponse | str:
    """Keep the caller of a call as a contact."""
    found = _found(id)
    try:
        contact = household().add_contact(request.form.get("name", "").strip(), [found["number"] or ""], [])
    except ValueError as error:
        return _done(found, f"contact_{error}")
    return _done(found, "contact_kept", partial(household().remove_contact, contact["id"]))


@blueprint.post("/calls/<int:id>/note")
def note_call(id: int) -> AnyResponse | str:
    """Write down something about a call."""
    before = _found(id)
    try:
        found = appliance().remark(id, note=" ".join(request.form.get("note", "").split()))
    except ValueError as error:
        return _done(before, str(error))
    return _done(found or before, "note_kept", partial(appliance().remark, id, note=before["note"]))


@blueprint.post("/calls/<int:id>/undo")
def undo(id: int) -> AnyResponse | str:
    """Take back what was done about a call."""
    taken_back = undoing().take_back(request.form.get("undo", ""))
    return _done(_found(id), "taken_back" if taken_back else "not_taken_back")


def _filters() -> tuple[Filters, str | None]:
    """The filters of the address, and what is wrong with them, in words."""
    try:
        return Filters.filled_in(request.args), None
    except ValueError as error:
        return Filters(), refusal(str(error))


def _found(id: int) -> dict[str, Any]:
    found = appliance().call(id)
    return found or abort(404)


def _segment(call: Mapping[str, Any]) -> str | None:
    """The segment of a call's number, as rules write it."""
    return look_alikes(understand(call["number"], *household().place())) if call["number"] else None


def _pool(call: Mapping[str, Any]) -> str | None:
    """The pool of a call's number, as it is named."""
    return household().pool_of(call["number"]) if call["number"] else None


def _panel(call: dict[str, Any]) -> str:
    """Why, and what else can be done."""
    offer, _, known = standing(call)
    return render_template(
        "_panel.html",
        call=call,
        path=household().why(call),
        segment=_segment(call) if offer else None,
        pool=_pool(call) if offer else None,
        offer=offer,
        known=known,
        longest_note=LONGEST_REMARKS["note"],
    )


def _done(call: dict[str, Any], code: str, back: Back | None = None) -> AnyResponse | str:
    """The row of a call, which says what was done and offers the way `back`; without scripts, the page of the call."""
    undo = undoing().offer(back) if back else None
    if not wants_part():
        return redirect(url_for("pages.call", id=call["id"], said=code, undo=undo), 303)
    panel = _panel(call) if "panel" in request.form else None
    return row(call, render_template("_outcome.html", call=call, words=said_of(code), undo=undo), panel)


def _outcome(call: dict[str, Any]) -> str:
    """The way back that the address of a call's page offers."""
    undo = request.args.get("undo")
    return render_template("_outcome.html", call=call, words=None, undo=undo) if undo else ""
