"""A compiled list: sorted keys in a chain of MARISA tries, in one file that is mapped and never read whole.

    magic                        eight bytes
    trie trie …                  each of some ten thousand keys
    thousands                    where the list is thick, as `Thousands` reads it
    index                        JSON: what the list is, of every trie its first key, offset, length and CRC-32, and of
                                 the thousands how many they are, offset, length and CRC-32
    offset length crc32 magic    of the index (big-endian 64, 32 and 32 bits)

All prefixes of a key lie between the prefix and the key in sorted order. So a segment that is still open where a trie
begins is repeated there, and whatever matches a key is in the one trie in whose range the key falls.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import weakref
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any
from zlib import crc32

from marisa_trie import BinaryTrie

from firmware.call import Number
from firmware.lists.thousands import Counting, Thousands

MAGIC = b"RFLIST2\n"
END = b"$"
"""Of a key that is a whole number."""
TRIE_BYTES = 1 << 20
LONGEST_INDEX = 1 << 20
READ_BYTES = 1 << 16

_FOOTER = struct.Struct(">QII8s")


class ListDamaged(Exception):
    """The file is no compiled list, or not as it was written."""


def write(keys: IO[bytes], out: IO[bytes], about: dict[str, Any], progress: Callable[[int], None]) -> int:
    """Compile sorted, distinct `keys`, one a line, into `out`; gives how many they are. Raises OSError.

    `about`: the list's `region` and `area`. `progress` is told after each trie how many keys are written.
    """
    out.write(MAGIC)
    tries: list[tuple[str, int, int, int]] = []
    open_segments: list[bytes] = []
    thousands = Counting()
    count, offset = 0, len(MAGIC)
    while text := keys.read(TRIE_BYTES) + keys.readline():
        part = text.removesuffix(b"\n").split(b"\n")
        last = part[-1]
        carried = [opening for opening in open_segments if part[0].startswith(opening)]
        trie = BinaryTrie([*carried, *part]).tobytes()
        tries.append((part[0].decode("ascii"), offset, len(trie), crc32(trie)))
        out.write(trie)
        offset += len(trie)
        count += len(part)
        segments: Iterable[bytes] = ()
        if text.count(END) < len(part):
            segments = [key for key in part if not key.endswith(END)]
            part = [key for key in part if key.endswith(END)]
        thousands.add(part, last)
        open_segments = [opening for opening in (*carried, *segments) if last.startswith(opening)]
        progress(count)
    written, thick = thousands.written()
    out.write(written)
    place = thick, offset, len(written), crc32(written)
    offset += len(written)
    index = json.dumps({**about, "count": count, "tries": tries, "thousands": place}).encode()
    out.write(index + _FOOTER.pack(offset, len(index), crc32(index), MAGIC))
    return count


class NumberList:
    """The compiled list at `path`. Raises ListDamaged, OSError. Any thread may ask, at any time.

    Opening reads the index alone. Each part is checked before it is used for the first time: by the call that needs
    it, or by `verify` beforehand. `region` and `area`: of the line for which the list was compiled.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        weakref.finalize(self, os.close, self._file)
        index = self._index()
        self._map = mmap.mmap(self._file, 0, access=mmap.ACCESS_READ)
        self.region: str = index["region"]
        self.area: str = index["area"]
        self._count: int = index["count"]
        self._firsts = [first.encode("ascii") for first, *_ in index["tries"]]
        self._thick, *thousands = index["thousands"]
        self._places: list[tuple[int, ...]] = [
            *(tuple(place) for _, *place in index["tries"]),
            tuple(thousands),
        ]
        self._tries: list[BinaryTrie | None] = [None] * len(self._firsts)
        self._thousands: Thousands | None = None
        self._sound = bytearray(len(self._places))

    def __len__(self) -> int:
        return self._count

    def find(self, number: Number) -> str | None:
        """What matches: the number itself, in its normal form, else its longest segment, as "162*".

        Raises ListDamaged and OSError where the part of the file that is needed cannot be used.
        """
        key = number.national.encode("ascii", "replace") + END
        at = bisect_right(self._firsts, key) - 1
        if at < 0:
            return None
        matches = (self._tries[at] or self._mapped(at)).prefixes(key)
        if not matches:
            return None
        return number.normal if matches[-1] == key else f"{matches[-1].decode('ascii')}*"

    def within(self, opening: str, digits: int) -> tuple[int, float]:
        """How many listed numbers begin with `opening` and go on for `digits`, and how thick, as `Thousands.within`.

        Raises ListDamaged and OSError where the part of the file that is needed cannot be used.
        """
        if not self._firsts:
            return 0, 0.0
        if self._thousands is None:
            self._thousands = Thousands(self._part(len(self._tries)), self._thick)
        return self._thousands.within(opening, digits)

    def entries(self) -> Iterator[str]:
        """Every number, in its national form, and every segment, as "162*". Raises ListDamaged, OSError."""
        for at, first in enumerate(self._firsts):
            keys = self._mapped(at).keys()
            yield from (
                key.removesuffix(END).decode("ascii") if key.endswith(END) else f"{key.decode('ascii')}*"
                for key in sorted(keys)
                if key >= first
            )

    def verify(self) -> None:
        """Read and check all of it, so that no call has to wait for that. Raises ListDamaged, OSError."""
        for at in range(len(self._places)):
            self._check(at)

    def close(self) -> None:
        """Find nothing from now on. The file is let go with the object, when nobody searches it any more."""
        self._firsts = []

    def _index(self) -> dict[str, Any]:
        size = os.fstat(self._file).st_size
        footer = os.pread(self._file, _FOOTER.size, max(0, size - _FOOTER.size))
        if len(footer) < _FOOTER.size or os.pread(self._file, len(MAGIC), 0) != MAGIC:
            raise ListDamaged(f"{self._path}: no compiled list")
        offset, length, crc, magic = _FOOTER.unpack(footer)
        if magic != MAGIC or offset + length + _FOOTER.size != size or length > LONGEST_INDEX:
            raise ListDamaged(f"{self._path}: not whole")
        text = os.pread(self._file, length, offset)
        if crc32(text) != crc:
            raise ListDamaged(f"{self._path}: the index is damaged")
        index: dict[str, Any] = json.loads(text)
        return index

    def _mapped(self, at: int) -> BinaryTrie:
        trie = BinaryTrie()
        trie.map(self._part(at))
        self._tries[at] = trie
        return trie

    def _part(self, at: int) -> memoryview:
        """The trie at a place, or what comes after all of them, as it was written."""
        self._check(at)
        offset, length, _ = self._places[at]
        return memoryview(self._map)[offset : offset + length]

    def _check(self, at: int) -> None:
        """Check the part at a place once, with `pread`: where the card fails, that is an error and no signal."""
        if self._sound[at]:
            return
        offset, length, expected = self._places[at]
        crc = 0
        for start in range(offset, offset + length, READ_BYTES):
            crc = crc32(os.pread(self._file, min(READ_BYTES, offset + length - start), start), crc)
        if crc != expected:
            raise ListDamaged(f"{self._path}: damaged between {offset} and {offset + length}")
        self._sound[at] = True
