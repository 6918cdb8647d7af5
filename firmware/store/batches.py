"""The journal's form on disk: batches of lines.

    #1 length count before crc32 crc32⏎        header, each eight hexadecimal digits: bytes and lines in the batch,
                                               lines before it in the file, CRC of the lines, CRC of the header so far
    "table"⇥id⇥crc32⇥document⇥crc32⏎           a document put; an empty document: removed
    "table"⇥=⇥crc32⇥id⇥crc32⏎                  the highest id that the table has ever given
    "table"⇥-⇥crc32⇥⇥crc32⏎                    the table dropped

A line's first CRC covers its table and id, so that a damaged line still tells what it was about; the second covers
the line so far. A batch is one operation: it is taken whole when its CRC is right. Where a batch in the middle of the
file is damaged, the lines whose own CRC is right are still taken, and the headers around it tell how many are not.
"""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple
from zlib import crc32

HEADER_BYTES = 48
READ_BYTES = 1 << 18
BLOCK_BYTES = 1 << 12
MOST_NAMED = 20

MARK = b"#1 "
_HEADER = re.compile(rb"#1((?: [0-9a-f]{8}){4}) ([0-9a-f]{8})\n")
_KEY = re.compile(rb'(("(?:[^"\\\t\n]|\\.)*")\t(-?\d+|=|-)\t)([0-9a-f]{8})')
_SPECIAL = {b"=": "highest id", b"-": "drop"}


class Batch(NamedTuple):
    """Where the lines of a batch are, how many they are, and how many lines the file has up to its end."""

    offset: int
    end: int
    changes: int
    after: int


class Line(NamedTuple):
    """One change: what it is about, and the document as JSON."""

    table: bytes
    key: bytes
    document: bytes


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that were not as they had been written.

    `lost`: the changes among them, as "table id"; `more`: how many others there were, of which nothing can be told.
    `torn`: the file ended there, in a change that was never acknowledged, or in the last one that was.
    """

    offset: int
    length: int
    lost: tuple[str, ...]
    more: int = 0
    torn: bool = False

    def __str__(self) -> str:
        named, more = self.lost[:MOST_NAMED], self.more + len(self.lost[MOST_NAMED:])
        changes = [*named, *([f"{more} more" if named else f"{more} unnamed"] if more else [])]
        kind = "unfinished" if self.torn else "damaged"
        return f"{self.length} {kind} bytes at {self.offset}: lost changes: {', '.join(changes) or 'none'}"


class Pages:
    """A file read in long strides."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._window = b""
        self._start = 0

    def read(self, offset: int, size: int) -> bytes:
        at = offset - self._start
        if at < 0 or at + size > len(self._window):
            self._window, self._start, at = pread(self._file, max(size, READ_BYTES), offset), offset, 0
        return self._window[at : at + size]

    def lines(self, batch: Batch) -> Iterator[tuple[int, bytes]]:
        """A batch's lines, many at a time, with their offset."""
        offset, size = batch.offset, READ_BYTES
        while offset < batch.end:
            text = self.read(offset, min(size, batch.end - offset))
            cut = text.rfind(b"\n") + 1
            if cut:
                yield offset, text[:cut]
                offset, size = offset + cut, READ_BYTES
            elif len(text) < size:
                return
            else:
                size *= 4


def pread(file: BinaryIO, size: int, offset: int) -> bytes:
    """Up to `size` bytes from `offset`, with zeros for the blocks that the card cannot read."""
    try:
        return os.pread(file.fileno(), size, offset)
    except OSError as error:
        if error.errno != errno.EIO:
            raise
        end = offset + size
        starts = [offset, *range(offset - offset % BLOCK_BYTES + BLOCK_BYTES, end, BLOCK_BYTES)]
        if len(starts) > 1:
            ends = [*starts[1:], end]
            return b"".join(pread(file, to - at, at) for at, to in zip(starts, ends, strict=True))
        return bytes(max(0, min(end, os.fstat(file.fileno()).st_size) - offset))


