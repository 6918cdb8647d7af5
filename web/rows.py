"""Calls as rows of the page. A row that is shown again, to anyone, is not made again."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import json, render_template

from firmware.call import Action, Reason
from firmware.calls.statistics import Outcome, outcome_of
from web.describing import now, who
from web.language import chosen
from web.marking import kinds
from web.within import household

REMEMBERED = 256

SURE = (Reason.PROTECTED, Reason.CONTACT, Reason.NUMBER, Reason.UTILITY)
"""What decides before it matters whether a caller is known."""


def row(call: dict[str, Any], outcome: str = "", panel: str | None = None) -> str:
    """A call as HTML; with what came of a tap, and its panel, where there is any."""
    make = _row.__wrapped__ if outcome or panel else _row
    return make(
        chosen(),
        f"{now():%F%z}",
        json.dumps(call),
        who(call["who"]),
        *standing(call),
        kinds() if call["kind"] or outcome_of(call["verdict"]) is not Outcome.ALLOWED else (),
        outcome,
        panel,
    )


def standing(call: dict[str, Any]) -> tuple[str | None, bool, bool | None]:
    """What can be done about a caller: "block" or "allow", or None where that would change nothing.

    And whether a rule over this very number stands, and whether the caller is known, as `is_known`.
    """
    if not call["number"]:
        return None, False, None
    verdict = household().judge(call["number"])
    if verdict.reason in (Reason.PROTECTED, Reason.CONTACT):
        return None, False, None
    settled = verdict.reason is Reason.NUMBER
    was_blocked = not settled and call["verdict"] and call["verdict"]["action"] == Action.BLOCK
    offer = "allow" if was_blocked or verdict.action is Action.BLOCK else "block"
    return offer, settled, is_known(call["number"], verdict.reason)


def is_known(number: str, reason: str) -> bool | None:
    """Whether the caller with a number is known; None where that changes nothing, by the `reason` of the verdict."""
    return None if reason in SURE else household().is_known(number)


@lru_cache(REMEMBERED)
def _row(
    _language: str,
    _today: str,
    call: str,
    who: str,
    offer: str | None,
    settled: bool,
    known: bool | None,
    kinds: tuple[tuple[str, str], ...],
    outcome: str,
    panel: str | None,
) -> str:
    return render_template(
        "_call.html",
        call=json.loads(call),
        who=who,
        offer=offer,
        settled=settled,
        known=known,
        kinds=kinds,
        outcome=outcome,
        panel=panel,
    )
