"""Formatted caller ID: `NMBR = 5551234` and all that modems print in its place.

Sources: ITU-T V.253 clause 9.2.3 (tags), Rockwell and 3Com manuals (DATE, TIME, NMBR, NAME, MESG), NCID and
MisterHouse (DDN_NMBR, NDID, FM/TO, NBR, CALLER NUMBER, Weeder and NetCallerID units).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from firmware.callerid import said
from firmware.callerid.said import Said

_TAGS: dict[str, Callable[[str], Said | None]] = {
    "DATE TIME": lambda text: said.date(text),
    "DATE": said.date,
    "TIME": lambda text: said.date(text) if len(re.sub(r"[^0-9]", "", text)) == 8 else said.time(text),
    "CALLER NUMBER": said.number,
    "CALLER NAME": said.name,
    "DDN_NMBR": said.number,
    "NMBR": said.number,
    "NDID": said.number,
    "NBR": said.number,
    "NAME": said.name,
    "CID": said.number,
    "FM": said.number,
    "TO": lambda text: Said(),
}
_TAG = re.compile(rf"(?:^|(?<=\s)|(?<=[=:][OP]))({'|'.join(_TAGS)})\s*[=:]\s*", re.IGNORECASE)
_NET_CALLER_ID = re.compile(r"###DATE(\d{8})\.\.\.NMBR(.*?)\.\.\.NAME(.*?)\+\+\+\Z")
_WEEDER = re.compile(r"I(\d\d/\d\d) (\d\d:\d\d) (OUT OF AREA|PRIVATE|PAY PHONE|[\d\-]+)\s*(.*)\Z")


def fields(line: str) -> Iterator[Said | None]:
    """What each field on a line says, in order; None for a field that makes no sense; nothing without fields."""
    unit = _NET_CALLER_ID.match(line)
    if unit:
        yield from (said.date(unit[1]), said.number(unit[2]), said.name(unit[3]))
        return
    unit = _WEEDER.match(line)
    if unit:
        yield from (said.date(unit[1]), said.time(unit[2]), said.number(unit[3]), said.name(unit[4]))
        return
    _, *parts = _TAG.split(line)
    for tag, value in zip(parts[::2], parts[1::2], strict=True):
        yield _TAGS[tag.upper()](value.strip())
