"""What the owner answered when a pool was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from firmware.call import Number
from firmware.screening.pools import has_look_alikes, prefixes_of, wider_than

LATER = timedelta(days=7)


class Says(StrEnum):
    """Block the pool, let it through, or ask again in a week."""

    BLOCK = "block"
    ALLOW = "allow"
    LATER = "later"


class Answer(NamedTuple):
    """An answer about the pool `match`, given at `at`, when `friends` of its numbers were wanted."""

    id: int
    match: str
    says: Says
    friends: int
    at: datetime

    @classmethod
    def of(cls, id: int, doc: Mapping[str, Any]) -> Answer:
        """The answer that a document is. Raises LookupError, ValueError, TypeError."""
        at = datetime.fromisoformat(doc["created"])
        return cls(id, str(doc["match"]), Says(doc["answer"]), int(doc["friends"]), at)


class Answers:
    """The answers there are, one for each pool."""

    def __init__(self, answers: Iterable[Answer] = ()) -> None:
        self._answers = {answer.match: answer for answer in answers}

    def __len__(self) -> int:
        return len(self._answers)

    def put(self, answer: Answer) -> None:
        self._answers[answer.match] = answer

    def drop(self, match: str) -> None:
        self._answers.pop(match, None)

    def holding_at(self, at: datetime) -> Iterator[Answer]:
        """Every answer that holds at `at`."""
        for match in list(self._answers):
            yield from self._about([match], at)

    def about(self, match: str) -> Answer | None:
        """The answer about this very pool."""
        return self._answers.get(match)

    def over(self, match: str, at: datetime) -> Answer | None:
        """The answer that holds for a pool at `at`: about it, or about a wider one; of several the narrowest."""
        return next(self._about(wider_than(match), at), None)

    def holding(self, number: Number, at: datetime) -> Answer | None:
        """The answer that holds for a number at `at`, of several that about the narrowest pool."""
        if not self._answers or not has_look_alikes(number):
            return None
        return next(self._about(prefixes_of(number.national), at), None)

    def oldest_beyond(self, most: int) -> list[Answer]:
        """The answers that are too many, the oldest of all."""
        return sorted(self._answers.values(), key=lambda answer: answer.at)[
            : max(0, len(self._answers) - most)
        ]

    def _about(self, matches: list[str], at: datetime) -> Iterator[Answer]:
        found = map(self._answers.get, reversed(matches))
        return (one for one in found if one and (one.says is not Says.LATER or at < one.at + LATER))
