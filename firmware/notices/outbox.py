"""What waits to be sent to one address: gathered, kept few, and tried again with growing pauses."""

from __future__ import annotations

from collections import deque

MOST_LINES = 20
GATHER_SECONDS = 3.0
PACE_SECONDS = 60.0
PAUSES = (60.0, 300.0, 1800.0, 7200.0)


class Outbox:
    """Lines that go out in one message: soon after the first, at most one a minute, and no more than twenty.

    Times are monotonic seconds.
    """

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=MOST_LINES)
        self._left_out = 0
        self._due = 0.0
        self._next = 0.0
        self._tries = 0
        self.fault: str | None = None

    def __len__(self) -> int:
        return len(self._lines)

    def put(self, line: str, now: float) -> None:
        """Have a line sent; of too many the oldest are only counted."""
        if not self._lines:
            self._due = max(now + GATHER_SECONDS, self._next)
        self._left_out += len(self._lines) == MOST_LINES
        self._lines.append(line)

    def due(self, now: float) -> bool:
        return bool(self._lines) and now >= self._due

    @property
    def message(self) -> tuple[list[str], int]:
        """The lines, and how many more were left out."""
        return list(self._lines), self._left_out

    def sent(self, message: tuple[list[str], int], now: float) -> None:
        """A message is gone; what was put meanwhile goes with the next."""
        for _ in message[0]:
            self._lines.popleft()
        self._left_out -= message[1]
        self._tries, self.fault = 0, None
        self._due = self._next = now + PACE_SECONDS

    def failed(self, code: str, now: float) -> None:
        """It is tried again after a pause, and after the last one given up."""
        self.fault = code
        if self._tries == len(PAUSES):
            self._lines.clear()
            self._left_out = self._tries = 0
            return
        self._due = now + PAUSES[self._tries]
        self._tries += 1
