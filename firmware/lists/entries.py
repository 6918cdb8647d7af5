"""From a list's text to the keys by which its numbers are looked up.

A key is what a caller's `Number.national` is compared with: a number is that form and `END`, a segment its first
digits alone. Whoever looks up every prefix of a caller's key finds both at once.
"""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BufferedReader

import phonenumbers

from firmware.lists.compiled import END
from firmware.lists.formats import decoded, format_of
from firmware.numbers import is_protected, segment, understand, without_punctuation
from firmware.numbers.plain import Plain

MOST_BYTES = 512 << 20
MOST_ENTRIES = 10_000_000
LONGEST_LINE = 4096
LONGEST_SAMPLE = 80
MOST_SAMPLES = 20
CHUNK_BYTES = 1 << 20

_ENTRY = re.compile(r"\+?[0-9]{3,20}|\+?[0-9]{2,20}\*")


class NotAList(ValueError):
    """What came is no list. `code`: `too_large`, `too_many`, `gzip`, `no_numbers`, or `no_list` where most is noise.

    `samples`: the beginnings of the first lines that were no numbers.
    """

    def __init__(self, code: str, samples: Iterable[str] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.samples = tuple(samples)


@dataclass(slots=True)
class Tally:
    """How many lines were numbers or segments, were none, and were protected numbers, which are left out.

    `samples`: the beginnings of the first lines that were none.
    """

    entries: int = 0
    refused: int = 0
    protected: int = 0
    samples: list[str] = field(default_factory=list)

    def refuse(self, line: bytes) -> None:
        self.refused += 1
        if len(self.samples) < MOST_SAMPLES:
            self.samples.append(decoded(line[: 4 * LONGEST_SAMPLE]).strip()[:LONGEST_SAMPLE])

    def check(self, *, whole: bool = False) -> None:
        """Raises NotAList: by what was read so far, or when it was the `whole` list."""
        if self.entries > MOST_ENTRIES:
            raise NotAList("too_many")
        if self.refused > (self.entries + self.protected if whole else MOST_ENTRIES):
            raise NotAList("no_list", self.samples)
        if whole and not self.entries:
            raise NotAList("no_numbers", self.samples)


class Entries:
    """Reads lists for a line in `region` (ISO 3166) with its area code, as `understand` takes them."""

    def __init__(self, region: str, area: str = "") -> None:
        self.tally = Tally()
        self._region = region
        self._area = area
        self._home = f"+{phonenumbers.country_code_for_region(region)}"
        self._plain = Plain(region)

    def keys(self, file: BufferedReader) -> Iterator[bytes]:
        """Blocks of keys, each ended by a line feed, in the order of the list. Raises NotAList, OSError.

        Numbers that stand alone on a line are told by patterns; mobiles, the bulk of great lists, in one stroke.
        """
        pieces = _pieces(file)
        first = next(pieces, b"").removeprefix(codecs.BOM_UTF8)
        form = format_of(first[:CHUNK_BYTES])
        for block in _blocks(first, pieces, form.end):
            others = block
            if form.end == b"\n":
                others, told = self._plain.told(block)
                for before, numbers in told:
                    self.tally.entries += len(numbers)
                    yield _keys(before, numbers)
            keys = [
                self._key(line, form.pick(decoded(line))) for line in _lines(others, form.end, self.tally)
            ]
            yield b"".join(keys)
            self.tally.check()
        self.tally.check(whole=True)

    def _key(self, line: bytes, text: str | None) -> bytes:
        """The key of what a line says, and a line feed; nothing where there is none."""
        if text == "":
            return b""
        entry = without_punctuation(text or "")
        if not _ENTRY.fullmatch(entry):
            self.tally.refuse(line)
            return b""
        if entry.endswith("*"):
            opening = segment(entry.removesuffix("*"), self._region)
            if self._home.startswith(opening):
                self.tally.refuse(line)
                return b""
            self.tally.entries += 1
            return opening.encode() + b"\n"
        _, told = self._plain.told(f"{entry}\n".encode())
        if told:
            self.tally.entries += 1
            return _keys(*told[0])
        number = understand(entry, self._region, self._area)
        if is_protected(number, self._region):
            self.tally.protected += 1
            return b""
        self.tally.entries += 1
        return number.national.encode() + END + b"\n"


def _keys(before: bytes, numbers: list[bytes]) -> bytes:
    """The keys of numbers before all of which the same stands."""
    return before + (END + b"\n" + before).join(numbers) + END + b"\n"


def _pieces(file: BufferedReader) -> Iterator[bytes]:
    """The text in pieces: unpacked where it is gzip, in UTF-8 where it was UTF-16, with line feeds alone."""
    source = gzip.GzipFile(fileobj=file) if file.peek(2).startswith(b"\x1f\x8b") else file
    size = 0
    try:
        wide = source.peek(2)[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        decoder = codecs.getincrementaldecoder("utf-16")("replace") if wide else None
        while piece := source.read(CHUNK_BYTES):
            size += len(piece)
            if size > MOST_BYTES:
                raise NotAList("too_large")
            text = decoder.decode(piece).encode("utf-8", "replace") if decoder else piece
            yield text.replace(b"\r", b"\n")
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise NotAList("gzip") from error


def _blocks(first: bytes, pieces: Iterator[bytes], end: bytes) -> Iterator[bytes]:
    """The text in blocks of whole lines. Of a line that is too long only so much is kept that it shows."""
    rest = first
    for piece in pieces:
        cut = rest.rfind(end) + 1
        if cut:
            yield rest[:cut]
        rest = rest[cut:][: LONGEST_LINE + 1] + piece
    yield rest + b"\n"


def _lines(block: bytes, end: bytes, tally: Tally) -> Iterator[bytes]:
    """Every line of a block that says something and is not too long."""
    for line in block.split(end):
        if len(line) > LONGEST_LINE:
            tally.refuse(line)
        elif line and not line.isspace():
            yield line
