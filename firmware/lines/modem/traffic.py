"""What was last said on a modem's port, for whoever looks for a fault."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

MOST_LINES = 200
LONGEST_LINE = 300


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was sent to the modem, or came from it.

    `text` is printable: other bytes stand as `\\xNN`. `times`: how often in a row this exchange went the same way,
    of which `at`, in seconds since 1970, is the last.
    """

    at: float
    sent: bool
    text: str
    times: int = 1

    def document(self) -> dict[str, object]:
        at = datetime.fromtimestamp(self.at, UTC).isoformat(timespec="milliseconds")
        return {"at": at, "sent": self.sent, "text": self.text, "times": self.times}


class Traffic:
    """The last lines. An exchange that repeats the one before it, as while a modem is watched, is only counted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._done: deque[Line] = deque(maxlen=MOST_LINES)
        self._before: deque[Line] = deque(maxlen=MOST_LINES)
        self._present: deque[Line] = deque(maxlen=MOST_LINES)
        self._rest = b""

    def sent(self, data: bytes) -> None:
        """Note what was written to the port: a new exchange begins."""
        now = time.time()
        with self._lock:
            self._close(now)
            self._turn()
            self._present.extend(_lines(data, now, sent=True))

    def came(self, data: bytes) -> None:
        """Note what was read from the port."""
        now = time.time()
        with self._lock:
            *whole, self._rest = (self._rest + data).replace(b"\r", b"\n").split(b"\n")
            for line in whole:
                self._present.extend(_lines(line, now, sent=False))
            if len(self._rest) > LONGEST_LINE:
                self._close(now)

    def lines(self) -> list[Line]:
        """The last lines, oldest first, with what has come of one that is not whole yet."""
        with self._lock:
            rest = _lines(self._rest, time.time(), sent=False)
            return [*self._done, *self._before, *self._present, *rest][-MOST_LINES:]

    def _close(self, now: float) -> None:
        self._present.extend(_lines(self._rest, now, sent=False))
        self._rest = b""

    def _turn(self) -> None:
        """The exchange is over: drop the one before it where it said the same, else keep that."""
        if self._present and _said(self._present) == _said(self._before):
            first, *others = self._present
            self._before = deque([replace(first, times=self._before[0].times + 1), *others], MOST_LINES)
        else:
            self._done.extend(self._before)
            self._before = self._present
        self._present = deque(maxlen=MOST_LINES)


def printable(data: bytes) -> str:
    """Bytes as text that a page or a log may show as it is."""
    return "".join(chr(byte) if 0x20 <= byte < 0x7F else f"\\x{byte:02x}" for byte in data)


def _lines(data: bytes, at: float, *, sent: bool) -> Iterator[Line]:
    text = printable(data.strip(b"\r\n"))
    for start in range(0, len(text), LONGEST_LINE):
        yield Line(at, sent, text[start : start + LONGEST_LINE])


def _said(exchange: deque[Line]) -> list[tuple[bool, str]]:
    return [(line.sent, line.text) for line in exchange]