def line(table: bytes, key: bytes | int, document: bytes) -> bytes:
    """A line with its CRCs."""
    about = b"%s\t%s\t" % (table, b"%d" % key if isinstance(key, int) else key)
    content = b"%s%08x\t%s\t" % (about, crc32(about), document)
    return b"%s%08x\n" % (content, crc32(content))


def parse(text: bytes) -> Line | None:
    """The line of which `text` is all but the end; None where its CRC is wrong."""
    content, tab, crc = text.rpartition(b"\t")
    parts = content.split(b"\t")
    if len(parts) == 4 and crc == b"%08x" % crc32(content + tab):
        table, key, _, document = parts
        return Line(table, key, document)
    return None


def header(lines: bytes, before: int) -> bytes:
    """What makes lines a batch; `before`: how many lines the file has until now."""
    fields = b" %08x %08x %08x %08x" % (len(lines), lines.count(b"\n"), before, crc32(lines))
    return b"#1%s %08x\n" % (fields, crc32(fields))


def scan(file: BinaryIO, size: int) -> Iterator[Batch | Damage]:
    """Every batch of a file of `size` bytes in order, and all that is damaged between them.

    What can be taken from a damaged stretch comes before it, as a batch of its own for each line; behind it comes an
    empty batch, from which the file goes on.
    """
    pages = Pages(file)
    offset = lines = 0
    while offset < size:
        found = _batch(pages, offset)
        if found and _is_whole(pages, *found):
            batch, _ = found
            missing = batch.after - batch.changes - lines
            if missing > 0:
                yield Damage(offset, 0, (), missing)
            yield batch
            offset, lines = batch.end, batch.after
            continue
        following, at = _next_batch(pages, offset + 1, size)
        until = found[0].after if found else lines
        if following:
            until = following.after - following.changes
        yield from _salvage(pages.read(offset, at - offset), offset, until - lines, torn=following is None)
        offset, lines = at, until
        if following:
            yield Batch(offset, offset, 0, lines)


def _batch(pages: Pages, offset: int) -> tuple[Batch, int] | None:
    """What the header at `offset` says: the batch, and the CRC of its lines; None where there is no true one."""
    found = _HEADER.fullmatch(pages.read(offset, HEADER_BYTES))
    if not found or int(found[2], 16) != crc32(found[1]):
        return None
    length, count, before, crc = (int(field, 16) for field in found[1].split())
    start = offset + HEADER_BYTES
    return Batch(start, start + length, count, before + count), crc


def _is_whole(pages: Pages, batch: Batch, crc: int) -> bool:
    actual, offset = 0, batch.offset
    while offset < batch.end:
        piece = pages.read(offset, min(READ_BYTES, batch.end - offset))
        if not piece:
            return False
        actual, offset = crc32(piece, actual), offset + len(piece)
    return actual == crc


def _next_batch(pages: Pages, offset: int, size: int) -> tuple[Batch | None, int]:
    """The next batch with a true header, and where that is; None and `size` where there is none."""
    while text := pages.read(offset, min(READ_BYTES, size - offset)):
        mark = text.find(MARK)
        while mark >= 0:
            found = _batch(pages, offset + mark)
            if found:
                return found[0], offset + mark
            mark = text.find(MARK, mark + 1)
        offset += max(1, len(text) - len(MARK) + 1)
    return None, size


def _salvage(stretch: bytes, start: int, expected: int, *, torn: bool) -> Iterator[Batch | Damage]:
    """The whole lines of a damaged stretch, unless it is torn, and what else of the `expected` lines is lost."""
    lost: list[str] = []
    whole = 0
    for key in _KEY.finditer(stretch):
        if key[4] != b"%08x" % crc32(key[1]):
            continue
        end = stretch.find(b"\n", key.start())
        if end >= 0 and not torn and parse(stretch[key.start() : end]):
            whole += 1
            yield Batch(start + key.start(), start + end + 1, 1, 0)
        else:
            lost.append(f"{json.loads(key[2])} {_SPECIAL.get(key[3]) or int(key[3])}")
    yield Damage(start, len(stretch), tuple(lost), max(0, expected - whole - len(lost)), torn)
