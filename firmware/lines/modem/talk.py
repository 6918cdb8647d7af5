"""One conversation with a modem: commands out, replies and events in, over a port that may vanish."""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import serial

from firmware.callerid import Parser
from firmware.callerid.events import Event, Reply
from firmware.lines.modem.ports import READ_SECONDS, receive
from firmware.lines.modem.traffic import Traffic

FINAL = frozenset({"OK", "ERROR", "NO CARRIER", "NO DIALTONE", "NO ANSWER", "BUSY"})
MOST_LINES = 64
SILENT_SECONDS = 0.3
DTR_SECONDS = 0.35
"""A modem ignores a drop shorter than its register S25 says, usually 50 ms."""
GUARD_SECONDS = 1.05
"""The escape sequence stands alone for longer than register S12 says, usually one second."""


class NoAnswer(Exception):
    """The modem did not answer a command in time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a command ended in OK, and the lines before that."""

    ok: bool
    lines: list[str]


class Talk:
    """Reads and writes one open port. `hear` gets the events of each read that are no replies, on its thread.

    What is said either way is noted in `traffic`, which comes after what is done about it.
    """

    def __init__(
        self, port: serial.Serial, hear: Callable[[list[Event]], None], traffic: Traffic | None = None
    ) -> None:
        self._port = port
        self._hear = hear
        self._traffic = traffic or Traffic()
        self._parser = Parser()
        self._replies: deque[str] = deque(maxlen=MOST_LINES)
        self._idled = True
        self.heard_at = self._wrote_at = time.monotonic()

    def listen(self, seconds: float = 0.0) -> None:
        """Take what comes: at least one read, then until `seconds` have passed."""
        until = time.monotonic() + seconds
        while True:
            self.read()
            if time.monotonic() >= until:
                return

    def ask(self, command: str, within: float = 1.0) -> Answer:
        """Send a command of ours (never a caller's or visitor's text) and wait for its final result code.

        Raises NoAnswer after `within` seconds.
        """
        self._replies.clear()
        self._write(f"{command}\r".encode("ascii"))
        self._wrote_at = time.monotonic()
        until = time.monotonic() + within
        lines: deque[str] = deque(maxlen=MOST_LINES)
        while time.monotonic() < until:
            self.read()
            while self._replies:
                reply = self._replies.popleft()
                if reply in FINAL or reply.startswith("+CME ERROR"):
                    return Answer(reply == "OK", list(lines))
                if reply != command:
                    lines.append(reply)
        raise NoAnswer(command)

    def escape(self) -> None:
        """Bring a modem that is stuck in data mode back to commands: drop DTR, then `+++` between guard times."""
        self._set_dtr(False)
        self.listen(DTR_SECONDS)
        self._set_dtr(True)
        self.listen(self._wrote_at + GUARD_SECONDS - time.monotonic())
        self._write(b"+++")
        self.listen(GUARD_SECONDS)

    def _set_dtr(self, on: bool) -> None:
        with contextlib.suppress(OSError):
            self._port.dtr = on

    def read(self, within: float = READ_SECONDS) -> bool:
        """Take what comes within some seconds; whether anything did."""
        data = receive(self._port, within)
        now = time.monotonic()
        if data:
            self.heard_at = now
            self._idled = False
            self._pass_on(self._parser.feed(data))
            self._traffic.came(data)
        elif not self._idled and now - self.heard_at >= SILENT_SECONDS:
            self._idled = True
            self._pass_on(self._parser.idle())
        return bool(data)

    def _write(self, data: bytes) -> None:
        self._traffic.sent(data)
        self._port.write(data)

    def _pass_on(self, events: list[Event]) -> None:
        heard: list[Event] = []
        for event in events:
            if isinstance(event, Reply):
                self._replies.append(event.text)
            else:
                heard.append(event)
        if heard:
            self._hear(heard)
