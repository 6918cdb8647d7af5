"""Who a number is, as far as its digits tell without asking anybody: its kind, operator and place.

China follows the allocation in `segments.csv`, other countries libphonenumber. Places are in `places.bin`.
"""

from __future__ import annotations

import csv
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType

from firmware.call import Number
from firmware.numbers.places import Places
from firmware.numbers.protected import is_protected

log = logging.getLogger(__name__)

PLACES = Path(__file__).with_name("places.bin")

_CHINA = "+86"
_NUMBER = re.compile(r"\+?[0-9]{1,20}\Z")
_LONGEST_SEGMENT = 7


class Kind(StrEnum):
    """What a number is for."""

    MOBILE = "mobile"
    MVNO = "mvno"
    LANDLINE = "landline"
    TOLL_FREE = "toll-free"
    SHARED_COST = "shared-cost"
    SERVICE = "service"
    M2M = "m2m"
    SATELLITE = "satellite"
    PREMIUM = "premium"
    VOIP = "voip"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Identity:
    """What a number's digits tell; None is for what they do not.

    `country` is an ISO 3166 region, and the line's own where several share the number. `host` is the network that
    carries a virtual operator's number, which then has no `operator`: nobody publishes which brand holds which block.
    `place` is as people there write it, the general before the particular: "广东 深圳", "California Los Angeles".
    Numbers move between operators and travel with people: operator and place are those of the allocation.
    """

    kind: Kind = Kind.UNKNOWN
    country: str | None = None
    operator: str | None = None
    host: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A row of `segments.csv`: the lengths of its numbers, their kind, and their operator or host network."""

    lengths: range
    kind: Kind
    network: str | None

    def is_placed(self, digits: str) -> bool:
        """Whether its number `digits` was handed out by place: mobile ones were, and machines' of the same length."""
        return self.kind in _PLACED and len(digits) == _MOBILE_LENGTH


_KINDS = {
    PhoneNumberType.MOBILE: Kind.MOBILE,
    PhoneNumberType.FIXED_LINE: Kind.LANDLINE,
    PhoneNumberType.TOLL_FREE: Kind.TOLL_FREE,
    PhoneNumberType.SHARED_COST: Kind.SHARED_COST,
    PhoneNumberType.PREMIUM_RATE: Kind.PREMIUM,
    PhoneNumberType.VOIP: Kind.VOIP,
}

_SATELLITE = {870, 881}
"""Inmarsat and the global mobile satellite systems (ITU-T E.164, list of assigned country codes)."""

_NORTH_AMERICA = 1
"""Two dozen countries share its numbers without area codes."""

_LANDLINE = re.compile(r"(10|2\d|[3-9]\d\d)(\d{3,8})")
_LOCAL = re.compile(r"[2-8]\d{6,7}")
"""China's area codes, and what follows them (MIIT, telecommunications network numbering plan, 2017)."""

_MOBILE_LENGTH = 11
_PLACED = {Kind.MOBILE, Kind.MVNO, Kind.M2M}


def identify(number: Number, region: str) -> Identity:
    """Who `number` is, for a line in `region` (ISO 3166). Never fails: what nobody knows is unknown."""
    if not number.possible or not _NUMBER.match(number.normal):
        return Identity()
    if number.normal.startswith(_CHINA):
        return _in_china(number.normal.removeprefix(_CHINA))
    if number.normal.startswith("+"):
        return _abroad(number.normal, region)
    identity = _in_china(number.normal) if region == "CN" else Identity(country=region)
    if identity.kind is Kind.UNKNOWN and is_protected(number, region):
        return Identity(Kind.SERVICE, region)
    return identity


def allocated(digits: str) -> Segment | None:
    """The segment of China to which a number belongs, given without country code and trunk 0."""
    table = allocations()
    for end in range(_LONGEST_SEGMENT, 1, -1):
        segment = table.get(digits[:end])
        if segment and len(digits) in segment.lengths:
            return segment
    return None


def _in_china(digits: str) -> Identity:
    if segment := allocated(digits):
        return _of(segment, _place(f"86{digits}") if segment.is_placed(digits) else None)
    if _LOCAL.fullmatch(digits):
        return Identity(Kind.LANDLINE, "CN")
    parts = _LANDLINE.fullmatch(digits)
    place = parts and _place(f"86{parts[1]}")
    if parts and place:
        if _LOCAL.fullmatch(parts[2]):
            return Identity(Kind.LANDLINE, "CN", place=place)
        service = allocated(parts[2])
        if service and service.kind is Kind.SERVICE:
            return _of(service, place)
    return Identity(country="CN")


def _of(segment: Segment, place: str | None) -> Identity:
    if segment.kind is Kind.MVNO:
        return Identity(segment.kind, "CN", host=segment.network, place=place)
    return Identity(segment.kind, "CN", operator=segment.network, place=place)


def _abroad(normal: str, region: str) -> Identity:
    try:
        parsed = phonenumbers.parse(normal)
    except NumberParseException:
        return Identity()
    code = parsed.country_code or 0
    if code in _SATELLITE:
        return Identity(Kind.SATELLITE)
    kind = phonenumbers.number_type(parsed)
    geographic = phonenumbers.is_number_type_geographical(kind, code)
    return Identity(
        kind=_KINDS.get(kind, Kind.UNKNOWN),
        country=_country(parsed, region, geographic),
        place=_place(normal[1:]) if geographic else None,
    )


def _country(parsed: PhoneNumber, region: str, geographic: bool) -> str | None:
    if not geographic and phonenumbers.is_valid_number_for_region(parsed, region):
        return region
    country = phonenumbers.region_code_for_number(parsed)
    shared = parsed.country_code == _NORTH_AMERICA and not geographic
    return None if shared or country == phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY else country


def _place(digits: str) -> str | None:
    places = _places()
    return places.find(digits) if places else None


@lru_cache(maxsize=1)
def _places() -> Places | None:
    try:
        return Places(PLACES)
    except (OSError, ValueError) as error:
        log.warning("places stay unknown: %r", error)
        return None


def places_of_china() -> Iterator[tuple[str, str, str]]:
    """The first and the last of numbers that lie in one place, by seven digits without country code and trunk 0, and
    the place."""
    places = _places()
    code = _CHINA.removeprefix("+")
    for first, last, place in places.ranges() if places else ():
        low, high = str(first), str(last)
        if low.startswith(code) and high.startswith(code):
            yield low.removeprefix(code), high.removeprefix(code), place


@lru_cache(maxsize=1)
def allocations() -> dict[str, Segment]:
    """China's segments by the digits with which their numbers begin, without the trunk 0."""
    text = files("firmware.numbers").joinpath("segments.csv").read_text("utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {row["prefix"]: _segment(row["digits"], row["kind"], row["operator"]) for row in rows}


def _segment(digits: str, kind: str, network: str) -> Segment:
    shortest, _, longest = digits.partition("-")
    return Segment(range(int(shortest), int(longest or shortest) + 1), Kind(kind), network or None)
