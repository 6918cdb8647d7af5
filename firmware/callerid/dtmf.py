"""DTMF caller ID, digit by digit as modems print it.

A start code, digits, a stop code: `A16210123456D`. Denmark, the Netherlands, Sweden, China and others choose other
codes for the same (ETSI EN 300 659-3 annex A; Silicon Labs AN93 clause 6.3.5 for China; spandsp and Asterisk for
the absence codes).
"""

from __future__ import annotations

import re

from firmware.call import Absence
from firmware.callerid import said
from firmware.callerid.said import Said

_CODED = re.compile(r"(?:[AD]?([0-9]{3,20})[#CD]|[AD]([0-9]{3,20}))(?:[ABD0-9]*[#C]?)\Z")
_BARE = re.compile(r"[0-9]{3,20}\Z")
_ABSENT = {
    "D1#": Absence.WITHHELD,
    "D2#": Absence.UNAVAILABLE,
    "D3#": Absence.UNAVAILABLE,
    "B00C": Absence.UNAVAILABLE,
    "B10C": Absence.WITHHELD,
}


def decode(text: str, *, ended_by_silence: bool = False) -> Said | None:
    """What the digits say; None where they are no caller ID.

    Bare digits count only where silence ended them: on a line of their own they answer a command.
    """
    if text in _ABSENT:
        return Said(absence=_ABSENT[text])
    coded = _CODED.match(text)
    if coded:
        return said.number(coded[1] or coded[2])
    return said.number(text) if ended_by_silence and _BARE.match(text) else None
