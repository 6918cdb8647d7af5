"""The owner's rules over numbers and segments (号段): the longest match wins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from firmware.call import Action, Number
from firmware.numbers import is_protected, segment, understand, without_punctuation

LONGEST_MATCH = 32
LONGEST_NOTE = 200

_MATCH = re.compile(r"\+?[0-9]+\*?\Z")


@dataclass(frozen=True, slots=True)
class Rule:
    """What the owner said about a number, or about a segment where `match` ends in `*`."""

    match: str
    action: Action
    note: str = ""


class Found(NamedTuple):
    """The rule that matched: its id in the store, what it does and what it matches."""

    id: int
    action: Action
    match: str


def rule_from(match: str, action: str, note: str, region: str, area: str = "") -> Rule:
    """A rule from what a person wrote, in the form in which numbers are compared.

    Raises ValueError with the code `empty`, `characters`, `too_long`, `protected`, `action` or `note_too_long`.
    """
    if action not in set(Action):
        raise ValueError("action")
    if len(note) > LONGEST_NOTE:
        raise ValueError("note_too_long")
    text = without_punctuation(match)
    if len(text) > LONGEST_MATCH:
        raise ValueError("too_long")
    if not text.removesuffix("*"):
        raise ValueError("empty")
    if not _MATCH.match(text):
        raise ValueError("characters")
    if text.endswith("*"):
        return Rule(f"{segment(text.removesuffix('*'), region)}*", Action(action), note)
    number = understand(text, region, area)
    if action == Action.BLOCK and is_protected(number, region):
        raise ValueError("protected")
    return Rule(number.normal, Action(action), note)


class Rulebook:
    """Every rule, compiled for look-up. Reads need no lock: each change is one item of a dict.

    A rule costs one entry: what it matches → its id and action in one integer.
    """

    def __init__(self) -> None:
        self._rules: dict[str, int] = {}

    @classmethod
    def load(cls, documents: Iterable[tuple[int, Mapping[str, Any]]]) -> Rulebook:
        """The rules that the store's documents describe, given with their ids."""
        book = cls()
        book._rules = {doc["match"]: _packed(id, doc["action"]) for id, doc in documents}
        return book

    def __len__(self) -> int:
        return len(self._rules)

    def put(self, id: int, match: str, action: Action) -> None:
        self._rules[match] = _packed(id, action)

    def drop(self, match: str) -> None:
        self._rules.pop(match, None)

    def id_of(self, match: str) -> int | None:
        """The id of the rule that matches exactly what `match` says, if there is one."""
        packed = self._rules.get(match)
        return None if packed is None else packed >> 1

    def find(self, number: Number) -> Found | None:
        """The most specific rule: the number itself, then its segments from the longest."""
        exact = self._found(number.normal)
        if exact:
            return exact
        forms = {number.national, number.normal}
        for length in range(max(map(len, forms)), 0, -1):
            found = [
                f for f in (self._found(f"{form[:length]}*") for form in forms if len(form) >= length) if f
            ]
            if found:
                return max(found, key=lambda f: f.action is Action.ALLOW)
        return None

    def _found(self, match: str) -> Found | None:
        packed = self._rules.get(match)
        if packed is None:
            return None
        return Found(packed >> 1, Action.ALLOW if packed & 1 else Action.BLOCK, match)


def _packed(id: int, action: str) -> int:
    return id << 1 | (action == "allow")
