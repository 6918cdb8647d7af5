"""The calls that the registrar offers: each rings here silently until it is told what becomes of it, or it ends."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Any

from sippy.CCEvents import (
    CCEventConnect,
    CCEventDisconnect,
    CCEventFail,
    CCEventPreConnect,
    CCEventRing,
    CCEventTry,
)
from sippy.MsgBody import MsgBody
from sippy.SipAddress import SipAddress
from sippy.SipContact import SipContact
from sippy.Time.Timeout import Timeout
from sippy.UA import UA

from firmware.lines.sip.account import Account
from firmware.lines.sip.agent import sdp
from firmware.lines.sip.agent.links import Link
from firmware.lines.sip.agent.registration import USER_AGENT, Tell

MOST_CALLS = 32
MOST_TRANSACTIONS = 4000
"""More than come in the half minute for which one may last, at the pace of the link."""
ACK_SECONDS = 4.0
PHRASES = {603: "Decline", 607: "Unwanted", 480: "Temporarily Unavailable"}
WORTH_TELLING = ("from", "f", "p-asserted-identity", "remote-party-id", "privacy", "alert-info")
MOST_TOLD, LONGEST_TOLD = 2, 1024
"""Headers of one name, and their characters: what is told of a call stays shorter than any line that is read."""
_ELSEWHERE = re.compile(r"SIP\s*;.*\bcause\s*=\s*200\b", re.IGNORECASE)


class Full(Exception):
    """There are MOST_TRANSACTIONS, and a further one is not begun."""


class Calls:
    """Takes in requests; a call that nothing is said of rings for `wait` seconds, or until it ends, and is then left.

    Ringing is answered with 180 and left with 480 and never sooner: routers take an early refusal for that of the house
    and do not wake further phones. Of more calls than MOST_CALLS the oldest makes room.
    """

    def __init__(self, account: Account, config: dict[str, Any], link: Link, tell: Tell) -> None:
        self._account = account
        self._config = config
        self._link = link
        self._tell = tell
        self._ids = itertools.count(1)
        self._open: dict[int, Offered] = {}

    def request(self, request: Any, transaction: Any) -> Any:
        """Take in a request that belongs to no call we know. None leaves it without an answer. Raises Full."""
        if len(self._config["_sip_tm"].tserver) > MOST_TRANSACTIONS:
            raise Full
        if request.getHFBody("to").getTag() is not None:
            return request.genResponse(481, "Call/Transaction Does Not Exist"), None, None
        match request.getMethod():
            case "INVITE":
                if len(self._open) >= MOST_CALLS:
                    next(iter(self._open.values())).refuse(480)
                return self._offered(request, transaction)
            case "ACK":
                return None
            case "OPTIONS":
                return request.genResponse(200, "OK"), None, None
        return request.genResponse(405, "Method Not Allowed"), None, None

    def command(self, doc: dict[str, Any]) -> None:
        """Do what the line says about a call: take, decline with a code, or leave."""
        call = self._open.get(doc.get("call", 0))
        if call is None:
            return
        match doc.get("do"):
            case "take":
                call.take()
            case "decline":
                call.refuse(int(doc["status"]))

    def ended(self, id: int, how: str) -> None:
        if self._open.pop(id, None):
            elsewhere = how == "cancelled" and any(
                name.lower() == "reason" and _ELSEWHERE.search(value) for name, value in self._link.heard
            )
            self._tell("ended", call=id, how="elsewhere" if elsewhere else how)

    def _offered(self, request: Any, transaction: Any) -> Any:
        id = next(self._ids)
        call = self._open[id] = Offered(id, self._account, self._config, self._link, self.ended)
        try:
            answer = call.agent.recvRequest(request, transaction)
            call.ring()
        except Exception:
            del self._open[id]
            raise
        self._tell("call", call=id, headers=self._worth_telling())
        return answer

    def _worth_telling(self) -> list[tuple[str, str]]:
        heard = [(name.lower(), value[:LONGEST_TOLD]) for name, value in self._link.heard]
        return [
            pair
            for wanted in WORTH_TELLING
            for pair in [pair for pair in heard if pair[0] == wanted][:MOST_TOLD]
        ]


class Offered:
    """One call, from its INVITE to its end."""

    def __init__(
        self,
        id: int,
        account: Account,
        config: dict[str, Any],
        link: Link,
        on_end: Callable[[int, str], None],
    ) -> None:
        self._id = id
        self._wait = account.wait
        self._here = link.local[0]
        self._on_end = on_end
        self._offer: str | None = None
        self._timer: Any = None
        self._taken = False
        self.agent = UA(config, event_cb=self._event)
        self.agent.local_ua = USER_AGENT
        self.agent.lContact = SipContact(address=SipAddress(url=link.contact(account.user)))

    def ring(self) -> None:
        self.agent.recvEvent(CCEventRing(None))
        if self._wait:
            self._timer = Timeout(self.refuse, self._wait, 1, 480)

    def take(self) -> None:
        """Answer, so that the other phones fall silent; what was answered ends as soon as the caller knows."""
        if self._taken:
            return
        self._taken = True
        self._stop()
        body = MsgBody(sdp.answer(self._offer, self._here))
        self.agent.recvEvent(CCEventPreConnect((200, "OK", body)))
        self._timer = Timeout(self._hang_up, ACK_SECONDS)

    def refuse(self, status: int) -> None:
        if self._taken:
            return
        self._stop()
        try:
            self.agent.recvEvent(CCEventFail((status, PHRASES[status])))
        finally:
            self._on_end(self._id, "left" if status == 480 else "declined")

    def _hang_up(self) -> None:
        self._stop()
        try:
            self.agent.recvEvent(CCEventDisconnect())
        finally:
            self._on_end(self._id, "taken")

    def _event(self, event: Any, _agent: Any) -> None:
        match event:
            case CCEventTry():
                body = event.getData()[3]
                self._offer = None if body is None else str(body)
            case CCEventConnect():
                self._hang_up()
            case CCEventDisconnect() | CCEventFail():
                self._stop()
                self._on_end(self._id, "taken" if self._taken else "cancelled")

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
