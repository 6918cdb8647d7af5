"""The lamps and the buzzer, and the one table of what they say: `hw/lamps.toml`."""

from __future__ import annotations

import logging
import math
import threading
import time
import tomllib
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from gpiozero import LED

from firmware.board.pins import load_board

log = logging.getLogger(__name__)

LAMPS = ("guard", "call", "cut")
BUZZER = "buzzer"
SAID_SECONDS = 1.5
STEPS_LEFT = 4
TRIAL_SECONDS = 0.8


class Shows(StrEnum):
    """What the lamps can say: the tables of `hw/lamps.toml`."""

    DARK = "dark"
    STARTING = "starting"
    GUARDING = "guarding"
    EXPECTING = "expecting"
    PAUSED = "paused"
    ASKING = "asking"
    RINGING = "ringing"
    CUT = "cut"
    DONE = "done"
    REFUSED = "refused"
    NOTHING = "nothing"
    NO_MODEM = "no_modem"
    LOST = "lost"
    SILENT = "silent"
    NO_CALLER_ID = "no_caller_id"
    RELAY = "relay"
    LINE = "line"
    JAMMED = "jammed"


@dataclass(frozen=True, slots=True)
class Beat:
    """Seconds alternately lit and dark, over and over; empty: always `lit`."""

    seconds: tuple[float, ...] = ()
    lit: bool = False

    def at(self, since: float) -> tuple[bool, float]:
        """Whether it is lit `since` seconds after it began, and for how many seconds more."""
        if not self.seconds:
            return self.lit, math.inf
        into = since % sum(self.seconds)
        for place, length in enumerate(self.seconds):
            if into < length:
                return place % 2 == 0, length - into
            into -= length
        return True, self.seconds[0]


def beat(word: str) -> Beat:
    """The beat of a word of the table, as `patterns` gives it. Raises ValueError."""
    match word:
        case "off" | "on":
            return Beat(lit=word == "on")
        case "slow":
            return Beat((0.6, 0.6))
        case "fast":
            return Beat((0.12, 0.12))
        case "left1" | "left2" | "left3" | "left4":
            return Beat((0.25 * int(word[-1]),) * 2)
        case _:
            return Beat((0.15, 0.25) * (int(word) - 1) + (0.15, 1.4))


@cache
def table() -> Mapping[Shows, Mapping[str, str]]:
    """What each lamp does, by what is shown, as words; `en` and `zh` say it."""
    read = tomllib.loads(files("hw").joinpath("lamps.toml").read_text("utf-8"))
    return {
        Shows(name): {column: str(word) for column, word in columns.items()} for name, columns in read.items()
    }


def patterns(shows: Shows, left: float = 1.0) -> dict[str, str]:
    """Each lamp's word while `shows` is shown; `left`: how much of the pass is left, from 0 to 1."""
    words = {lamp: table()[shows][lamp] for lamp in LAMPS}
    step = min(STEPS_LEFT, max(1, math.ceil(left * STEPS_LEFT)))
    return {lamp: f"left{step}" if word == "left" else word for lamp, word in words.items()}


class Lamps:
    """The lamps on gpiozero pins, lit by a thread of their own. One that fails is logged, and never stops a call.

    `on_change` is called, from whatever thread, when the pattern has changed. `buzzer`: whether there is one.
    """

    def __init__(
        self, factory: Any, *, buzzer: bool = False, on_change: Callable[[], None] = lambda: None
    ) -> None:
        board = load_board()
        self._leds = {
            name: LED(board[name].gpio, active_high=board[name].active_high, pin_factory=factory)
            for name in (*LAMPS, *([BUZZER] if buzzer else []))
        }
        self._on_change = on_change
        self._changed = threading.Condition()
        self._base, self._left = Shows.STARTING, 1.0
        self._said: tuple[Shows, float] | None = None
        self._trial: deque[str] = deque()
        self._trial_at = 0.0
        self._began = time.monotonic()
        self._closing = False
        self.pattern = patterns(Shows.STARTING)
        self._thread = threading.Thread(target=self._light, name="lamps", daemon=True)
        self._thread.start()

    @property
    def shows(self) -> Shows:
        """What is shown now: what was last said to a press for a moment, then what is so."""
        said = self._said
        return said[0] if said else self._base

    def show(self, shows: Shows, left: float = 1.0) -> None:
        """Show what is so from now on; a trial ends when that changes."""
        with self._changed:
            if shows != self._base:
                self._trial.clear()
            self._base, self._left = shows, left
            self._take_up()

    def say(self, shows: Shows) -> None:
        """Answer a press, for a moment."""
        with self._changed:
            self._trial.clear()
            self._said = shows, time.monotonic() + SAID_SECONDS
            self._take_up(again=True)

    def try_out(self) -> None:
        """Light one lamp after another, each alone for TRIAL_SECONDS, then show again what is so."""
        with self._changed:
            self._trial = deque(LAMPS)
            self._trial_at = time.monotonic() + TRIAL_SECONDS
            self._take_up(again=True)

    def close(self) -> None:
        """Everything dark."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join(1.0)
        for led in self._leds.values():
            led.off()
            led.close()

    def _take_up(self, *, again: bool = False) -> None:
        pattern = patterns(self.shows, self._left)
        if self._trial:
            pattern = {lamp: "on" if lamp == self._trial[0] else "off" for lamp in LAMPS}
        if pattern == self.pattern and not again:
            return
        self.pattern = pattern
        self._began = time.monotonic()
        self._changed.notify()

    def _light(self) -> None:
        shown = self.pattern
        while True:
            with self._changed:
                if self._closing:
                    return
                now = time.monotonic()
                if self._said and now >= self._said[1]:
                    self._said = None
                    self._take_up()
                if self._trial and now >= self._trial_at:
                    self._trial.popleft()
                    self._trial_at = now + TRIAL_SECONDS
                    self._take_up()
                pattern = self.pattern
                words = pattern | {BUZZER: table()[self.shows].get(BUZZER, "off")}
                waits = [self._said[1] - now] if self._said else []
                waits += [self._trial_at - now] if self._trial else []
                for name in self._leds:
                    lit, more = beat(words[name]).at(now - self._began)
                    self._set(name, lit)
                    waits.append(more)
            if pattern != shown:
                shown = pattern
                self._tell()
            with self._changed:
                if pattern == self.pattern and not self._closing:
                    least = min(waits)
                    self._changed.wait(None if least == math.inf else least)

    def _set(self, name: str, lit: bool) -> None:
        try:
            if self._leds[name].is_lit != lit:
                self._leds[name].value = lit
        except Exception:
            log.exception("the lamp %s failed", name)

    def _tell(self) -> None:
        try:
            self._on_change()
        except Exception:
            log.exception("a listener of the lamps failed")
