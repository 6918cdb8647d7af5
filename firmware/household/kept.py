"""What every kind of wish shares: kept in the store, in force in the screening."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from tinydb.table import Document

from firmware.household.compiled import owner_settings, paused_until, screening_from
from firmware.screening import Listed, Pools, Recent, Screening
from firmware.store import JournalTable, Store

Doc = dict[str, Any]

LONGEST_NAME = 100
WORDS = ("rules", "contacts", "passes")
"""The tables in which the owner speaks of single numbers."""


class Kept:
    """Documents of several tables, and the screening in which they are in force.

    Each change is on disk, whole, before the screening has it. `on_change` is told the kind and id of what changed. The
    screening is compiled when it is first used; whoever needs it meanwhile waits.
    """

    def __init__(self, db: Store, *, on_change: Callable[[str, int], None] = lambda kind, id: None) -> None:
        self._db = db
        self._on_changed = on_change
        self._changing = threading.RLock()
        self._owner = owner_settings(db)
        self._lists: tuple[Listed, ...] = ()
        self._screening: Screening | None = None
        self.recent = Recent()
        self.pools = Pools()

    @property
    def screening(self) -> Screening:
        """What the wishes come to, in force."""
        if self._screening is None:
            with self._changing:
                if self._screening is None:
                    self._screening = self._compiled()
        return self._screening

    def _compiled(self) -> Screening:
        screening = screening_from(self._db)
        screening.recent, screening.pools, screening.lists = self.recent, self.pools, self._lists
        screening.paused = paused_until(self._db)
        return screening

    def _on_change(self, kind: str, id: int) -> None:
        if kind in WORDS:
            self.screening.reword(datetime.now(UTC))
        self._on_changed(kind, id)

    def _table(self, name: str) -> JournalTable:
        return self._db.table(name)

    def _found(self, table: str, id: int) -> Doc | None:
        doc = self._table(table).get(doc_id=id)
        return {"id": id, **doc} if isinstance(doc, Document) else None

    def _keep(self, table: str, id: int | None, doc: Doc, gone: Iterable[int] = ()) -> Doc:
        """Put a document, or a new one, and remove those that are `gone`: all or none."""
        changes: dict[int, Doc | None] = dict.fromkeys(gone)
        if id is None:
            (id,) = self._table(table).write(changes, [doc])
        else:
            self._table(table).write({**changes, id: doc})
        return {"id": id, **doc}

    def _remove(self, table: str, id: int) -> Doc | None:
        doc = self._found(table, id)
        if doc is not None:
            self._table(table).remove(doc_ids=[id])
        return doc


def with_ids(documents: Iterable[Document]) -> list[Doc]:
    return [{"id": doc.doc_id, **doc} for doc in documents]


def is_plain(text: str) -> bool:
    """Whether `text` may be a name."""
    return 0 < len(text) <= LONGEST_NAME and text.isprintable()


def now_as_text() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
