"""Messages as they come over a stream (RFC 3261 clause 18.3), and their headers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from firmware.callerid.said import written

LONGEST_HEAD = 1 << 15
LONGEST_BODY = 1 << 16
MOST_HEADERS = 128
_LENGTH = re.compile(
    rb"^(?:content-length|l)[ \t]*:[ \t]*([0-9]{1,6})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE
)
_OTHER_LINE_ENDS = re.compile("[\0\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")


class Broken(Exception):
    """What came is longer than any message may be, so that its end is not known."""


class Frames:
    """Cuts a stream into messages; empty lines between them are keepalives and are left out."""

    def __init__(self) -> None:
        self._kept = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The messages that `data` completes. Raises Broken."""
        self._kept += data
        while True:
            start = len(self._kept) - len(self._kept.lstrip(b"\r\n"))
            del self._kept[:start]
            end = self._kept.find(b"\r\n\r\n")
            if end < 0:
                if len(self._kept) > LONGEST_HEAD:
                    raise Broken
                return
            found = _LENGTH.search(self._kept, 0, end)
            length = int(found[1]) if found else 0
            if end > LONGEST_HEAD or length > LONGEST_BODY:
                raise Broken
            whole = end + 4 + length
            if len(self._kept) < whole:
                return
            yield bytes(self._kept[:whole])
            del self._kept[:whole]


def text_of(data: bytes) -> str:
    """A message as text: UTF-8 or Chinese where it can be, with no line ends but those of SIP."""
    return _OTHER_LINE_ENDS.sub(" ", written(data.decode("latin-1")))


def headers_of(text: str) -> list[tuple[str, str]]:
    """The headers of a message, folded lines joined, in their order, and no more than a message may have."""
    head = re.split(r"\r?\n\r?\n", text, maxsplit=1)[0]
    lines = re.split(r"\r?\n", re.sub(r"\r?\n[ \t]+", " ", head))[1 : MOST_HEADERS + 1]
    pairs = (line.partition(":") for line in lines)
    return [(name.strip(), value.strip()) for name, colon, value in pairs if colon]
