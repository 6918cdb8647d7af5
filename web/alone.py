"""Large work, one piece at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.exceptions import ServiceUnavailable

AGAIN_SECONDS = 5

_working = threading.Lock()


@contextmanager
def alone() -> Iterator[None]:
    """For work that takes much memory or time: one at a time, and whoever comes meanwhile is asked to come again."""
    if not _working.acquire(blocking=False):
        raise ServiceUnavailable("Something large is being worked on.", retry_after=AGAIN_SECONDS)
    try:
        yield
    finally:
        _working.release()
