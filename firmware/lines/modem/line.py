"""A phone line behind a modem: found, set up, listened to, and found again when it is lost."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from firmware.attention import Attention
from firmware.call import Call, CallerId
from firmware.callerid import Parser
from firmware.callerid.events import Event, Hook, Notice, Ring, Unknown
from firmware.lines.attended import AttendedLine
from firmware.lines.line import LineState
from firmware.lines.modem import dialects
from firmware.lines.modem.dialects import Dialect
from firmware.lines.modem.ports import PROBE, READ_SECONDS, open_port, ports
from firmware.lines.modem.talk import NoAnswer, Talk
from firmware.lines.modem.traffic import Traffic
from firmware.lines.ringing import SILENCE, Change, Ended, Known, Rang, Ringing

log = logging.getLogger(__name__)

LEASE_MARGIN = 0.5
CHECK_SECONDS = 1.2
ANSWER_SECONDS = 0.5
OFF_HOOK_SECONDS = 2.0
"""Long enough for an exchange to see the answer and the hang-up that follows it as two events."""
CALLS_WITHOUT_ID = 3
REHEARSED = b"DATE = 0101\r\nTIME = 0000\r\nNMBR = 16210123456\r\n"
WARN_SECONDS = 10.0


class Fault(Exception):
    """Why the line is not guarded: `no_modem`, `silent`, `lost` or `no_caller_id`."""


@dataclass(frozen=True, slots=True)
class ModemState(LineState):
    """What is known of the modem besides: its port, what it says it is, and how it was set up."""

    port: str | None = None
    model: str | None = None
    dialect: str | None = None
    caller_id: bool = False
    country: str | None = None


class Handset(Protocol):
    """What stands between line and handset."""

    @property
    def cut(self) -> bool: ...

    def hold(self, seconds: float) -> None:
        """Cut, or stay cut, for `seconds` from now."""

    def connect(self) -> None: ...


class ModemLine(AttendedLine[ModemState]):
    """Reads one modem.

    `port` and `probe` as for `ports`; `speed` in bit/s; `region` ISO 3166, may be set at any time; `init`:
    further AT commands from the wiring file; `silence` as for Ringing; `relay` is the one behind which the handset
    is. `on_calls` is given each call that one read changed, and decides.
    From the first ring to the caller's number `attention` is paid, and a call goes to `on_rehearsal` again and again:
    that does what a call sets off, without effect.
    `rejected` is the last call that was to be cut.
    """

    TROUBLES = (OSError, NoAnswer, Fault)

    def __init__(
        self,
        *,
        relay: Handset,
        name: str = "modem",
        port: str = "auto",
        probe: tuple[str, ...] = PROBE,
        speed: int = 115200,
        region: str = "CN",
        init: Iterable[str] = (),
        silence: float = SILENCE,
        on_calls: Callable[[Sequence[Call]], None],
        on_rehearsal: Callable[[Call], None] = lambda call: None,
        attention: Attention | None = None,
        on_state: Callable[[ModemState], None] = lambda state: None,
    ) -> None:
        super().__init__(name, ModemState(), on_calls, on_state)
        self.ringing = Ringing(name, silence=silence)
        self._relay = relay
        self.traffic = Traffic()
        self._port = port
        self._probe = probe
        self._speed = speed
        self.region = self._region = region
        self._init = tuple(init)
        self._on_rehearsal = on_rehearsal
        self._attention = attention or Attention()
        self.rejected: Call | None = None
        self._hang_up = False
        self._without_id = 0
        self._unknown = 0
        self._warned_at = -WARN_SECONDS
        self._dialect: Dialect | None = None

    def hang_up(self) -> None:
        """Answer and hang up as soon as the reader is free, so that the caller's side ends."""
        self._hang_up = True

    def reject(self, call: Call, how: str, *, again: bool = False) -> None:
        """Cut the handset off until the ringing has stopped, or end the call, or both."""
        if "cut" in how:
            self.rejected = call
            self._relay.hold(self.ringing.silence + LEASE_MARGIN)
            call.cut = call.cut or self._relay.cut
        elif again:
            self._relay.connect()
        if "hangup" in how and not again:
            self.hang_up()

    def admit(self, _call: Call, /) -> None:
        """Connect the handset."""
        self._relay.connect()

    def _attend(self) -> None:
        """Find the modem, set it up and listen, until it is lost."""
        fault, cause = "no_modem", None
        for path in ports(self._port, self._probe):
            try:
                with open_port(path, self._speed) as port:
                    talk = Talk(port, self._hear, self.traffic)
                    self._wake(talk)
                    self._set_up(talk, path)
                    self._listen(talk)
                    return
            except (NoAnswer, OSError) as problem:
                if self.state.state == "guarding":
                    raise
                fault, cause = "silent" if isinstance(problem, NoAnswer) else "lost", problem
        raise Fault(fault) from cause

    def _wake(self, talk: Talk) -> None:
        talk.listen()
        try:
            talk.ask("AT", ANSWER_SECONDS)
        except NoAnswer:
            talk.escape()
            talk.ask("ATH0", ANSWER_SECONDS)

    def _set_up(self, talk: Talk, path: str) -> None:
        self._region = self.region
        talk.ask("ATE0Q0V1")
        talk.ask("ATS0=0")
        identity = [line for command in dialects.IDENTIFY for line in talk.ask(command).lines]
        for command in self._init:
            talk.ask(command)
        country = self._set_country(talk)
        self._dialect = self._enable_caller_id(talk, identity)
        wanted = dialects.COUNTRIES.get(self._region)
        self._publish(
            ModemState(
                state="guarding" if self._dialect else "fault",
                fault=None if self._dialect else "no_caller_id",
                hint="country_refused" if country and country != wanted else None,
                port=path,
                model=", ".join(identity)[:80] or None,
                dialect=self._dialect.name if self._dialect else None,
                caller_id=self._dialect is not None,
                country=country,
            )
        )

    def _set_country(self, talk: Talk) -> str | None:
        """Set the country and read it back: the code in force, or None where the modem has no such setting."""
        wanted = dialects.COUNTRIES.get(self._region)
        for _ in range(2):
            answer = talk.ask("AT+GCI?")
            if not answer.ok or not answer.lines:
                return None
            country = answer.lines[-1].rpartition(":")[2].strip().upper()
            if wanted is None or country == wanted:
                break
            talk.ask(f"AT+GCI={wanted}")
        return country

    def _enable_caller_id(self, talk: Talk, identity: list[str]) -> Dialect | None:
        for dialect in dialects.candidates(identity):
            before = dialect.before.get(self._region) or dialect.before.get("other")
            if before:
                talk.ask(before)
            if talk.ask(dialect.enable).ok and self._proved(talk, dialect):
                return dialect
        return None

    @staticmethod
    def _proved(talk: Talk, dialect: Dialect) -> bool:
        """Whether the modem says that caller ID is on, where it can be asked."""
        answer = talk.ask(dialect.query or "AT", ANSWER_SECONDS)
        return answer.ok and (not dialect.query or any(map(dialects.ON.search, answer.lines)))

    def _listen(self, talk: Talk) -> None:
        """Listen, and while no call rings ask from time to time whether caller ID is still on."""
        while not self._closing.is_set():
            alert = self._attention.paid
            if not talk.read(0.0 if alert else READ_SECONDS) and alert:
                self._rehearse()
            self.pulse = time.monotonic()
            self._changed(self.ringing.tick(time.monotonic()))
            if self._to_reconsider() and self.ringing.call:
                self._changed([Known(self.ringing.call)])
            if self._hang_up:
                self._hang_up = False
                talk.ask("ATH1")
                talk.listen(OFF_HOOK_SECONDS)
                talk.ask("ATH0")
            elif not self.ringing.call and time.monotonic() - talk.heard_at > CHECK_SECONDS:
                if self._dialect is None:
                    talk.ask("AT", ANSWER_SECONDS)
                elif not self._proved(talk, self._dialect) or self.region != self._region:
                    log.warning("line %s: setting the modem up again", self.name)
                    self._set_up(talk, self.state.port or "")

    def _hear(self, events: list[Event]) -> None:
        now = time.monotonic()
        calls = [event for event in events if isinstance(event, Ring | CallerId | Hook)]
        self._changed([change for event in calls for change in self.ringing.take(event, now)])
        for event in events:
            match event:
                case Notice(raw):
                    log.info("line %s: a message that is no call: %r", self.name, raw)
                case Unknown(raw):
                    self._not_understood(raw)

    def _not_understood(self, raw: str) -> None:
        """Log it, and of a noisy line no more than one piece in a while: a log wears the card."""
        self._unknown += 1
        if time.monotonic() - self._warned_at > WARN_SECONDS:
            self._warned_at = time.monotonic()
            log.warning("line %s: not understood: %r (%d since the start)", self.name, raw, self._unknown)

    def _changed(self, changes: Iterable[Change]) -> None:
        changes = tuple(changes)
        self._tell({id(change.call): change.call for change in changes}.values())
        for change in changes:
            self._attend_to(change)
            if isinstance(change, Ended):
                self._hang_up = False
                self._note_caller_id(arrived=change.call.caller_id is not None)

    def _attend_to(self, change: Change) -> None:
        if isinstance(change, Rang) and change.call.rings == 1 and change.call.caller_id is None:
            self._attention.begin()
        elif isinstance(change, Ended) or (isinstance(change, Known) and change.call.caller_id):
            self._attention.end()

    def _rehearse(self) -> None:
        """Go through what a caller's number will set off, so that it is done at once when it comes."""
        ringing = Ringing(self.name)
        for event in Parser().feed(REHEARSED):
            if isinstance(event, CallerId):
                for change in ringing.take(event, 0.0):
                    self._on_rehearsal(change.call)

    def _note_caller_id(self, *, arrived: bool) -> None:
        """A line whose calls keep coming without any caller ID has no such service, or not switched on."""
        self._without_id = 0 if arrived else self._without_id + 1
        if self._without_id >= CALLS_WITHOUT_ID:
            self._publish(replace(self.state, hint="caller_id_never_comes"))
        elif arrived and self.state.hint == "caller_id_never_comes":
            self._publish(replace(self.state, hint=None))

    def _lost(self, error: Exception) -> None:
        fault = (
            str(error) if isinstance(error, Fault) else "silent" if isinstance(error, NoAnswer) else "lost"
        )
        self._changed(self.ringing.abandon())
        self._publish(ModemState(state="fault", fault=fault, port=self.state.port), error.__cause__ or error)

    def _told(self) -> str:
        state = self.state
        setting = f"dialect {state.dialect}, country {state.country}, hint {state.hint}"
        return f"{state.state} on {state.port}, {state.model}, {setting}"
