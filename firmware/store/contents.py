"""One journal file, and the index of what it holds."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from itertools import accumulate
from typing import Any, BinaryIO

from firmware.store import batches
from firmware.store.batches import Batch, Damage, Pages, pread
from firmware.store.index import Index, Places

log = logging.getLogger(__name__)

LINE_BYTES = 1 << 12
LINE_FIELDS = 5
RUN_BYTES = 1 << 16
RUN_LINES = 1 << 8
HEADER_LENGTH = batches.HEADER_BYTES - 1
"""Without its end."""

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
    ((_, texts),) = runs(file, ([id], [offset]))
    line = _parsed(id, texts[0])
    return json.loads(line.document) if line else None


def documents(file: BinaryIO, places: Places) -> Iterator[tuple[int, Document]]:
    """The documents at `places`, a run at a time."""
    for ids, texts in runs(file, places):
        try:
            fields = b"\t".join(texts).split(b"\t")
            found = json.loads(b"[%s]" % b",".join(fields[3::LINE_FIELDS]))
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


def runs(file: BinaryIO, places: Places) -> Iterator[tuple[list[int], list[bytes]]]:
    """The lines at `places`, without their ends, with the ids: as many at a time as lie close together."""
    ids, offsets = places
    for at in range(0, len(ids), RUN_LINES):
        yield from _run(file, list(ids[at : at + RUN_LINES]), list(offsets[at : at + RUN_LINES]))


def _run(file: BinaryIO, ids: list[int], offsets: list[int]) -> Iterator[tuple[list[int], list[bytes]]]:
    first, last = min(offsets), max(offsets)
    if last - first > RUN_BYTES:
        half = len(ids) // 2
        yield from _run(file, ids[:half], offsets[:half])
        yield from _run(file, ids[half:], offsets[half:])
        return
    size = last - first + LINE_BYTES
    window = pread(file, size, first)
    while window.find(b"\n", last - first) < 0 and len(window) == size:
        size *= 4
        window = pread(file, size, first)
    texts = window[: window.find(b"\n", last - first)].split(b"\n")
    if len(texts) > len(ids):
        texts = [text for text in texts if len(text) != HEADER_LENGTH or not text.startswith(batches.MARK)]
    if len(texts) == len(ids) and offsets == sorted(offsets):
        yield ids, texts
        return
    find = window.find
    yield ids, [window[offset - first : find(b"\n", offset - first)] for offset in offsets]
