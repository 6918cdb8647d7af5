"""What people and programs write for names and numbers, made plain."""

from __future__ import annotations

import re
import unicodedata

_JOINERS = "\u200c\u200d"
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]")
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_DIALLED = re.compile(r"(?:tel:|callto:)?\s*(\+?[(0-9][0-9 ().\-/]*+)(.?)", re.IGNORECASE)
_FEWEST, _MOST = 3, 20
_FEWEST_BEFORE_LETTERS = 7
_ADDRESS = {"@", ":"}


def plain(text: str) -> str:
    """`text` on one line, without control characters and without those that change the direction of writing."""
    if not text.isprintable():
        text = "".join(map(_visible, text))
    return " ".join(text.split())


def full_name(family: str, given: str, middle: str = "") -> str:
    """A name from its parts, in the order in which its script is read: 张三, Jane Mary Smith."""
    family, given, middle = map(plain, (family, given, middle))
    if all(map(_EAST_ASIAN.search, filter(None, (family, given, middle)))):
        return family + given + middle
    return " ".join(filter(None, (given, middle, family)))


def dialled(text: str) -> str | None:
    """The telephone number that `text` begins with, punctuation kept, without pauses and extension (RFC 3966).

    None where there is none: fewer than 3 or more than 20 digits, an address, or letters in the place of digits.
    """
    written = _DASHES.sub("-", plain(unicodedata.normalize("NFKC", text[:200])))
    found = _DIALLED.match(written)
    if not found:
        return None
    number, behind = found[1].rstrip(" (.-/"), found[2]
    fewest = _FEWEST_BEFORE_LETTERS if behind.isalpha() else _FEWEST
    return number if fewest <= len(digits(number)) <= _MOST and behind not in _ADDRESS else None


def digits(number: str) -> str:
    """The digits of a number alone."""
    return re.sub(r"[^0-9]+", "", number)


def _visible(character: str) -> str:
    match unicodedata.category(character):
        case "Cc" | "Zl" | "Zp":
            return " "
        case "Cf" if character not in _JOINERS:
            return ""
        case "Cs":
            return ""
        case _:
            return character
