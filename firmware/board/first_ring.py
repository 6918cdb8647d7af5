"""The first ring, which FSK caller ID comes after: how a household need not hear it before the verdict.

ring    it is heard, as the exchange sends it
mute    the handset is cut off as soon as it begins, until the verdict, and at the latest before the second
guard   the handset stands apart on the local supply whenever nobody uses it, until a call is let through
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from firmware.board.hook import PROOF_SECONDS
from firmware.board.keeper import CONNECTED
from firmware.board.relay import Relay
from firmware.call import Call
from firmware.screening.schedule import schedule

RING_EVERY = {
    **dict.fromkeys(("US", "CA", "MX"), 6.0),
    **dict.fromkeys(("CN", "DE", "AT", "FR", "NL", "BE", "IT", "CH"), 5.0),
}
SHORTEST_RING_EVERY = 3.0
"""Seconds from one ring to the next (ITU-T E.180, supplement 2); for other countries the shortest, that of the UK."""
MARGIN_SECONDS = 0.5
GUARD_LEASE_SECONDS = 2.0


class Mode(StrEnum):
    """What becomes of the first ring."""

    RING = "ring"
    MUTE = "mute"
    GUARD = "guard"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the owner wants: a mode, and the hours in which (a schedule as rules have it; empty: always)."""

    mode: Mode
    hours: str
    region: str


class FirstRing:
    """Orders the relay apart before there is a verdict. Whoever has one connects, or keeps apart.

    `detector` and `hook`: whether the wiring has a ring detector, and a hook sensor with a local supply. `call` gives
    the call that rings, `now` the time on the owner's clock.
    """

    def __init__(
        self,
        relay: Relay,
        *,
        detector: bool,
        hook: bool,
        wishes: Callable[[], Wishes],
        call: Callable[[], Call | None],
        now: Callable[[], datetime],
    ) -> None:
        self._relay = relay
        self._detector = detector
        self._hook = hook
        self._wishes = wishes
        self._call = call
        self._now = now

    @property
    def possible(self) -> list[Mode]:
        """The modes for which the wiring has the parts."""
        return [
            Mode.RING,
            *([Mode.MUTE] if self._detector else []),
            *([Mode.GUARD] if self._detector and self._hook else []),
        ]

    @property
    def state(self) -> tuple[Mode, str | None]:
        """The mode in force now, and why it is not the one wished for: `parts`, `unproved`, `hours` or None."""
        wishes = self._wishes()
        if wishes.mode is Mode.RING:
            return Mode.RING, None
        if wishes.mode not in self.possible:
            return Mode.RING, "parts"
        if wishes.hours and not schedule(wishes.hours).holds(self._now()):
            return Mode.RING, "hours"
        if wishes.mode is Mode.GUARD and not self._proved():
            return Mode.MUTE, "unproved"
        return wishes.mode, None

    def rang(self) -> None:
        """A ring has begun on the line."""
        if self.state[0] is Mode.MUTE and self._undecided() and self._relay.state == CONNECTED:
            every = RING_EVERY.get(self._wishes().region, SHORTEST_RING_EVERY)
            self._relay.hold(every - MARGIN_SECONDS)

    def renew(self) -> None:
        """To be called more often than GUARD_LEASE_SECONDS: stand on guard while nothing speaks against it."""
        call = self._call()
        if self.state[0] is Mode.GUARD and (call is None or call.verdict is None):
            self._relay.guard(GUARD_LEASE_SECONDS)

    def _undecided(self) -> bool:
        call = self._call()
        return call is None or (call.rings <= 1 and call.verdict is None)

    def _proved(self) -> bool:
        at = self._relay.proved_at
        return at is not None and time.monotonic() - at < PROOF_SECONDS
