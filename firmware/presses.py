"""What a press does: the caller of now or of lately is blocked, a courier expected, the last press taken back."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from firmware.board.buttons import Gesture
from firmware.board.lamps import Shows
from firmware.call import Action, Call
from firmware.household import Household
from firmware.numbers import is_protected, look_alikes
from firmware.screening import Says

log = logging.getLogger(__name__)

LATELY_SECONDS = 120.0
UNDO_SECONDS = 600.0
NOTE = "BLOCK"


class WayBack(NamedTuple):
    """How to take back what a press did, and until which monotonic second.

    It is no step of `firmware.undo`, which refuses where something has changed since: a lamp could not say why.
    """

    until: float
    go: Callable[[], object]


class Presses:
    """Carries out gestures, and says what came of each.

    `current`: the call that rings, if any; `latest`: the last one that was over, and the monotonic second of that.
    `cut` and `connect` act on the call that rings.
    """

    def __init__(
        self,
        household: Household,
        *,
        current: Callable[[], Call | None],
        latest: Callable[[], tuple[Call, float] | None],
        cut: Callable[[Call], None],
        connect: Callable[[], None],
    ) -> None:
        self._household = household
        self._current = current
        self._latest = latest
        self._cut = cut
        self._connect = connect
        self._way_back: WayBack | None = None
        self._pressed: Call | None = None

    def take(self, gesture: Gesture) -> Shows | None:
        """Carry out one gesture: DONE, REFUSED or NOTHING; None where another follows. Raises OSError."""
        match gesture:
            case Gesture.BLOCK_DOWN:
                self._block_now()
                return None
            case Gesture.BLOCK_SHORT:
                return self._block(alike=False)
            case Gesture.BLOCK_LONG:
                return self._block(alike=True)
            case Gesture.PASS_SHORT:
                return self._expect()
            case Gesture.PASS_LONG:
                return self._expect_no_more()
            case Gesture.BOTH:
                return self._take_back()

    def _block_now(self) -> None:
        """Silence what rings, whatever the rest of the press will be."""
        self._pressed = self._current()
        if self._pressed and not self._refuses(self._pressed):
            self._cut(self._pressed)

    def _block(self, *, alike: bool) -> Shows:
        ringing, self._pressed = self._pressed, None
        call = ringing or self._lately()
        if call is None:
            return Shows.NOTHING
        if self._refuses(call):
            return Shows.REFUSED
        if call.number is None:
            return Shows.DONE if ringing else Shows.NOTHING
        pool = self._household.pool_of(call.number.normal) if alike else None
        if pool:
            return self._block_pool(pool)
        match = (alike and look_alikes(call.number)) or call.number.normal
        _, back = self._household.add_rule_reversibly(
            {"match": match, "action": str(Action.BLOCK), "note": NOTE}
        )
        self._can_undo(back)
        log.info("button: %r is blocked", match)
        return Shows.DONE

    def _block_pool(self, match: str) -> Shows:
        before = self._household.screening.answers.about(match)
        self._household.answer_pool(match, str(Says.BLOCK))
        self._can_undo(partial(self._household.answer_pool, match, before and str(before.says)))
        log.info("button: the pool %r is blocked", match)
        return Shows.DONE

    def _expect(self) -> Shows:
        before = self._household.couriers()
        self._household.open_pass()
        self._can_undo(partial(self._household.expect, before))
        return Shows.DONE

    def _expect_no_more(self) -> Shows:
        before = self._household.couriers()
        if not before:
            return Shows.NOTHING
        self._household.expect([])
        self._can_undo(partial(self._household.expect, before))
        return Shows.DONE

    def _take_back(self) -> Shows:
        if self._pressed:
            self._pressed = None
            self._connect()
        way_back, self._way_back = self._way_back, None
        if way_back is None or time.monotonic() > way_back.until:
            return Shows.NOTHING
        way_back.go()
        return Shows.DONE

    def _can_undo(self, back: Callable[[], object]) -> None:
        self._way_back = WayBack(time.monotonic() + UNDO_SECONDS, back)

    def _lately(self) -> Call | None:
        latest = self._latest()
        return latest[0] if latest and time.monotonic() - latest[1] <= LATELY_SECONDS else None

    def _refuses(self, call: Call) -> bool:
        """Whether the caller is a contact, or one that may never be blocked."""
        if call.number is None:
            return False
        screening = self._household.screening
        protected = is_protected(call.number, screening.policy.region)
        return protected or screening.contacts.find(call.number.normal) is not None
