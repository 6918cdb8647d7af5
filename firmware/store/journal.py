"""A journal that survives the plug being pulled: documents on disk, an index of them in memory.

A change is appended as one batch and synced before it is acknowledged. When more than half of the file has been
superseded, what counts is written anew beside it, synced, and put in its place by one rename.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from firmware.store import batches, contents
from firmware.store.changes import Changes
from firmware.store.contents import Contents, Document
from firmware.store.index import Index, Places

log = logging.getLogger(__name__)

SPARE_LINES = 1000
MOST_BATCHES = 20_000
MOST_ASIDE_BYTES = 16 << 20


class StoreLocked(OSError):
    """Another process has the store."""


class Journal:
    """The documents of every table in the file at `path`, which is created where there is none.

    One process writes, with any number of threads; `read_only` takes the file as it is, and changes nothing.
    Raises StoreLocked, OSError. What is damaged in the file never stops it: see `damage`. Nor does a card that can
    only be read any more: then every change raises OSError.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.changing = threading.RLock()
        self._reading = threading.Lock()
        self._here = threading.local()
        self._fault = "the store was opened for reading" if read_only else None
        self._lock = None
        self._compact_from = 0
        try:
            if not read_only:
                self._lock = _locked(_named(path, "lock"))
            self._now = Contents(_opened(path, read_only=read_only))
        except OSError as error:
            if error.errno != errno.EROFS:
                raise
            self._refuse(error)
            self._now = Contents(_opened(path, read_only=True))
        self.damage = self._now.load()
        if read_only:
            self.damage = [damage for damage in self.damage if not damage.torn]
        elif not self._fault:
            self._mend()

    # Reading: any thread, at any time; none waits for the disk to have written.

    def tables(self) -> list[str]:
        with self._reading:
            return list(self._now.tables)

    @property
    def fault(self) -> str | None:
        """Why no more changes are taken, or None."""
        return self._fault

    def ask(self, table: str, question: Callable[[Index], Any]) -> Any:
        """What the index of a table answers, which is empty where there is no such table."""
        with self._reading:
            return question(self._now.tables.get(table, Index()))

    def get(self, table: str, id: int) -> Document | None:
        file, offset = self._at(table, lambda index: index.get(id))
        return None if offset is None else contents.document(file, id, offset)

    def documents(
        self, table: str, places: Callable[[Index], Places] = Index.places
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
        self.replace({table: documents})

    def replace(self, tables: Mapping[str, Mapping[int, Document | None] | None]) -> None:
        """Change many tables as `change` does, and drop those that are None; all or none."""
        lines = b"".join(_lines(table, documents) for table, documents in tables.items())
        if not lines:
            return
        with self.changing:
            noted: Changes | None = getattr(self._here, "changes", None)
            if noted is None:
                self._append(lines)
                return
            before = self._before(tables)
            self._append(lines)
            for table, found in before.items():
                its = noted.setdefault(table, {})
                for id, document in found.items():
                    its[id] = its.get(id, (document,))[0], (tables[table] or {})[id]

    @contextlib.contextmanager
    def noting(self) -> Iterator[Changes]:
        """What this thread changes meanwhile, but tables that it drops."""
        self._here.changes = {}
        try:
            yield self._here.changes
        finally:
            self._here.changes = None

    def _before(
        self, tables: Mapping[str, Mapping[int, Document | None] | None]
    ) -> dict[str, dict[int, Document | None]]:
        return {
            table: {id: self.get(table, id) for id in documents}
            for table, documents in tables.items()
            if documents is not None
        }

    def close(self) -> None:
        with self.changing:
            self._now.file.close()
            if self._lock:
                self._lock.close()

    def _append(self, lines: bytes) -> None:
        with self.changing:
            if self._fault:
                raise OSError(errno.EROFS, self._fault, str(self.path))
            now = self._now
            try:
                batch = now.write(lines)
                os.fdatasync(now.file.fileno())
            except BaseException:
                self._take_back()
                raise
            with self._reading:
                now.take(batch)
            live = sum(map(len, now.tables.values()))
            spent = now.lines > 2 * live + SPARE_LINES or now.batches > MOST_BATCHES
            if spent and now.lines >= self._compact_from:
                self._compact()

    def _take_back(self) -> None:
        """Cut off a change that failed, so that it does not come back when the store is opened again."""
        try:
            os.ftruncate(self._now.file.fileno(), self._now.end)
            os.fdatasync(self._now.file.fileno())
        except OSError as error:
            self._refuse(error)

    def _refuse(self, error: OSError) -> None:
        """From here on the store is only read."""
        self._fault = f"the store takes no more changes: {error.strerror}"
        log.error("%s: %s", self.path, self._fault)

    def _mend(self) -> None:
        """Set what is damaged aside, and go on with what is whole."""
        if not self.damage:
            return
        self._set_aside()
        if self.damage[-1].torn:
            self._take_back()
        if any(not damage.torn for damage in self.damage) and not self._fault:
            self._compact()

    def _set_aside(self) -> None:
        path = _named(self.path, "damaged")
        try:
            with _created(path, truncate=path.exists() and path.stat().st_size > MOST_ASIDE_BYTES) as aside:
                aside.seek(0, os.SEEK_END)
                for damage in self.damage:
                    stretch = batches.pread(self._now.file, damage.length, damage.offset)
                    aside.write(b"%s\n%s\n" % (str(damage).encode(), stretch))
        except OSError:
            log.exception("what is damaged could not be set aside")

    def compact(self) -> None:
        """Write what counts beside the journal, and put it in its place: what was removed is in the file no more.

        Raises OSError.
        """
        path = _named(self.path, "new")
        with self.changing:
            if self._fault:
                raise OSError(errno.EROFS, self._fault, str(self.path))
            try:
                fresh = Contents(_created(path, truncate=True))
                for lines in self._now.live():
                    fresh.take(fresh.write(lines))
                os.fsync(fresh.file.fileno())
                path.replace(self.path)
            except OSError:
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)
                raise
            with self._reading:
                self._now = fresh
            self._compact_from = 0
            try:
                _sync_folder(self.path)
            except OSError as error:
                self._refuse(error)
                raise

    def _compact(self) -> None:
        """Do so for the room; where the disk refuses, go on without."""
        try:
            self.compact()
        except OSError:
            log.exception("the store could not be compacted")
            self._compact_from = self._now.lines + SPARE_LINES


def _lines(table: str, documents: Mapping[int, Document | None] | None) -> bytes:
    name = json.dumps(table).encode()
    if documents is None:
        return batches.line(name, b"-", b"")
    return b"".join(
        [batches.line(name, id, b"" if doc is None else encoded(doc)) for id, doc in documents.items()]
    )


def encoded(document: Mapping[str, Any]) -> bytes:
    """A document as JSON on one line, in ASCII. Raises TypeError where it cannot be."""
    return json.dumps(document, separators=(",", ":")).encode()


def _named(path: Path, kind: str) -> Path:
    return path.with_name(f"{path.name}.{kind}")


def _opened(path: Path, *, read_only: bool = False) -> BinaryIO:
    if read_only:
        return (path if path.exists() else Path(os.devnull)).open("rb", buffering=0)
    file = _created(path)
    _sync_folder(path)
    return file


def _created(path: Path, *, truncate: bool = False) -> BinaryIO:
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | (os.O_TRUNC if truncate else 0)
    return os.fdopen(os.open(path, flags, 0o600), "r+b", buffering=0)


def _sync_folder(path: Path) -> None:
    fd = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _locked(path: Path) -> BinaryIO:
    file = _created(path)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise StoreLocked(f"{path}: another process has the store") from error
    return file
