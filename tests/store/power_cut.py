"""Records what a program does to the files of one folder, and makes of it what a card may hold after a power cut."""

import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SECTOR = 512

Files = dict[str, bytes]


class Inode:
    """A file as the program sees it, as the card surely has it, and the changes that lie between."""

    def __init__(self) -> None:
        self.seen = bytearray()
        self.durable = b""

    def write(self, offset: int, data: bytes) -> None:
        self.seen.extend(bytes(max(0, offset - len(self.seen))))
        self.seen[offset : offset + len(data)] = data

    def after_cut(self, chance: random.Random) -> bytes:
        """Some of the sectors not yet synced are there, and others are as before or were never written."""
        if self.seen == self.durable:
            return self.durable
        kept = bytearray(self.durable.ljust(len(self.seen), b"\0"))
        for start in range(0, len(self.seen), SECTOR):
            if chance.random() < 0.5:
                kept[start : start + SECTOR] = self.seen[start : start + SECTOR]
        sizes = [len(self.seen), len(self.durable), chance.randint(0, len(self.seen))]
        return bytes(kept[: chance.choice([size for size in sizes if size >= self.least])])

    @property
    def least(self) -> int:
        return min(len(self.durable), len(self.seen))


class Card:
    """Stands between the program and the folder: every call goes through, and is taken down.

    After each call, `on_call` is called: the moment at which the power may go.
    """

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.names: dict[str, Inode] = {}
        self.durable_names: dict[str, Inode] = {}
        self.open: dict[int, Inode | None] = {}
        self.on_call = lambda: None
        for name in ("open", "pwrite", "ftruncate", "fsync", "fdatasync", "replace", "unlink"):
            monkeypatch.setattr(os, name, self._recorded(name, getattr(os, name)))

    def _recorded(self, name: str, call: Any) -> Any:
        def recorded(*args: Any, **kwargs: Any) -> Any:
            result = call(*args, **kwargs)
            getattr(self, f"_{name}")(result, *args)
            self.on_call()
            return result

        return recorded

    def _open(self, fd: int, path: Any, flags: int, *_: Any) -> None:
        path = Path(path)
        self.open[fd] = None
        if path.parent == self.folder:
            inode = self.open[fd] = self.names.setdefault(path.name, Inode())
            if flags & os.O_TRUNC:
                inode.seen.clear()

    def _pwrite(self, written: int, fd: int, data: Any, offset: int) -> None:
        if inode := self.open.get(fd):
            inode.write(offset, bytes(data[:written]))

    def _ftruncate(self, _: None, fd: int, size: int) -> None:
        if inode := self.open.get(fd):
            del inode.seen[size:]

    def _fsync(self, _: None, fd: int) -> None:
        if inode := self.open.get(fd):
            inode.durable = bytes(inode.seen)
        else:
            self.durable_names = dict(self.names)

    _fdatasync = _fsync

    def _replace(self, _: None, source: Any, target: Any) -> None:
        self.names[Path(target).name] = self.names.pop(Path(source).name)

    def _unlink(self, _: None, path: Any, *__: Any) -> None:
        self.names.pop(Path(path).name, None)

    def after_cuts(self, chance: random.Random, count: int) -> Iterator[Files]:
        """What the card may hold if the power goes now: `count` of the many possibilities, and the two extremes."""
        yield {name: inode.durable for name, inode in self.durable_names.items()}
        yield {name: bytes(inode.seen) for name, inode in self.names.items()}
        for _ in range(count):
            names = chance.choice([self.names, self.durable_names])
            yield {name: inode.after_cut(chance) for name, inode in names.items()}
