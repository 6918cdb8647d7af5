"""What a person may try the board with. Nothing is tried while a call rings."""

from __future__ import annotations

import time
from collections.abc import Callable

from firmware.board.keeper import CONNECTED, CUT
from firmware.board.lamps import Lamps
from firmware.board.relay import Relay

CUT_SECONDS = 0.5
ANSWER_SECONDS = 2.0
LOOK_SECONDS = 0.01


class Ringing(Exception):
    """A call rings, and comes first."""


class Trials:
    """Tries `relay` and `lamps`, unless `ringing` says that there is a call."""

    def __init__(self, relay: Relay, lamps: Lamps, *, ringing: Callable[[], bool]) -> None:
        self._relay = relay
        self._lamps = lamps
        self._ringing = ringing

    def relay(self) -> bool:
        """Part handset and line for CUT_SECONDS: two clicks. Whether the keeper has done so. Raises Ringing.

        A call that begins meanwhile finds them connected after CUT_SECONDS at the latest, since nobody renews the
        lease. A conversation is interrupted for as long, where no hook sensor tells the keeper of it.
        """
        self._refuse()
        self._relay.connect()
        self._relay.hold(CUT_SECONDS)
        return self._becomes(CUT) and self._becomes(CONNECTED)

    def lamps(self) -> None:
        """Light the lamps one after another. Raises Ringing."""
        self._refuse()
        self._lamps.try_out()

    def _refuse(self) -> None:
        if self._ringing():
            raise Ringing

    def _becomes(self, state: str) -> bool:
        until = time.monotonic() + ANSWER_SECONDS
        while self._relay.state != state:
            if time.monotonic() > until:
                return False
            time.sleep(LOOK_SECONDS)
        return True
