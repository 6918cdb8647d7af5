"""The people whom the owner knows: never blocked by a segment, list or pool."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any


class Contacts:
    """Each number of each contact, in its normal form, with the id and name of those who share it."""

    def __init__(self, documents: Iterable[tuple[int, Mapping[str, Any]]] = ()) -> None:
        self._numbers: dict[str, tuple[tuple[int, str], ...]] = {}
        for id, doc in documents:
            self.put(id, doc)

    def __len__(self) -> int:
        return len(self._numbers)

    def put(self, id: int, doc: Mapping[str, Any]) -> None:
        for number in doc["numbers"]:
            self._numbers[number] = tuple(sorted((*self._others(id, number), (id, doc["name"]))))

    def change(self, id: int, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """Have a contact as it is after; a number that stays is found all the while."""
        self.put(id, after)
        self.drop(id, {"numbers": set(before["numbers"]).difference(after["numbers"])})

    def drop(self, id: int, doc: Mapping[str, Any]) -> None:
        for number in doc["numbers"]:
            others = self._others(id, number)
            if others:
                self._numbers[number] = others
            else:
                self._numbers.pop(number, None)

    def all(self) -> Iterator[tuple[str, int, str]]:
        """Each number with the id and name that `find` gives."""
        for normal, ones in self._numbers.copy().items():
            yield normal, *ones[0]

    def find(self, normal: str) -> tuple[int, str] | None:
        """The id and name of the contact with this number, the oldest if several have it."""
        return next(iter(self._numbers.get(normal, ())), None)

    def search(self, name: str, digits: str) -> set[int]:
        """The ids of the contacts that have `name`, folded, in theirs, or `digits` (none if empty) in a number."""
        return {
            id
            for number, contacts in self._numbers.copy().items()
            for id, called in contacts
            if name in called.casefold() or (digits and digits in number)
        }

    def _others(self, id: int, number: str) -> tuple[tuple[int, str], ...]:
        return tuple(one for one in self._numbers.get(number, ()) if one[0] != id)
