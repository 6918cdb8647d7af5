"""TinyDB's extension points over the journal."""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, cast

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Document, Table
from tinydb.utils import LRUCache

from firmware.store.batches import Damage
from firmware.store.changes import Changes, back
from firmware.store.index import Index, Places
from firmware.store.journal import Journal, encoded

Raw = dict[str, Any]


class Items(ItemsView[str, Raw]):
    """Every document, read in long runs instead of one by one."""

    _mapping: View

    def __iter__(self) -> Iterator[tuple[str, Raw]]:
        return ((str(id), raw) for id, raw in self._mapping.journal.documents(self._mapping.table))


class View(Mapping[str, Raw]):
    """A table as TinyDB reads it: documents by their id in digits, none of them in memory."""

    def __init__(self, journal: Journal, table: str) -> None:
        self.journal = journal
        self.table = table

    def __getitem__(self, id: str) -> Raw:
        found = self.journal.get(self.table, int(id))
        if found is None:
            raise KeyError(id)
        return found

    def __iter__(self) -> Iterator[str]:
        return map(str, self.journal.ask(self.table, Index.places)[0])

    def __len__(self) -> int:
        return int(self.journal.ask(self.table, len))

    def items(self) -> ItemsView[str, Raw]:
        return Items(self)


class Changing(MutableMapping[int, Raw]):
    """A table as TinyDB changes it: what is handed out may be changed in place, and `changes` says what was."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._handed: dict[int, tuple[Raw, bytes | None]] = {}
        self._removed: set[int] = set()

    def __contains__(self, id: object) -> bool:
        return id in self._handed or (id not in self._removed and self._kept(id))

    def _kept(self, id: object) -> bool:
        return isinstance(id, int) and self._view.journal.ask(self._view.table, lambda index: id in index)

    def __getitem__(self, id: int) -> Raw:
        if id not in self:
            raise KeyError(id)
        if id not in self._handed:
            raw = self._view[str(id)]
            self._handed[id] = raw, encoded(raw)
        return self._handed[id][0]

    def __setitem__(self, id: int, raw: Raw) -> None:
        self._handed[id] = raw, None

    def __delitem__(self, id: int) -> None:
        if id not in self:
            raise KeyError(id)
        self._handed.pop(id, None)
        self._removed.add(id)

    def __iter__(self) -> Iterator[int]:
        kept = [id for id in map(int, self._view) if id not in self._removed]
        yield from kept
        yield from self._handed.keys() - set(kept)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def clear(self) -> None:
        self._handed.clear()
        self._removed.update(map(int, self._view))

    def changes(self) -> dict[int, Raw | None]:
        """What is to be put, and None for what is to be removed."""
        removed = {id: None for id in self._removed if self._kept(id)}
        return removed | {id: raw for id, (raw, before) in self._handed.items() if encoded(raw) != before}


class JournalStorage(Storage):
    """TinyDB's storage in one journal file. Raises StoreLocked, OSError; `damage` is what the file had lost."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.journal = Journal(path, read_only=read_only)

    @property
    def damage(self) -> list[Damage]:
        return self.journal.damage

    def read(self) -> dict[str, Any] | None:
        return {table: View(self.journal, table) for table in self.journal.tables()} or None

    def write(self, data: dict[str, Any]) -> None:
        """Make the tables those of `data`, all or none. A table that came from `read` stays as it is."""
        with self.journal.changing:
            changes: dict[str, Mapping[int, Raw | None] | None] = {
                table: None for table in self.journal.tables() if table not in data
            }
            for table, documents in data.items():
                if not isinstance(documents, View):
                    changing = Changing(View(self.journal, table))
                    changing.clear()
                    changing.update({int(id): raw for id, raw in documents.items()})
                    changes[table] = changing.changes()
            self.journal.replace(changes)

    def close(self) -> None:
        self.journal.close()


class NoCache(LRUCache[Any, Any]):
    """In place of TinyDB's cache of search results, which another thread's change would leave stale."""

    def set(self, key: Any, value: Any) -> None:
        pass


