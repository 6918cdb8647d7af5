"""The numbers that nothing may block, and those that only a rule of their own may: `protected.toml`."""

from __future__ import annotations

import re
import tomllib
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

import phonenumbers

from firmware.call import Number
from firmware.numbers.normal import without_punctuation


class Standing(StrEnum):
    """What a number is in `protected.toml`: its values are the lists there."""

    PROTECTED = "codes"
    UTILITY = "utilities"


def standing(number: Number, region: str) -> Standing | None:
    """Whether `number` is an emergency or public service where the line is, or a public utility.

    The country code, a trunk 0 and, in China, an area code may stand before it (`+86110`, `01012345`, `+8610110`). Most
    numbers are neither, and are told by one match for each form.
    """
    match = _pattern(region).match
    found = match(number.normal)
    if found is None and number.presented != number.normal:
        found = match(without_punctuation(number.presented))
    return Standing(str(found.lastgroup)) if found else None


def is_protected(number: Number, region: str) -> bool:
    """Whether nothing may block `number`."""
    return standing(number, region) is Standing.PROTECTED


@lru_cache(maxsize=8)
def _pattern(region: str) -> re.Pattern[str]:
    table = tomllib.loads(files("firmware.numbers").joinpath("protected.toml").read_text("utf-8"))
    here = table.get(region, {})
    kinds = []
    for name in Standing:
        numbers = {*table["world"].get(name, ()), *here.get(name, ())}
        kinds.append(f"(?P<{name}>{'|'.join(map(re.escape, numbers)) or '(?!)'})")
    country = phonenumbers.country_code_for_region(region)
    area = here.get("area", "")
    return re.compile(rf"(?:(?:\+|00)?{country}0?(?:{area})?|0(?:{area})?)?(?:{'|'.join(kinds)})\Z")
