"""The page of the rules: ready-made sets, rules of one's own, and what they would have done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from flask import abort, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from firmware.call import How
from firmware.numbers.place_names import called
from firmware.screening.matches import Match, Sort, kept
from firmware.screening.schedule import DAY, DAYS, schedule
from web.alone import alone
from web.describing import here, number, place, remark, written_moment
from web.pages.answering import blueprint, done, turned_on, wants_part
from web.steps import kept_as
from web.within import appliance, household
from web.wording.callers import OPERATORS
from web.wording.outcomes import refusal
from web.wording.rules import SETS

RULES = 50
RULES_OF_SETS = 500
MOST_SKIPPED = 1 << 40
SHOWN_OF_A_SET = 12

ABOUT = ("kind", "name", "place", "operator")
"""What a rule may be about in place of a number, as fields of the form and as words of a match."""

ALL_DAY = "00:00-24:00"


@blueprint.get("/rules")
def rules() -> str:
    """Sets, the form, and the rules in the order in which they decide."""
    fresh = household().rule(request.args.get("kept", 0, type=int))
    return _page(remarks=_remarks(fresh, fresh["id"]) if fresh else [])


@blueprint.post("/rules")
def add_rule() -> Response | tuple[str, int]:
    """Keep a rule, and say how it stands to the others."""
    try:
        with kept_as("rule_kept") as step:
            rule = household().add_rule(wish_from(request.form))
    except ValueError as error:
        return _page(form=request.form, refused=str(error)), 422
    return done("rules", "rule_kept", step, kept=rule["id"])


@blueprint.get("/rules/<int:id>")
def rule(id: int) -> str:
    """The form with what a rule has in it."""
    found = household().rule(id)
    if found is None:
        abort(404)
    return _form_page(id, form_of(found))


@blueprint.post("/rules/<int:id>")
def change_rule(id: int) -> Response | tuple[str, int]:
    """Keep what a rule has become, and say how it stands to the others."""
    try:
        with kept_as("rule_changed") as step:
            rule = household().change_rule(id, wish_from(request.form))
    except ValueError as error:
        return _form_page(id, request.form, refused=str(error)), 422
    if rule is None:
        abort(404)
    return done("rules", "rule_changed", step, kept=id)


@blueprint.post("/rules/try")
def try_rule() -> str | tuple[str, int]:
    """What a rule would have done with the calls of late, new or in place of what it was; nothing is kept."""
    id = request.form.get("id", type=int)
    shown = partial(_page, form=request.form) if id is None else partial(_form_page, id, request.form)
    try:
        wish = wish_from(request.form) | ({} if id is None else {"id": id})
        household().rule_from(wish)
    except ValueError as error:
        if wants_part():
            return render_template("_error.html", words=refusal(str(error))), 422
        return shown(refused=str(error)), 422
    with alone():
        tried = {"preview": appliance().preview([wish]), "remarks": _remarks(wish, id)}
    return render_template("_tried.html", tried=tried) if wants_part() else shown(tried=tried)


@blueprint.post("/rules/<int:id>/switch")
def switch_rule(id: int) -> Response:
    """Turn a rule on or off."""
    on = turned_on()
    code = "rule_on" if on else "rule_off"
    with kept_as(code) as step:
        if household().change_rule(id, {"on": on}) is None:
            abort(404)
    return done("rules", code, step)


@blueprint.post("/rules/<int:id>/remove")
def remove_rule(id: int) -> Response:
    """Drop a rule."""
    with kept_as("rule_removed") as step:
        household().remove_rule(id)
    return done("rules", "rule_removed", step)


@blueprint.post("/sets/<name>")
def turn_set(name: str) -> Response:
    """Turn a ready-made set on or off."""
    on = turned_on()
    code = "set_on" if on else "set_off"
    try:
        with kept_as(code) as step:
            household().turn_set(name, on=on)
    except KeyError:
        abort(404)
    return done("rules", code, step)


@blueprint.get("/sets/<name>/preview")
def preview_set(name: str) -> str:
    """What a ready-made set would have blocked of late."""
    found = next((one for one in household().sets() if one["name"] == name), None)
    if found is None:
        abort(404)
    with alone():
        preview = appliance().preview(found["rules"])
    if wants_part():
        return render_template("_preview.html", preview=preview)
    return _page(previews={name: preview})


def wish_from(form: MultiDict[str, str]) -> dict[str, Any]:
    """The wish of a filled-in form. Raises ValueError with the code of what is wrong."""
    written = {name: form.get(name, "").strip() for name in (*ABOUT, "match")}
    written["place"] = _kept_place(written["place"])
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
        "when": form.get("when", "").strip()
        or _when(form.getlist("day"), form.get("from", ""), form.get("to", "")),
        "until": until and until.isoformat(),
    }


def _kept_place(name: str) -> str:
    """A place as rules have it, of its name in either language. Raises ValueError("places") where several have it."""
    found = called(name)
    if len(found) > 1:
        raise ValueError("places")
    return found[0] if found else name


def form_of(rule: Mapping[str, Any]) -> MultiDict[str, str]:
    """The form in which a kept rule is filled in: what `wish_from` makes that rule of again.

    Hours that the fields for them cannot hold stand in one field, as they are kept.
    """
    text = str(rule["match"])
    word, _, about = text.partition(":")
    told = (
        {word: about}
        if word in ABOUT
        else {"match": number(text) if text.removeprefix("+").isdecimal() else text}
    )
    form = MultiDict(told | {name: rule.get(name) or "" for name in ("action", "note", "how", "line")})
    shown = place(form.get("place"))
    if shown and called(shown) == [form["place"]]:
        form["place"] = shown
    if rule.get("until"):
        form["until"] = f"{here(datetime.fromisoformat(rule['until'])):%Y-%m-%dT%H:%M}"
    hours = str(rule.get("when") or "")
    if ";" in hours:
        form["when"] = hours
    elif hours:
        days = [DAYS[start // DAY] for start, _ in schedule(hours).spans]
        form.setlist("day", days if len(days) < len(DAYS) else [])
        if not hours.endswith(ALL_DAY):
            form["from"], _, last = hours.rpartition(" ")[2].partition("-")
            form["to"] = last.replace("24:00", "00:00")
    return form


def _when(days: list[str], start: str, end: str) -> str:
    """A schedule as the screening reads it; empty is always."""
    if not (days or start or end):
        return ""
    hours = f"{start}-{end}" if start or end else ALL_DAY
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
    skip = min(max(request.args.get("skip", 0, type=int), 0), MOST_SKIPPED)
    own = household().rules_in_order(skip, RULES + 1)
    return render_template(
        "rules.html",
        sets=[one | {"spans": _spans(one["rules"])} for one in household().sets() if one["name"] in SETS],
        previews=previews or {},
        rules=list(map(_with_hits, own[:RULES])),
        of_sets=list(map(_with_hits, household().rules_in_order(limit=RULES_OF_SETS, of_sets=True))),
        skip=skip,
        more=skip + RULES if len(own) > RULES else None,
        remarks=remarks or [],
        **_filled_in(form or {}, refused, tried),
    )


def _with_hits(rule: dict[str, Any]) -> dict[str, Any]:
    return rule | {"hits": appliance().calls_log.hits(rule["id"])}


def _form_page(
    id: int, form: Mapping[str, str], refused: str | None = None, tried: Mapping[str, Any] | None = None
) -> str:
    """The form alone, with what the rule of this id is to become."""
    return render_template("rule.html", id=id, **_filled_in(form, refused, tried))


def _filled_in(
    form: Mapping[str, str], refused: str | None, tried: Mapping[str, Any] | None
) -> dict[str, Any]:
    """What `_rule.html` shows."""
    filled = MultiDict(form)
    return {
        "form": filled,
        "refused": refused and refusal(refused),
        "tried": tried,
        "ways": list(How),
        "lines": sorted({*list(appliance().lines), filled.get("line", "")} - {""}),
        "networks": OPERATORS | {name: name for name in filled.getlist("operator") if name},
    }


def _spans(wishes: list[Mapping[str, str]]) -> list[str]:
    """The segments of a set."""
    matches: list[Match] = [kept(wish["match"]) for wish in wishes]
    return [match.text for match in matches if match.sort is Sort.DIGITS][:SHOWN_OF_A_SET]