class JournalTable(Table):
    """A table of which only what is asked for is read, and only what changed is written. Safe between threads."""

    query_cache_class = NoCache
    _given = 0

    def newest(self, limit: int, before: int | None = None) -> list[Document]:
        """The `limit` documents with the highest ids below `before`, highest first."""
        return self._documents(lambda index: index.below(before, limit))

    def latest(self, limit: int) -> Iterator[Document]:
        """The `limit` documents with the highest ids, lowest first, read as they are wanted."""

        def places(index: Index) -> Places:
            ids, offsets = index.below(None, limit)
            return ids[::-1], offsets[::-1]

        return (Document(raw, id) for id, raw in self._journal.documents(self.name, places))

    def oldest(self, limit: int) -> list[Document]:
        """The `limit` documents with the lowest ids, lowest first."""
        return self._documents(lambda index: index.lowest(limit))

    def write(self, changes: Mapping[int, Raw | None], added: Sequence[Raw] = ()) -> list[int]:
        """Put documents whole (`upsert` merges), remove those that are None, and insert others: all or none.

        Gives the ids of those that were added. Raises OSError.
        """
        with self._journal.changing:
            ids = [self._get_next_id() for _ in added]
            self._journal.change(self.name, {**changes, **dict(zip(ids, added, strict=True))})
            return ids

    def new_id(self) -> int:
        """An id that no document has, and no other is given: for `Store.replace`, which changes several tables."""
        with self._journal.changing:
            return self._get_next_id()

    def insert(self, document: Mapping[str, Any]) -> int:
        with self._journal.changing:
            return super().insert(document)

    def insert_multiple(self, documents: Iterable[Mapping[str, Any]]) -> list[int]:
        with self._journal.changing:
            return super().insert_multiple(documents)

    def upsert(self, document: Mapping[str, Any], cond: Any = None) -> list[int]:
        with self._journal.changing:
            return super().upsert(document, cond)

    def __iter__(self) -> Iterator[Document]:
        return (Document(raw, id) for id, raw in self.raw())

    def raw(self) -> Iterator[tuple[int, Raw]]:
        """Every id and its document as a plain dict, which is half the work for a table that is read whole."""
        return self._journal.documents(self.name)

    @property
    def _journal(self) -> Journal:
        storage = self._storage
        if not isinstance(storage, JournalStorage):
            raise TypeError("a JournalTable needs a JournalStorage")
        return storage.journal

    def _documents(self, places: Callable[[Index], Places]) -> list[Document]:
        return [Document(raw, id) for id, raw in self._journal.documents(self.name, places)]

    def _get_next_id(self) -> int:
        highest = int(self._journal.ask(self.name, lambda index: index.highest))
        self._given = max(self._given, highest) + 1
        return self._given

    def _read_table(self) -> Mapping[str, Mapping[str, Any]]:  # type: ignore[override]
        return View(self._journal, self.name)

    def _update_table(self, updater: Callable[[Any], None]) -> None:
        with self._journal.changing:
            changing = Changing(View(self._journal, self.name))
            updater(changing)
            self._journal.change(self.name, changing.changes())


class Store(TinyDB):
    """A TinyDB whose tables live in a journal."""

    table_class = JournalTable
    default_storage_class = JournalStorage  # type: ignore[assignment]

    @property
    def damage(self) -> list[Damage]:
        """What had been lost when the store was opened."""
        storage = self.storage
        return storage.damage if isinstance(storage, JournalStorage) else []

    def replace(self, tables: Mapping[str, Mapping[int, Raw | None] | None]) -> None:
        """Change many tables, all or none: documents to put by their ids, None to remove; None drops a table.

        Raises OSError.
        """
        cast(JournalStorage, self.storage).journal.replace(tables)

    def noting(self) -> AbstractContextManager[Changes]:
        """What this thread changes meanwhile."""
        return cast(JournalStorage, self.storage).journal.noting()

    def put_back(self, changes: Changes) -> Changes:
        """Take changes back, all or none; gives what that changed. Raises Changed, OSError."""
        journal = cast(JournalStorage, self.storage).journal
        with journal.changing:
            done: Changes = {}
            wanted: dict[str, dict[int, Raw | None]] = {}
            for table, documents in changes.items():
                done[table], wanted[table] = {}, {}
                for id, change in documents.items():
                    now = journal.get(table, id)
                    wanted[table][id] = to = back(now, *change)
                    done[table][id] = now, to
            journal.replace(wanted)
        return done

    @property
    def fault(self) -> str | None:
        """Why no more changes are taken, or None."""
        return cast(JournalStorage, self.storage).journal.fault

    def compact(self) -> None:
        """Write the file anew, without what was removed. Raises OSError."""
        cast(JournalStorage, self.storage).journal.compact()

    def table(self, name: str, **options: Any) -> JournalTable:
        return cast(JournalTable, super().table(name, **options))


def open_store(path: Path, *, read_only: bool = False) -> Store:
    """The store at `path`. Raises StoreLocked when another process has it, OSError when the disk refuses."""
    return Store(path, read_only=read_only)
