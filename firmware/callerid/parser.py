"""What a modem sends, taken apart into events."""

from __future__ import annotations

import re
from collections.abc import Iterator

from firmware.callerid import dtmf, packet, said, text
from firmware.callerid.events import Event, Hook, Notice, Reply, Ring, Unknown
from firmware.callerid.framing import DLE, LONGEST_LINE, Frames
from firmware.callerid.message import Messages
from firmware.callerid.said import Said

LONGEST_RAW = 256
LONGEST_DIGITS = 64
SHORTEST_PACKET = 6
"""Bytes below which hexadecimal digits on a line are rather the answer to a command."""

_SHIELDED_DIGITS = frozenset("0123456789*#ABCD")
_SHIELDED_STOPS = frozenset("#C")
_HOOK = {"H": True, "h": False}
_SHIELDED_REST = frozenset("X./~$abcdeflLoqstTuvVwY\x03\x10\x1a")
"""Frames of complex events, tones, handsets, voice data: nothing of a caller (ITU-T V.253, table of <DLE> codes)."""

_RING = re.compile(r"(?:CID )?RING\b(?:\s+([A-Z0-9]))?(?![A-Z0-9])[\s;]*(?:CID:\s*)?", re.IGNORECASE)
_HEX = re.compile(r"(\+VCIDR:)?\s*((?:[0-9A-F]{2}\s*)+)\Z", re.IGNORECASE | re.ASCII)
_PLAIN = re.compile(r"(DATE|TIME|NMBR) = ([0-9]{3,20})\Z", re.ASCII)
_PLAIN_READERS = {"DATE": said.date, "TIME": said.time, "NMBR": said.number}
"""The lines up to that for which a verdict waits, as most modems print them: read without looking for anything else."""
_TAGGED = re.compile(r"MESG\s*[=:](.*)\Z", re.IGNORECASE)
_SILENT = re.compile(r"DRO[NF]\s*=\s*\d+|CALLING MSG|END MSG|CIDM|STAS|FLASH", re.IGNORECASE)
"""Lines around caller ID that carry nothing: cadence, frames of a message, result words of Silicon Labs AN93."""


