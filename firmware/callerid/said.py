"""What one part of a caller-ID message says, whatever form it came in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from firmware.call import Absence

LONGEST_NUMBER = 32
LONGEST_NAME = 64

_ABSENT = {
    Absence.WITHHELD: {
        "P", "PRIVATE", "PRIVATE NUMBER", "PRIVATE NAME", "PRIVATE CALLER", "WITHHELD", "NUMBER WITHHELD",
        "SECRET", "ANONYMOUS", "RESTRICTED", "BLOCKED",
    },
    Absence.UNAVAILABLE: {
        "", "O", "OUT OF AREA", "OUT-OF-AREA", "UNAVAILABLE", "NOT AVAILABLE", "NO NUMBER", "UNKNOWN",
        "UNKNOWN NUMBER", "UNKNOWN NAME", "UNKNOWN CALLER", "PAY PHONE", "PAYPHONE", "OVERSEAS CALL",
    },
}  # fmt: skip
_PUNCTUATION = re.compile(r"[\s().\-/\"']+")
_NUMBER = re.compile(r"(?=.*[0-9])\+?[0-9A-Za-z*#]+\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Said:
    """One part's fields; None where it does not speak of one.

    `nameless` is why there is no name, which says something of the number only where nothing else does.
    """

    number: str | None = None
    name: str | None = None
    date: str | None = None
    time: str | None = None
    absence: Absence | None = None
    nameless: Absence | None = None

    @property
    def fields(self) -> dict[str, Any]:
        """The fields of which it does speak."""
        given = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in given.items() if value is not None}


def together(parts: Iterable[Said | None]) -> Said:
    """Several parts as one, of which the last to speak of a field is heard."""
    fields: dict[str, Any] = {}
    for part in parts:
        fields |= part.fields if part else {}
    return Said(**fields)


def nothing(_text: str) -> Said:
    """A part that is understood, and says nothing of the caller."""
    return Said()


def number(text: str) -> Said | None:
    """A number without its punctuation, or the reason for its absence; None where it is neither.

    Letters stay: digits that somebody masked (`04xxxxxxx7`) make no other number. A alone is "anonymous" (NCID).
    """
    absence = Absence.WITHHELD if text == "A" else absent(text)
    if absence:
        return Said(absence=absence)
    digits = _PUNCTUATION.sub("", text)
    return Said(number=digits) if len(digits) <= LONGEST_NUMBER and _NUMBER.match(digits) else None


def name(text: str) -> Said:
    """A name, given in Latin-1 as it came over the line, or the reason for its absence."""
    absence = absent(text)
    if absence:
        return Said(nameless=absence)
    return Said(name=printable(written(text)).strip()[:LONGEST_NAME] or None)


def written(text: str) -> str:
    """Latin-1 read as what was meant: UTF-8 or Chinese where the octets allow no doubt, else as it is.

    Most Latin-1 text is valid GBK as well (`MÜLLER`), but not GB 2312, and Chinese names hold no Latin letters.
    """
    octets = text.encode("latin-1", "replace")
    if octets.isascii():
        return text
    for encoding in ("utf-8", "gb2312", "gb18030"):
        try:
            meant = octets.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding != "gb18030" or not re.search("[A-Za-z]", meant):
            return meant
    return text


def date(text: str) -> Said:
    """`MMDD`, `YYMMDD` or `YYYYMMDD`, also with strokes or dashes; `MMDDHHMM` gives the time as well."""
    digits = re.sub(r"[^0-9]", "", text)
    if len(digits) == 8 and _month_day(digits[:4]):
        return Said(date=_month_day(digits[:4]), time=_hour_minute(digits[4:]))
    return Said(date=_month_day(digits[-4:]) if len(digits) in (4, 6, 8) else None)


def time(text: str) -> Said:
    """`HHMM` or `HHMMSS`, also with colons; a date may stand before it."""
    digits = re.sub(r"[^0-9]", "", text)
    return date(text) if len(digits) == 8 else Said(time=_hour_minute(digits))


def _month_day(digits: str) -> str | None:
    valid = "01" <= digits[:2] <= "12" and "01" <= digits[2:] <= "31"
    return f"{digits[:2]}-{digits[2:]}" if valid else None


def _hour_minute(digits: str) -> str | None:
    valid = len(digits) in (4, 6) and digits[:2] <= "23" and digits[2:4] <= "59"
    return f"{digits[:2]}:{digits[2:4]}" if valid else None


def absent(text: str) -> Absence | None:
    """Why there is no number or name, where `text` says so."""
    word = text.strip(" -").upper()
    return next((absence for absence, words in _ABSENT.items() if word in words), None)


def printable(text: str) -> str:
    """`text` without control, format and other invisible characters, and with plain spaces."""
    kinds = ((char, unicodedata.category(char)[0]) for char in text)
    return "".join(" " if kind == "Z" else char for char, kind in kinds if kind != "C")
