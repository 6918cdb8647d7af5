"""What the lines share that are read on a thread of their own."""

from __future__ import annotations

import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar, Generic, TypeVar

from firmware.call import Call
from firmware.lines.line import LineState

log = logging.getLogger(__name__)

RETRY_SECONDS = 0.4
TURN_SECONDS = 0.2
CLOSE_SECONDS = 5.0

State = TypeVar("State", bound=LineState)
Told = TypeVar("Told")


class AttendedLine(ABC, Generic[State]):
    """Is attended to on a thread of its own, and again after whatever goes wrong.

    `state` is the one to begin with. `on_calls` and `on_state` are called on that thread, and must not wait; what they
    raise is logged. `pulse` is the monotonic second in which the thread last went round.
    """

    TROUBLES: ClassVar[tuple[type[Exception], ...]] = (OSError,)
    """What may go wrong with a line; anything else is a mistake of ours, and is logged as one."""

    def __init__(
        self,
        name: str,
        state: State,
        on_calls: Callable[[Sequence[Call]], None],
        on_state: Callable[[State], None],
    ) -> None:
        self.name = name
        self.state = state
        self.pulse = time.monotonic()
        self._on_calls = on_calls
        self._on_state = on_state
        self._reconsider = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start reading, or start again where the thread has died."""
        if not self.alive and not self._closing.is_set():
            self._thread = threading.Thread(target=self._run, name=f"line {self.name}", daemon=True)
            self._thread.start()

    def close(self) -> None:
        self._closing.set()
        if self._thread:
            self._thread.join(CLOSE_SECONDS)

    @property
    def alive(self) -> bool:
        return bool(self._thread and self._thread.is_alive())

    def reconsider(self) -> None:
        """Have done once more what depends on wishes that have changed, as soon as the thread is free."""
        self._reconsider.set()

    @abstractmethod
    def _attend(self) -> None:
        """Find what there is to read and read it, until the line is closed. Raises what went wrong."""

    @abstractmethod
    def _lost(self, error: Exception) -> None:
        """Say that nobody attends to the line for now, because of `error`."""

    def _pause(self, _lasted: float) -> float:
        """Seconds until it is tried again, where the last try lasted so long."""
        return RETRY_SECONDS

    def _run(self) -> None:
        while not self._closing.is_set():
            self.pulse = began = time.monotonic()
            try:
                self._attend()
            except Exception as error:
                if not isinstance(error, self.TROUBLES):
                    log.exception("line %s: reading failed, starting again", self.name)
                self._lost(error)
            self._rest(self._pause(time.monotonic() - began))

    def _rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and not self._closing.wait(min(left, TURN_SECONDS)):
            self.pulse = time.monotonic()

    def _to_reconsider(self) -> bool:
        """Whether `reconsider` was called since it was asked last."""
        asked = self._reconsider.is_set()
        self._reconsider.clear()
        return asked

    def _tell(self, calls: Iterable[Call]) -> None:
        """Give calls that have changed to the appliance."""
        changed = tuple(calls)
        if changed:
            self._heard(self._on_calls, changed)

    def _publish(self, state: State, cause: object = None) -> None:
        """Tell the state, where it is another than before."""
        if state == self.state:
            return
        before, self.state = self.state, state
        if state.fault and state.fault != before.fault:
            log.error("line %s: %s%s", self.name, state.fault, f" ({cause})" if cause else "")
        elif not state.fault:
            log.info("line %s: %s", self.name, self._told())
        self._heard(self._on_state, state)

    def _told(self) -> str:
        """The state in a few words."""
        return self.state.state

    def _heard(self, listener: Callable[[Told], None], told: Told) -> None:
        try:
            listener(told)
        except Exception:
            log.exception("line %s: a listener failed on %r", self.name, told)
