"""What a tap has done can be taken back: for a while, and while the box runs."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

MOST = 100
SECONDS = 3600.0

Back = Callable[[], object]


class Undoing:
    """The ways back from the latest changes, each under a name that nobody can guess."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ways: OrderedDict[str, tuple[float, Back]] = OrderedDict()

    def offer(self, back: Back) -> str:
        """Keep the way back from a change; its name."""
        name = secrets.token_urlsafe(12)
        with self._lock:
            self._ways[name] = time.monotonic() + SECONDS, back
            if len(self._ways) > MOST:
                self._ways.popitem(last=False)
        return name

    def take_back(self, name: str) -> bool:
        """Go the way back, once; False where there is none any more. Raises what the way back does."""
        with self._lock:
            until, back = self._ways.pop(name, (0.0, None))
        if back is None or time.monotonic() > until:
            return False
        back()
        return True
