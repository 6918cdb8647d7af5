"""The pages of complaints: a call is marked, its case prepared, copied into the authority's form, and followed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from flask import abort, render_template, request, stream_with_context, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from firmware.calls.log import LONGEST_REMARKS
from firmware.complaints import Fill, State, find_form, forms_for, in_one_text, kinds_for
from firmware.complaints.cases import LONGEST_REFERENCE, LONGEST_REPLY, OWN
from firmware.complaints.filling import Filled
from firmware.complaints.forms import ShortMessage
from web.export import case_lines
from web.marking import mark
from web.pages.answering import blueprint, done, wants_part
from web.steps import kept_as
from web.within import appliance, household
from web.wording.outcomes import refusal

CASES = 30
MOST_ON_A_SHEET = 100
QR_BYTES = 700
"""What a phone still reads from a screen: 89 modules a side at the lowest error correction (ISO/IEC 18004)."""

OWN_PREFIX = "own-"
MOST_CHIPS = 6
"""With more choices than these a field is a list to be unfolded."""

Doc = dict[str, Any]


@blueprint.get("/complaints")
def complaints() -> str:
    """Every case with its state, newest first, and the owner's details for the forms."""
    before = request.args.get("before", type=int)
    cases = appliance().complaints.cases(before, CASES)
    return render_template(
        "complaints.html",
        cases=cases,
        older=cases[-1]["id"] if len(cases) == CASES else None,
        own=appliance().complaints.own(),
        find_form=find_form,
    )


@blueprint.get("/complaints.csv")
def complaints_csv() -> Response:
    """Every case with its calls as a table."""
    response = Response(stream_with_context(case_lines()), mimetype="text/csv")
    response.headers["Content-Disposition"] = "attachment; filename=complaints.csv"
    return response


@blueprint.get("/complaints/sheet")
def complaints_sheet() -> str:
    """The latest cases with their calls, to be printed."""
    complaints = appliance().complaints
    cases = complaints.cases(limit=MOST_ON_A_SHEET)
    return render_template(
        "complaints_sheet.html",
        cases=[(case, complaints.calls_of(case)) for case in cases],
        find_form=find_form,
    )


@blueprint.post("/complaints/own")
def keep_own() -> Response:
    """Keep the owner's details."""
    try:
        with kept_as("own_kept") as step:
            appliance().complaints.change_own({name: _line(request.form.get(name, "")) for name in OWN})
    except ValueError:
        return done("complaints", "own_wrong")
    return done("complaints", "own_kept", step)


@blueprint.get("/calls/<int:id>/mark")
def mark_call(id: int) -> str:
    """What kind of call it was, and what was said."""
    return _marking(_call(id))


@blueprint.post("/calls/<int:id>/mark")
def keep_mark(id: int) -> Response | str | tuple[str, int]:
    """Keep the kind of a call, or what was said in it."""
    call = _call(id)
    changes = {name: _line(request.form[name]) for name in ("kind", "said") if name in request.form}
    if "kind" in changes and changes["kind"] == call["kind"]:
        changes["kind"] = ""
    try:
        with kept_as("mark_kept") as step:
            marked = mark(id, **changes)
    except ValueError as error:
        return _marking(call, refused=f"mark_{error}"), 422
    if marked is None:
        abort(404)
    return _marking(marked, step.key) if wants_part() else done("mark_call", "mark_kept", step, id=id)


@blueprint.post("/calls/<int:id>/complaint")
def prepare_complaint(id: int) -> Response:
    """To the case of a call, which is prepared where there is none."""
    try:
        with kept_as("complaint_begun") as step:
            case = appliance().complaints.prepare(id)
    except ValueError:
        return done("complaints", "complaints_most")
    if case is None:
        abort(404)
    return done("case", "complaint_begun" if step.key else "", step, id=case["id"])


@blueprint.get("/complaints/<int:id>")
def case(id: int) -> str:
    """One case: what is still to be said, the form filled in, its calls, and how far it has come."""
    return _page(_case(id))


@blueprint.post("/complaints/<int:id>")
def answer_complaint(id: int) -> Response | str | tuple[str, int]:
    """Keep what the owner answers, in this case or about themselves."""
    case = _case(id)
    complaints = appliance().complaints
    own = {
        name.removeprefix(OWN_PREFIX): _line(text)
        for name, text in request.form.items()
        if name.startswith(OWN_PREFIX)
    }
    answers = {
        field.name: request.form[field.name].replace("\r\n", "\n")
        for field in find_form(case["form"]).fields
        if field.name in request.form
    }
    try:
        with kept_as("complaint_answer_kept") as step:
            complaints.change_own(own)
            case = complaints.change(id, {"answers": answers}) or abort(404)
    except ValueError:
        if wants_part():
            return _part(case, refused="complaint_answer"), 422
        return _page(case, refused="complaint_answer"), 422
    if wants_part():
        return _part(case, step.key)
    lead = request.form.get("call", type=int)
    code = "complaint_answer_kept" if step.key else ""
    return done("case", code, step, id=id, call=lead, open="copy", _anchor="filled")


