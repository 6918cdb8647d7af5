"""Why: the whole path of a verdict, taken or not."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from firmware.call import Verdict
from firmware.numbers import identify
from firmware.screening.caller import Caller
from firmware.screening.verdict import Screening


def explain(screening: Screening, caller: Caller) -> dict[str, Any]:
    """How `caller`, who presents a number, would be judged.

    `{"presented", "number", "possible", "who": {"kind", "country", "operator", "host", "place"}, "at", "line",
    "verdict": {"action", "reason", "rule", "match", "how"}, "steps": [{"step", "matched", "action", "match"}, …]}`, in
    order: the first step that matched is the verdict, and each later one would have decided had those before it not
    been there. A step in which several rules speak is there once for each.
    """
    number = caller.number
    if number is None:
        raise ValueError("a caller with a number is wanted")
    verdict = screening.judge(caller)
    return {
        "presented": number.presented,
        "number": number.normal,
        "possible": number.possible,
        "who": asdict(identify(number, screening.policy.region)),
        "at": caller.at.isoformat(timespec="seconds"),
        "line": caller.line,
        "verdict": asdict(verdict),
        "steps": path(screening, caller),
    }


def path(screening: Screening, caller: Caller) -> list[dict[str, Any]]:
    """The `steps` of `explain`, for any caller."""
    return [_shown(step.reason, one) for step in screening.steps(caller) for one in step.verdicts or (None,)]


def _shown(step: str, verdict: Verdict | None) -> dict[str, Any]:
    return {
        "step": step,
        "matched": verdict is not None,
        "action": verdict.action if verdict else None,
        "match": verdict.match if verdict else None,
    }
