"""Numbers written plainly, told by libphonenumber's patterns alone: as `understand` has them, but far sooner."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import phonenumbers
from phonenumbers import (
    COUNTRY_CODE_TO_REGION_CODE,
    PhoneMetadata,
    PhoneNumberDesc,
    PhoneNumberType,
    country_code_for_region,
)

from firmware.numbers.normal import _plan, understand

FEWEST_DIGITS = 9
"""Shorter ones may be short codes, numbers without area code, or protected."""

MOST_DIGITS = 17
NEVER = "(?!)"

_TYPES = (
    "fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "personal_number", "voip", "pager", "uan",
    "voicemail",
)  # fmt: skip

Form = tuple[str, str]
"""A pattern of lines, with one group, and what stands before the group in `Number.national`."""


class Plain:
    """Tells numbers for a line in `region` (ISO 3166): mobile ones, others where the plan says before which a 0 is
    dialled, and those of other countries."""

    def __init__(self, region: str) -> None:
        forms = [*_mobile(region), *_at_home(region), _abroad(country_code_for_region(region))]
        self._forms = [
            (re.compile(f"^{pattern}\\n".encode(), re.MULTILINE), before.encode())
            for pattern, before in forms
        ]

    def told(self, lines: bytes) -> tuple[bytes, list[tuple[bytes, list[bytes]]]]:
        """The lines that are left to `understand`, in any order, and the numbers that are not, as `Number.national`.

        Those come by what stands before them all. A line is told that is a number and a line feed. None is protected.
        """
        found = []
        for pattern, before in self._forms:
            parts = pattern.split(lines)
            lines, numbers = b"".join(parts[::2]), parts[1::2]
            if numbers:
                found.append((before, numbers))
        return lines, found


def _mobile(region: str) -> Iterator[Form]:
    """A mobile number of `region`, by libphonenumber's own pattern."""
    example = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
    metadata = PhoneMetadata.metadata_for_region(region)
    if not example or not metadata or not metadata.mobile:
        return
    code, significant = example.country_code, phonenumbers.national_significant_number(example)
    national = understand(f"+{code}{significant}", region).national
    if national.endswith(significant):
        trunk = national.removesuffix(significant)
        long = f"(?=[0-9]{{{FEWEST_DIGITS}}})" if trunk else ""
        yield rf"(?:\+{code}|00{code}|{trunk}){long}({metadata.mobile.national_number_pattern})", trunk


def _at_home(region: str) -> Iterator[Form]:
    """A number of `region`: as it is dialled there, which stays as it is, valid or not; or a valid one with its code.

    Left out is what libphonenumber would take for a dialling prefix or the country code, and what the plan keeps out of
    its hands.
    """
    plan, code = _plan(region), country_code_for_region(region)
    metadata = PhoneMetadata.metadata_for_region(region)
    if plan.trunk is None or metadata is None or metadata.national_prefix_transform_rule:
        return
    prefix, elsewhere = map(
        _uncaptured, (metadata.national_prefix_for_parsing, metadata.international_prefix)
    )
    trunk, significant = plan.trunk.pattern, f"[0-9]{{{FEWEST_DIGITS},{MOST_DIGITS}}}"
    apart = f"(?!{elsewhere}|{code}|{plan.carrier.pattern}|(?:{plan.unreachable.pattern})$)"
    zero = f"(?!(?:{_described(metadata.general_desc)})$)0(?={trunk})" if re.fullmatch(prefix, "0") else NEVER
    yield f"(?=[0-9])({apart}(?:{zero}|(?!{trunk}|{prefix}|0)){significant})", ""
    for before, kind in ("0", f"(?={trunk})"), ("", f"(?!{trunk})"):
        yield rf"(?:\+|00){code}({kind}(?!{prefix}){apart}(?={significant}$){_valid(code)})", before


def _abroad(home: int) -> Form:
    """A number with the code of another country than that of `home`: it stays as it is, valid or not.

    Left out are those from which libphonenumber would take a prefix.
    """
    prefixes = {
        str(code): f"(?!{_uncaptured(_metadata(code)[0].national_prefix_for_parsing)})"
        for code in COUNTRY_CODE_TO_REGION_CODE
        if code != home
    }
    return rf"(?:\+|00)((?=[0-9]{{{FEWEST_DIGITS},{MOST_DIGITS}}}$){_branches(prefixes)}[0-9]+)", "+"


def _branches(endings: Mapping[str, str]) -> str:
    """A pattern of these beginnings, each with its ending, that tells them apart digit by digit."""
    if "" in endings:
        return endings[""]
    digits = sorted({beginning[0] for beginning in endings})
    rest = {
        digit: {key[1:]: ending for key, ending in endings.items() if key[0] == digit} for digit in digits
    }
    return f"(?:{'|'.join(digit + _branches(rest[digit]) for digit in digits)})"


def _valid(code: int) -> str:
    """A pattern over the significant numbers with a country code that libphonenumber calls valid.

    The first region to which a number belongs decides: by its leading digits where it has them, else by being valid.
    """
    pattern = NEVER
    for metadata in reversed(_metadata(code)):
        valid, leading = _of_types(metadata), metadata.leading_digits
        pattern = f"(?:(?={leading}){valid}|(?!{leading}){pattern})" if leading else f"(?:{valid}|{pattern})"
    return pattern


def _metadata(code: int) -> list[PhoneMetadata]:
    """Of every region with a country code, the main one first."""
    regions = COUNTRY_CODE_TO_REGION_CODE[code]
    found = (PhoneMetadata.metadata_for_region_or_calling_code(code, region) for region in regions)
    return [metadata for metadata in found if metadata]


def _of_types(metadata: PhoneMetadata) -> str:
    types = "|".join(_described(getattr(metadata, name)) for name in _TYPES)
    return f"(?=(?:{_described(metadata.general_desc)})$)(?:{types})(?![0-9])"


def _described(desc: PhoneNumberDesc | None) -> str:
    """A description's numbers, of the lengths that it has."""
    if not desc or not desc.national_number_pattern:
        return NEVER
    lengths = "|".join(f"[0-9]{{{length}}}" for length in desc.possible_length if length > 0)
    return f"(?=(?:{lengths or NEVER})$)(?:{desc.national_number_pattern})"


def _uncaptured(pattern: str | None) -> str:
    """A pattern without the groups that it captures; what matches nothing where there is none."""
    return re.sub(r"(?<!\\)\((?!\?)", "(?:", pattern or NEVER)
