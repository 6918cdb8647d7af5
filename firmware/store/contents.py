"""One journal file, and the index of what it holds."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Any, BinaryIO

from firmware.store import batches
from firmware.store.batches import Batch, Damage, Pages, pread
from firmware.store.index import Index

log = logging.getLogger(__name__)

LINE_BYTES = 1 << 12
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
        pages = Pages(self.file)
        for found in batches.scan(self.file, os.fstat(self.file.fileno()).st_size):
            if isinstance(found, Batch):
                self._take(pages, found)
            else:
                damage.append(found)
        return damage

    def write(self, lines: bytes) -> Batch:
        """Write a batch at the end, where it counts for nothing until it is synced and taken. Raises OSError."""
        header = batches.header(lines, self.lines)
        data, at = memoryview(header + lines), self.end
        while data:
            written = os.pwrite(self.file.fileno(), data, at)
            data, at = data[written:], at + written
        count = lines.count(b"\n")
        return Batch(self.end + len(header), at, count, self.lines + count)

    def take(self, batch: Batch) -> None:
        """Enter a batch into the index."""
        self._take(Pages(self.file), batch)

    def _take(self, pages: Pages, batch: Batch) -> None:
        for offset, lines in pages.lines(batch):
            self._enter(offset, lines)
        self.end = batch.end
        self.lines = batch.after
        self.batches += 1

    def _enter(self, offset: int, lines: bytes) -> None:
        texts = lines.splitlines(keepends=True)
        offsets = list(accumulate(map(len, texts), initial=offset))[:-1]
        name, *fields = lines.split(b"\t")
        ids, documents = fields[0::4], fields[2::4]
        alike = lines.count(b"\n" + name + b"\t") == len(texts) - 1
        if alike and b"" not in documents and b"=" not in ids:
            self._index(name).put_all(list(map(int, ids)), offsets)
        else:
            for text, at in zip(texts, offsets, strict=True):
                name, key, _, document, _ = text.split(b"\t")
                self._enter_line(name, key, document, at)

    def _enter_line(self, name: bytes, key: bytes, document: bytes, offset: int) -> None:
        index = self._index(name)
        if key == b"-":
            del self.tables[json.loads(name)]
        elif key == b"=":
            index.highest = max(index.highest, int(document))
        elif document:
            index.put(int(key), offset)
        else:
            index.remove(int(key))

    def _index(self, name: bytes) -> Index:
        return self.tables.setdefault(json.loads(name), Index())

    def live(self) -> Iterator[bytes]:
        """Every line that counts, table by table, in runs as long as a batch should be.

        The highest ids come last: the file's last batch, all of which a damaged byte costs, holds no document.
        """
        tables = {json.dumps(table).encode(): index for table, index in sorted(self.tables.items())}
        for index in tables.values():
            for ids, texts in runs(self.file, index.places()):
                whole = [b"%s\n" % text for id, text in zip(ids, texts, strict=True) if _parsed(id, text)]
                if whole:
                    yield b"".join(whole)
        if tables:
            yield b"".join(batches.line(name, b"=", b"%d" % index.highest) for name, index in tables.items())


def document(file: BinaryIO, id: int, offset: int) -> Document | None:
    """The document of the line at `offset`; None, and a word in the log, where the card has spoiled it since."""
    ((_, texts),) = runs(file, [(id, offset)], LINE_BYTES)
    line = _parsed(id, texts[0])
    return json.loads(line.document) if line else None


def documents(file: BinaryIO, places: Iterable[tuple[int, int]]) -> Iterator[tuple[int, Document]]:
    """The documents at `places`, which are ids and offsets, a run at a time."""
    for ids, texts in runs(file, places):
        try:
            found = json.loads(b"[%s]" % b",".join([text.split(b"\t", 4)[3] for text in texts]))
            yield from zip(ids, found, strict=True)
        except (ValueError, IndexError):
            for id, text in zip(ids, texts, strict=True):
                line = _parsed(id, text)
                if line:
                    yield id, json.loads(line.document)


def _parsed(id: int, text: bytes) -> batches.Line | None:
    line = batches.parse(text)
    if line is None:
        log.error("document %d of the store cannot be read any more: %r", id, text[:LINE_BYTES])
    return line


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
        window = pread(file, size, offset)
        if b"\n" in window or len(window) < size:
            return window
        size *= 4
