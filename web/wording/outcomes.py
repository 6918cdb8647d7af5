"""What a change came to, by the code with which a page is led to it."""

from __future__ import annotations

from flask import request
from flask_babel import lazy_gettext

from web.problems import problem_words
from web.wording import (
    accounts,
    backups,
    board,
    calls,
    complaints,
    contacts,
    lines,
    lists,
    notices,
    passing,
    pools,
    rules,
    settings,
)

REFUSALS = {
    **accounts.REFUSALS,
    **backups.REFUSALS,
    **board.REFUSALS,
    **calls.REFUSALS,
    **complaints.REFUSALS,
    **contacts.REFUSALS,
    **lines.REFUSALS,
    **lists.REFUSALS,
    **notices.REFUSALS,
    **passing.REFUSALS,
    **pools.REFUSALS,
    **rules.REFUSALS,
    "not_taken_back": lazy_gettext("That cannot be taken back any more."),
}

SUCCESSES = {
    **accounts.SUCCESSES,
    **backups.SUCCESSES,
    **board.SUCCESSES,
    **calls.SUCCESSES,
    **complaints.SUCCESSES,
    **contacts.SUCCESSES,
    **lines.SUCCESSES,
    **lists.SUCCESSES,
    **notices.SUCCESSES,
    **passing.SUCCESSES,
    **pools.SUCCESSES,
    **rules.SUCCESSES,
    **settings.SUCCESSES,
    "taken_back": lazy_gettext("It is taken back."),
}


def refusal(code: str) -> str:
    """Why something was not kept."""
    return str(REFUSALS.get(code) or problem_words(400))


def said() -> tuple[str, str] | None:
    """What the last change came to: "good" or "bad", and the words; only codes that are known."""
    return said_of(request.args.get("said", ""))


def said_of(code: str) -> tuple[str, str] | None:
    """What a change came to, by its code, as `said`."""
    if code in SUCCESSES:
        return "good", str(SUCCESSES[code])
    return ("bad", str(REFUSALS[code])) if code in REFUSALS else None
