"""How often the API may be asked."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

BURST, PER_SECOND = 300, 20
"""Requests at once, and a second in the long run, of one token or address."""


class Pace:
    """A token bucket for each key: `burst` requests at once, `per_second` of them in the long run.

    The keys that asked last are remembered, up to `REMEMBERED`; one that is forgotten finds its bucket full.
    """

    REMEMBERED = 1024

    def __init__(self, burst: float, per_second: float) -> None:
        self._burst = burst
        self._per_second = per_second
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, key: str) -> float:
        """Seconds until `key` may ask; 0 when it may now, which is then counted."""
        with self._lock:
            now = time.monotonic()
            left, then = self._left.pop(key, (self._burst, now))
            left = min(self._burst, left + (now - then) * self._per_second)
            wait = 0.0 if left >= 1 else (1 - left) / self._per_second
            self._left[key] = left - (not wait), now
            while len(self._left) > self.REMEMBERED:
                self._left.popitem(last=False)
            return wait
