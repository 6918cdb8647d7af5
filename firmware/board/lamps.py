"""The lamps, and the one table of what they say."""

from __future__ import annotations

import logging
import threading
from enum import StrEnum
from typing import Any

from gpiozero import LED

from firmware.board.pins import load_board

log = logging.getLogger(__name__)

BLINK_SECONDS = 0.4


class Shows(StrEnum):
    """What the lamps say. Dark: not running."""

    STARTING = "starting"
    GUARDING = "guarding"
    RINGING = "ringing"
    CUT = "cut"
    FAULT = "fault"


PATTERNS: dict[Shows, dict[str, str]] = {
    Shows.STARTING: {"guard": "blink", "call": "off", "cut": "off"},
    Shows.GUARDING: {"guard": "on", "call": "off", "cut": "off"},
    Shows.RINGING: {"guard": "on", "call": "on", "cut": "off"},
    Shows.CUT: {"guard": "on", "call": "off", "cut": "on"},
    Shows.FAULT: {"guard": "off", "call": "blink", "cut": "off"},
}


class Lamps:
    """The three lamps on gpiozero pins. A lamp that fails is logged and never stops a call."""

    def __init__(self, factory: Any) -> None:
        board = load_board()
        self._leds = {
            name: LED(board[name].gpio, active_high=board[name].active_high, pin_factory=factory)
            for name in PATTERNS[Shows.STARTING]
        }
        self._lock = threading.Lock()
        self.shows = Shows.STARTING
        self._apply()

    def show(self, shows: Shows) -> bool:
        """Light the pattern of `shows`; returns whether that changed anything."""
        with self._lock:
            if shows is self.shows:
                return False
            self.shows = shows
            self._apply()
            return True

    @property
    def pattern(self) -> dict[str, str]:
        """Each lamp with "on", "off" or "blink"."""
        return PATTERNS[self.shows]

    def close(self) -> None:
        """Everything dark."""
        for led in self._leds.values():
            led.close()

    def _apply(self) -> None:
        for name, state in self.pattern.items():
            led = self._leds[name]
            try:
                if state == "blink":
                    led.blink(BLINK_SECONDS, BLINK_SECONDS)
                else:
                    led.value = state == "on"
            except Exception:
                log.exception("the lamp %s failed", name)
