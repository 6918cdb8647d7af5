"""vCards: 2.1 (versit Consortium, 1996), 3.0 (RFC 2426) and 4.0 (RFC 6350), as phones and address books write them.

Read from properties alone, without grammar of the whole: what is not understood is passed over. A photo is passed
over where it lies, without a copy. Groups are CATEGORIES, and Apple's and 4.0's cards that list their members.
"""

from __future__ import annotations

import binascii
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from firmware.contacts import text, wording
from firmware.contacts.book import MAX_CONTACTS, MAX_LINES, Book, Entry, Unreadable

_HEAD = 64 * 1024
_MAX_LINE = 8 * 1024
_MAX_VALUES = 50
_SPACES = (b" ", b"\t")
_SOFT = ord("=")
_MARK = rb"(?:\xef\xbb\xbf)?"
_BEGIN = re.compile(
    rb"(?:\A|[\r\n])" + _MARK + rb"[ \t]*+BEGIN[ \t]*+:[ \t]*+VCARD[ \t]*+(?:[\r\n]|\Z)", re.IGNORECASE
)
_LINE = re.compile(rb"[^\r\n]++")
_PROPERTY = re.compile(
    _MARK + rb"[ \t]*+(?:[\w-]++\.)?(?:X-ADDRESSBOOKSERVER-(?=KIND|MEMBER))?"
    rb"(BEGIN|END|VERSION|FN|N|ORG|NICKNAME|EMAIL|TEL|CATEGORIES|KIND|UID|MEMBER)"
    rb"((?:;(?:[^\";:]++|\"[^\"]*+\")*)*)[ \t]*+:(.*)",
    re.IGNORECASE | re.DOTALL,
)
_CHARSET = re.compile(rb";CHARSET=\"?([\w.-]{1,40})", re.IGNORECASE)
_QUOTED = re.compile(rb";(?:ENCODING=)?\"?QUOTED-PRINTABLE", re.IGNORECASE)
_BASE64 = re.compile(rb";(?:ENCODING=\"?(?:BASE64|B)|BASE64)\"?(?:;|\Z)", re.IGNORECASE)
_PARTS = re.compile(r"(?:\A|;)((?:[^\\;]++|\\.?)*)", re.DOTALL)
_LISTED = re.compile(r"(?:\A|[,;])((?:[^\\,;]++|\\.?)*)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(slots=True)
class _Card:
    """The values of one card by the name of their property."""

    values: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def is_group(self) -> bool:
        return any(kind.strip().lower() == "group" for kind in self.values["KIND"])

    def names(self) -> Iterator[str]:
        """What the card may be called, best first."""
        yield from map(_unescaped, self.values["FN"])
        for name in self.values["N"]:
            family, given, middle, *_ = [*_split(_PARTS, name), "", "", ""]
            yield wording.full_name(family, given, middle)
        for organisation in self.values["ORG"]:
            yield " ".join(_split(_PARTS, organisation))
        yield from map(_unescaped, chain(self.values["NICKNAME"], self.values["EMAIL"]))


class _Shelf:
    """Closed cards on their way into the book. A card that lists the members of a group may stand before them."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._entries: dict[str, Entry] = {}
        self._groups: list[tuple[str, list[str]]] = []

    def put(self, card: _Card) -> None:
        if card.is_group:
            self._groups.append((next(filter(None, card.names()), ""), card.values["MEMBER"]))
            return
        categories = chain.from_iterable(_split(_LISTED, listed) for listed in card.values["CATEGORIES"])
        entry = self._book.add(card.names(), map(_unescaped, card.values["TEL"]), categories)
        if entry:
            self._entries.update((_identity(uid), entry) for uid in card.values["UID"])

    def join_groups(self) -> None:
        for name, members in self._groups:
            for entry in filter(None, map(self._entries.get, map(_identity, members))):
                self._book.put_in(entry, name)


def is_vcard(octets: bytes) -> bool:
    """Whether a file holds vCards: one begins within the first 64 kB."""
    return bool(_BEGIN.search(octets, 0, _HEAD))


def read(octets: bytes, encoding: str, book: Book) -> None:
    """Put the cards of a file in `encoding` into `book`. Raises Unreadable "too_many".

    A card may lie in another (AGENT), and the end of one may be missing.
    """
    shelf = _Shelf(book)
    open_cards: list[_Card] = []
    for name, parameters, value in _properties(octets):
        is_card = value.strip().upper() == b"VCARD"
        if name == "BEGIN" and is_card:
            if len(open_cards) >= MAX_CONTACTS:
                raise Unreadable("too_many")
            open_cards.append(_Card())
        elif name == "END" and is_card and open_cards:
            shelf.put(open_cards.pop())
        elif open_cards:
            values = open_cards[-1].values[name]
            if len(values) < (MAX_CONTACTS if name == "MEMBER" else _MAX_VALUES):
                values.append(_decoded(parameters, value, encoding))
            else:
                book.note("cut")
    if open_cards:
        book.note("unfinished")
    for card in open_cards:
        shelf.put(card)
    shelf.join_groups()


def _properties(octets: bytes) -> Iterator[tuple[str, bytes, bytes]]:
    """Name in upper case, parameters with their semicolons, and value of each property that is of use."""
    for line in _unfolded(octets):
        if parts := _PROPERTY.match(line):
            yield parts[1].decode("ascii").upper(), parts[2], parts[3]


def _unfolded(octets: bytes) -> Iterator[bytes]:
    """Each line with those that continue it, up to 8 kB: behind a fold, or a soft line break in quoted-printable.

    A line break before a space is a fold. The space stays in 2.1 and is none of the value since.
    """
    line, old, quoted, soft = b"", False, False, False
    for number, found in enumerate(_LINE.finditer(octets)):
        if number >= MAX_LINES:
            raise Unreadable("too_many")
        piece = octets[found.start() : min(found.end(), found.start() + _MAX_LINE)]
        if soft or piece[:1] in _SPACES:
            if len(line) < _MAX_LINE:
                line += b"\n" + piece if soft else piece[not old :]
        else:
            yield line
            line = piece
            head, _, value = piece.partition(b":")
            quoted = b"QUOTED-PRINTABLE" in head.upper()
            if head.upper() == b"VERSION":
                old = value.strip() == b"2.1"
        soft = quoted and octets[found.end() - 1] == _SOFT
    yield line


def _decoded(parameters: bytes, value: bytes, encoding: str) -> str:
    charset = _CHARSET.search(parameters)
    if _QUOTED.search(parameters):
        value = binascii.a2b_qp(value)
    elif _BASE64.search(parameters):
        try:
            value = binascii.a2b_base64(value)
        except binascii.Error:
            value = b""
    return text.decode(value, charset[1].decode("ascii") if charset else "", encoding)


def _split(pattern: re.Pattern[str], value: str) -> list[str]:
    return [_unescaped(part) for part in pattern.findall(value)]


def _unescaped(value: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def _identity(uid: str) -> str:
    return uid.strip().lower().removeprefix("urn:uuid:")
