"""Caller-ID packets as modems print them in hexadecimal (`+VCID=2`).

    type, length, (parameter type, length, bytes)…, checksum          MDMF: type 80 and above
    type, length, bytes, checksum                                     SDMF: types 04 and 06

The sum of all bytes modulo 256 is zero. Sources: Telcordia GR-30-CORE (SDMF, MDMF), ETSI EN 300 659-3 clause 5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import IntEnum

from firmware.call import Absence
from firmware.callerid import said
from firmware.callerid.said import Said


class Broken(ValueError):
    """The packet's lengths or checksum do not add up."""


class Message(IntEnum):
    """Message types: EN 300 659-3 clause 5.2; 04 and 06 from GR-30-CORE."""

    SDMF_CALL = 0x04
    SDMF_WAITING = 0x06
    CALL_SETUP = 0x80
    WAITING = 0x82
    CHARGE = 0x86
    SHORT_MESSAGE = 0x89


_KNOWN = {bytes([kind]) for kind in Message}


class Parameter(IntEnum):
    """Parameter types of a call set-up: EN 300 659-3 clause 5.

    05 and 06 (redirection and qualifier in CLASS, reserved by ETSI) say nothing of the caller. 03 is the line
    that was called in ETSI's table, and the dialable number of the caller in that of CLASS (modems call it
    DDN_NMBR): the latter is the only reading where a message has neither 02 nor 04.
    """

    DATE_TIME = 0x01
    CALLING_LINE = 0x02
    CALLED_LINE = 0x03
    NUMBER_ABSENT = 0x04
    NAME = 0x07
    NAME_ABSENT = 0x08
    INDICATOR = 0x0B
    COMPLEMENTARY_LINE = 0x10
    CALL_TYPE = 0x11


MESSAGE_WAITING = 0x81
"""A call type that is no call."""


def begins(octets: bytes) -> bool:
    """Whether `octets` may be the beginning of a packet of a known type, or are one of any type."""
    if octets[:1] in _KNOWN:
        return True
    return len(octets) >= 2 and len(octets) == octets[1] + 3 and sum(octets) % 256 == 0


def whole(octets: bytes) -> bool:
    """Whether as many bytes are there as the packet's length promises, with its checksum."""
    return len(octets) >= 2 and len(octets) >= octets[1] + 3


def decode(octets: bytes) -> Said | None:
    """What a packet says of the caller; None when it is no call. Raises Broken.

    A packet that ends before its checksum is taken: some modems keep it to themselves.
    """
    if not begins(octets) or len(octets) < 2:
        raise Broken("type")
    kind, length = octets[:2]
    body = octets[2 : 2 + length]
    if len(body) < length or len(octets) > length + 3:
        raise Broken("length")
    if len(octets) == length + 3 and sum(octets) % 256:
        raise Broken("checksum")
    if kind == Message.SDMF_CALL:
        return said.together((said.date(_text(body[:8])), said.number(_text(body[8:]))))
    if kind != Message.CALL_SETUP:
        return None
    return caller(dict(parameters(body)))


def parameters(body: bytes) -> Iterator[tuple[int, bytes]]:
    """The parameters of an MDMF message's body. Raises Broken."""
    while body:
        if len(body) < 2 or len(body) < 2 + body[1]:
            raise Broken("parameter")
        yield body[0], body[2 : 2 + body[1]]
        body = body[2 + body[1] :]


def parameter(octets: bytes) -> Said | None:
    """What one parameter on its own says, with or without a checksum behind it; None when it is of no call.

    Raises Broken.
    """
    if len(octets) < 2 or len(octets) not in (octets[1] + 2, octets[1] + 3):
        raise Broken("parameter")
    return caller({octets[0]: octets[2 : 2 + octets[1]]})


def caller(given: dict[int, bytes]) -> Said | None:
    """What a call set-up's parameters say of the caller; None when it is no call."""
    if given.get(Parameter.CALL_TYPE) == bytes([MESSAGE_WAITING]):
        return None
    if Parameter.INDICATOR in given and not given.keys() & _NUMBERS:
        return None
    readers = _READERS
    if not given.keys() & {Parameter.CALLING_LINE, Parameter.NUMBER_ABSENT}:
        readers = _READERS | {Parameter.CALLED_LINE: said.number, Parameter.COMPLEMENTARY_LINE: said.number}
    return said.together(read(_text(given[kind])) for kind, read in readers.items() if kind in given)


def _number_absent(text: str) -> Said:
    return Said(absence=said.absent(text) or Absence.UNAVAILABLE)


def _name_absent(text: str) -> Said:
    return Said(nameless=said.absent(text))


_READERS: dict[int, Callable[[str], Said | None]] = {
    Parameter.DATE_TIME: said.date,
    Parameter.CALLING_LINE: said.number,
    Parameter.NUMBER_ABSENT: _number_absent,
    Parameter.NAME: said.name,
    Parameter.NAME_ABSENT: _name_absent,
}
_NUMBERS = {
    Parameter.CALLING_LINE,
    Parameter.CALLED_LINE,
    Parameter.NUMBER_ABSENT,
    Parameter.COMPLEMENTARY_LINE,
}


def _text(octets: bytes) -> str:
    return octets.decode("latin-1")
