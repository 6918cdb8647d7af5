"""What a person should know when a rule is saved: which others it contradicts, repeats or leaves standing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from firmware.numbers import understand
from firmware.screening.matches import RANGE_SIGN, Match, Sort, kept
from firmware.screening.rules import ALWAYS, Rule, terms_of

MOST = 20


class Remark(NamedTuple):
    """`code` says how the new rule stands to the one with this id and match.

    `replaces`: the same match and terms, another action. `contradicts`: the same match, another action, other terms.
    `repeats`: a wider rule already does the same. `exception`: a wider rule does the opposite, and the new one decides
    before it. `excepted`: a narrower rule does the opposite, and goes on deciding before the new one.
    """

    code: str
    id: int
    match: str


def remarks(
    rule: Rule, others: Iterable[tuple[int, Mapping[str, Any]]], region: str, itself: int | None = None
) -> list[Remark]:
    """How `rule` stands to the kept rules `others`, of which `itself` is the one that it changes."""
    found = _remarks(rule, ((id, doc) for id, doc in others if id != itself and doc.get("on", True)), region)
    return [remark for _, remark in zip(range(MOST), found, strict=False)]


def _remarks(rule: Rule, others: Iterable[tuple[int, Mapping[str, Any]]], region: str) -> Iterator[Remark]:
    mine = _segment(rule.match, region)
    for id, doc in others:
        text, opposite = doc["match"], doc["action"] != rule.action
        if text == rule.match.text:
            if opposite:
                yield Remark("replaces" if _terms(doc) == rule.terms else "contradicts", id, text)
        elif mine is not None and _near(text, mine):
            theirs = _segment(kept(text), region)
            if theirs is None:
                continue
            if mine.startswith(theirs) and theirs != mine:
                if opposite:
                    yield Remark("exception", id, text)
                elif _terms(doc) == ALWAYS:
                    yield Remark("repeats", id, text)
            elif theirs.startswith(mine) and opposite:
                yield Remark("excepted", id, text)


def _near(text: str, mine: str) -> bool:
    """Whether a kept match may hold, or lie in, the segment `mine`; most do not, and are told apart at once."""
    digits = text.rstrip("*")
    return digits.startswith(("+", mine[:3])) or mine.startswith(digits[:3])


def _segment(match: Match, region: str) -> str | None:
    """The digits that open whatever matches, where the match is nothing but that: a segment, a number."""
    if match.sort is Sort.NUMBER:
        return understand(match.text, region).national
    digits = match.text.removesuffix("*")
    if match.sort is Sort.DIGITS and RANGE_SIGN not in digits and digits.removeprefix("+").isdecimal():
        return digits
    return None


def _terms(doc: Mapping[str, Any]) -> Any:
    try:
        return terms_of(doc)
    except ValueError:
        return None
