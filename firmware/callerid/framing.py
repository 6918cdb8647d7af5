"""Bytes in any fragments cut into lines and shielded codes."""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST_LINE = 512
DLE = b"\x10"

_END = re.compile(rb"[\r\n\x00\x10]")


class Frames:
    """Keeps one unfinished line and no more: what goes beyond `LONGEST_LINE` is counted as one octet and dropped."""

    def __init__(self) -> None:
        self._line = bytearray()
        self._shielding = False

    def cut(self, data: bytes) -> Iterator[bytes]:
        """The lines that `data` ends (CR, LF, NUL or <DLE>), empty ones left out, and `DLE` with its code."""
        start = 0
        while start < len(data):
            if self._shielding:
                self._shielding = False
                yield DLE + data[start : start + 1]
                start += 1
                continue
            end = _END.search(data, start)
            stop = end.start() if end else len(data)
            self._line += data[start : min(stop, start + LONGEST_LINE + 1 - len(self._line))]
            if end:
                yield from self.rest()
                self._shielding = end[0] == DLE
            start = stop + 1

    def rest(self) -> Iterator[bytes]:
        """The unfinished line, which ends here."""
        line, self._line = bytes(self._line), bytearray()
        if line:
            yield line
