"""Where numbers lie: ranges of their first nine digits, with a name for each, mapped into memory.

The file begins with a line of JSON that names its sources and counts `ranges` and `names`. Little-endian arrays
follow: the first number of each range (u32), where each name ends in the text (u32), the name of each range (u16); then
the text (UTF-8), and the CRC-32 of it all. A range reaches to the next one; the empty name is for what nobody knows.
`python -m firmware.numbers.assemble` writes it.
"""

from __future__ import annotations

import json
import mmap
import struct
import zlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from pathlib import Path

DIGITS = 9
"""How many digits of a number, with its country code, decide."""

_CHECKSUM = 4


class Places:
    """The names of a file that `pack` wrote. Raises OSError, or ValueError where the file is not whole."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
            if _checksum(data[:-_CHECKSUM]) != data[-_CHECKSUM:]:
                raise ValueError(f"{path} is not whole")
            self.about = json.loads(file.readline())
            starts = file.tell()
        ends = starts + 4 * self.about["ranges"]
        named = ends + 4 * self.about["names"]
        text = named + 2 * self.about["ranges"]
        self._starts = data[starts:ends].cast("I")
        self._ends = data[ends:named].cast("I")
        self._named = data[named:text].cast("H")
        self._text = data[text:-_CHECKSUM]

    def find(self, digits: str) -> str | None:
        """The place of a number that begins with `digits` (E.164, without the plus)."""
        first = int(digits[:DIGITS].ljust(DIGITS, "0"))
        name = self._named[bisect_right(self._starts, first) - 1]
        begin = self._ends[name - 1] if name else 0
        return str(self._text[begin : self._ends[name]], "utf-8") or None

    def ranges(self) -> Iterator[tuple[int, int, str]]:
        """The first and the last number of each range that has a name, of DIGITS digits, and the name."""
        for start, end in pairwise((*self._starts, 10**DIGITS)):
            if name := self.find(str(start)):
                yield start, end - 1, name


def pack(ranges: Sequence[tuple[int, str]], sources: Mapping[str, str]) -> bytes:
    """The file for `ranges`, which are sorted and begin with number 0; the same ranges give the same bytes.

    Raises struct.error for more than 65,536 names.
    """
    names = sorted({name for _, name in ranges})
    position = {name: at for at, name in enumerate(names)}
    texts = [name.encode() for name in names]
    about = {"sources": dict(sources), "ranges": len(ranges), "names": len(names)}
    data = b"".join(
        (
            json.dumps(about).encode() + b"\n",
            struct.pack(f"<{len(ranges)}I", *(first for first, _ in ranges)),
            struct.pack(f"<{len(names)}I", *accumulate(map(len, texts))),
            struct.pack(f"<{len(ranges)}H", *(position[name] for _, name in ranges)),
            *texts,
        )
    )
    return data + _checksum(data)


def _checksum(data: bytes | memoryview) -> bytes:
    return zlib.crc32(data).to_bytes(_CHECKSUM, "little")
