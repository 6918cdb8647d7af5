"""The page of the rules: ready-made sets, rules of one's own, and what they would have done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from firmware.call import How
from firmware.screening.matches import Match, Sort, kept
from web.describing import remark, written_moment
from web.pages.answering import blueprint, done, turned_on, wants_part
from web.within import appliance, household
from web.wording import SETS, refusal

RULES = 50
SHOWN_OF_A_SET = 12

ABOUT = ("kind", "name", "place", "operator")
"""What a rule may be about in place of a number, as fields of the form and as words of a match."""


@blueprint.get("/rules")
def rules() -> str:
    """Sets, the form, and every rule, newest first."""
    fresh = household().rule(request.args.get("kept", 0, type=int))
    return _page(remarks=_remarks(fresh, fresh["id"]) if fresh else [])


@blueprint.post("/rules")
def add_rule() -> Response | tuple[str, int]:
    """Keep a rule, and say how it stands to the others."""
    try:
        rule = household().add_rule(wish_from(request.form))
    except ValueError as error:
        return _page(form=request.form, refused=str(error)), 422
    return done("rules", "rule_kept", kept=rule["id"])


@blueprint.post("/rules/try")
def try_rule() -> str | tuple[str, int]:
    """What a rule would have done with the calls of late; nothing is kept."""
    try:
        wish = wish_from(request.form)
        household().rule_from(wish)
    except ValueError as error:
        if wants_part():
            return render_template("_error.html", words=refusal(str(error))), 422
        return _page(form=request.form, refused=str(error)), 422
    tried = {"preview": appliance().preview([wish]), "remarks": _remarks(wish, None)}
    if wants_part():
        return render_template("_tried.html", tried=tried)
    return _page(form=request.form, tried=tried)


@blueprint.post("/rules/<int:id>/switch")
def switch_rule(id: int) -> Response:
    """Turn a rule on or off."""
    on = turned_on()
    if household().change_rule(id, {"on": on}) is None:
        abort(404)
    return done("rules", "rule_on" if on else "rule_off")


@blueprint.post("/rules/<int:id>/remove")
def remove_rule(id: int) -> Response:
    """Drop a rule."""
    household().remove_rule(id)
    return done("rules", "rule_removed")


@blueprint.post("/sets/<name>")
def turn_set(name: str) -> Response:
    """Turn a ready-made set on or off."""
    on = turned_on()
    try:
        household().turn_set(name, on=on)
    except KeyError:
        abort(404)
    return done("rules", "set_on" if on else "set_off")


@blueprint.get("/sets/<name>/preview")
def preview_set(name: str) -> str:
    """What a ready-made set would have blocked of late."""
    found = next((one for one in household().sets() if one["name"] == name), None)
    if found is None:
        abort(404)
    preview = appliance().preview(found["rules"])
    if wants_part():
        return render_template("_preview.html", preview=preview)
    return _page(previews={name: preview})


def wish_from(form: MultiDict[str, str]) -> dict[str, Any]:
    """The wish of a filled-in form. Raises ValueError with the code of what is wrong."""
    written = {name: form.get(name, "").strip() for name in (*ABOUT, "match")}
    about = [text if name == "match" else f"{name}:{text}" for name, text in written.items() if text]
    if len(about) > 1:
        raise ValueError("several")
    try:
        until = written_moment(form.get("until", ""))
    except ValueError as error:
        raise ValueError("until") from error
    return {
        "match": "".join(about),
        "action": form.get("action", ""),
        "note": form.get("note", "").strip(),
        "how": form.get("how", ""),
        "line": form.get("line", ""),
        "when": _when(form.getlist("day"), form.get("from", ""), form.get("to", "")),
        "until": until and until.isoformat(),
    }


def _when(days: list[str], start: str, end: str) -> str:
    """A schedule as the screening reads it; empty is always."""
    if not (days or start or end):
        return ""
    hours = f"{start}-{end}" if start or end else "00:00-24:00"
    return f"{','.join(days)} {hours}".strip()


def _remarks(wish: Mapping[str, Any], id: int | None) -> list[str]:
    return [remark(one) for one in household().remarks(wish, id)]


def _page(
    form: Mapping[str, str] | None = None,
    refused: str | None = None,
    tried: Mapping[str, Any] | None = None,
    previews: Mapping[str, Any] | None = None,
    remarks: list[str] | None = None,
) -> str:
    found = household().rules(before=request.args.get("before", type=int), limit=RULES)
    return render_template(
        "rules.html",
        sets=[one | {"spans": _spans(one["rules"])} for one in household().sets() if one["name"] in SETS],
        previews=previews or {},
        rules=[rule | {"hits": appliance().calls_log.hits(rule["id"])} for rule in found],
        older=found[-1]["id"] if len(found) == RULES else None,
        form=MultiDict(form or {}),
        refused=refused and refusal(refused),
        tried=tried,
        remarks=remarks or [],
        ways=list(How),
        lines=[appliance().status()["line"]["name"]],
    )


def _spans(wishes: list[Mapping[str, str]]) -> list[str]:
    """The segments of a set."""
    matches: list[Match] = [kept(wish["match"]) for wish in wishes]
    return [match.text for match in matches if match.sort is Sort.DIGITS][:SHOWN_OF_A_SET]
