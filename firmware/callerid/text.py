"""Formatted caller ID: `NMBR = 5551234` and all that modems print in its place.

Sources: ITU-T V.253 (tags of complex event reports), Rockwell and 3Com manuals (DATE, TIME, NMBR, NAME), ZyXEL
manuals (CALLER NUMBER, REASON FOR NO CALLER NUMBER, FM and TO), mgetty, NCID and MisterHouse (DDN_NMBR, NBR,
one-line units), T38modem (NDID: the number that was called).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from firmware.call import Absence
from firmware.callerid import said
from firmware.callerid.said import Said

_Reader = Callable[[str], Said | None]

_BEFORE_EQUALS: dict[str, _Reader] = {
    "DATE TIME": said.date,
    "DATE": said.date,
    "TIME": said.time,
    "NMBR": said.number,
    "DDN_NMBR": said.number,
    "DDN": said.number,
    "NBR": said.number,
    "NDID": said.nothing,
    "NAME": said.name,
    "NO MESSAGE REASON": said.number,
}
_BEFORE_COLON: dict[str, _Reader] = {
    "TIME": said.time,
    "NMBR": said.number,
    "CALLER NUMBER": said.number,
    "CALLER'S NUMBER": said.number,
    "CALLERID": said.number,
    "REASON FOR NO CALLER NUMBER": said.number,
    "CALLER NAME": said.name,
    "REASON FOR NO CALLER NAME": said.name,
    "CALLED NUMBER": said.nothing,
    "FM": said.number,
    "TO": said.nothing,
}
_READERS = _BEFORE_EQUALS | _BEFORE_COLON
_TAG = re.compile(
    rf"(?:^|(?<=\s)|(?<==[OP]))"
    rf"(?:({'|'.join(_BEFORE_EQUALS)})\s*=|(?!(?<=\w )TIME)({'|'.join(_BEFORE_COLON)})\s*:)",
    re.IGNORECASE | re.ASCII,
)
"""`Build time: 12:00` is an answer, and `NAME=ONMBR=5551234` two fields."""

_UNITS = [
    re.compile(r"###DATE(?P<date>[0-9]{8})?\.\.\.NMBR(?P<number>.*?)\.\.\.NAME(?P<name>.*?)\+\+\+\Z"),
    re.compile(
        r"I(?P<date>[0-9/]{5} [0-9:]{5}) (?P<number>OUT OF AREA|PRIVATE|PAY PHONE|[0-9-]+) *(?P<name>.*)\Z"
    ),
]
"""NetCallerID; Weeder."""

_NO_CALL = re.compile(r"###DATE\.\.\.NMBR\.\.\.NAME.*\+\+\+\Z")


def is_no_call(line: str) -> bool:
    """Whether a unit reports something without date and number: message waiting on, off."""
    return bool(_NO_CALL.match(line))


def unit(line: str) -> Said | None:
    """What a unit that prints one line a call says; None where `line` is of no such unit."""
    found = next(filter(None, (pattern.match(line) for pattern in _UNITS)), None)
    if not found:
        return None
    date, number, name = found.group("date", "number", "name")
    absence = None if number else said.absent(name) or Absence.UNAVAILABLE
    return said.together((said.date(date or ""), said.number(number), said.name(name), Said(absence=absence)))


def fields(line: str, *, numbered: bool = False) -> Iterator[Said | None]:
    """What each field on a line says, in order; None for a field that makes no sense; nothing without fields.

    A name that stands first in a line of a message that is already `numbered`, or after a number, takes the rest
    of the line: callers choose their names, and `NMBR=110` in one is no number.
    """
    tags = list(_TAG.finditer(line))
    ends = [tag.start() for tag in tags[1:]] + [len(line)]
    for tag, end in zip(tags, ends, strict=False):
        read = _READERS[(tag[1] or tag[2]).upper()]
        if read is said.name and numbered:
            yield read(line[tag.end() :].strip())
            return
        part = read(line[tag.end() : end].strip())
        numbered = bool(part and part.number) or (numbered and tag is not tags[0])
        yield part
