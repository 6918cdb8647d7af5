"""What a rule is about, as a person writes it and as it is kept.

+8616210123456              a number
162*                        a segment (号段)
16210120000..16210129999    a range of numbers with as many digits
162????8888, *8888          a pattern: ? is one digit, * any number of them
/^\\+86162\\d{4}88/           a regular expression, found anywhere in the number (RE2: linear in time, whatever it says)
name:贷款                   callers whose name contains this
kind:mvno                   a kind of caller
place:北京, operator:…       where the number is from, whose it is
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import log10
from typing import Any

import re2

from firmware.numbers import Kind, segment, understand, without_punctuation

LONGEST_MATCH = 32
LONGEST_TEXT = 64
LONGEST_EXPRESSION = 200
MOST_STARS = 2
EXPRESSION_BYTES = 1 << 16

RANGE_SIGN = ".."
_RANGE = re.compile(r"\s*(?:\.\.|~|～|–|至)\s*|(?<=[0-9]{7})-(?=[0-9]{7})", re.ASCII)
_SEGMENT = re.compile(r"\+?[0-9]+\*?\Z")
_PATTERN = re.compile(r"\+?[0-9?*]+\Z")


class Sort(StrEnum):
    """The sorts of match, the most telling first: a rule of an earlier sort decides before one of a later."""

    NUMBER = "number"
    DIGITS = "digits"
    EXPRESSION = "expression"
    NAME = "name"
    ORIGIN = "origin"
    KIND = "kind"
    ANYONE = "anyone"


RANK = {sort: -place for place, sort in enumerate(Sort)}

_ABOUT = {"name": Sort.NAME, "place": Sort.ORIGIN, "operator": Sort.ORIGIN, "kind": Sort.KIND}

KINDS = {
    "anyone",
    "withheld",
    "unavailable",
    "international",
    "impossible",
    "unverified",
    "ring-once",
    *(str(kind) for kind in Kind if kind is not Kind.UNKNOWN),
}
"""`impossible`: no number anywhere, a sign of forging. `unverified`: the network checked the number and does not vouch
for it. `ring-once` (响一声): rang once before and gave up."""


@dataclass(frozen=True, slots=True)
class Match:
    """A match in the form that is kept.

    `rank`: its sort, then how many digits of a number it settles; the greater decides first.
    """

    text: str
    sort: Sort
    digits: float = 0.0

    @property
    def rank(self) -> tuple[int, float]:
        return RANK[self.sort], self.digits


def match_from(written: str, region: str, area: str = "") -> Match:
    """The match that a person wrote for a line in `region` with the area code `area`.

    Raises ValueError with the code `empty`, `characters`, `too_long`, `range`, `stars`, `expression` or `kind`.
    """
    text = written.strip()
    if not text.isprintable():
        raise ValueError("characters")
    if text.startswith("/"):
        return Match(_expression(text), Sort.EXPRESSION)
    word, colon, rest = text.partition(":")
    if colon and word in _ABOUT:
        return _about(word, rest.strip())
    ends = _RANGE.split(text)
    if len(ends) > 1:
        return _range(ends, region)
    return _digits(without_punctuation(text), region, area)


@lru_cache(maxsize=1024)
def kept(text: str) -> Match:
    """The match of which `text` is the kept form. Raises ValueError where this version knows no such match."""
    if text.startswith("/"):
        return Match(text, Sort.EXPRESSION)
    if ":" in text:
        return _about(*text.split(":", 1))
    low, sign, high = text.partition(RANGE_SIGN)
    if sign:
        return Match(text, Sort.DIGITS, _settled(low, high))
    if text.endswith("*") and text.count("*") == 1 and "?" not in text:
        return Match(text, Sort.DIGITS, len(text) - 1)
    if "*" in text or "?" in text:
        return Match(text, Sort.DIGITS, sum(sign.isdigit() for sign in text))
    return Match(text, Sort.NUMBER)


def expression(text: str) -> Any:
    """The compiled form of `/…/`. Raises ValueError with the code `expression`."""
    options = re2.Options()
    options.max_mem = EXPRESSION_BYTES
    options.log_errors = False
    options.never_capture = True
    try:
        return re2.compile(text[1:-1], options)
    except re2.error as error:
        raise ValueError("expression") from error


def _expression(text: str) -> str:
    if len(text) > LONGEST_EXPRESSION:
        raise ValueError("too_long")
    if len(text) < 3 or not text.endswith("/"):
        raise ValueError("expression")
    expression(text)
    return text


def _about(word: str, rest: str) -> Match:
    if not rest:
        raise ValueError("empty")
    if len(rest) > LONGEST_TEXT:
        raise ValueError("too_long")
    if word not in _ABOUT or (word == "kind" and rest not in KINDS):
        raise ValueError("kind")
    if rest == "anyone":
        return Match("kind:anyone", Sort.ANYONE)
    return Match(f"{word}:{rest}", _ABOUT[word])


def _range(ends: list[str], region: str) -> Match:
    if len(ends) != 2:
        raise ValueError("range")
    low, high = (segment(end, region) for end in ends)
    if not all(end.isascii() and end.removeprefix("+").isdecimal() for end in (low, high)):
        raise ValueError("characters")
    if len(low) > LONGEST_MATCH:
        raise ValueError("too_long")
    if len(low) != len(high) or low.startswith("+") != high.startswith("+") or low > high:
        raise ValueError("range")
    return Match(f"{low}{RANGE_SIGN}{high}", Sort.DIGITS, _settled(low, high))


def _settled(low: str, high: str) -> float:
    """How many leading digits a segment with as many numbers would have."""
    return len(low) - log10(int(high.removeprefix("+")) - int(low.removeprefix("+")) + 1)


def _digits(text: str, region: str, area: str) -> Match:
    if len(text) > LONGEST_MATCH:
        raise ValueError("too_long")
    if not text.strip("*?"):
        raise ValueError("empty")
    if _SEGMENT.match(text):
        if text.endswith("*"):
            return kept(f"{segment(text.removesuffix('*'), region)}*")
        normal = understand(text, region, area).normal
        if not normal:
            raise ValueError("empty")
        return Match(normal, Sort.NUMBER)
    if not _PATTERN.match(text):
        raise ValueError("characters")
    if text.count("*") > MOST_STARS or "**" in text:
        raise ValueError("stars")
    opening = re.split(r"[*?]", text, maxsplit=1)[0]
    return kept(f"{segment(opening, region)}{text.removeprefix(opening)}")
