"""Complaints about calls: the cases, what goes into their forms, and the owner's details for them."""

from __future__ import annotations

from typing import Any

from flask import Response, request, stream_with_context
from werkzeug.exceptions import BadRequest

from firmware.complaints import Filled, Form, find_form, forms_for, in_one_text
from firmware.complaints.cases import CHANGES, OWN
from web.api.asking import answer, asked, blueprint, gone, page
from web.export import case_lines
from web.problems import problem
from web.steps import kept_as
from web.within import appliance, household

Doc = dict[str, Any]


@blueprint.get("/api/v1/complaints")
def complaints() -> Response:
    """Cases, newest first."""
    return answer({"complaints": appliance().complaints.cases(**page())})


@blueprint.get("/api/v1/complaints.csv")
def complaints_csv() -> Response:
    """Every case with its calls, as a table."""
    return Response(stream_with_context(case_lines()), mimetype="text/csv")


@blueprint.post("/api/v1/complaints")
@kept_as("complaint_begun")
def prepare_complaint() -> Response:
    """The case of a call, which is prepared where there is none."""
    call = asked({"call"}).get("call")
    if type(call) is not int:
        raise BadRequest("call is the id of a call.")
    try:
        case = appliance().complaints.prepare(call)
    except ValueError:
        return problem(422, "There are as many cases as there may be.", code="most")
    return answer(case, 201) if case else problem(404, "There is no such call.")


@blueprint.get("/api/v1/complaints/<int:id>")
def complaint(id: int) -> Response:
    """One case with the fields of its form, filled in."""
    case = appliance().complaints.case(id)
    return answer(_shown(case)) if case else problem(404, "There is no such case.")


@blueprint.patch("/api/v1/complaints/<int:id>")
@kept_as("complaint_changed")
def change_complaint(id: int) -> Response:
    """Change some of a case."""
    try:
        case = appliance().complaints.change(id, asked(set(CHANGES)))
    except ValueError as error:
        return problem(422, f"{error} cannot be that.", code=str(error))
    except LookupError:
        return problem(404, "The calls of this case are gone.")
    return answer(_shown(case)) if case else problem(404, "There is no such case.")


@blueprint.delete("/api/v1/complaints/<int:id>")
@kept_as("complaint_removed")
def remove_complaint(id: int) -> Response:
    """Drop a case; its calls stay."""
    return gone(appliance().complaints.remove(id), "case")


@blueprint.get("/api/v1/complaints/forms")
def complaint_forms() -> Response:
    """The forms for the country of the line."""
    return answer({"forms": [_form(form) for form in forms_for(household().place()[0])]})


@blueprint.get("/api/v1/complainant")
def complainant() -> Response:
    """What the owner has said of themselves for the forms."""
    return answer(appliance().complaints.own())


@blueprint.patch("/api/v1/complainant")
@kept_as("own_kept")
def change_complainant() -> Response:
    """Keep some of the owner's details."""
    try:
        return answer(appliance().complaints.change_own(asked(set(OWN))))
    except ValueError as error:
        return problem(422, f"{error} is text on one line, of at most 200 characters.", code=str(error))


def _shown(case: Doc) -> Doc:
    lead = request.args.get("call", type=int)
    try:
        filled, message = appliance().complaints.filled(case, lead)
    except LookupError:
        filled, message = [], None
    form = find_form(case["form"])
    return case | {
        "authority": form.name,
        "address": form.address,
        "fields": [_field(one) for one in filled],
        "text": in_one_text(filled),
        "sms": message and form.sms and {"to": form.sms.to, "text": message},
        "offers": [call["id"] for call in appliance().complaints.offers(case)],
    }


def _field(one: Filled) -> Doc:
    field = one.field
    return {
        "name": field.name,
        "label": field.label,
        "fill": str(field.fill),
        "value": one.value,
        "given": one.given,
        "enough": one.enough,
    }


def _form(form: Form) -> Doc:
    return {
        "id": form.id,
        "name": form.name,
        "language": form.language,
        "address": form.address,
        "fields": [
            {
                "name": field.name,
                "label": field.label,
                "fill": str(field.fill),
                "choices": [{"code": choice.code, "label": choice.label} for choice in field.choices],
            }
            for field in form.fields
        ],
    }
