"""A call: one ringing, from its first sign to its end.

    idle ── ring or caller ID ──► call ── no sign for `silence` seconds, or the handset is lifted ──► idle

Caller ID may come before the first ring (UK, China DTMF), between the first two (FSK), after several, in parts,
twice or never. Another number while a call rings is another call: the first caller has hung up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from firmware.call import Call, CallerId
from firmware.callerid.events import Hook, Ring

SILENCE = 6.0


@dataclass(frozen=True, slots=True)
class Began:
    """A call gave its first sign."""

    call: Call


@dataclass(frozen=True, slots=True)
class Rang:
    """It rang once more."""

    call: Call


@dataclass(frozen=True, slots=True)
class Known:
    """More is known of who is calling."""

    call: Call


@dataclass(frozen=True, slots=True)
class Ended:
    """It has stopped ringing: answered, given up, cut, or overtaken by another call."""

    call: Call


@dataclass(frozen=True, slots=True)
class Talked:
    """It was answered, and the handset has been put down again."""

    call: Call


Change = Began | Rang | Known | Ended | Talked


class Ringing:
    """The state machine of one line. Times are monotonic seconds given by the caller.

    `silence`: seconds without ring or caller ID after which a call is over; longer than the longest pause of
    the country's cadence (4 s in China and the US, 2 s in the UK; ITU-T E.180 supplement 2).
    """

    def __init__(self, line: str, *, silence: float = SILENCE) -> None:
        self.line = line
        self.silence = silence
        self.call: Call | None = None
        self._first = 0.0
        self._last = 0.0
        self._message: int | None = None
        self._earlier: CallerId | None = None
        self._answered: Call | None = None
        self._lifted = 0.0

    @property
    def ends_at(self) -> float | None:
        """When the call will be over if nothing more comes."""
        return self._last + self.silence if self.call else None

    def take(self, event: Ring | CallerId | Hook, now: float) -> Iterator[Change]:
        """What one event of the line changes."""
        yield from self.tick(now)
        if isinstance(event, Hook):
            yield from self._lift(now) if event.lifted else self._put_down(now)
            return
        if isinstance(event, CallerId) and self.call and _another(self.call.caller_id, event):
            yield self._end()
        if self.call is None:
            self.call = Call(self.line, datetime.now(UTC))
            self._message, self._earlier = None, None
            self._first = now
            yield Began(self.call)
        self._last = now
        self.call.duration = now - self._first
        if isinstance(event, Ring):
            self.call.rings += 1
            yield Rang(self.call)
        else:
            if event.message != self._message:
                self._message, self._earlier = event.message, self.call.caller_id
            known, self.call.caller_id = self.call.caller_id, _merge(self._earlier, event)
            if _says(self.call.caller_id) != _says(known):
                yield Known(self.call)

    def tick(self, now: float) -> Iterator[Change]:
        """What the passing of time changes."""
        if self.call and now >= self._last + self.silence:
            yield self._end()

    def _lift(self, now: float) -> Iterator[Change]:
        if self.call:
            self._answered, self._lifted = self.call, now
            self.call.talked = 0.0
            yield self._end()

    def _put_down(self, now: float) -> Iterator[Change]:
        call, self._answered = self._answered, None
        if call:
            call.talked = round(now - self._lifted, 1)
            yield Talked(call)

    def abandon(self) -> Iterator[Change]:
        """The line is lost: whatever rang is over."""
        if self.call:
            yield self._end()

    def _end(self) -> Ended:
        call = self.call
        if call is None:
            raise RuntimeError("no call to end")
        self.call = None
        call.over = True
        return Ended(call)


def _says(known: CallerId | None) -> tuple[object, ...]:
    """What a verdict may depend on, and a person is shown. Date and time come first, alone, and say nothing yet."""
    return (known.number, known.name, known.absence) if known else (None, None, None)


def _another(known: CallerId | None, new: CallerId) -> bool:
    return bool(known and known.number and new.number not in (None, known.number))


def _merge(known: CallerId | None, new: CallerId) -> CallerId:
    """What two messages of one call say together: a number once presented stays."""
    if known is None:
        return new
    number = known.number or new.number
    return replace(
        new,
        number=number,
        name=new.name or known.name,
        date=new.date or known.date,
        time=new.time or known.time,
        absence=None if number else new.absence or known.absence,
        raw=f"{known.raw}\n{new.raw}"[:2048],
    )
