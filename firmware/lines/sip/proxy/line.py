"""The lines behind a proxy: Kamailio asks about each call, and goes on by itself where no answer comes."""

from __future__ import annotations

import logging
import socket
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

from firmware.call import Call
from firmware.lines import LineState
from firmware.lines.sip.identity import caller_id
from firmware.lines.sip.proxy.calls import Calls
from firmware.lines.sip.proxy.wire import Garbled, Reader, Said, netstring

log = logging.getLogger(__name__)

HERE_SECONDS = 1.0
"""Kamailio asks nobody of whom it has not heard for three, and answers at once."""
SILENT_SECONDS = 5.0
READ_SECONDS = 0.25
CONNECT_SECONDS = 1.0
RETRY_SECONDS = 0.5


class ProxyLine:
    """Answers one Kamailio on a thread of its own.

    `port`: where it is asked, on this machine; `token`: what it knows us by. `on_calls` and `on_state` are called on
    the thread of the line: the first decides, calls `reject` or `admit`, and must not wait; a
    call that it says nothing of is let through.
    `pulse` is the monotonic second in which the thread last went round.
    """

    def __init__(
        self,
        *,
        name: str = "proxy",
        port: int,
        token: str,
        on_calls: Callable[[Sequence[Call]], None],
        on_state: Callable[[LineState], None] = lambda state: None,
    ) -> None:
        self.name = name
        self.state = LineState()
        self._port = port
        self._token = token
        self._on_calls = on_calls
        self._on_state = on_state
        self._calls = Calls(name)
        self._asked: tuple[Call, str] | None = None
        self._socket: socket.socket | None = None
        self._reconsider = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self.pulse = time.monotonic()

    def start(self) -> None:
        """Start listening, or start again where the thread has died."""
        if not self.alive and not self._closing.is_set():
            self._thread = threading.Thread(target=self._run, name=f"line {self.name}", daemon=True)
            self._thread.start()

    def close(self) -> None:
        self._closing.set()
        if self._thread:
            self._thread.join(3.0)

    @property
    def alive(self) -> bool:
        return bool(self._thread and self._thread.is_alive())

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

    def reconsider(self) -> None:
        """Decide once more on what rings, as soon as the reader is free."""
        self._reconsider.set()

    def _run(self) -> None:
        while not self._closing.is_set():
            self.pulse = time.monotonic()
            try:
                with socket.create_connection(("127.0.0.1", self._port), CONNECT_SECONDS) as self._socket:
                    self._attend(self._socket)
            except (OSError, Garbled) as error:
                self._lost(error)
            except Exception as error:
                log.exception("line %s: listening failed, starting again", self.name)
                self._lost(error)
            self._closing.wait(RETRY_SECONDS)

    def _attend(self, connection: socket.socket) -> None:
        connection.settimeout(READ_SECONDS)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        reader, told, heard = Reader(), 0.0, time.monotonic()
        while not self._closing.is_set():
            self.pulse = now = time.monotonic()
            if now - told >= HERE_SECONDS:
                told = now
                self._say("HERE")
                self._tell(self._calls.tick(now))
            if self._reconsider.is_set():
                self._reconsider.clear()
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

    def _tell(self, calls: Iterable[Call]) -> None:
        changed = tuple(calls)
        if changed:
            try:
                self._on_calls(changed)
            except Exception:
                log.exception("line %s: a listener failed on %r", self.name, changed)

    def _lost(self, error: Exception) -> None:
        self._socket = None
        self._tell(self._calls.abandon(time.monotonic()))
        self._publish(LineState(state="fault", fault="no_proxy"), error)

    def _publish(self, state: LineState, cause: object = None) -> None:
        if state == self.state:
            return
        self.state = state
        if state.fault:
            log.error("line %s: %s (%s)", self.name, state.fault, cause)
        else:
            log.info("line %s: guarding", self.name)
        self._on_state(state)
