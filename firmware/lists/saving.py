"""Uploaded lists in a backup: their numbers out of the compiled files, and into texts that are compiled anew.

A subscription is fetched anew, while the numbers of an uploaded list are nowhere else. They stand in lines of their
own, each with the id of its list. A list is saved whole or, where a backup has no room for it, not at all, and says so.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Self

from firmware.lists.compiled import ListDamaged, NumberList

log = logging.getLogger(__name__)

MOST_NUMBERS = 1_000_000
"""Numbers of all uploaded lists in one backup: some 16 MB of text, a quarter of the largest that is taken back."""

NUMBERS_A_LINE = 1000
LONGEST_NUMBER = 40
MOST_TEXTS = 100

TOO_MANY = f"A backup has room for {MOST_NUMBERS:,} numbers of uploaded lists."
NOT_READABLE = "Its numbers are not compiled yet, or cannot be read."

Doc = Mapping[str, Any]


def too_large(documents: Iterable[tuple[int, Doc]]) -> list[int]:
    """The ids of the uploaded lists for which a backup has no room: the smaller ones come first."""
    left_out, room = [], MOST_NUMBERS
    for count, id in sorted((doc.get("count", 0), id) for id, doc in documents if doc.get("url") is None):
        room -= count
        if room < 0:
            left_out.append(id)
    return left_out


class Saved:
    """The lists that `documents` describe as a backup has them: with the numbers of the compiled files in `folder`."""

    def __init__(self, documents: Iterable[tuple[int, Doc]], folder: Path | None) -> None:
        self._documents = dict(documents)
        large = too_large(self._documents.items())
        self._left_out = dict.fromkeys(large, TOO_MANY)
        self._open: dict[int, NumberList] = {}
        for id, doc in self._documents.items():
            if doc.get("url") is None and id not in large:
                try:
                    self._open[id] = _opened(folder, id)
                except (ListDamaged, OSError) as error:
                    log.warning("list %d is left out of the backup: %s", id, error)
                    self._left_out[id] = NOT_READABLE

    def documents(self) -> Iterator[tuple[int, Doc]]:
        """What the lists are, and why the numbers of one are left out."""
        for id, doc in self._documents.items():
            yield id, {**doc, "left_out": self._left_out[id]} if id in self._left_out else doc

    def numbers(self) -> Iterator[tuple[int, Doc]]:
        """The numbers of those that are not, some at a time. Raises ListDamaged, OSError."""
        place = 0
        for id, numbers in self._open.items():
            remaining = numbers.entries()
            while part := list(islice(remaining, NUMBERS_A_LINE)):
                place += 1
                yield place, {"list": id, "numbers": part}


def _opened(folder: Path | None, id: int) -> NumberList:
    if folder is None:
        raise FileNotFoundError
    numbers = NumberList(folder / f"{id}.list")
    numbers.verify()
    return numbers


class Texts:
    """The lists of a backup that is being read, as texts in a folder of their own within `folder`, which is theirs.

    `kept` counts their numbers. What is not put into place goes with the block.
    """

    def __init__(self, folder: Path) -> None:
        self._lists = folder
        self._folder = folder / "restored"
        self._known: set[int] = set()
        self.kept = 0

    def __enter__(self) -> Self:
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(mode=0o700, parents=True)
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def add(self, doc: Doc) -> bool:
        """Take a line with numbers; False where it makes no sense. Raises ValueError `too_many`, OSError."""
        id, numbers = doc.get("list"), doc.get("numbers")
        if not (type(id) is int and 0 < id < 1 << 53):
            return False
        if not (isinstance(numbers, list) and all(map(_is_number, numbers))):
            return False
        self._known.add(id)
        self.kept += len(numbers)
        if self.kept > MOST_NUMBERS or len(self._known) > MOST_TEXTS:
            raise ValueError("too_many")
        with self._path(id).open("a", encoding="ascii") as text:
            text.writelines(f"{number}\n" for number in numbers)
        return True

    def put(self, before: int, id: int) -> bool:
        """Give the list `id` the text of the one that was `before`; False where none came. Raises OSError."""
        if before not in self._known:
            return False
        self._path(before).replace(self._lists / f"{id}.text")
        return True

    def _path(self, id: int) -> Path:
        return self._folder / f"{id}.text"


def _is_number(text: object) -> bool:
    return isinstance(text, str) and text.isascii() and text.isprintable() and len(text) <= LONGEST_NUMBER
