"""Slows down whoever guesses, and nobody else."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict


class Throttle:
    """After `free` attempts in a row that failed, a key waits: twice as long each time, up to `longest` seconds.

    The keys that were tried last are remembered, up to `REMEMBERED`.
    """

    REMEMBERED = 1024

    def __init__(self, free: int, longest: float) -> None:
        self._free = free
        self._longest = longest
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def wait(self, key: str) -> float:
        """Seconds until `key` may try again."""
        return max(0.0, self._failures.get(key, (0, 0.0))[1] - time.monotonic())

    def failed(self, key: str) -> None:
        count = self._failures.pop(key, (0, 0.0))[0] + 1
        beyond = count - self._free
        pause = 0.0 if beyond < 0 else min(2.0 ** min(beyond, 64), self._longest)
        self._failures[key] = count, time.monotonic() + pause
        while len(self._failures) > self.REMEMBERED:
            self._failures.popitem(last=False)

    def succeeded(self, key: str) -> None:
        """What `key` failed before is forgotten."""
        self._failures.pop(key, None)


class Doors:
    """The throttles of the ways in.

    A device on which somebody has signed in before is throttled by itself, so that no stranger's guesses keep it out.
    Any other is throttled by its address, and all others together by the name that they try: for half a minute at most,
    so that guessing from many addresses is hopeless and signing in on a new telephone is not. (OWASP, Slow Down Online
    Guessing Attacks with Device Cookies.) An attempt counts as failed from its beginning until it is known to have
    succeeded, so that many at once are no way around.
    """

    FREE = 5
    FREE_OF_A_NAME = 20

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._addresses = Throttle(self.FREE, 900.0)
        self._devices = Throttle(self.FREE, 900.0)
        self._names = Throttle(self.FREE_OF_A_NAME, 30.0)

    def attempt(self, address: str, name: str | None = None, device: str | None = None) -> float:
        """Seconds until somebody may try; 0 when this is their attempt. `name`: None where no account is tried."""
        with self._lock:
            ways = self._ways(address, name, device)
            wait = max(throttle.wait(key) for throttle, key in ways)
            if not wait:
                for throttle, key in ways:
                    throttle.failed(key)
            return wait

    def succeeded(self, address: str, name: str | None = None, device: str | None = None) -> None:
        """The attempt was no guess."""
        with self._lock:
            for throttle, key in self._ways(address, name, device):
                throttle.succeeded(key)

    def _ways(self, address: str, name: str | None, device: str | None) -> list[tuple[Throttle, str]]:
        if device is not None:
            return [(self._devices, device)]
        return [(self._addresses, address)] + ([] if name is None else [(self._names, name.casefold())])
