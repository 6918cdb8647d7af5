"""A line that is an account at a SIP registrar. Its stack is a process of its own, which is replaced when it ends."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from firmware.call import Call
from firmware.lines.attended import TURN_SECONDS, AttendedLine
from firmware.lines.line import LineState
from firmware.lines.sip.account import Account
from firmware.lines.sip.exempt import Exempt
from firmware.lines.sip.identity import caller_id
from firmware.lines.sip.targets import Target

log = logging.getLogger(__name__)

AGENT = (sys.executable, "-P", "-m", "firmware.lines.sip.agent")
BEATLESS_SECONDS, STARTING_SECONDS = 10.0, 40.0
"""Without a word from the process, once it is there, and while it looks for the registrar."""
RESTART_AFTER, RESTART_AT_MOST = 0.5, 30.0
GOODBYE_SECONDS = 2.0
MOST_FAILED = 8
FAILURES = {"sip_silent", "sip_unwell", "sip_lost"}
"""Faults of the registrar's server that is reached, where there are several."""
LONGEST_LINE = 1 << 16
SECONDS_A_RING = 5.0
"""China's cadence (ITU-T E.180 supplement 2): what a call's length comes to in rings of a telephone."""


@dataclass(frozen=True, slots=True)
class SipState(LineState):
    """What is known of the account besides: the port we are reached at, what the registrar calls itself, how long each
    registration lasts in seconds, and the status with which the last one was refused."""

    port: int | None = None
    server: str | None = None
    seconds: int | None = None
    status: int | None = None


class SipLine(AttendedLine[SipState]):
    """One account.

    `port` is the UDP port to be reached at where it is free. Callers whom the account exempts are no calls of this
    line.
    """

    def __init__(
        self,
        account: Account,
        *,
        port: int = 0,
        on_calls: Callable[[Sequence[Call]], None],
        on_state: Callable[[SipState], None] = lambda state: None,
    ) -> None:
        super().__init__(account.name, SipState(), on_calls, on_state)
        self.account = account
        self._port = port
        self._exempt = Exempt(account.internal, account.exempt)
        self._open: dict[int, tuple[Call, float]] = {}
        self._agent: subprocess.Popen[bytes] | None = None
        self._target: Target | None = None
        self._failed: list[Target] = []
        self._next_pause = RESTART_AFTER

    def reject(self, call: Call, _how: str, *, again: bool = False) -> None:
        """Have the other phones fall silent, as the account says."""
        for id, (open_call, _) in list(self._open.items()):
            if open_call is call and not again:
                self._command(self._ending(id))
                call.cut = True

    def admit(self, _call: Call, /) -> None:
        """Nothing is to be done: the phones ring."""

    def register(self) -> None:
        """Register again now, and say how that went."""
        self._command({"do": "register"})

    def _ending(self, id: int) -> dict[str, Any]:
        if self.account.ending == "take":
            return {"do": "take", "call": id}
        return {"do": "decline", "call": id, "status": int(self.account.ending)}

    def _attend(self) -> None:
        try:
            self._listen()
        finally:
            self._dismiss()

    def _lost(self, error: Exception) -> None:
        fault = self.state.fault or "sip_lost"
        self._publish(SipState(state="fault", fault=fault, port=self.state.port), error)

    def _pause(self, lasted: float) -> float:
        doubled = min(2 * self._next_pause, RESTART_AT_MOST)
        self._next_pause = RESTART_AFTER if lasted > RESTART_AT_MOST else doubled
        return self._next_pause

    def _listen(self) -> None:
        """Start the process and listen to it. Raises OSError when it has ended, or is silent."""
        agent = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            AGENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        self._agent = agent
        if agent.stdin is None or agent.stdout is None:
            return
        os.set_blocking(agent.stdin.fileno(), False)
        self._command(self.account.document() | {"port": self._port, "failed": self._failed})
        for said in self._lines(agent.stdout.fileno()):
            if said is not None:
                self._hear(json.loads(said))
            if self._to_reconsider():
                self._tell([call for call, _ in self._open.values()])

    def _lines(self, pipe: int) -> Iterator[bytes | None]:
        """The lines that the process writes, and None at least every turn."""
        kept = b""
        heard_at, patience = time.monotonic(), STARTING_SECONDS
        while not self._closing.is_set():
            if len(kept) >= LONGEST_LINE:
                raise OSError("the SIP process says too much")
            self.pulse = time.monotonic()
            if select.select([pipe], [], [], TURN_SECONDS)[0]:
                data = os.read(pipe, LONGEST_LINE)
                if not data:
                    raise BrokenPipeError("the SIP process has ended")
                *lines, kept = (kept + data).split(b"\n")
                yield from lines
                heard_at, patience = time.monotonic(), BEATLESS_SECONDS
            elif time.monotonic() - heard_at > patience:
                raise TimeoutError("the SIP process is silent")
            yield None

    def _hear(self, said: dict[str, Any]) -> None:
        match said["event"]:
            case "open":
                self._port = int(said["port"])
                self._target = str(said["target"][0]), int(said["target"][1])
                self._publish(replace(self.state, port=self._port))
            case "registered":
                seconds, server = int(said["seconds"]), str(said["server"]) or None
                self._publish(SipState("guarding", port=self._port, server=server, seconds=seconds))
            case "fault":
                fault, status = str(said["code"]), said["status"]
                if fault in FAILURES:
                    self._note_failure()
                self._publish(replace(self.state, state="fault", fault=fault, status=status))
            case "call":
                self._offered(int(said["call"]), [(str(name), str(value)) for name, value in said["headers"]])
            case "ended":
                self._ended(int(said["call"]), str(said["how"]))

    def _note_failure(self) -> None:
        """Have the registrar's other servers tried before this one."""
        if self._target:
            others = [target for target in self._failed if target != self._target]
            self._failed = [*others, self._target][-MOST_FAILED:]

    def _offered(self, id: int, headers: list[tuple[str, str]]) -> None:
        if self._exempt.spares(headers):
            return
        caller = caller_id(headers, trusted=True)
        call = Call(self.name, datetime.now(UTC), caller_id=caller, rings=1)
        self._open[id] = call, time.monotonic()
        self._tell([call])

    def _ended(self, id: int, how: str) -> None:
        """A call is over, or has been left to the phones: what becomes of it there is not known."""
        call, began = self._open.pop(id, (None, 0.0))
        if call is None:
            return
        call.over = True
        call.duration = time.monotonic() - began
        call.rings = 1 + int(call.duration / SECONDS_A_RING)
        call.answered = how == "elsewhere"
        self._tell([call])

    def _command(self, doc: dict[str, Any]) -> None:
        """Tell the process; what a dead one is told is lost, as its calls are."""
        agent = self._agent
        if agent and agent.stdin:
            with contextlib.suppress(OSError, ValueError):
                agent.stdin.write(json.dumps(doc).encode() + b"\n")

    def _dismiss(self) -> None:
        """Let the process say goodbye, or end it; its calls are over."""
        agent, self._agent = self._agent, None
        if agent:
            for pipe in (agent.stdin, agent.stdout):
                if pipe:
                    with contextlib.suppress(OSError):
                        pipe.close()
            try:
                agent.wait(GOODBYE_SECONDS if self._closing.is_set() else 0.1)
            except subprocess.TimeoutExpired:
                agent.kill()
                agent.wait()
            if agent.returncode:
                log.warning("line %s: the SIP process has ended (status %s)", self.name, agent.returncode)
        for id in list(self._open):
            self._ended(id, "lost")
