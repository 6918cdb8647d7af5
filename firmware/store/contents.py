"""One journal file, and the index of what it holds."""

from __future__ import annotations

import itertools
import json
import logging
import os
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from firmware.store import batches
from firmware.store.batches import Batch, Damage, Line
from firmware.store.index import Index

log = logging.getLogger(__name__)

READ_BYTES = 1 << 12
RUN_BYTES = 1 << 16

Document = dict[str, Any]


class Contents:
    """Appends batches to `file` and knows where each document lies. The caller sees to threads.

    `end`: where the next batch goes. `lines`: how many there are, superseded ones included.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.tables: dict[str, Index] = {}
        self.end = 0
        self.lines = 0
        self.batches = 0

    def load(self) -> list[Damage]:
        """Read the file from its beginning; gives what was damaged."""
        damage: list[Damage] = []
        size = os.fstat(self.file.fileno()).st_size
        for found in batches.scan(self.file, size):
            if isinstance(found, Batch):
                self.take(found)
            else:
                damage.append(found)
        self.end = damage[-1].offset if damage and damage[-1].torn else size
        return damage

    def write(self, lines: bytes) -> Batch:
        """Write a batch at the end, where it counts for nothing until it is synced and taken. Raises OSError."""
        data = memoryview(batches.batch(lines))
        at = self.end
        while data:
            written = os.pwrite(self.file.fileno(), data, at)
            data, at = data[written:], at + written
        return Batch(self.end + batches.HEADER_BYTES, lines)

    def take(self, batch: Batch) -> None:
        """Enter a batch into the index."""
        self.end = batch.end
        self.batches += 1
        texts = batch.lines.split(b"\n")
        texts.pop()
        self.lines += len(texts)
        offsets = [*itertools.accumulate((len(text) + 1 for text in texts), initial=batch.offset)][:-1]
        parts = [text.split(b"\t", 3) for text in texts]
        names = {part[0] for part in parts}
        if len(names) == 1 and all(part[2] and part[1] != b"=" for part in parts):
            self._index(names.pop()).put_all([int(part[1]) for part in parts], offsets)
        else:
            for (name, key, document, _), offset in zip(parts, offsets, strict=True):
                self._take_line(Line(name, key, document), offset)

    def _take_line(self, line: Line, offset: int) -> None:
        index = self._index(line.table)
        if line.key == b"-":
            del self.tables[json.loads(line.table)]
        elif line.key == b"=":
            index.highest = max(index.highest, int(line.document))
        elif line.document:
            index.put(int(line.key), offset)
        else:
            index.remove(int(line.key))

    def _index(self, name: bytes) -> Index:
        return self.tables.setdefault(json.loads(name), Index())

    def live(self) -> Iterator[bytes]:
        """Every line that counts, table by table, in runs as long as a batch should be."""
        for table, index in sorted(self.tables.items()):
            name = json.dumps(table).encode()
            yield batches.line(name, b"=", b"%d" % index.highest)
            for _, texts in runs(self.file, index.places()):
                yield b"".join(b"%s\n" % text for text in texts)


def document(file: BinaryIO, offset: int) -> Document | None:
    """The document of the line at `offset`; None, and a word in the log, where the card has spoiled it since."""
    _, texts = next(runs(file, [(0, offset)], READ_BYTES))
    line = batches.parse(texts[0])
    if line is None:
        log.error("a document at %d of the store cannot be read any more", offset)
        return None
    found: Document = json.loads(line.document)
    return found


def documents(file: BinaryIO, places: Iterable[tuple[int, int]]) -> Iterator[tuple[int, Document]]:
    """The documents at `places`, which are ids and offsets, a run at a time."""
    for ids, texts in runs(file, places):
        try:
            found = json.loads(b"[%s]" % b",".join([text.split(b"\t", 3)[2] for text in texts]))
            yield from zip(ids, found, strict=True)
        except ValueError:
            for id, text in zip(ids, texts, strict=True):
                line = batches.parse(text)
                if line:
                    yield id, json.loads(line.document)
                else:
                    log.error("document %d of the store cannot be read any more", id)


def runs(
    file: BinaryIO, places: Iterable[tuple[int, int]], size: int = RUN_BYTES
) -> Iterator[tuple[list[int], list[bytes]]]:
    """The lines at `places`, without their ends, as many at a time as one read of `size` bytes brings."""
    ids: list[int] = []
    texts: list[bytes] = []
    window, start = b"", 0
    for id, offset in places:
        at = offset - start
        end = window.find(b"\n", at) if 0 <= at < len(window) else -1
        if end < 0:
            if ids:
                yield ids, texts
                ids, texts = [], []
            window, start, at = _window(file, offset, size), offset, 0
            end = window.find(b"\n")
        ids.append(id)
        texts.append(window[at:end])
    if ids:
        yield ids, texts


def _window(file: BinaryIO, offset: int, size: int) -> bytes:
    """At least one whole line from `offset`."""
    while True:
        window = os.pread(file.fileno(), size, offset)
        if b"\n" in window or len(window) < size:
            return window
        size *= 4
