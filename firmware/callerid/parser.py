"""The stream of bytes that a modem sends, taken apart into events."""

from __future__ import annotations

import re
from collections.abc import Iterator

from firmware.callerid import dtmf, packet, text
from firmware.callerid.events import Event, Notice, Reply, Ring, Unknown
from firmware.callerid.message import Messages
from firmware.callerid.said import Said, printable

LONGEST_LINE = 512
LONGEST_RAW = 256
LONGEST_DIGITS = 64
SHORTEST_PACKET = 6
"""Bytes below which hexadecimal digits on a line are rather the answer to a command."""

_DLE = 0x10
_BREAK = re.compile(rb"[\r\n\x00\x10]")
_SHIELDED_DIGITS = frozenset(b"0123456789*#ABCD")
_SHIELDED_TONES = frozenset(b"/~$abcdefhHlLoqstTuvVwY")
"""What a voice modem says of tones and handsets, and nothing of a caller (ITU-T V.253, table of <DLE> codes)."""

_RING = re.compile(r"(?:CID )?RING\b(?:\s+([A-Z0-9]))?(?![A-Z0-9])[\s;]*(?:CID:\s*)?", re.IGNORECASE)
_HEX = re.compile(r"(\+VCIDR:)?\s*((?:[0-9A-F]{2}\s*)+)\Z", re.IGNORECASE)
_TAGGED = re.compile(r"MESG\s*[=:](.*)\Z", re.IGNORECASE)
_SILENT = re.compile(r"DRO[NF]=\d+|CALLING MSG|END MSG|CIDM|STAS|FLASH", re.IGNORECASE)
"""Lines around caller ID that carry nothing: cadence, frames of a message, result words of Silicon Labs AN93."""


class Parser:
    """Takes bytes in any fragments. Never raises, and keeps no more than one line, packet and message.

    `unknown` counts what was not understood.
    """

    def __init__(self) -> None:
        self.unknown = 0
        self._line = bytearray()
        self._shielded = False
        self._digits = ""
        self._packet = b""
        self._packet_lines = ""
        self._messages = Messages()

    def feed(self, data: bytes) -> list[Event]:
        """The events that `data` completes."""
        return self._counted(self._take(data))

    def idle(self) -> list[Event]:
        """The events that a silence of 0.3 s or more completes: digits and packets that have no end of their own."""
        return self._counted(self._silence())

    def _counted(self, events: Iterator[Event]) -> list[Event]:
        heard = list(events)
        self.unknown += sum(isinstance(event, Unknown) for event in heard)
        return heard

    def _take(self, data: bytes) -> Iterator[Event]:
        start = 0
        while start < len(data):
            if self._shielded:
                self._shielded = False
                yield from self._shielded_event(data[start])
                start += 1
                continue
            found = _BREAK.search(data, start)
            end = found.start() if found else len(data)
            self._line += data[start : min(end, start + LONGEST_LINE + 1 - len(self._line))]
            if found:
                yield from self._end_of_line()
                self._shielded = data[end] == _DLE
            start = end + 1

    def _shielded_event(self, code: int) -> Iterator[Event]:
        if code in _SHIELDED_DIGITS:
            self._digits = (self._digits + chr(code))[:LONGEST_DIGITS]
        elif code == ord("R"):
            yield from self._end_of_digits()
            yield self._ring("<DLE>R", None)
        elif code not in _SHIELDED_TONES and code not in b"X.":
            yield Unknown(f"<DLE>{chr(code)}")

    def _end_of_line(self) -> Iterator[Event]:
        octets, self._line = bytes(self._line), bytearray()
        line = octets.decode("latin-1").strip()
        if len(octets) > LONGEST_LINE:
            yield Unknown(line[:LONGEST_RAW])
        elif line:
            yield from self._understand(line)

    def _silence(self) -> Iterator[Event]:
        digits = dtmf.decode(self._line.decode("latin-1"), ended_by_silence=True)
        if digits:
            yield self._alone(digits, self._line.decode("latin-1"))
            self._line.clear()
        elif not self._line:
            yield from self._end_of_packet()
            yield from self._end_of_digits()
            self._messages.close()

    def _understand(self, line: str) -> Iterator[Event]:
        if self._begins_or_continues_packet(line):
            if packet.whole(self._packet):
                yield from self._end_of_packet()
            return
        yield from self._end_of_packet()
        yield from self._end_of_digits()
        rest = line
        while rang := _RING.match(rest):
            yield self._ring(rang[0].strip(), rang[1])
            rest = rest[rang.end() :]
        if rest != line and rest and "=" not in rest:
            rest = f"CID:{rest}"
        digits = dtmf.decode(rest)
        if digits:
            yield self._alone(digits, line)
        elif rest:
            yield from self._fields(rest, line)

    def _ring(self, raw: str, pattern: str | None) -> Ring:
        self._messages.ring()
        return Ring(raw, pattern)

    def _fields(self, rest: str, line: str) -> Iterator[Event]:
        parts = list(text.fields(rest))
        tagged = _TAGGED.match(rest)
        if parts:
            for part in parts:
                yield self._messages.take(part, line) if part else Unknown(line[:LONGEST_RAW])
        elif tagged:
            yield from self._tagged(tagged[1], line)
        elif rest != printable(rest):
            yield Unknown(line[:LONGEST_RAW])
        elif not _SILENT.fullmatch(rest):
            yield Reply(rest)

    def _tagged(self, digits: str, line: str) -> Iterator[Event]:
        """A parameter that the modem did not take apart: `MESG = 08014F`."""
        try:
            said = packet.parameter(bytes.fromhex(digits))
        except ValueError:
            yield Unknown(line[:LONGEST_RAW])
        else:
            yield self._messages.take(said, line) if said else Notice(line)

    def _begins_or_continues_packet(self, line: str) -> bool:
        found = _HEX.match(line)
        if not found:
            return False
        octets = bytes.fromhex(found[2])
        begins = packet.begins(octets) and (found[1] or len(octets) >= SHORTEST_PACKET)
        if self._packet or begins:
            self._packet += octets
            self._packet_lines = f"{self._packet_lines}\n{line}".strip()
            return True
        return False

    def _end_of_packet(self) -> Iterator[Event]:
        octets, raw = self._packet, self._packet_lines
        if octets:
            self._packet, self._packet_lines = b"", ""
            try:
                said = packet.decode(octets)
            except packet.Broken:
                yield Unknown(raw[:LONGEST_RAW])
            else:
                yield self._alone(said, raw) if said else Notice(raw)

    def _end_of_digits(self) -> Iterator[Event]:
        digits, self._digits = self._digits, ""
        if digits:
            said = dtmf.decode(digits, ended_by_silence=True)
            yield self._alone(said, digits) if said else Unknown(digits)

    def _alone(self, said: Said, raw: str) -> Event:
        """A message that came in one piece."""
        self._messages.close()
        message = self._messages.take(said, raw)
        self._messages.close()
        return message
