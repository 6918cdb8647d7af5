"""The addresses to which notices go. They hold secrets: they are told to nobody, and are in no backup."""

from __future__ import annotations

from typing import Any, NamedTuple

from firmware.notices.sending import Unsent, service_of
from firmware.store import Changed, Changes, Store

TABLE = "notice_addresses"
MOST = 8
LONGEST_NAME = 100


class Address(NamedTuple):
    """Where notices go: the owner's name for it, the service's, and its URL, which is a secret."""

    id: int
    name: str
    service: str
    url: str


class Addresses:
    """Addresses in the store `db`. What a method returns for is on disk."""

    def __init__(self, db: Store, *, lan: bool = False) -> None:
        self._db = db
        self._table = db.table(TABLE)
        self._lan = lan

    def all(self) -> list[Address]:
        """In the order in which they were added."""
        return [Address(id, doc["name"], doc["service"], doc["url"]) for id, doc in self._table.raw()]

    def add(self, name: str, url: str) -> int:
        """Keep an address; gives its id. Raises ValueError with the code `name`, `most` or `url`, OSError."""
        if not (0 < len(name) <= LONGEST_NAME and name.isprintable()):
            raise ValueError("name")
        if len(self._table) >= MOST:
            raise ValueError("most")
        try:
            service = service_of(url, lan=self._lan)
        except Unsent as unsent:
            raise ValueError("url") from unsent
        doc: dict[str, Any] = {"name": name, "service": service, "url": url}
        return int(self._table.insert(doc))

    def remove(self, id: int) -> bool:
        """Drop an address; False where there is none. Raises OSError."""
        if id not in {address.id for address in self.all()}:
            return False
        self._table.remove(doc_ids=[id])
        return True

    def put_back(self, changes: Changes) -> None:
        """Take changes of addresses back. Raises Changed, also where there is no room for one any more; OSError."""
        lost = sum(before is not None for before, _ in changes[TABLE].values())
        if len(self._table) + lost > MOST:
            raise Changed
        self._db.put_back(changes)