class Parser:
    """Takes bytes in any fragments. Never raises, and keeps no more than one line, packet and message.

    `unknown` counts what was not understood. What is kept raw is Latin-1: one character for each octet.
    """

    def __init__(self) -> None:
        self.unknown = 0
        self._frames = Frames()
        self._digits = ""
        self._packet = b""
        self._packet_lines = ""
        self._messages = Messages()

    def feed(self, data: bytes) -> list[Event]:
        """The events that `data` completes."""
        return self._counted(event for frame in self._frames.cut(data) for event in self._understand(frame))

    def idle(self) -> list[Event]:
        """The events that a silence of 0.3 s or more completes: whatever has no end of its own."""
        return self._counted(self._silence())

    def _counted(self, events: Iterator[Event]) -> list[Event]:
        heard = list(events)
        self.unknown += sum(isinstance(event, Unknown) for event in heard)
        return heard

    def _silence(self) -> Iterator[Event]:
        for frame in self._frames.rest():
            yield from self._understand(frame, silence=True)
        yield from self._end_of_packet()
        yield from self._end_of_digits()
        yield from self._messages.close()

    def _understand(self, frame: bytes, *, silence: bool = False) -> Iterator[Event]:
        octets = frame.decode("latin-1")
        plain = _PLAIN.match(octets)
        if plain and not self._packet and not self._digits:
            part = _PLAIN_READERS[plain[1]](plain[2])
            yield self._messages.take(part, octets) if part else Unknown(octets)
        elif frame[:1] == DLE:
            yield from self._shielded(octets[1:])
        elif len(frame) > LONGEST_LINE:
            yield Unknown(octets[:LONGEST_RAW])
        elif line := octets.strip():
            yield from self._line(line, dtmf.decode(line, silence=silence))

    def _shielded(self, code: str) -> Iterator[Event]:
        if code in _SHIELDED_DIGITS:
            self._digits = (self._digits + code)[:LONGEST_DIGITS]
            if code in _SHIELDED_STOPS:
                yield from self._end_of_digits()
        elif code == "R":
            yield from self._end_of_digits()
            yield from self._ring(Ring("<DLE>R"))
        elif code in _HOOK:
            yield from self._end_of_digits()
            yield Hook(lifted=_HOOK[code])
        elif code not in _SHIELDED_REST:
            yield Unknown(f"<DLE>{code}")

    def _line(self, line: str, digits: Said | None) -> Iterator[Event]:
        if (self._packet or not digits) and self._packet_takes(line):
            if packet.whole(self._packet):
                yield from self._end_of_packet()
            return
        yield from self._end_of_packet()
        yield from self._end_of_digits()
        if digits:
            yield from self._whole_message(digits, line)
            return
        rest = line
        while rang := _RING.match(rest):
            yield from self._ring(Ring(rang[0].strip(" ;"), rang[1]))
            rest = rest[rang.end() :]
        if rest:
            yield from self._text(rest, line)

    def _ring(self, ring: Ring) -> Iterator[Event]:
        yield from self._messages.ring()
        yield ring

    def _text(self, rest: str, line: str) -> Iterator[Event]:
        """What `rest` says, which is `line` without the rings before it."""
        parts = list(text.fields(rest, numbered=self._messages.numbered))
        if not parts and rest != line and (number := said.number(rest.partition(";")[0])):
            parts = [number]
        if parts:
            for part in parts:
                yield self._messages.take(part, line) if part else Unknown(line[:LONGEST_RAW])
        elif tagged := _TAGGED.match(rest):
            yield from self._tagged(tagged[1], line)
        elif text.is_no_call(rest):
            yield Notice(line[:LONGEST_RAW])
        elif whole := text.unit(rest):
            yield from self._whole_message(whole, line)
        elif rest != said.printable(rest):
            yield Unknown(line[:LONGEST_RAW])
        elif not _SILENT.fullmatch(rest):
            yield Reply(rest)

    def _tagged(self, digits: str, line: str) -> Iterator[Event]:
        """A parameter that the modem did not take apart: `MESG = 08014F`."""
        try:
            part = packet.parameter(bytes.fromhex(digits))
        except ValueError:
            yield Unknown(line[:LONGEST_RAW])
        else:
            yield self._messages.take(part, line) if part else Notice(line[:LONGEST_RAW])

    def _packet_takes(self, line: str) -> bool:
        """Whether `line` begins a packet or goes on with one."""
        found = _HEX.match(line)
        if not found:
            return False
        octets = bytes.fromhex(found[2])
        begins = found[1] or (len(octets) >= SHORTEST_PACKET and packet.begins(octets))
        if not self._packet and not begins:
            return False
        self._packet += octets
        self._packet_lines = f"{self._packet_lines}\n{line}".strip()
        return True

    def _end_of_packet(self) -> Iterator[Event]:
        octets, raw = self._packet, self._packet_lines
        self._packet, self._packet_lines = b"", ""
        if octets:
            try:
                call = packet.decode(octets)
            except packet.Broken:
                yield Unknown(raw[:LONGEST_RAW])
            else:
                yield from self._whole_message(call, raw) if call else [Notice(raw[:LONGEST_RAW])]

    def _end_of_digits(self) -> Iterator[Event]:
        digits, self._digits = self._digits, ""
        if digits:
            call = dtmf.decode(digits, silence=True)
            yield from self._whole_message(call, digits) if call else [Unknown(digits)]

    def _whole_message(self, call: Said, raw: str) -> Iterator[Event]:
        """A message that came in one piece."""
        yield from self._messages.close()
        message = self._messages.take(call, raw)
        yield from self._messages.close() or [message]
