"""Being registered, and staying so (RFC 3261 clause 10.2; digest of RFC 2617 and RFC 8760 by the stack)."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

from sippy.SipAddress import SipAddress
from sippy.SipCallId import SipCallId
from sippy.SipContact import SipContact
from sippy.SipExpires import SipExpires
from sippy.SipFrom import SipFrom
from sippy.SipHeader import SipHeader
from sippy.SipRequest import SipRequest
from sippy.SipTo import SipTo
from sippy.SipURL import SipURL
from sippy.Time.Timeout import Timeout

from firmware.lines.sip.account import Account
from firmware.lines.sip.agent.links import Link, bracketed
from firmware.lines.sip.targets import Target

PATIENCE = 8.0
"""Seconds without an answer after which the registrar is said to be silent; the request goes on being repeated."""
REFUSED_SECONDS = 300.0
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0
LONGEST_WANTED = 3600
USER_AGENT = "Ringfence"
CHALLENGES = {401: "www-authenticate", 407: "proxy-authenticate"}
REFUSALS = {401, 402, 403, 404, 405, 407}

Tell = Callable[..., None]


class Registration:
    """Keeps one contact registered over `link`, and tells each change of it.

    It is renewed when half of what was granted has passed. What was refused is tried again after minutes, since
    registrars shut out who keeps guessing. Where the registrar sees us at another address, which is that of a NAT, the
    contact is there.
    """

    def __init__(self, account: Account, stack: Any, link: Link, tell: Tell) -> None:
        self._account = account
        self._stack = stack
        self._link = link
        self._tell = tell
        self._expiry = account.expiry
        self._pause = FIRST_PAUSE
        self._call_id = SipCallId()
        self._cseq = 0
        self._timer: Any = None
        self._patience: Any = None
        self._attempt = 0
        self._on_done: Callable[[], None] | None = None
        self._contact = link.contact(account.user)
        self._may_move = True

    def begin(self) -> None:
        """Register now."""
        self._stop_waiting()
        self._may_move = True
        self._patience = Timeout(self._silent, PATIENCE)
        self._send(self._expiry)

    def end(self, done: Callable[[], None]) -> None:
        """Take the registration back; `done` is called when that is answered."""
        self._stop_waiting()
        self._on_done = done
        self._send(0)

    def _send(self, expires: int, answering: Any = None, leaving: Any = None) -> None:
        """Register the contact for so many seconds, and the one that is `leaving` no longer."""
        self._cseq += 1
        self._attempt += 1
        attempt = self._attempt
        domain = SipURL(f"sip:{self._account.domain}")
        ours = SipURL(f"sip:{self._account.domain}")
        ours.username = self._account.user
        sender = SipFrom(address=SipAddress(url=ours))
        sender.genTag()
        request = SipRequest(
            method="REGISTER",
            ruri=domain,
            fr0m=sender,
            to=SipTo(address=SipAddress(url=ours.getCopy())),
            callid=self._call_id,
            cseq=self._cseq,
            contact=SipContact(address=SipAddress(url=self._contact.getCopy())),
            expires=SipExpires(number=expires),
            target=(bracketed(self._link.peer), self._link.transport),
            user_agent=USER_AGENT,
        )
        if leaving is not None:
            gone = SipContact(address=SipAddress(url=leaving))
            gone.address.params["expires"] = "0"
            request.appendHeader(SipHeader(name="contact", body=gone))
        if answering is not None:
            header, quality = answering
            login = self._account.login or self._account.user
            proof = header.genAuthHF(login, self._account.password, "REGISTER", str(domain), qop=quality)
            request.appendHeader(SipHeader(body=proof))

        def answered(response: Any) -> None:
            if attempt == self._attempt and response.scode >= 200:
                self._answered(response, expires, leaving, proved=answering is not None)

        self._stack.newTransaction(request, answered)

    def _answered(self, response: Any, expires: int, leaving: Any, *, proved: bool) -> None:
        code = response.scode
        challenge = self._challenge(response) if code in CHALLENGES and not proved else None
        if challenge:
            self._send(expires, challenge, leaving)
            return
        if code < 300 and not self._on_done and self._may_move and (seen := self._seen_at(response)):
            self._may_move = False
            before, self._link.outer = self._contact, seen
            self._contact = self._link.contact(self._account.user)
            self._send(expires, leaving=before)
            return
        self._stop_waiting()
        if self._on_done:
            self._on_done()
        elif code < 300:
            self._granted(response)
        elif code == 423 and (least := self._number("min-expires")) > expires:
            self._expiry = min(least, LONGEST_WANTED)
            self._again(0.0 if least <= LONGEST_WANTED else REFUSED_SECONDS)
        elif code in REFUSALS:
            self._tell("fault", code="sip_refused", status=code)
            self._again(REFUSED_SECONDS)
        else:
            self._tell("fault", code="sip_silent" if code == 408 else "sip_unwell", status=code)
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
            self._again(min(max(self._number("retry-after"), self._pause), LONGEST_WANTED))

    def _challenge(self, response: Any) -> tuple[Any, Any] | None:
        """The first challenge that can be answered."""
        for body in response.getHFBodys(CHALLENGES[response.scode]):
            supported, quality = body.supportedAlgorithm()
            if supported:
                return body, quality
        return None

    def _granted(self, response: Any) -> None:
        seconds = self._number("expires") or self._expiry
        for body in response.getHFBodys("contact"):
            granted = str(body.address.params.get("expires")) if self._is_ours(body) else ""
            seconds = int(granted) if granted.isascii() and granted.isdecimal() else seconds
        seconds = max(min(seconds, LONGEST_WANTED), 10)
        self._pause = FIRST_PAUSE
        servers = [
            str(response.getHFBody(name)) for name in ("server", "user-agent") if response.countHFs(name)
        ]
        self._tell("registered", seconds=seconds, server=(servers or [""])[0][:80])
        self._again(seconds / 2)

    def _seen_at(self, response: Any) -> Target | None:
        """Where the registrar sees us, where that is not our contact (RFC 3581 clause 4)."""
        seen = response.getHFBody("via").params
        try:
            host, port = str(ip_address(seen.get("received") or self._link.outer[0])), int(seen["rport"])
        except (KeyError, TypeError, ValueError):
            return None
        return (host, port) if 0 < port < 1 << 16 and (host, port) != self._link.outer else None

    def _is_ours(self, contact: Any) -> bool:
        if contact.asterisk:
            return False
        url, ours = contact.getUrl(), self._contact
        return (url.username, url.host, url.port) == (ours.username, ours.host, ours.port)

    def _silent(self) -> None:
        self._patience = None
        self._tell("fault", code="sip_silent", status=None)

    def _again(self, seconds: float) -> None:
        self._timer = Timeout(self.begin, seconds)

    def _stop_waiting(self) -> None:
        for timer in (self._timer, self._patience):
            if timer is not None:
                timer.cancel()
        self._timer = self._patience = None

    def _number(self, header: str) -> int:
        """The number that the answer's header begins with; 0 where it has none."""
        text = next((value for name, value in self._link.heard if name.lower() == header), "")
        digits = text.split(";")[0].split("(")[0].strip()
        return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 9 else 0
