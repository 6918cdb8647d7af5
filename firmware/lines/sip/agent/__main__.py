"""`python -m firmware.lines.sip.agent`: one account, for as long as its standard input is open.

In, one JSON object a line: first the account, with the `port` that it had before and the targets that have `failed`;
then `{"do": "take", "call": 1}`, `{"do": "decline", "call": 1, "status": 603}`, or `{"do": "register"}`. Out:
`{"event": …}` with `beat`, `open` (port, target), `registered` (seconds, server), `fault` (code, status), `call` (call,
headers) and `ended` (call, how: `taken`, `declined`, `left`, `cancelled`, or `elsewhere` where another phone has it).
It ends when it has lost its way to the registrar, and is started again by whoever reads it.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import sys
import threading
from functools import partial
from typing import IO, Any

from sippy.Core.EventDispatcher import ED2
from sippy.SipConf import SipConf
from sippy.SipTransactionManager import SipTransactionManager
from sippy.Time.MonoTime import MonoTime
from sippy.Time.Timeout import Timeout
from sippy.Udp_server import Udp_server_opts

from firmware.lines.sip.account import Account
from firmware.lines.sip.agent.answering import Calls
from firmware.lines.sip.agent.links import Link, Lost, bracketed, connect, local_address
from firmware.lines.sip.agent.registration import USER_AGENT, Registration

BEAT_SECONDS = 1.0
KEEPALIVE_SECONDS = 25.0
GOODBYE_SECONDS = 1.0
MOST_BYTES = 256 << 20
TURNS_A_SECOND = 20
ELSEWHERE = {"sip_silent", "sip_unwell"}
"""Faults after which another target is tried, where there is one (RFC 3263 clause 4.3)."""


class Silence:
    """The stack's log, which has callers' words in it."""

    def write(self, *_: object, **__: object) -> None:
        pass


class Agent:
    def __init__(self, account: Account, link: Link, out: IO[str]) -> None:
        self._link = link
        self._out = out
        SipConf.my_uaname = USER_AGENT
        SipConf.autoconvert_tel_url = True
        SipTransactionManager.model_udp_server = (link.opened, Udp_server_opts)
        host, port = bracketed(link.local)
        config: dict[str, Any] = {"_sip_address": host, "_sip_port": port, "_sip_logger": Silence()}
        self._calls = Calls(account, config, link, self.tell)
        stack = config["_sip_tm"] = SipTransactionManager(config, self._calls.request)
        stack.newTransaction = partial(stack.newTransaction, userv=link)
        link.on_broken = partial(forget, stack)
        self._registration = Registration(account, stack, link, self.tell)

    def run(self, commands: IO[str]) -> None:
        """Serve until the commands end or the link is lost."""
        self._link.on_lost = self._lost
        self._link.begin()
        self.tell("open", port=self._link.local[1], target=self._link.peer)
        self._registration.begin()
        Timeout(self._beat, BEAT_SECONDS, -1)
        Timeout(self._keep_alive, KEEPALIVE_SECONDS, -1)
        threading.Thread(target=self._read, args=(commands,), name="commands", daemon=True).start()
        ED2.loop(freq=TURNS_A_SECOND)

    def tell(self, event: str, **fields: object) -> None:
        try:
            self._out.write(json.dumps({"event": event, **fields}, ensure_ascii=False) + "\n")
            self._out.flush()
        except OSError:
            ED2.breakLoop(1)
        if self._link.others and fields.get("code") in ELSEWHERE:
            ED2.breakLoop(1)

    def _read(self, commands: IO[str]) -> None:
        for line in commands:
            ED2.callFromThread(self._command, json.loads(line))
        ED2.callFromThread(self._goodbye)

    def _command(self, doc: dict[str, Any]) -> None:
        if doc.get("do") == "register":
            self._registration.begin()
        else:
            self._calls.command(doc)

    def _beat(self) -> None:
        self.tell("beat")

    def _keep_alive(self) -> None:
        """Keep the way open; where our address has changed there is none."""
        self._link.keep_alive()
        try:
            moved = local_address(self._link.peer) != self._link.local[0]
        except OSError:
            moved = True
        if moved:
            self._lost("sip_unreachable")

    def _lost(self, fault: str) -> None:
        self.tell("fault", code=fault, status=None)
        ED2.breakLoop(1)

    def _goodbye(self) -> None:
        self._registration.end(lambda: ED2.breakLoop(0))
        Timeout(ED2.breakLoop, GOODBYE_SECONDS)


def forget(stack: SipTransactionManager, at: MonoTime) -> None:
    """Drop what the stack began for a message that came `at` and then failed it: it would keep that for ever."""
    for transaction in [one for one in stack.tserver.values() if one.rtime is at]:
        del stack.tserver[transaction.tid]
        if transaction.teE:
            transaction.teE.cancel()
        transaction.cleanup()


def main() -> None:
    """The stack prints what it does not understand, callers' words among it: only our own lines go out.

    The unit has a limit of memory of its own, and lets none be set here.
    """
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))
    out = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="replace")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    first = json.loads(sys.stdin.readline())
    port, failed = first.pop("port"), [(host, at) for host, at in first.pop("failed")]
    account = Account(**first)
    try:
        link = connect(account, port, failed)
    except Lost as lost:
        out.write(json.dumps({"event": "fault", "code": str(lost), "status": None}) + "\n")
        out.flush()
        return
    Agent(account, link, out).run(sys.stdin)
    out.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
