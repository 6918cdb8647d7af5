"""DTMF caller ID, digit by digit as modems print it.

    A 16210123456 D                  start code, number, stop code
    A 12345678 D 87654321 B 10 C     number, up to two redirecting numbers, information code, stop code
    B00C, D1#                        no number, and why

Countries and even exchanges choose the codes: China's mostly start with A or D and stop with C, D or #. Sources:
Silicon Labs AN93 clause 6.3.5 (China); Telia's protocol as the University of Lund's course EDI021 gives it; spandsp
and Asterisk (absence codes).
"""

from __future__ import annotations

import re

from firmware.call import Absence
from firmware.callerid import said
from firmware.callerid.said import Said

_CODED = re.compile(r"[ABD]([0-9]{3,20})(?=[#BCD])(?:D[0-9]{0,20}){0,2}(?:B[0-9]{2})?[#C]?\Z")
_HALF = re.compile(r"(?![0-9]+\Z)[ABD]?([0-9]{5,20})[#CD]?\Z")
_SILENT = re.compile(r"[ABCD*#]?([0-9]{3,20})[ABCD*#]?\Z")
_ABSENT = {
    "D1#": Absence.WITHHELD,
    "D2#": Absence.UNAVAILABLE,
    "D3#": Absence.UNAVAILABLE,
    "B00C": Absence.UNAVAILABLE,
    "B10C": Absence.WITHHELD,
}


def decode(text: str, *, silence: bool = False) -> Said | None:
    """What the digits say; None where they are no caller ID.

    Bare digits count only where `silence` ended them: on a line of their own they answer a command.
    """
    if text in _ABSENT:
        return Said(absence=_ABSENT[text])
    found = _CODED.match(text) or _HALF.match(text) or (_SILENT.match(text) if silence else None)
    return said.number(found[1]) if found else None
