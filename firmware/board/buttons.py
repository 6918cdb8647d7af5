"""The two buttons: edges of their contacts in, gestures of a hand out."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from gpiozero import Button as Contact

from firmware.board.pins import load_board

log = logging.getLogger(__name__)

SETTLE_SECONDS = 0.01
"""For how long a contact is quiet before it is believed: switches bounce for 1 ms to 6 ms."""
LONG_SECONDS = 2.0
JAMMED_SECONDS = 30.0
BLOCK, PASS = "block", "pass"
BUTTONS = (BLOCK, PASS)


class Gesture(Enum):
    """What a hand did. `BLOCK_DOWN` comes at once, and one of the others after it."""

    BLOCK_DOWN = auto()
    BLOCK_SHORT = auto()
    BLOCK_LONG = auto()
    PASS_SHORT = auto()
    PASS_LONG = auto()
    BOTH = auto()


SHORT = {BLOCK: Gesture.BLOCK_SHORT, PASS: Gesture.PASS_SHORT}
LONG = {BLOCK: Gesture.BLOCK_LONG, PASS: Gesture.PASS_LONG}


@dataclass(slots=True)
class Button:
    """One button: how its contact was seen last, and what is believed. `spent`: this press has had its gesture."""

    raw: bool
    down: bool
    spent: bool
    jammed: bool
    settles_at: float | None = None
    since: float = 0.0


class Gestures:
    """Makes gestures of edges. Times are monotonic seconds given by the caller.

    `down`: the buttons that are pressed at the start. Those are jammed, and so is one that stays down: it is ignored
    until it has been let go.
    """

    def __init__(self, down: frozenset[str] = frozenset()) -> None:
        self._buttons = {
            name: Button(name in down, name in down, name in down, name in down) for name in BUTTONS
        }

    @property
    def down(self) -> frozenset[str]:
        return frozenset(name for name, button in self._buttons.items() if button.down)

    @property
    def jammed(self) -> frozenset[str]:
        return frozenset(name for name, button in self._buttons.items() if button.jammed)

    def edge(self, name: str, raw: bool, now: float) -> None:
        """A contact was seen to close or to open."""
        button = self._buttons[name]
        button.raw = raw
        button.settles_at = None if raw == button.down else now + SETTLE_SECONDS

    def tick(self, now: float) -> Iterator[Gesture]:
        """The gestures that are complete by now."""
        for name, button in self._buttons.items():
            if button.settles_at is not None and now >= button.settles_at:
                button.settles_at = None
                button.down = button.raw
                yield from self._pressed(name, now) if button.down else self._let_go(name)
            if button.down and not button.spent and now >= button.since + LONG_SECONDS:
                button.spent = True
                yield LONG[name]
            if button.down and now >= button.since + JAMMED_SECONDS:
                button.jammed = True

    @property
    def next_at(self) -> float | None:
        """When `tick` has something to do next."""
        times = []
        for button in self._buttons.values():
            if button.settles_at is not None:
                times.append(button.settles_at)
            if button.down and not button.jammed:
                times.append(button.since + (JAMMED_SECONDS if button.spent else LONG_SECONDS))
        return min(times, default=None)

    def _pressed(self, name: str, now: float) -> Iterator[Gesture]:
        button = self._buttons[name]
        button.since = now
        others = [other for key, other in self._buttons.items() if key != name]
        if any(other.down and not other.spent for other in others):
            for one in self._buttons.values():
                one.spent = True
            yield Gesture.BOTH
        elif name == BLOCK:
            yield Gesture.BLOCK_DOWN

    def _let_go(self, name: str) -> Iterator[Gesture]:
        button = self._buttons[name]
        if not button.spent:
            yield SHORT[name]
        button.spent = button.jammed = False


class Buttons:
    """The buttons on gpiozero pins.

    `on_gesture` is called on their own thread; so are, with what is now, `on_down` when a button goes down or up, and
    `on_jammed`.
    """

    def __init__(
        self,
        factory: Any,
        *,
        on_gesture: Callable[[Gesture], None],
        on_down: Callable[[frozenset[str]], None] = lambda down: None,
        on_jammed: Callable[[frozenset[str]], None] = lambda jammed: None,
    ) -> None:
        board = load_board()
        self._contacts = {
            name: Contact(board[name].gpio, pull_up=not board[name].active_high, pin_factory=factory)
            for name in BUTTONS
        }
        self._on_gesture = on_gesture
        self._on_down = on_down
        self._on_jammed = on_jammed
        self._edges: queue.SimpleQueue[tuple[str, bool, float] | None] = queue.SimpleQueue()
        self._gestures = Gestures(frozenset(name for name, one in self._contacts.items() if one.is_pressed))
        for name, contact in self._contacts.items():
            contact.when_pressed = self._saw(name, True)
            contact.when_released = self._saw(name, False)
        self._thread = threading.Thread(target=self._run, name="buttons", daemon=True)
        self._thread.start()

    @property
    def down(self) -> frozenset[str]:
        """The buttons that are pressed now."""
        return self._gestures.down

    @property
    def jammed(self) -> frozenset[str]:
        return self._gestures.jammed

    def close(self) -> None:
        for contact in self._contacts.values():
            contact.close()
        self._edges.put(None)
        self._thread.join(1.0)

    def _saw(self, name: str, raw: bool) -> Callable[[], None]:
        return lambda: self._edges.put((name, raw, time.monotonic()))

    def _run(self) -> None:
        down = jammed = frozenset[str]()
        while True:
            if self.down != down:
                down = self.down
                self._safely(self._on_down, down)
            if self.jammed != jammed:
                jammed = self.jammed
                log.warning("jammed buttons: %s", ", ".join(sorted(jammed)) or "none any more")
                self._safely(self._on_jammed, jammed)
            at = self._gestures.next_at
            try:
                edge = self._edges.get(timeout=None if at is None else max(0.0, at - time.monotonic()))
            except queue.Empty:
                self._tick(time.monotonic())
                continue
            if edge is None:
                return
            self._tick(edge[2])
            self._gestures.edge(*edge)

    def _tick(self, now: float) -> None:
        for gesture in self._gestures.tick(now):
            self._safely(self._on_gesture, gesture)

    def _safely(self, listener: Callable[[Any], None], heard: object) -> None:
        try:
            listener(heard)
        except Exception:
            log.exception("a listener of the buttons failed on %s", heard)
