"""Address books as CSV: Google's and Outlook's, with Chinese headings, and plain lists of names and numbers.

A cell is data, whatever it begins with. What spreadsheets put around a number to keep it (`="138…"`, `'+86…`) is
taken off.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain, islice, zip_longest

from firmware.contacts import wording
from firmware.contacts.book import MAX_LINES, Book, Unreadable

_MAX_LINE = 64 * 1024
_MAX_COLUMNS = 256
_SAMPLE = 50
_MOST_DIGITS = 16
_MOST_BREAKS = 2
_DELIMITERS = ",;\t"
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

_ROLES = {
    "number": r"phone \d+ - value|.*phone(?: numbers?| no\.?|s)?(?: \d+)?"
    r"|(?:.* )?(?:tel\.?|mobile|cell|fax|pager|callback)(?: number)?(?: \d+)?|(?:contact )?number"
    r"|.*(?:电话|電話|手机|手機|座机|固话|传真|小灵通)(?:号码|號碼|号)?[ 0-9]*|号码|號碼|联系方式",
    "name": r"(?:full |display |contact )?name|姓名|名称|联系人(?:姓名)?|显示名称?|全名|名字",
    "family": r"last name|family name|surname|姓|姓氏",
    "middle": r"middle name|additional name|中间名",
    "given": r"first name|given name|forename|名",
    "organisation": r"organi[sz]ation(?: \d+ -)? name|organi[sz]ation|company|公司(?:名称)?|单位|工作单位|组织",
    "nickname": r"nickname|file as|昵称",
    "email": r"e-?mail(?: \d+)?(?: -)?(?: value| address)?|电子邮件(?:地址)?|邮箱",
    "group": r"group membership|labels|categories|groups?|分组|群组|类别|标签|组",
}
_HEADINGS = {role: re.compile(pattern, re.IGNORECASE) for role, pattern in _ROLES.items()}
_REMARK = re.compile(r"[(（][^()（）]*+[)）]")
_FORMULA = re.compile(r"=\"([^\"]*+)\"|'(?=[-+=@0-9])(.*)", re.DOTALL)
_ROUNDED = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]+", re.IGNORECASE)
_DECIMAL = re.compile(r"(?<=[0-9]{3})\.0\Z")
_SEVERAL = re.compile(r":::|[;，；、|\n]|,(?= ?\+?[0-9]{5})|(?<=[0-9]{7})/(?=\+?[0-9]{7})")
"""Between numbers in one cell. What follows a comma with fewer than five digits is an extension."""

_LISTED = re.compile(r":::|[,;，；、|\n]")

_OF_ONE_LINE = ("number", "name", "family", "given")
_Columns = dict[str, list[int]]


def read(octets: bytes, encoding: str, book: Book) -> None:
    """Put the rows of a file in `encoding` into `book`. Raises Unreadable "not_contacts" and "too_many"."""
    if _NO_TEXT.search(octets, 0, _MAX_LINE):
        raise Unreadable("not_contacts")
    rows = _rows(octets, encoding, book)
    sample = list(islice(rows, _SAMPLE))
    columns = _headed(sample[0]) if sample else {}
    if columns:
        del sample[0]
    else:
        columns = _guessed(sample)
        book.note("columns_guessed")
        if not any(map(_likeness, sample[0])):
            del sample[0]
    for row in chain(sample, rows):
        _add(row, columns, book)


def _rows(octets: bytes, encoding: str, book: Book) -> Iterator[list[str]]:
    """The rows that are not blank, of at most 256 cells. A row that csv refuses is no row."""
    codec = "utf-8-sig" if encoding == "utf-8" else encoding
    with io.TextIOWrapper(io.BytesIO(octets), codec, "replace", newline="") as stream:
        head = stream.readline(_MAX_LINE)
        stream.seek(0)
        rows = csv.reader(_lines(stream), delimiter=max(_DELIMITERS, key=head.count))
        while True:
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error:
                book.note("unfinished")
                continue
            cells = [_cell(text) for text in row[:_MAX_COLUMNS]]
            if any(cells):
                yield cells


def _lines(stream: io.TextIOWrapper) -> Iterator[str]:
    for _ in range(MAX_LINES):
        line = stream.readline(_MAX_LINE)
        if not line:
            return
        yield line
    raise Unreadable("too_many")


def _cell(text: str) -> str:
    text = text.strip()
    kept = _FORMULA.fullmatch(text)
    return (kept[1] or kept[2] or "").strip() if kept else text


def _headed(row: list[str]) -> _Columns:
    """The columns of each role, where `row` is a heading; else none."""
    columns: _Columns = defaultdict(list)
    for index, cell in enumerate(row):
        heading = " ".join(_REMARK.sub("", cell[:100]).split())
        role = next((role for role, pattern in _HEADINGS.items() if pattern.fullmatch(heading)), "")
        columns[role].append(index)
    if "number" not in columns or any(map(_likeness, row)):
        return {}
    if not columns.keys() & {"name", "family", "given"}:
        columns["name"] = columns[""][:1]
    return columns


def _guessed(sample: list[list[str]]) -> _Columns:
    """The column that looks most like telephone numbers, and the one that looks most like names.

    Raises Unreadable "not_contacts" where fewer than half of the rows have a number.
    """
    likeness = [[_likeness(cell) for cell in column] for column in zip_longest(*sample, fillvalue="")]
    best = max(range(len(likeness)), key=lambda index: sum(likeness[index]), default=0)
    if not likeness or sum(map(bool, likeness[best])) * 2 < len(sample):
        raise Unreadable("not_contacts")
    letters = [sum(map(_has_letters, column)) for column in zip_longest(*sample, fillvalue="")]
    letters[best] = 0
    return {"number": [best], "name": [letters.index(max(letters))] if any(letters) else []}


def _likeness(cell: str) -> int:
    """How many digits `cell` has, if it has no letters and as many digits as telephone numbers have."""
    if not wording.dialled(cell) or _has_letters(cell):
        return 0
    count = len(wording.digits(cell))
    return count if count <= _MOST_DIGITS else 0


def _has_letters(cell: str) -> bool:
    return any(map(str.isalpha, cell))


def _add(row: list[str], columns: _Columns, book: Book) -> None:
    def cells(role: str) -> list[str]:
        return [row[index] for index in columns.get(role, ()) if index < len(row) and row[index]]

    def names() -> Iterator[str]:
        yield from cells("name")
        yield wording.full_name(*(" ".join(cells(role)) for role in ("family", "given", "middle")))
        for role in ("organisation", "nickname", "email"):
            yield from cells(role)

    if any(cell.count("\n") > _MOST_BREAKS for role in _OF_ONE_LINE for cell in cells(role)):
        book.note("unfinished")
    if any(map(_ROUNDED.fullmatch, cells("number"))):
        book.note("rounded")
    numbers = (_DECIMAL.sub("", number) for cell in cells("number") for number in _SEVERAL.split(cell))
    groups = (group.strip().removeprefix("* ") for cell in cells("group") for group in _LISTED.split(cell))
    book.add(names(), numbers, groups)
