"""Attention: between the first ring of a call and its caller's number, the line comes before everything else.

A path that has slept is slow when it is needed: what it works on has left the caches, a Pi has lowered its clock,
and other threads have the interpreter. So the line stays awake meanwhile, and whoever else can wait is asked to.
"""

from __future__ import annotations

import threading
import time

SECONDS = 3.0
"""From a ring to its caller's number at most: a burst of 1 s, a pause of 0.5 s to 1.5 s and a message of 0.3 s to 0.7 s
(ETSI EN 300 659-1, data transmission during ringing). After that nothing comes, and nobody waits any longer."""


class Attention:
    """Whether a call has begun to ring whose caller is not known yet, for `seconds` at most."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._until = 0.0
        self._over = threading.Event()
        self._over.set()

    def begin(self) -> None:
        """A call has begun to ring."""
        self._until = time.monotonic() + self._seconds
        self._over.clear()

    def end(self) -> None:
        """Its caller is known, or it no longer rings."""
        self._over.set()

    @property
    def paid(self) -> bool:
        if not self._over.is_set() and time.monotonic() >= self._until:
            self._over.set()
        return not self._over.is_set()

    def wait(self) -> None:
        """Return when none is paid: at once, or within `seconds`."""
        if not self._over.is_set():
            self._over.wait(max(0.0, self._until - time.monotonic()))
