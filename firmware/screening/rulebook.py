"""Every rule, compiled for look-up: how long a verdict takes does not depend on how many there are."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import re2

from firmware.call import Action, How, Number
from firmware.screening.caller import Caller
from firmware.screening.matches import EXPRESSION_BYTES, LONGEST_MATCH, RANGE_SIGN, RANK, Sort, kept
from firmware.screening.patterns import Patterns
from firmware.screening.rules import ALWAYS, Rule, Terms, rule_of
from firmware.screening.settled import Settled, takes

log = logging.getLogger(__name__)

PLAIN = 4
"""Fields of a rule that has no terms: match, action, note and created."""
SIEVE_BYTES = 8 << 20
CANARY = "canary"

NUMBER_RANK = RANK[Sort.NUMBER], 0.0
DIGIT = 1 << 40
"""Parts of a digit by which ranges are told apart."""
ID_BITS = 53
ID = (1 << ID_BITS) - 1


class Found(NamedTuple):
    """A rule that speaks: its id in the store, what it does, what it matches, how it rejects."""

    id: int
    action: Action
    match: str
    how: How | None


@dataclass(frozen=True)
class Sieves:
    """What finds, among the matches that are no whole numbers, those that a caller fits.

    `lengths` of segments; `ranges` by the length of a number, then by the segments that make them up; `names`
    over folded ones; `traits`: the words before the colon of the others.
    """

    lengths: tuple[int, ...] = ()
    ranges: Mapping[int, Ranges] = field(default_factory=dict)
    patterns: Patterns = field(default_factory=Patterns)
    expressions: Sought | None = None
    names: Sought | None = None
    traits: frozenset[str] = frozenset()

    @classmethod
    def over(cls, matches: Iterable[str]) -> Sieves:
        """Sieves over kept matches; one that this version does not know is left out."""
        lengths: set[int] = set()
        ranges: dict[int, Ranges] = {}
        patterns, expressions, names = [], [], []
        traits: set[str] = set()
        for text in sorted(matches):
            sort = kept(text).sort
            if sort is Sort.EXPRESSION:
                expressions.append((text[1:-1], text))
            elif sort is Sort.NAME:
                names.append((re2.escape(text.partition(":")[2].casefold()), text))
            elif sort is not Sort.DIGITS:
                traits.add(text.partition(":")[0])
            elif RANGE_SIGN in text:
                low, _, high = text.partition(RANGE_SIGN)
                ranges.setdefault(len(low), Ranges()).add(text, low, high)
            elif text.find("*") == len(text) - 1 and "?" not in text:
                lengths.add(len(text) - 1)
            else:
                patterns.append(text)
        return cls(
            tuple(sorted(lengths)),
            ranges,
            Patterns(tuple(patterns)),
            Sought(expressions) if expressions else None,
            Sought(names) if names else None,
            frozenset(traits),
        )

    def fitting(self, number: Number, rules: Mapping[str, object]) -> Iterator[str]:
        """The matches over digits that `number` fits; of segments, those in `rules`."""
        digits = number.national
        for length in self.lengths:
            if length > len(digits):
                break
            segment = f"{digits[:length]}*"
            if segment in rules:
                yield segment
        if len(digits) in self.ranges:
            yield from self.ranges[len(digits)].holding(digits)
        yield from self.patterns.matching(digits)
        if self.expressions:
            yield from self.expressions.fitting(number.normal)
            if digits != number.normal:
                yield from self.expressions.fitting(digits)


class Ranges:
    """Ranges of numbers with as many digits, by the segments that make them up."""

    def __init__(self) -> None:
        self._by_segment: dict[str, list[str]] = {}
        self._lengths: set[int] = set()

    def add(self, text: str, low: str, high: str) -> None:
        for segment in segments_of(low, high):
            self._by_segment.setdefault(segment, []).append(text)
            self._lengths.add(len(segment))

    def holding(self, digits: str) -> Iterator[str]:
        """The ranges in which `digits` lies."""
        for length in self._lengths:
            yield from self._by_segment.get(digits[:length], ())


class Sought:
    """Regular expressions that are sought all at once: `sought` has each with the kept match for which it stands."""

    def __init__(self, sought: list[tuple[str, str]]) -> None:
        options = re2.Options()
        options.max_mem = SIEVE_BYTES + len(sought) * EXPRESSION_BYTES
        options.log_errors = False
        options.never_capture = True
        self._texts = [text for _, text in sought]
        self._set = re2.Set.SearchSet(options)
        for expression, _ in sought:
            self._set.Add(expression)
        self._set.Add(CANARY)
        self._set.Compile()
        if not self._set.Match(CANARY):
            raise MemoryError("RE2 has no room for these expressions")

    def fitting(self, form: str) -> Iterator[str]:
        found = self._set.Match(form.encode(errors="replace"))
        return (self._texts[index] for index in found or () if index < len(self._texts))


class Rulebook:
    """Rules. Reads need no lock: each change is one item of a dict, or one reference.

    A rule without terms costs one entry: what it matches → its id and action in one integer. Where there is none,
    that of the start counts.
    """

    def __init__(self) -> None:
        self._settled = Settled()
        self._rules: dict[str, int | tuple[int, ...]] = {}
        self._terms: dict[int, Terms] = {}
        self._sieves = Sieves()
        self._off: dict[int, tuple[str, Terms, int]] = {}
        self._order: tuple[list[int], list[int]] | None = None
        self._count: int | None = None
        self._sets: set[int] = set()

    @classmethod
    def load(cls, documents: Iterable[tuple[int, Mapping[str, Any]]]) -> Rulebook:
        """The rules that the store's documents describe, given with their ids. One that makes no sense is left out."""
        book = cls()
        others, sieved = [], set()
        for id, doc in documents:
            if len(doc) == PLAIN and "note" in doc and "created" in doc:
                match, action = doc.get("match"), doc.get("action")
                if action in (Action.BLOCK, Action.ALLOW) and type(match) is str and takes(match):
                    book._settled.add(match, _packed(id, action))
                    continue
            try:
                others.append((id, rule_of(doc)))
            except ValueError as error:
                log.error("rule %d is left out: its %s makes no sense here", id, error)
        for match, packed in book._settled.settle():
            book._rules[match] = (*book._packed(match), packed)
        for id, rule in others:
            if rule.of:
                book._sets.add(id)
            if not rule.on:
                book._off[id] = rule.match.text, rule.terms, _packed(id, rule.action)
                continue
            book._enter(id, rule.match.text, rule.action, rule.terms)
            if rule.match.sort is not Sort.NUMBER:
                sieved.add(rule.match.text)
        book._sieves = Sieves.over(sieved)
        return book

    def __len__(self) -> int:
        if self._count is None:
            self._count = sum(len(packed) for _, packed in self._entries())
        return self._count

    def put(self, id: int, rule: Rule) -> None:
        """Enter a rule, or what has become of it."""
        (self._sets.add if rule.of else self._sets.discard)(id)
        if rule.on:
            self._enter(id, rule.match.text, rule.action, rule.terms)
            self._off.pop(id, None)
        else:
            self._leave(id, rule.match.text)
            self._terms.pop(id, None)
            self._off[id] = rule.match.text, rule.terms, _packed(id, rule.action)
        self._sift(rule.match.sort)

    def leave(self, id: int, match: str) -> None:
        """A rule that was put anew no longer has this match; its terms are the new ones."""
        self._leave(id, match)
        self._sift(kept(match).sort)

    def drop(self, id: int, match: str) -> None:
        """Forget a rule."""
        self._leave(id, match)
        self._terms.pop(id, None)
        self._off.pop(id, None)
        self._sets.discard(id)
        self._sift(kept(match).sort)

    def same(self, rule: Rule) -> int | None:
        """The id of the rule, on or off, that has the same match and terms: only one of them can be meant."""
        for packed in self._packed(rule.match.text):
            if self._terms.get(packed >> 1, ALWAYS) == rule.terms:
                return packed >> 1
        wanted = rule.match.text, rule.terms
        return next((id for id, off in self._off.items() if off[:2] == wanted), None)

    def order(self) -> tuple[list[int], list[int]]:
        """The ids of the owner's rules, and of those of sets, on or off, in the order in which they are asked.

        Whichever fits first decides. The order is kept until a rule changes.
        """
        if self._order is None:
            places = [_place(match, one) for match, packed in self._entries() for one in packed]
            places += [_place(match, packed) for match, _, packed in list(self._off.values())]
            ids = [place & ID for place in sorted(places)]
            of_sets = self._sets
            self._order = [id for id in ids if id not in of_sets], [id for id in ids if id in of_sets]
        return self._order

    def speaking(self, line: str, at: datetime) -> Iterator[Found]:
        """Of each match, the rule that decides for a call on `line` at `at`."""
        for match, _ in self._entries():
            yield from self._holding([match], line, at)[:1]

    def exactly(self, number: Number, line: str, at: datetime) -> list[Found]:
        """The rules over this very number that hold for a call on `line` at `at`; the first decides."""
        match = number.normal
        return self._holding([match], line, at) if match.removeprefix("+").isdecimal() else []

    def otherwise(self, caller: Caller, traits: Callable[[Caller, Set[str]], Iterable[str]]) -> list[Found]:
        """The other rules that a caller fits and that hold; the first decides.

        `traits` are the kept matches over name, kind, place and operator that the caller fits, asked for if need be.
        """
        sieves = self._sieves
        fitting = list(sieves.fitting(caller.number, self._rules)) if caller.number else []
        if sieves.names and caller.name:
            fitting += sieves.names.fitting(caller.name.casefold())
        if sieves.traits:
            fitting += [text for text in traits(caller, sieves.traits) if text in self._rules]
        return self._holding(dict.fromkeys(fitting), caller.line, caller.at) if fitting else []

    def _holding(self, matches: Iterable[str], line: str, at: datetime) -> list[Found]:
        """The most telling first; of those that tell as much, allow, then the oldest."""
        terms = self._terms
        found = [
            Found(
                id,
                Action.ALLOW if packed & 1 else Action.BLOCK,
                match,
                its.how,
            )
            for match in matches
            for packed in self._packed(match)
            for id in (packed >> 1,)
            for its in (terms.get(id, ALWAYS),)
            if its is ALWAYS or its.hold(line, at)
        ]
        if len(found) > 1:
            found.sort(key=lambda f: (kept(f.match).rank, f.action is Action.ALLOW, -f.id), reverse=True)
        return found

    def _entries(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Each match with its rules; one that had a rule at the start may have none any more."""
        changed = {match: self._packed(match) for match in list(self._rules)}
        yield from changed.items()
        yield from ((match, (packed,)) for match, packed in self._settled.items() if match not in changed)

    def _packed(self, match: str) -> tuple[int, ...]:
        packed = self._rules.get(match)
        if packed is None:
            packed = self._settled.get(match)
        return () if packed is None else (packed,) if isinstance(packed, int) else packed

    def _others(self, id: int, match: str) -> tuple[int, ...]:
        return tuple(packed for packed in self._packed(match) if packed >> 1 != id)

    def _enter(self, id: int, match: str, action: str, terms: Terms) -> None:
        if terms != ALWAYS:
            self._terms[id] = terms
        packed = _packed(id, action)
        others = self._others(id, match)
        self._rules[match] = (*others, packed) if others else packed
        if terms == ALWAYS:
            self._terms.pop(id, None)

    def _leave(self, id: int, match: str) -> None:
        others = self._others(id, match)
        if others or self._settled.get(match) is not None:
            self._rules[match] = others
        else:
            self._rules.pop(match, None)

    def _sift(self, changed: Sort) -> None:
        self._order = self._count = None
        if changed is not Sort.NUMBER:
            rules = list(self._rules)
            self._sieves = Sieves.over(match for match in rules if not match.removeprefix("+").isdecimal())


def segments_of(low: str, high: str) -> Iterator[str]:
    """The fewest segments that together hold the numbers from `low` to `high`, which are as long."""
    length, plus = len(low), "+" * low.startswith("+")
    first, last = int(low.removeprefix("+")), int(high.removeprefix("+")) + 1
    while first < last:
        free = 0
        while first % 10 ** (free + 1) == 0 and first + 10 ** (free + 1) <= last and free < length:
            free += 1
        text = f"{plus}{first:0{length - len(plus)}}"
        yield text[: length - free]
        first += 10**free


def _place(match: str, packed: int) -> int:
    """Where a rule stands in the order, as `_holding` has it, in one integer; its last bits are the id."""
    sort, digits = NUMBER_RANK if match.removeprefix("+").isdecimal() else kept(match).rank
    settled = int((LONGEST_MATCH + 1 - digits) * DIGIT)
    return ((-sort * (LONGEST_MATCH + 2) * DIGIT + settled) << 1 | 1 - (packed & 1)) << ID_BITS | packed >> 1


def _packed(id: int, action: str) -> int:
    return id << 1 | (action == "allow")
