"""The numbers that nothing may block, and those that only a rule of their own may: `protected.toml`."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

import phonenumbers

from firmware.call import Number
from firmware.numbers.normal import without_punctuation


def is_protected(number: Number, region: str) -> bool:
    """Whether `number` is an emergency or public service where the line is.

    The country code, a trunk 0 and, in China, an area code may stand before it (`+86110`, `01012345`, `+8610110`).
    """
    return _is_one_of(number, region, "codes")


def is_utility(number: Number, region: str) -> bool:
    """Whether `number` is a public utility, such as the electricity company, presented in any of the same ways."""
    return _is_one_of(number, region, "utilities")


def _is_one_of(number: Number, region: str, codes: str) -> bool:
    matches = _pattern(region, codes).match
    if matches(number.normal):
        return True
    presented = number.presented
    return presented != number.normal and matches(without_punctuation(presented)) is not None


@lru_cache(maxsize=16)
def _pattern(region: str, codes: str) -> re.Pattern[str]:
    table = tomllib.loads(files("firmware.numbers").joinpath("protected.toml").read_text("utf-8"))
    here = table.get(region, {})
    meant = "|".join(map(re.escape, {*table["world"].get(codes, ()), *here.get(codes, ())})) or "(?!)"
    country = phonenumbers.country_code_for_region(region)
    area = here.get("area", "")
    return re.compile(rf"(?:(?:\+|00)?{country}0?(?:{area})?|0(?:{area})?)?(?:{meant})\Z")
