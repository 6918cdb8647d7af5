"""News for whoever is looking: pages that follow along, each at its own pace."""

from __future__ import annotations

import queue
import secrets
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

MOST_WAITING = 256
GAP = "gap"


class News(NamedTuple):
    """One change: a number that only grows, its kind ("call", "status", "pool", "rules" …), and what is so now."""

    id: int
    kind: str
    payload: dict[str, Any]


class Feed:
    """Hands every piece of news to every subscriber. A slow subscriber loses its oldest, and delays nobody.

    `last` is the id of the latest piece as a subscriber may give it later, to go on from there: it says of which start
    of the box it is.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._start = secrets.token_hex(4)
        self._last = 0
        self._kept: deque[News] = deque(maxlen=MOST_WAITING)
        self._subscribers: set[queue.Queue[News]] = set()

    @property
    def last(self) -> str:
        return self.mark(self._last)

    def mark(self, id: int) -> str:
        """A piece's id as a subscriber may give it later."""
        return f"{self._start}.{id}"

    def publish(self, kind: str, payload: dict[str, Any]) -> None:
        with self._lock:
            self._last += 1
            news = News(self._last, kind, payload)
            self._kept.append(news)
            for waiting in self._subscribers:
                if waiting.full():
                    waiting.get_nowait()
                waiting.put_nowait(news)

    @contextmanager
    def subscribe(self, after: str | None = None) -> Iterator[queue.Queue[News]]:
        """A queue that fills with the news from now on; with those since the mark `after`, where it is given.

        Where these are not known any more, the first piece in the queue is a `GAP`.
        """
        waiting: queue.Queue[News] = queue.Queue(MOST_WAITING)
        with self._lock:
            for news in [] if after is None else self._missed(after):
                waiting.put_nowait(news)
            self._subscribers.add(waiting)
        try:
            yield waiting
        finally:
            with self._lock:
                self._subscribers.discard(waiting)

    def _missed(self, after: str) -> list[News]:
        start, _, digits = after.partition(".")
        seen = int(digits) if digits.isdecimal() and len(digits) < 20 else -1
        oldest = self._kept[0].id if self._kept else self._last + 1
        if start != self._start or not oldest - 1 <= seen <= self._last:
            return [News(self._last, GAP, {})]
        return [news for news in self._kept if news.id > seen]
