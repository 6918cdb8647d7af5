"""The people whom the owner knows: never blocked by a segment, list or pool."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


class Contacts:
    """Each number of each contact, in its normal form, with the contact's id and name."""

    def __init__(self, documents: Iterable[tuple[int, Mapping[str, Any]]] = ()) -> None:
        self._numbers: dict[str, tuple[int, str]] = {}
        for id, doc in documents:
            self.put(id, doc)

    def __len__(self) -> int:
        return len(self._numbers)

    def put(self, id: int, doc: Mapping[str, Any]) -> None:
        for number in doc["numbers"]:
            self._numbers[number] = (id, doc["name"])

    def drop(self, id: int, doc: Mapping[str, Any]) -> None:
        for number in doc["numbers"]:
            if self._numbers.get(number, (0, ""))[0] == id:
                del self._numbers[number]

    def find(self, normal: str) -> tuple[int, str] | None:
        """The id and name of the contact with this number."""
        return self._numbers.get(normal)
