"""Putting a new file in the place of an old one, so that a cut at any moment leaves one of the two."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO


def created(path: Path) -> BinaryIO:
    """A new file at `path` that its owner alone may read. Raises OSError."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
    return os.fdopen(os.open(path, flags, 0o600), "wb")


def put_in_place(file: BinaryIO, new: Path, path: Path) -> None:
    """Sync `file`, which is at `new`, and give it the name `path`. Raises OSError."""
    file.flush()
    os.fsync(file.fileno())
    new.replace(path)
    sync(path.parent)


def sync(folder: Path) -> None:
    """Have the disk keep which files there are. Raises OSError."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
