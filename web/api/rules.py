"""The rules, and the sets of them that are ready-made."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for
from werkzeug.exceptions import BadRequest

from web.alone import alone
from web.api.asking import answer, asked, blueprint, flag, gone, named, page, refusal, skipped
from web.openapi.rules import MOST_TRIED, TRIED, WISHED
from web.problems import problem
from web.steps import kept_as
from web.within import appliance, household

Doc = dict[str, Any]

REFUSALS = {
    "empty": "A match is wanted: a number, or the beginning of one with * after it.",
    "characters": "A match over numbers has digits, +, * and ? in it, and nothing else.",
    "too_long": "The match is too long.",
    "range": "A range goes from a number up to another one with as many digits.",
    "stars": "A pattern has at most two *, and never one after the other.",
    "expression": "That is no regular expression between two slashes.",
    "kind": "There is no such kind of caller.",
    "match": "The match is a line of text.",
    "protected": "Emergency and public-service numbers cannot be blocked.",
    "action": "The action is allow or block.",
    "note": "The note is a line of text of at most 200 characters.",
    "how": "A call is rejected by cut, cut+hangup or hangup.",
    "line": "The line is its name, of at most 40 characters.",
    "when": "The hours are written like 22:00-07:00, or mon-fri 09:00-17:00; sat 10:00-12:00.",
    "until": "The end is a moment in ISO 8601, with its offset.",
    "on": "on is true or false.",
    "most": "There are as many regular expressions as there may be.",
}


@blueprint.get("/api/v1/rules")
def rules() -> Response:
    """Rules, newest first."""
    return answer({"rules": [_with_hits(rule) for rule in household().rules(**page())]})


@blueprint.get("/api/v1/rules/order")
def rules_in_order() -> Response:
    """The owner's rules, or those of the sets, in the order in which they are asked."""
    found = household().rules_in_order(skipped(), page()["limit"], of_sets=flag("of_sets", default=False))
    return answer({"rules": list(map(_with_hits, found))})


@blueprint.get("/api/v1/rules/<int:id>")
def rule(id: int) -> Response:
    """One rule."""
    found = household().rule(id)
    return answer(_with_hits(found)) if found else problem(404, "There is no such rule.")


@blueprint.post("/api/v1/rules")
@kept_as("rule_kept")
def add_rule() -> Response:
    """Keep a rule; it is on disk and in force when this has answered."""
    wish = asked(WISHED)
    try:
        remarks = household().remarks(wish)
        kept = household().add_rule(wish)
    except ValueError as error:
        return refusal(error, REFUSALS)
    response = answer({**_with_hits(kept), "remarks": remarks}, 201)
    response.headers["Location"] = url_for("api.rule", id=kept["id"])
    return response


@blueprint.patch("/api/v1/rules/<int:id>")
@kept_as("rule_changed")
def change_rule(id: int) -> Response:
    """Change some of a rule's fields; null takes one away."""
    changes = asked(WISHED)
    found = household().rule(id)
    if found is None:
        return gone(False, "rule")
    try:
        remarks = household().remarks({**found, **changes}, id)
        kept = household().change_rule(id, changes)
    except ValueError as error:
        return refusal(error, REFUSALS)
    return answer({**_with_hits(kept), "remarks": remarks}) if kept else gone(False, "rule")


@blueprint.delete("/api/v1/rules/<int:id>")
@kept_as("rule_removed")
def remove_rule(id: int) -> Response:
    """Drop a rule; it is off the disk when this has answered."""
    return gone(household().remove_rule(id), "rule")


@blueprint.post("/api/v1/rules/preview")
def preview() -> Response:
    """What rules would have done to the calls of the last 30 days; of a single one also how it stands to the others."""
    wishes = asked({"rules"}).get("rules")
    if not isinstance(wishes, list) or not 0 < len(wishes) <= MOST_TRIED:
        raise BadRequest(f"rules is a list of 1 to {MOST_TRIED} rules.")
    wishes = [named(wish, TRIED) for wish in wishes]
    if not all(type(wish.get("id", 0)) is int for wish in wishes):
        raise BadRequest("id is a whole number.")
    try:
        with alone():
            found = appliance().preview(wishes)
        remarks = household().remarks(wishes[0], wishes[0].get("id")) if len(wishes) == 1 else []
    except ValueError as error:
        return refusal(error, REFUSALS)
    return answer({**found, "remarks": remarks})


@blueprint.get("/api/v1/sets")
def sets() -> Response:
    """The ready-made sets; with what each would have done, where that is asked for."""
    found = household().sets()
    if flag("preview", default=False):
        with alone():
            found = [{**one, "preview": appliance().preview(one["rules"])} for one in found]
    return answer({"sets": found})


@blueprint.put("/api/v1/sets/<name>")
def turn_set(name: str) -> Response:
    """Turn a ready-made set on or off."""
    on = asked({"on"}).get("on")
    if not isinstance(on, bool):
        raise BadRequest("on is true or false.")
    try:
        with kept_as("set_on" if on else "set_off"):
            household().turn_set(name, on=on)
    except KeyError:
        return gone(False, "set")
    return answer(next(one for one in household().sets() if one["name"] == name))


def _with_hits(rule: Doc) -> Doc:
    return {**rule, "hits": appliance().calls_log.hits(rule["id"])}
