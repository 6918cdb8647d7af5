"""Backups in a folder: the box's own, or one on a USB stick. Each is read back before the oldest are dropped."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

from firmware.backups import backup
from firmware.files import sync
from firmware.lists.compiled import ListDamaged
from firmware.store import open_store

OWN = "backups"
"""The folder within the data."""

PERIODS = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}
LINES_AT_ONCE = 200
MOST_LOOKED_AT = 1000
MOST_FOLDERS = 20

_NAME = re.compile(r"ringfence-(\d{8}T\d{6})Z\.jsonl", re.ASCII)
_STAMP = "%Y%m%dT%H%M%S"


class BackupFault(Exception):
    """A backup was not made, with why in `code`.

    `folder` (there is none, or it is not below an admitted one), `unmounted` (it is on the box's own card, where a
    stick should be), `disk` (it refuses), `spoiled` (what was read back is not what was written).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Found(NamedTuple):
    """A backup in the folder: its name, its size in bytes, and when it was made."""

    name: str
    size: int
    made: datetime


class Backups:
    """Backups of the data in `data`, in its own folder or in one below `roots` that is on another disk.

    `wait` is called between pieces of the work, and may hold it up.
    """

    def __init__(self, data: Path, roots: Iterable[str], wait: Callable[[], None] = lambda: None) -> None:
        self._data = data
        self._roots = [Path(root) for root in roots]
        self._wait = wait

    def folders(self) -> list[str]:
        """The folders on other disks that can be written, such as that of a USB stick."""
        looked_at = chain.from_iterable(
            chain([root], _below(root), *map(_below, _below(root))) for root in self._roots
        )
        found = []
        for path in islice(looked_at, MOST_LOOKED_AT):
            with suppress(BackupFault):
                found.append(str(self._usable(str(path))))
        return sorted(set(found))[:MOST_FOLDERS]

    def found(self, folder: str) -> list[Found]:
        """The backups in a folder, newest first. Raises BackupFault."""
        path = self._usable(folder)
        try:
            files = [file for file in path.iterdir() if _NAME.fullmatch(file.name)] if path.is_dir() else []
            return [Found(one.name, one.lstat().st_size, _made(one.name)) for one in sorted(files)[::-1]]
        except OSError as error:
            raise BackupFault("disk") from error

    def open(self, folder: str, name: str) -> BinaryIO:
        """A backup to read. Raises BackupFault, FileNotFoundError where there is none of that name."""
        if not _NAME.fullmatch(name):
            raise FileNotFoundError(name)
        path = self._usable(folder) / name
        try:
            return _opened(path, os.O_RDONLY)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise BackupFault("disk") from error

    def make(self, folder: str, keep: int, now: datetime) -> str:
        """Write a backup, read it back, and keep the newest `keep`; gives its name. Raises BackupFault."""
        path = self._usable(folder)
        name = f"ringfence-{now.astimezone(UTC):{_STAMP}}Z.jsonl"
        part = path / f".{name}.part"
        try:
            path.mkdir(mode=0o700, exist_ok=True)
            for left in path.glob(".ringfence-*.part"):
                left.unlink()
            try:
                written = self._written(part)
                self._read_back(part, written)
                part.replace(path / name)
            finally:
                part.unlink(missing_ok=True)
            with _opened(path / name, os.O_RDONLY) as file:
                os.fsync(file.fileno())  # on FAT what was renamed is empty until then
            sync(path)
            for old in self.found(folder)[keep:]:
                (path / old.name).unlink()
        except (OSError, ListDamaged) as error:
            raise BackupFault("disk") from error
        return name

    def drop(self, folder: str) -> int:
        """Delete every backup in a folder; gives how many. Raises BackupFault."""
        path = self._usable(folder)
        found = self.found(folder)
        try:
            for one in found:
                (path / one.name).unlink()
            if found:
                sync(path)
        except OSError as error:
            raise BackupFault("disk") from error
        return len(found)

    def due(self, folder: str, every: str, now: datetime) -> bool:
        """Whether the next backup is to be made. Raises BackupFault."""
        if every not in PERIODS:
            return False
        made = [one.made for one in self.found(folder) if one.made <= now + PERIODS["daily"]]
        return not made or now - made[0] >= PERIODS[every]

    def _usable(self, folder: str) -> Path:
        """The folder with every link followed, if backups may be there. Raises BackupFault."""
        if not folder:
            return self._data / OWN
        try:
            path = Path(folder).resolve()
            if not any(path.is_relative_to(root.resolve()) for root in self._roots) or not path.is_dir():
                raise BackupFault("folder")
            if path.stat().st_dev == self._data.stat().st_dev:
                raise BackupFault("unmounted")
            if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
                raise BackupFault("folder")
        except (OSError, ValueError, RuntimeError) as error:
            raise BackupFault("folder") from error
        return path

    def _written(self, path: Path) -> bytes:
        """Write all that there is, through to the disk; gives its digest."""
        digest = hashlib.sha256()
        with ExitStack() as opened:
            wishes = opened.enter_context(open_store(self._data / "store.journal", read_only=True))
            calls = opened.enter_context(open_store(self._data / "calls.journal", read_only=True))
            file = opened.enter_context(_opened(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
            for piece in _pieces(backup.written(wishes, calls, self._data / "lists")):
                self._wait()
                digest.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        return digest.digest()

    def _read_back(self, path: Path, expected: bytes) -> None:
        """Raises BackupFault where the disk gives back something else, or no backup."""
        digest = hashlib.sha256()

        def lines(file: BinaryIO) -> Iterator[str]:
            for count, line in enumerate(backup.lines_of(file)):
                if count % LINES_AT_ONCE == 0:
                    self._wait()
                digest.update(line.encode())
                yield line

        with _opened(path, os.O_RDONLY) as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            try:
                _, skipped = backup.read(lines(file), ())
            except backup.NoBackup as error:
                raise BackupFault("spoiled") from error
        if skipped or digest.digest() != expected:
            raise BackupFault("spoiled")


def _pieces(lines: Iterable[str]) -> Iterator[bytes]:
    remaining = iter(lines)
    while piece := "".join(islice(remaining, LINES_AT_ONCE)):
        yield piece.encode()


def _made(name: str) -> datetime:
    with suppress(ValueError):
        return datetime.strptime(name.split("-")[1][:15], _STAMP).replace(tzinfo=UTC)
    return datetime.min.replace(tzinfo=UTC)


def _below(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            return [Path(entry.path) for entry in islice(entries, MOST_LOOKED_AT) if entry.is_dir()]
    except OSError:
        return []


def _opened(path: Path, flags: int) -> BinaryIO:
    """A file, and not what a link on a stick leads to. Raises OSError."""
    fd = os.open(path, flags | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise FileNotFoundError(path)
    return os.fdopen(fd, "wb" if flags & os.O_WRONLY else "rb")
