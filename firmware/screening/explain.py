"""Why: the whole path of a verdict, taken or not."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from firmware.call import CallerId
from firmware.numbers import understand
from firmware.screening.verdict import Screening


def explain(screening: Screening, presented: str) -> dict[str, Any]:
    """How a call from `presented` would be judged now.

    `{"presented", "number", "possible", "verdict": {"action", "reason", "rule", "match"}, "steps": [...]}`, a step
    being `{"step", "matched", "action", "match"}`, in order: the first that matched is the verdict, and a later
    one would have decided had it not been there.
    """
    number = understand(presented, screening.policy.region, screening.policy.area)
    steps = list(screening.steps(CallerId(number=presented), number))
    verdict = next(step.verdict for step in steps if step.verdict)
    return {
        "presented": presented,
        "number": number.normal,
        "possible": number.possible,
        "verdict": asdict(verdict),
        "steps": [
            {
                "step": step.reason,
                "matched": step.verdict is not None,
                "action": step.verdict.action if step.verdict else None,
                "match": step.verdict.match if step.verdict else None,
            }
            for step in steps
        ],
    }
