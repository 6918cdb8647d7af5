"""As many connections as may be open: a new one takes the place of the one that has asked for nothing longest."""

from __future__ import annotations

import time
from typing import Any

from waitress.channel import HTTPChannel

MOST = 80
"""Of one socket; waitress takes no more than 100 of all, and who holds those would keep everybody else out."""


class Place(HTTPChannel):  # type: ignore[misc]
    """A connection. One that brings the pieces of a request, however busily, has asked for nothing before the last."""

    request: Any
    will_close: bool

    def __init__(self, server: Any, *given: Any, **named: Any) -> None:
        super().__init__(server, *given, **named)
        self.asked_at = time.monotonic()
        present = [one for one in server.active_channels.values() if not one.will_close]
        waiting = [one for one in present if not one.requests]
        if len(present) > MOST and waiting:
            min(waiting, key=lambda one: float(one.asked_at)).will_close = True

    def received(self, data: bytes) -> bool:
        taken = bool(super().received(data))
        if self.request is None:
            self.asked_at = time.monotonic()
        return taken
