"""The backup: all that the household has made, as one text file that a person can read.

One JSON object a line. The first says what the file is; each other is a document with its `table` and `id`. Passwords,
tokens and the set-up code are not in it; of a list its name and address are, from which it is fetched anew.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import islice
from typing import IO, Any

from firmware.store import Store

FORMAT = "ringfence backup 1"
MEDIA_TYPE = "application/x-ndjson"
WISHES = ("settings", "rules", "contacts", "passes", "lists")
CALLS = ("calls", "hits")
LONGEST_LINE = 1 << 16
MOST_LINES = 2_000_000
MOST_WANTED = 200_000

Doc = dict[str, Any]
Tables = dict[str, dict[int, Doc]]


class NoBackup(ValueError):
    """The file is no backup, or of a form that this version cannot read."""


def written(wishes: Store, calls: Store | None = None) -> Iterator[str]:
    """The lines of a backup of the two stores, each with its end; without calls where their store is not given."""
    head = {
        "format": FORMAT,
        "version": version("ringfence"),
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    yield json.dumps(head) + "\n"
    kept = [(table, wishes.table(table)) for table in WISHES]
    if calls is not None:
        kept += [(table, calls.table(table)) for table in CALLS]
    for table, documents in kept:
        for id, doc in documents.raw():
            yield json.dumps({"table": table, "id": id, **doc}, ensure_ascii=False) + "\n"


def lines_of(file: IO[bytes]) -> Iterator[str]:
    """The lines of a file, in little memory: one that is longer than any in a backup comes in parts."""
    while line := file.readline(LONGEST_LINE + 1):
        yield line.decode("utf-8", "replace")


def read(lines: Iterable[str], wanted: Collection[str] | None = None) -> tuple[Tables, int]:
    """The documents of a backup by table and id, and how many lines made no sense. Raises NoBackup.

    Tables and fields that a newer version has added are read and left to the reader, who may not know them; where
    only some tables are `wanted`, the others take no memory, and there may be MOST_WANTED documents.
    """
    remaining = iter(lines)
    head = _object(next(remaining, ""))
    if head is None or head.get("format") != FORMAT:
        raise NoBackup("format")
    tables: Tables = {}
    skipped = kept = 0
    for count, line in enumerate(remaining):
        if count >= MOST_LINES or (wanted is not None and kept > MOST_WANTED):
            raise NoBackup("too_many")
        doc = _object(line)
        table, id = (doc.pop("table", None), doc.pop("id", None)) if doc is not None else (None, None)
        if doc is not None and isinstance(table, str) and isinstance(id, int) and 0 < id < 1 << 53:
            if wanted is None or table in wanted:
                tables.setdefault(table, {})[id] = doc
                kept += 1
        else:
            skipped += 1
    return tables, skipped


def restore_calls(store: Store, tables: Mapping[str, Mapping[int, Doc]]) -> int:
    """Put the calls of a backup into a store that has none; gives how many. Raises OSError, ValueError where it has."""
    if len(store.table("calls")):
        raise ValueError("calls")
    for table in CALLS:
        documents = iter(sorted(tables.get(table, {}).items()))
        while part := dict(islice(documents, 1000)):
            store.replace({table: part})
    return len(tables.get("calls", {}))


def _object(line: str) -> Doc | None:
    if len(line) > LONGEST_LINE:
        return None
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
