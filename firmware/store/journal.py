"""A journal that survives the plug being pulled: documents on disk, an index of them in memory.

A change is appended as one batch and synced before it is acknowledged. When more than half of the file has been
superseded, what counts is written anew beside it, synced, and put in its place by one rename.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from firmware.store import batches, contents
from firmware.store.contents import Contents, Document
from firmware.store.index import Index

log = logging.getLogger(__name__)

SPARE_LINES = 1000
MOST_BATCHES = 20_000


class StoreLocked(OSError):
    """Another process has the store."""


class Journal:
    """The documents of every table in the file at `path`, which is created where there is none.

    One process writes, with any number of threads; `read_only` takes the file as it is, and changes nothing.
    Raises StoreLocked, OSError. What is damaged in the file never stops it: see `damage`.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.changing = threading.RLock()
        self._reading = threading.Lock()
        self._read_only = read_only
        self._lock = None if read_only else _locked(_named(path, "lock"))
        self._now = Contents(_opened(path, read_only=read_only))
        self.damage = self._now.load()
        if read_only:
            self.damage = [damage for damage in self.damage if not damage.torn]
        else:
            self._mend()

    # Reading: any thread, at any time; none waits for the disk to have written.

    def tables(self) -> list[str]:
        with self._reading:
            return list(self._now.tables)

    def ask(self, table: str, question: Callable[[Index], Any]) -> Any:
        """What the index of a table answers, which is empty where there is no such table."""
        with self._reading:
            return question(self._now.tables.get(table, Index()))

    def get(self, table: str, id: int) -> Document | None:
        file, offset = self._at(table, lambda index: index.get(id))
        return None if offset is None else contents.document(file, offset)

    def documents(
        self, table: str, places: Callable[[Index], Iterable[tuple[int, int]]] = Index.places
    ) -> Iterator[tuple[int, Document]]:
        """The documents of a table as it is now, by rising id or at the `places` chosen from its index."""
        file, chosen = self._at(table, places)
        return contents.documents(file, chosen)

    def _at(self, table: str, question: Callable[[Index], Any]) -> tuple[BinaryIO, Any]:
        with self._reading:
            return self._now.file, question(self._now.tables.get(table, Index()))

    # Writing: one thread at a time, and on disk when it returns.

    def change(self, table: str, documents: Mapping[int, Document | None]) -> None:
        """Put documents, and remove those that are None, all or none. Raises OSError when the disk refuses."""
        name = json.dumps(table).encode()
        lines = [
            batches.line(name, id, b"" if doc is None else encoded(doc)) for id, doc in documents.items()
        ]
        if lines:
            self._append(b"".join(lines))

    def drop(self, table: str) -> None:
        """Forget a table. Raises OSError when the disk refuses."""
        self._append(batches.line(json.dumps(table).encode(), b"-", b""))

    def close(self) -> None:
        with self.changing:
            self._now.file.close()
            if self._lock:
                self._lock.close()

    def _append(self, lines: bytes) -> None:
        with self.changing:
            if self._read_only:
                raise PermissionError("the store was opened for reading")
            now = self._now
            try:
                batch = now.write(lines)
                os.fdatasync(now.file.fileno())
            except OSError:
                with contextlib.suppress(OSError):
                    os.ftruncate(now.file.fileno(), now.end)
                raise
            with self._reading:
                now.take(batch)
            live = sum(map(len, now.tables.values()))
            if now.lines > 2 * live + SPARE_LINES or now.batches > MOST_BATCHES:
                self._compact()

    def _mend(self) -> None:
        """Cut off a torn tail; where more is damaged, keep the file aside and go on with what is whole."""
        fresh = _named(self.path, "new")
        fresh.unlink(missing_ok=True)
        if self.damage and self.damage[-1].torn:
            os.ftruncate(self._now.file.fileno(), self._now.end)
            os.fsync(self._now.file.fileno())
        if any(not damage.torn for damage in self.damage):
            aside = _named(self.path, "damaged")
            aside.unlink(missing_ok=True)
            aside.hardlink_to(self.path)
            self._compact()

    def _compact(self) -> None:
        """Write what counts beside the journal, and put it in its place; where the disk refuses, go on without."""
        path = _named(self.path, "new")
        try:
            fresh = Contents(_opened(path))
            for lines in self._now.live():
                fresh.take(fresh.write(lines))
            os.fsync(fresh.file.fileno())
            path.replace(self.path)
        except OSError:
            log.exception("the store could not be compacted")
            path.unlink(missing_ok=True)
            self._now.lines = self._now.batches = 0
            return
        _sync_folder(self.path)
        with self._reading:
            self._now = fresh


def encoded(document: Mapping[str, Any]) -> bytes:
    """A document as JSON on one line, in ASCII. Raises TypeError where it cannot be."""
    return json.dumps(document, separators=(",", ":")).encode()


def _named(path: Path, kind: str) -> Path:
    return path.with_name(f"{path.name}.{kind}")


def _opened(path: Path, *, read_only: bool = False) -> BinaryIO:
    if read_only:
        return (path if path.exists() else Path(os.devnull)).open("rb")
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    _sync_folder(path)
    return os.fdopen(fd, "r+b")


def _sync_folder(path: Path) -> None:
    fd = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _locked(path: Path) -> BinaryIO:
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise StoreLocked(f"{path}: another process has the store") from error
    return file
