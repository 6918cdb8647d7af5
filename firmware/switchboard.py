"""The way of a call: on its line's own thread, from what is known of the caller to the verdict and what it does."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from firmware.call import Action, Call, Verdict
from firmware.household import Household
from firmware.lines import Line
from firmware.numbers import is_protected, understand
from firmware.screening import Caller

RINGS_BEFORE_CALLER_ID = 2
"""At the second ring a call without caller ID is judged as one: FSK caller ID comes before it."""


class Switchboard:
    """Decides on the calls of every line, and has what is not wanted rejected. Nothing here waits.

    `lines` by name, which may still be filled; `note` hears of each call after that. `latest` is the last call that
    was over, with the monotonic second of its end.
    """

    def __init__(self, household: Household, lines: Mapping[str, Line], note: Callable[[Call], None]) -> None:
        self._household = household
        self._lines = lines
        self._note = note
        self._ringing: dict[str, Call] = {}
        self._silenced: Call | None = None
        self.latest: tuple[Call, float] | None = None

    def take(self, calls: Sequence[Call]) -> None:
        """What has become of these calls: judged first, written down afterwards."""
        for call in calls:
            self._act(call)
        for call in calls:
            self._note(call)

    def ringing(self, line: str | None = None) -> Call | None:
        """The call that rings on a line, or the one that began last on any."""
        if line is not None:
            return self._ringing.get(line)
        return max(list(self._ringing.values()), key=lambda call: call.started, default=None)

    def verdict(self, call: Call) -> Verdict:
        """The verdict for what is known of a call by now, whose number is understood on the way."""
        screening = self._household.screening
        policy = screening.policy
        presented = call.caller_id and call.caller_id.number
        call.number = understand(presented, policy.region, policy.area) if presented else None
        at = call.started.astimezone(policy.zone)
        return screening.judge(Caller.of(call.caller_id, call.number, call.line, at))

    def blocked(self, call: Call) -> bool:
        """Whether the call is to be rejected; asks once more whether the number is protected."""
        if call.number and is_protected(call.number, self._household.screening.policy.region):
            return False
        return call.verdict is not None and call.verdict.action is Action.BLOCK

    def unwanted(self, call: Call) -> bool:
        """Whether it is blocked, or silenced by hand."""
        return self.blocked(call) or call is self._silenced

    def silence(self, call: Call) -> None:
        """Reject a call for as long as it rings, whatever the verdict."""
        self._silenced = call
        self._reject(call)

    def let_ring(self) -> None:
        """Silence no more what was silenced."""
        call, self._silenced = self._silenced, None
        if call:
            self._lines[call.line].admit(call)

    def _act(self, call: Call) -> None:
        line = self._lines[call.line]
        if call.over:
            if self._ringing.get(call.line) is call:
                del self._ringing[call.line]
                line.admit(call)
            call.verdict = call.verdict or self.verdict(call)
            self.latest = call, time.monotonic()
            self._remember(call)
            return
        self._ringing[call.line] = call
        if call.caller_id is None and call.rings < RINGS_BEFORE_CALLER_ID:
            return
        was_unwanted = self.unwanted(call)
        call.verdict = self.verdict(call)
        if self.unwanted(call):
            self._reject(call, again=was_unwanted)
        else:
            line.admit(call)

    def _reject(self, call: Call, *, again: bool = False) -> None:
        how = (call.verdict and call.verdict.how) or str(self._household.settings()["block_action"])
        self._lines[call.line].reject(call, how, again=again)

    def _remember(self, call: Call) -> None:
        """What a call that is over means for those to come."""
        if call.number and call.verdict:
            talked = 0.0 if call.answered else call.talked
            self._household.screening.ended(
                call.number, call.started, call.verdict, rings=call.rings, talked=talked
            )
