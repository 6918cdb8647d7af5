"""The journal's form on disk: batches of lines, each batch and each line with its CRC-32.

    #1 crc32 length⏎                     header: twice eight hexadecimal digits
    "table"⇥id⇥document⇥crc32⏎           a document put; an empty document: removed
    "table"⇥=⇥id⇥crc32⏎                  the highest id that the table has ever given
    "table"⇥-⇥⇥crc32⏎                    the table dropped

A batch is one operation: it is taken whole when its CRC is right. Where a batch in the middle of the file is damaged,
the lines whose own CRC is right are still taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple
from zlib import crc32

HEADER_BYTES = 21
_HEADER = re.compile(rb"#1 ([0-9a-f]{8}) (([0-9a-f]{8})\n)")
_KEY = re.compile(rb'"((?:[^"\\\t]|\\.)*)"\t(\d+)\t')
_SEARCH_BYTES = 1 << 20


class Batch(NamedTuple):
    """A whole batch: where its lines begin in the file, and its lines."""

    offset: int
    lines: bytes

    @property
    def end(self) -> int:
        return self.offset + len(self.lines)


class Line(NamedTuple):
    """One change: what it is about, and the document as JSON."""

    table: bytes
    key: bytes
    document: bytes


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that were not as they had been written.

    `lost`: the changes among them, as "table id" as far as it can be read. `torn`: the file ended there, in a
    change that was never acknowledged, or in the last one that was.
    """

    offset: int
    length: int
    lost: tuple[str, ...]
    torn: bool = False

    def __str__(self) -> str:
        what = ", ".join(self.lost) or "nothing"
        kind = "unfinished" if self.torn else "damaged"
        return f"{self.length} {kind} bytes at {self.offset}: lost {what}"


def line(table: bytes, key: bytes | int, document: bytes) -> bytes:
    """A line with its CRC."""
    content = b"%s\t%s\t%s\t" % (table, b"%d" % key if isinstance(key, int) else key, document)
    return b"%s%08x\n" % (content, crc32(content))


def parse(text: bytes) -> Line | None:
    """The line of which `text` is all but the end; None where its CRC is wrong."""
    content, tab, crc = text.rpartition(b"\t")
    parts = content.split(b"\t")
    if len(parts) == 3 and crc == b"%08x" % crc32(content + tab):
        return Line(*parts)
    return None


def batch(lines: bytes) -> bytes:
    """Lines as one batch, ready to be written."""
    tail = b"%08x\n" % len(lines)
    return b"#1 %08x %s%s" % (crc32(lines, crc32(tail)), tail, lines)


def read_batch(file: BinaryIO, offset: int) -> Batch | None:
    """The batch at `offset`; None where there is no whole one."""
    file.seek(offset)
    header = _HEADER.fullmatch(file.read(HEADER_BYTES))
    if not header:
        return None
    length = int(header[3], 16)
    body = file.read(length)
    if len(body) < length or int(header[1], 16) != crc32(body, crc32(header[2])):
        return None
    return Batch(offset + HEADER_BYTES, body)


def scan(file: BinaryIO, size: int) -> Iterator[Batch | Damage]:
    """Every batch of a file of `size` bytes in order, and all that is damaged between them.

    What can be taken from a damaged stretch comes before it, as a batch of its own for each line.
    """
    offset = 0
    while offset < size:
        found = read_batch(file, offset)
        if found:
            yield found
            offset = found.end
            continue
        following = _next_batch(file, offset + 1, size)
        yield from _salvage(file, offset, following, torn=following == size)
        offset = following


def _next_batch(file: BinaryIO, offset: int, size: int) -> int:
    """Where the next whole batch begins; `size` where there is none."""
    while offset < size:
        file.seek(offset)
        text = file.read(_SEARCH_BYTES)
        for found in re.finditer(rb"#1 ", text):
            if read_batch(file, offset + found.start()):
                return offset + found.start()
        offset += max(1, len(text) - 2)
    return size


def _salvage(file: BinaryIO, start: int, end: int, *, torn: bool) -> Iterator[Batch | Damage]:
    file.seek(start)
    stretch = file.read(end - start)
    lost: list[str] = []
    offset = start
    for text in stretch.split(b"\n"):
        if parse(text) and not torn:
            yield Batch(offset, text + b"\n")
        elif text and not text.startswith(b"#1 "):
            key = _KEY.search(text)
            lost.append(f"{key[1].decode('utf-8', 'replace')} {int(key[2])}" if key else "a change")
        offset += len(text) + 1
    yield Damage(start, end - start, tuple(lost), torn)
