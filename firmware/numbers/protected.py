"""The numbers that nothing may block: `protected.toml`, with the ways in which a line may present them."""

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
    pattern = _pattern(region)
    return any(pattern.match(form) for form in (number.normal, without_punctuation(number.presented)))


@lru_cache(maxsize=8)
def _pattern(region: str) -> re.Pattern[str]:
    table = tomllib.loads(files("firmware.numbers").joinpath("protected.toml").read_text("utf-8"))
    here = table.get(region, {})
    codes = "|".join(map(re.escape, {*table["world"]["codes"], *here.get("codes", ())}))
    country = phonenumbers.country_code_for_region(region)
    area = here.get("area", "")
    return re.compile(rf"(?:(?:\+|00)?{country}0?(?:{area})?|0(?:{area})?)?(?:{codes})\Z")
