"""The order in which a verdict is found: the first step that applies decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from firmware.call import Absence, Action, CallerId, Number, Reason, Verdict
from firmware.numbers import is_protected
from firmware.screening.rules import Rulebook


@dataclass(frozen=True, slots=True)
class Policy:
    """What the owner wants where no rule can speak."""

    region: str = "CN"
    area: str = ""
    withheld: Action = Action.ALLOW
    unavailable: Action = Action.ALLOW


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the order, and the verdict it would give; None where it does not apply."""

    reason: Reason
    verdict: Verdict | None


class Screening:
    """Judges a call in memory, on the caller's thread, without waiting for anything."""

    def __init__(self, rules: Rulebook, policy: Policy) -> None:
        self.rules = rules
        self.policy = policy

    def judge(self, caller_id: CallerId | None, number: Number | None) -> Verdict:
        """The verdict for what is known of a call by now; with nothing known, the default."""
        return next(step.verdict for step in self.steps(caller_id, number) if step.verdict)

    def steps(self, caller_id: CallerId | None, number: Number | None) -> Iterator[Step]:
        """Every step in order. The last one always has a verdict."""
        if number:
            protected = is_protected(number, self.policy.region)
            yield Step(Reason.PROTECTED, Verdict(Action.ALLOW, Reason.PROTECTED) if protected else None)
            found = self.rules.find(number)
            yield Step(Reason.RULE, found and Verdict(found.action, Reason.RULE, found.id, found.match))
        elif caller_id and caller_id.absence is Absence.WITHHELD:
            yield Step(Reason.WITHHELD, Verdict(self.policy.withheld, Reason.WITHHELD))
        elif caller_id and caller_id.absence is Absence.UNAVAILABLE:
            yield Step(Reason.UNAVAILABLE, Verdict(self.policy.unavailable, Reason.UNAVAILABLE))
        yield Step(Reason.DEFAULT, Verdict(Action.ALLOW, Reason.DEFAULT))
