"""The lines behind a proxy: Kamailio asks about each call, and goes on by itself where no answer comes."""

from __future__ import annotations

import socket
import time
from base64 import b64encode
from collections.abc import Callable, Sequence
from contextlib import suppress

from firmware.call import Call
from firmware.lines import LineState
from firmware.lines.attended import AttendedLine
from firmware.lines.sip.identity import caller_id
from firmware.lines.sip.proxy.calls import Calls
from firmware.lines.sip.proxy.wire import Garbled, Reader, Said, netstring

HERE_SECONDS = 1.0
"""Kamailio asks nobody of whom it has not heard for three, and answers at once."""
SILENT_SECONDS = 5.0
READ_SECONDS = 0.25
CONNECT_SECONDS = 1.0


class ProxyLine(AttendedLine[LineState]):
    """Answers one Kamailio.

    `port`: where it is asked, on this machine; `token`: what it knows us by. `on_calls` decides, and calls `reject` or
    `admit`; a call that it says nothing of is let through.
    """

    TROUBLES = (OSError, Garbled)

    def __init__(
        self,
        *,
        name: str = "proxy",
        port: int,
        token: str,
        on_calls: Callable[[Sequence[Call]], None],
        on_state: Callable[[LineState], None] = lambda state: None,
    ) -> None:
        super().__init__(name, LineState(), on_calls, on_state)
        self._port = port
        self._token = token
        self._calls = Calls(name)
        self._asked: tuple[Call, str] | None = None
        self._socket: socket.socket | None = None

    def reject(self, call: Call, how: str, *, again: bool = False) -> None:  # noqa: ARG002 - there is one way here
        """Turn away the call that is being asked about, or end one that was let through and rings."""
        if self._asked and self._asked[0] is call:
            branch, self._asked = self._asked[1], None
            call.cut = True
            self._answer("REFUSE", branch)
        elif not again:
            for ringing, id, cseq in self._calls.ringing():
                if ringing is call:
                    call.cut = True
                    self._say(f"CUT {b64encode(id.encode()).decode()} {cseq}")

    def admit(self, call: Call, /) -> None:
        """Let it ring, if it is the call that is being asked about."""
        if self._asked and self._asked[0] is call:
            branch, self._asked = self._asked[1], None
            self._answer("PASS", branch)

    def _attend(self) -> None:
        with socket.create_connection(("127.0.0.1", self._port), CONNECT_SECONDS) as self._socket:
            self._listen(self._socket)

    def _listen(self, connection: socket.socket) -> None:
        connection.settimeout(READ_SECONDS)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        reader, told, heard = Reader(), 0.0, time.monotonic()
        while not self._closing.is_set():
            self.pulse = now = time.monotonic()
            if now - told >= HERE_SECONDS:
                told = now
                self._say("HERE")
                self._tell(self._calls.tick(now))
            if self._to_reconsider():
                self._tell([call for call, *_ in self._calls.ringing()])
            if now - heard > SILENT_SECONDS:
                raise TimeoutError("Kamailio does not answer")
            try:
                data = connection.recv(4096)
            except TimeoutError:
                continue
            if not data:
                raise ConnectionResetError("Kamailio has closed the connection")
            heard = time.monotonic()
            for event in reader.feed(data):
                self._hear(event)

    def _hear(self, said: Said) -> None:
        now = time.monotonic()
        match said.event:
            case "here":
                self._publish(LineState(state="guarding"))
            case "invite":
                self._decide(said, now)
            case "rings":
                self._tell(self._calls.rang(said.call, now))
            case "answered":
                self._tell(self._calls.answered(said.call, now))
            case "ended":
                self._tell(self._calls.ended(said.call, now))

    def _decide(self, said: Said, now: float) -> None:
        caller = caller_id(said.headers, trusted=True)
        call = self._calls.invited(said.id, said.cseq, said.call, caller, now)
        call.cut, self._asked = False, (call, said.call)
        self._tell([call])
        self.admit(call)
        if call.cut:
            self._tell(self._calls.ended(said.call, now))

    def _answer(self, verdict: str, branch: str) -> None:
        self._say(f"{verdict} {branch.replace(':', ' ')}")

    def _say(self, text: str) -> None:
        """Raises nothing: where it cannot be sent, the connection is found broken at the next reading."""
        connection = self._socket
        if connection:
            with suppress(OSError):
                connection.sendall(netstring(f"{self._token} {text}"))

    def _lost(self, error: Exception) -> None:
        self._socket = None
        self._tell(self._calls.abandon(time.monotonic()))
        self._publish(LineState(state="fault", fault="no_proxy"), error)
