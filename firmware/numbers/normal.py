"""One normal form for what lines present (ITU-T E.164, E.123; national plans through libphonenumber)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from firmware.call import Number

_PUNCTUATION = re.compile(r"[ \u00a0().\-/]+")
_INTERNATIONAL = re.compile(r"00(?=[1-9])")
_DIALLABLE = re.compile(r"\+?[0-9]+\Z")
_SHORT = 8
_SHORTER = 6
"""Digits up to which a number is a short code, and up to which it surely is one."""
LOOK_ALIKE_DIGITS = 4
LEAST_WITH_LOOK_ALIKES = 9
"""Digits, beside those that look-alikes differ in, that leave a segment and not half a country."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a national plan has beyond libphonenumber's: patterns over national digits.

    `trunk` is None where the plan does not say, and libphonenumber has to be asked. `mobile` has the number as a group.
    """

    carrier: re.Pattern[str]
    unreachable: re.Pattern[str]
    local: re.Pattern[str]
    trunk: re.Pattern[str] | None
    mobile: re.Pattern[str]


@lru_cache(maxsize=1024)
def understand(presented: str, region: str, area: str = "") -> Number:
    """The number that a line in `region` (ISO 3166, as "CN") presented, in its normal form.

    `area` is the line's area code with its trunk prefix ("010"), which completes a local number. Never fails: what
    is no possible number anywhere stays what it was and is marked impossible.
    """
    digits = _digits(presented)
    code = _country_code(region)
    if not _DIALLABLE.match(digits):
        return Number(presented, digits, digits, possible=False)
    plan = _plan(region)
    mobile = plan.mobile.fullmatch(digits)
    if mobile:
        return Number(presented, f"+{code}{mobile[1]}", mobile[1], possible=True)
    bare = digits.removeprefix(f"+{code}") if digits.startswith(f"+{code}") else digits
    if plan.unreachable.fullmatch(bare):
        return Number(presented, bare, bare, possible=True)
    completed = (f"{area}{bare}",) if area and plan.local.fullmatch(bare) else ()
    if len(bare) <= _SHORT and not bare.startswith(("+", "0")) and not completed:
        parsed = _parse(f"+{code}{bare}", region) if len(bare) > _SHORTER else None
        return _number(presented, parsed, region) if parsed else Number(presented, bare, bare, possible=True)
    international = (f"+{digits}",) if digits.startswith(code) else ()
    for candidate in (*completed, digits, *international, plan.carrier.sub("", bare, count=1)):
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
    if len(digits) <= len(home) or not digits.startswith(home):
        return digits
    national = digits.removeprefix(home)
    trunk = _plan(region).trunk
    if trunk is None:
        return f"{_usual_trunk(region)}{national}"
    return f"0{national}" if trunk.match(national) else national


@lru_cache(maxsize=8)
def _usual_trunk(region: str) -> str:
    """What is dialled before most national numbers: what libphonenumber writes before its example."""
    example = phonenumbers.example_number(region)
    if example is None:
        return ""
    written = re.sub(r"\D", "", phonenumbers.format_number(example, PhoneNumberFormat.NATIONAL))
    return written.removesuffix(phonenumbers.national_significant_number(example))


def look_alikes(number: Number) -> str | None:
    """The segment of the ten thousand numbers around `number`, as rules write it; of a Chinese mobile number the first
    seven digits. None for a number too short to have any.
    """
    digits = number.national
    if not number.possible or len(digits) < LEAST_WITH_LOOK_ALIKES:
        return None
    return f"{digits[:-LOOK_ALIKE_DIGITS]}*"


def without_punctuation(text: str) -> str:
    """`text` without the spaces, brackets, dots, dashes and slashes that people put between digits (E.123)."""
    return _PUNCTUATION.sub("", text)


def _digits(text: str) -> str:
    digits = without_punctuation(text)
    return f"+{digits[2:]}" if _INTERNATIONAL.match(digits) else digits


@lru_cache(maxsize=8)
def _country_code(region: str) -> str:
    return str(phonenumbers.country_code_for_region(region))


@lru_cache(maxsize=8)
def _plan(region: str) -> Plan:
    table = tomllib.loads(files("firmware.numbers").joinpath("plans.toml").read_text("utf-8"))
    here = table.get(region, {})
    trunk = here.get("trunk")
    carrier, unreachable, local = (
        re.compile(here.get(name, r"(?!)")) for name in ("carrier", "unreachable", "local")
    )
    mobile = f"{here['mobile']}({_valid_mobile(region)})" if "mobile" in here else r"(?!)"
    return Plan(
        carrier,
        unreachable,
        local,
        None if trunk is None else re.compile(trunk),
        re.compile(mobile, re.ASCII),
    )


def _valid_mobile(region: str) -> str:
    """The pattern by which libphonenumber tells whether a national number is a mobile one."""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
    return str(metadata.mobile.national_number_pattern) if metadata and metadata.mobile else "(?!)"


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
    digits = phonenumbers.national_significant_number(parsed)
    if len(digits) <= _SHORTER and not digits.startswith("0"):
        return Number(presented, digits, digits, possible=True)
    return Number(presented, e164, _national(parsed, region), possible=True)


def _national(parsed: phonenumbers.PhoneNumber, region: str) -> str:
    """The digits that are dialled at home, with the trunk prefix where one is."""
    trunk = _plan(region).trunk
    if trunk is None:
        return re.sub(r"\D", "", phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL))
    digits = phonenumbers.national_significant_number(parsed)
    return f"0{digits}" if trunk.match(digits) else digits
