"""News for whoever is looking: pages that follow along, each at its own pace."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

MOST_WAITING = 256


class News(NamedTuple):
    """One change: a number that only grows, its kind ("call", "status", "pool", "rules" …), and what is so now."""

    id: int
    kind: str
    payload: dict[str, Any]


class Feed:
    """Hands every piece of news to every subscriber. A slow subscriber loses its oldest, and delays nobody."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0
        self._subscribers: set[queue.Queue[News]] = set()

    def publish(self, kind: str, payload: dict[str, Any]) -> None:
        with self._lock:
            self._last += 1
            news = News(self._last, kind, payload)
            for waiting in self._subscribers:
                if waiting.full():
                    waiting.get_nowait()
                waiting.put_nowait(news)

    @contextmanager
    def subscribe(self) -> Iterator[queue.Queue[News]]:
        """A queue that fills with the news from now on."""
        waiting: queue.Queue[News] = queue.Queue(MOST_WAITING)
        with self._lock:
            self._subscribers.add(waiting)
        try:
            yield waiting
        finally:
            with self._lock:
                self._subscribers.discard(waiting)
