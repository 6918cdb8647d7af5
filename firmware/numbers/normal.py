"""One normal form for what lines present (ITU-T E.164, E.123; national plans through libphonenumber)."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from firmware.call import Number

_PUNCTUATION = re.compile(r"[ \u00a0().\-/]+")
_INTERNATIONAL = re.compile(r"00(?=[1-9])")
_DIALLABLE = re.compile(r"\+?[0-9]+\Z")
_SHORT = 8


@lru_cache(maxsize=1024)
def understand(presented: str, region: str) -> Number:
    """The number that a line in `region` (ISO 3166, as "CN") presented, in its normal form.

    Never fails: what is no possible number anywhere stays what it was and is marked impossible.
    """
    digits = _digits(presented)
    code = _country_code(region)
    if not _DIALLABLE.match(digits):
        return Number(presented, digits, digits, possible=False)
    bare = digits.removeprefix(f"+{code}") if digits.startswith(f"+{code}") else digits
    if len(bare) <= _SHORT and not bare.startswith(("+", "0")):
        return Number(presented, bare, bare, possible=True)
    for candidate in (digits, f"+{digits}") if digits.startswith(code) else (digits,):
        parsed = _parse(candidate, region)
        if parsed:
            return _number(presented, parsed, region)
    return Number(presented, digits, digits, possible=False)


def prepare(region: str) -> None:
    """Load what the first number of `region` would wait for."""
    example = phonenumbers.example_number(region)
    if example:
        understand(phonenumbers.format_number(example, PhoneNumberFormat.E164), region)


def segment(text: str, region: str) -> str:
    """The digits that open a segment, as rules compare them: national where it lies in `region`, else "+…"."""
    digits = _digits(text)
    home = f"+{_country_code(region)}"
    return digits.removeprefix(home) if len(digits) > len(home) else digits


def without_punctuation(text: str) -> str:
    """`text` without the spaces, brackets, dots, dashes and slashes that people put between digits (E.123)."""
    return _PUNCTUATION.sub("", text)


def _digits(text: str) -> str:
    digits = without_punctuation(text)
    return f"+{digits[2:]}" if _INTERNATIONAL.match(digits) else digits


@lru_cache(maxsize=8)
def _country_code(region: str) -> str:
    return str(phonenumbers.country_code_for_region(region))


def _parse(digits: str, region: str) -> phonenumbers.PhoneNumber | None:
    try:
        parsed = phonenumbers.parse(digits, region)
    except NumberParseException:
        return None
    return parsed if phonenumbers.is_valid_number(parsed) else None


def _number(presented: str, parsed: phonenumbers.PhoneNumber, region: str) -> Number:
    e164 = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    if parsed.country_code != phonenumbers.country_code_for_region(region):
        return Number(presented, e164, e164, possible=True)
    national = phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)
    return Number(presented, e164, re.sub(r"\D", "", national), possible=True)
