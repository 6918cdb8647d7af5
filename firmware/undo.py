"""Taking back what was done: the changes that an action has made are kept for a day, restarts or not."""

from __future__ import annotations

import json
import logging
import secrets
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from tinydb.table import Document

from firmware.store import Changes, Store, brief

log = logging.getLogger(__name__)

TABLE = "undo"
LIFE = timedelta(days=1)
MOST = 500
LARGEST = 8 << 20
"""Bytes of one step: what an import of 50,000 contacts comes to."""
LARGEST_ALL = 2 * LARGEST

PutBack = Callable[[Changes], None]
"""Takes changes back in the store and in force, all or none. Raises Changed, OSError."""


@dataclass
class Step:
    """What an action has changed. `key`: by what it is taken back; None where there is nothing to take back."""

    key: str | None = None


class Kept(NamedTuple):
    """A step in the store: the document's id, a code for what was done, when (ISO 8601, UTC), and its bytes.

    `needs`: what whoever takes it back must be allowed, as whoever did it was; empty where that was not said.
    """

    id: int
    what: str
    made: str
    size: int
    needs: str


class Undo:
    """The ways back from the latest actions, in a table of `db`.

    `parts` say who takes changes of which tables back; `stores` gives the stores that have these tables.
    """

    def __init__(
        self,
        db: Store,
        parts: Mapping[tuple[str, ...], PutBack],
        stores: Callable[[], Collection[Store]],
    ) -> None:
        self._table = db.table(TABLE)
        self._parts = dict(parts)
        self._stores = stores
        self._changing = threading.RLock()
        self._kept = {doc["key"]: _kept(doc.doc_id, doc) for doc in self._table}

    def extend(self, tables: tuple[str, ...], put_back: PutBack) -> None:
        """Have changes of these tables taken back too, by `put_back`, those of before a restart included."""
        self._parts[tables] = put_back

    @contextmanager
    def step(self, what: str, needs: str = "") -> Iterator[Step]:
        """Keep the way back from what this thread changes meanwhile; there is none where the disk refuses it.

        `what` and `needs` as `Kept` has them. Not one within another.
        """
        step = Step()
        with ExitStack() as noting:
            noted = [noting.enter_context(store.noting()) for store in self._stores()]
            yield step
        try:
            step.key = self._keep(
                what, needs, {table: found for one in noted for table, found in one.items()}
            )
        except OSError:
            log.exception("%s cannot be taken back", what)

    def lately(self) -> list[tuple[str, Kept]]:
        """The steps that can be taken back, by their keys, newest first."""
        with self._changing:
            return [(key, kept) for key, kept in reversed(self._kept.items()) if not _is_old(kept)]

    def take_back(self, key: str) -> None:
        """Take a step back, once. Raises LookupError where there is no such step, Changed, OSError."""
        with self._changing:
            kept = self._kept[key]
            doc = self._table.get(doc_id=kept.id)
            if _is_old(kept) or not isinstance(doc, Document):
                raise LookupError(key)
            changes = {
                table: {id: (before, after) for id, before, after in found}
                for table, found in doc["changes"].items()
            }
            for tables, put_back in self._parts.items():
                its = {table: changes[table] for table in tables if table in changes}
                if its:
                    put_back(its)
            self._drop([key])

    def retain(self) -> None:
        """Drop what is too old. Raises OSError."""
        with self._changing:
            self._drop([key for key, kept in self._kept.items() if _is_old(kept)])

    def clear(self) -> None:
        """Drop every step: what it would bring back is to be forgotten, or stands no more. Raises OSError."""
        with self._changing:
            self._drop(list(self._kept))

    def _keep(self, what: str, needs: str, changes: Changes) -> str | None:
        known = {table for tables in self._parts for table in tables}
        found = {
            table: [[id, *brief(*change)] for id, change in documents.items() if change[0] != change[1]]
            for table, documents in changes.items()
            if table in known
        }
        found = {table: documents for table, documents in found.items() if documents}
        if not found:
            return None
        key = secrets.token_urlsafe(9)
        made = _now().isoformat(timespec="seconds")
        doc = {"key": key, "what": what, "needs": needs, "made": made, "changes": found}
        size = len(json.dumps(doc))
        if size > LARGEST:
            log.warning("%s changed too much to be taken back: %d bytes", what, size)
            return None
        with self._changing:
            gone = self._too_much(size)
            (id,) = self._table.write({self._kept[old].id: None for old in gone}, [{**doc, "size": size}])
            self._kept = {old: kept for old, kept in self._kept.items() if old not in gone}
            self._kept[key] = Kept(id, what, made, size, needs)
        return key

    def _too_much(self, size: int) -> set[str]:
        """The steps that go when one of `size` bytes comes: those that are too old, and the oldest for its room."""
        gone: set[str] = set()
        left = len(self._kept)
        whole = sum(kept.size for kept in self._kept.values())
        for key, kept in self._kept.items():
            if left >= MOST or whole + size > LARGEST_ALL or _is_old(kept):
                gone.add(key)
                left, whole = left - 1, whole - kept.size
        return gone

    def _drop(self, keys: Iterable[str]) -> None:
        gone = {key: self._kept[key] for key in keys}
        if gone:
            self._table.write({kept.id: None for kept in gone.values()})
            self._kept = {key: kept for key, kept in self._kept.items() if key not in gone}


def _kept(id: int, doc: Mapping[str, Any]) -> Kept:
    return Kept(id, str(doc["what"]), str(doc["made"]), int(doc["size"]), str(doc.get("needs", "")))


def _is_old(kept: Kept) -> bool:
    return _now() - datetime.fromisoformat(kept.made) > LIFE


def _now() -> datetime:
    return datetime.now(UTC)
