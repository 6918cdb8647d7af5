"""Numbers told by patterns are what `understand` has of them."""

from functools import lru_cache

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberType

from firmware.numbers import is_protected, understand
from firmware.numbers.plain import Plain

REGIONS = {"CN": "010", "US": "212", "GB": "020", "DE": "030", "FR": "", "IT": "06", "JP": "03"}
PLANNED = ("CN", "US", "GB", "DE", "FR")

plain = lru_cache(Plain)


def told(text: str, region: str) -> str | None:
    """What a line is told to be; None where it is left."""
    rest, found = plain(region).told(f"{text}\n".encode())
    if not found:
        assert rest == f"{text}\n".encode()
        return None
    ((before, (number,)),) = found
    assert rest == b""
    return (before + number).decode()


def assert_as_understood(text: str, region: str) -> bool:
    """Whether a line is told, in which case it is as `understand` has it, whatever the line's area code."""
    found = told(text, region)
    for area in ("", REGIONS[region]):
        number = understand(text, region, area)
        assert found is None or (found == number.national and not is_protected(number, region)), text
    return found is not None


def examples() -> list[phonenumbers.PhoneNumber]:
    regions = sorted(phonenumbers.SUPPORTED_REGIONS)
    kinds = [kind for kind in PhoneNumberType.values() if kind <= PhoneNumberType.VOICEMAIL]
    found = [phonenumbers.example_number_for_type(region, kind) for region in regions for kind in kinds]
    found += map(
        phonenumbers.example_number_for_non_geo_entity, phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS
    )
    return [number for number in found if number]


def written(number: phonenumbers.PhoneNumber, home: str) -> list[str]:
    code, digits = number.country_code, phonenumbers.national_significant_number(number)
    national = (f"0{digits}", digits, f"{code}{digits}", f"+{code}0{digits}")
    at_home = code == phonenumbers.country_code_for_region(home)
    return [f"+{code}{digits}", f"00{code}{digits}", *(national if at_home else ())]


@pytest.mark.parametrize("region", REGIONS)
def test_the_examples_of_every_country_are_told_as_they_are_understood(region: str) -> None:
    texts = [text for number in examples() for text in written(number, region)]
    assert sum(assert_as_understood(text, region) for text in texts) > len(texts) / 2


@given(
    number=st.sampled_from(examples()),
    region=st.sampled_from(list(REGIONS)),
    form=st.integers(0, 5),
    changes=st.lists(st.tuples(st.integers(0, 20), st.sampled_from("0123456789")), max_size=6),
)
def test_what_is_nearly_a_number_is_told_as_it_is_understood(
    number: phonenumbers.PhoneNumber, region: str, form: int, changes: list[tuple[int, str]]
) -> None:
    forms = written(number, region)
    text = forms[form % len(forms)]
    for place, digit in changes:
        place = 1 + place % len(text)
        text = text[:place] + digit + text[place + 1 :]
    assert_as_understood(text, region)


@given(st.from_regex(r"\+?[0-9]{3,20}", fullmatch=True), st.sampled_from(list(REGIONS)))
def test_any_digits_are_told_as_they_are_understood_or_left(text: str, region: str) -> None:
    assert_as_understood(text, region)


@pytest.mark.parametrize(
    ("text", "region", "national"),
    [
        ("13800138000", "CN", "13800138000"),
        ("+8613800138000", "CN", "13800138000"),
        ("075588888888", "CN", "075588888888"),
        ("+8675588888888", "CN", "075588888888"),
        ("4001234567", "CN", "4001234567"),
        ("+442079460123", "CN", "+442079460123"),
        ("00442079460123", "CN", "+442079460123"),
        ("03012345678", "DE", "03012345678"),
        ("+493012345678", "DE", "03012345678"),
        ("2125550123", "US", "2125550123"),
        ("09012345678", "JP", "09012345678"),
    ],
)
def test_what_lists_have_most_of_is_told(text: str, region: str, national: str) -> None:
    assert told(text, region) == national


@pytest.mark.parametrize(
    "text", ["110", "95588", "075512345", "8610110", "+442", "17951075588888888", "+86075588888888", "1" * 20]
)
def test_what_needs_thought_is_left(text: str) -> None:
    assert told(text, "CN") is None


def test_lines_are_told_apart() -> None:
    lines = b"110\n075588888888\n# 075588888888\n13800138000\n+442079460123\n13800138001\n075588888888 x\n"
    rest, found = plain("CN").told(lines)
    assert rest == b"110\n# 075588888888\n075588888888 x\n"
    assert found == [
        (b"", [b"13800138000", b"13800138001"]),
        (b"", [b"075588888888"]),
        (b"+", [b"442079460123"]),
    ]
