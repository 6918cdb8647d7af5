"""Work that is done again and again by a thread of its own, for which nobody waits."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)

CLOSE_SECONDS = 10.0


class Rounds:
    """Does `work` every so many `seconds`, and as soon as it is woken; what it raises is logged, and it goes on.

    `begin` is done once before. What takes long looks at `closing`, and gives up when it is set.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[], None],
        seconds: float,
        *,
        begin: Callable[[], None] = lambda: None,
    ) -> None:
        self.closing = threading.Event()
        self._name = name
        self._work = work
        self._seconds = seconds
        self._begin = begin
        self._woken = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """Have it done at once, or again where it is being done."""
        self._woken.set()

    def close(self) -> None:
        self.closing.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(CLOSE_SECONDS)

    def _run(self) -> None:
        self._try(self._begin)
        while not self.closing.is_set():
            self._try(self._work)
            self._woken.wait(self._seconds)
            self._woken.clear()

    def _try(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception:
            log.exception("%s failed, and goes on", self._name)