@blueprint.post("/complaints/<int:id>/state")
def file_complaint(id: int) -> Response | tuple[str, int]:
    """Keep how far a case has come: filed with a reference, answered, or prepared anew."""
    changes = {name: request.form[name] for name in ("form", "state", "reference") if name in request.form}
    if "answer" in request.form:
        changes["answer"] = request.form["answer"].replace("\r\n", "\n")
    try:
        with kept_as("complaint_state_kept") as step:
            case = appliance().complaints.change(id, changes)
    except ValueError:
        return _page(_case(id), refused="complaint_state"), 422
    if case is None:
        abort(404)
    return done("case", f"complaint_{case['state']}", step, id=id)


@blueprint.post("/complaints/<int:id>/calls")
def change_calls(id: int) -> Response | tuple[str, int]:
    """Take a call into a case, or out of it."""
    case = _case(id)
    call = request.form.get("call", 0, type=int)
    calls = {*case["calls"], call} if request.form.get("in") == "yes" else {*case["calls"]} - {call}
    try:
        with kept_as("complaint_calls_kept") as step:
            appliance().complaints.change(id, {"calls": sorted(calls)})
    except ValueError:
        return _page(case, refused="complaint_calls"), 422
    return done("case", "complaint_calls_kept", step, id=id, open="calls")


@blueprint.post("/complaints/<int:id>/remove")
def remove_complaint(id: int) -> Response:
    """Drop a case; its calls stay."""
    with kept_as("complaint_removed") as step:
        appliance().complaints.remove(id)
    return done("complaints", "complaint_removed", step)


def qr(text: str) -> Markup:
    """A QR code of `text` as SVG, without style (ISO/IEC 18004)."""
    import segno  # few cases are looked at

    code = segno.make(text, error="l", boost_error=False, micro=False, encoding="utf-8")
    return Markup(code.svg_inline(svgclass="qr", lineclass=None, omitsize=True, light="#fff", border=4))  # noqa: S704 - segno escapes


def sms_link(to: str, text: str) -> str:
    """An address that opens the phone's messages with the text in them, unsent (RFC 5724)."""
    return f"sms:{to}?&body={quote(text, safe='')}"


def _page(case: Doc, refused: str | None = None) -> str:
    complaints = appliance().complaints
    shown = _filled(case)
    return render_template(
        "complaint.html",
        **shown,
        opened=request.args.get("open") or _first_open(case, shown["filled"]),
        most_chips=MOST_CHIPS,
        calls=complaints.calls_of(case),
        offers=complaints.offers(case) if case["state"] == State.PREPARED else [],
        forms=forms_for(household().place()[0]),
        own_prefix=OWN_PREFIX,
        said_lately=complaints.said_lately(),
        longest_reference=LONGEST_REFERENCE,
        longest_reply=LONGEST_REPLY,
        refused=refused and refusal(refused),
        undo_leads_to=url_for("pages.complaints") if request.args.get("said") == "complaint_begun" else None,
    )


def _first_open(case: Doc, filled: Iterable[Filled]) -> str:
    """The first step of a case that is not done yet."""
    if case["state"] != State.PREPARED:
        return "file"
    return "copy" if all(one.enough for one in filled if one.asked) else "know"


def _part(case: Doc, step: str | None = None, refused: str | None = None) -> str:
    """The form filled in, for the page that is open, with the way back from a `step`."""
    shown = _filled(case) | {"fresh": True, "undo": step, "wrong": refused and refusal(refused)}
    return render_template("_filled.html", **shown)


def _filled(case: Doc) -> Doc:
    lead = request.values.get("call", type=int)
    try:
        filled, message = appliance().complaints.filled(case, lead)
    except LookupError:
        abort(404)
    form = find_form(case["form"])
    return {
        "case": case,
        "form": form,
        "filled": filled,
        "lead": lead,
        "text": in_one_text(filled),
        "qr": qr(in_one_text(filled, QR_BYTES)),
        "sms": message and form.sms and _sms(form.sms, message),
        "Fill": Fill,
    }


def _sms(sms: ShortMessage, text: str) -> Doc:
    return {"to": sms.to, "text": text, "means": sms.means, "link": sms_link(sms.to, text)}


def _marking(call: Mapping[str, Any], step: str | None = None, refused: str | None = None) -> str:
    region = household().place()[0]
    shown = {
        "call": call,
        "kinds": kinds_for(region),
        "language": forms_for(region)[0].language,
        "case": appliance().complaints.case_of(call["id"]),
        "said_lately": appliance().complaints.said_lately(),
        "longest": LONGEST_REMARKS["said"],
        "step": step,
    }
    if wants_part():
        return render_template("_mark.html", **shown, wrong=refused and refusal(refused))
    return render_template("mark.html", **shown, refused=refused and refusal(refused))


def _case(id: int) -> Doc:
    return appliance().complaints.case(id) or abort(404)


def _call(id: int) -> Doc:
    return appliance().call(id) or abort(404)


def _line(text: str) -> str:
    """What somebody wrote, on one line."""
    return " ".join(text.splitlines()).strip()
