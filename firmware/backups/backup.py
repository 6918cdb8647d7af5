"""The backup: all that the household has made, as one text file that a person can read.

One JSON object a line. The first says what the file is; each other is a document with its `table` and `id`. Passwords,
tokens, the addresses of notices and the set-up code are not in it. A subscribed list is fetched anew from its address;
the numbers of an uploaded one are in the table `numbers`, or its document says in `left_out` why they are not.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import IO, Any

from firmware.complaints.cases import is_case
from firmware.lines.sip.account import without_password
from firmware.lists.saving import Saved, Texts
from firmware.store import Store

FORMAT = "ringfence backup 1"
MEDIA_TYPE = "application/x-ndjson"
WISHES = ("settings", "rules", "contacts", "passes", "pools", "sip", "lists")
CALLS = ("calls", "hits", "remarks", "complaints", "complainant")
NUMBERS = "numbers"
LONGEST_LINE = 1 << 16
MOST_LINES = 2_000_000
MOST_WANTED = 200_000
LARGEST = 64 << 20
"""Bytes that a backup may have which comes over the network."""

Doc = dict[str, Any]
Tables = dict[str, dict[int, Doc]]


class NoBackup(ValueError):
    """The file is no backup, or of a form that this version cannot read."""


def written(wishes: Store, calls: Store | None = None, lists: Path | None = None) -> Iterator[str]:
    """The lines of a backup of the two stores, each with its end; without calls where their store is not given.

    `lists`: the folder of the compiled lists, without which those that were uploaded come without their numbers. Raises
    ListDamaged, OSError.
    """
    head = {
        "format": FORMAT,
        "version": version("ringfence"),
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    yield json.dumps(head) + "\n"
    saved = Saved(wishes.table("lists").raw(), lists)
    kept: dict[str, Iterable[tuple[int, Mapping[str, Any]]]] = {
        table: wishes.table(table).raw() for table in WISHES
    }
    kept |= {"lists": saved.documents(), NUMBERS: saved.numbers()}
    kept["sip"] = ((id, without_password(doc)) for id, doc in wishes.table("sip").raw())
    if calls is not None:
        kept |= {table: calls.table(table).raw() for table in CALLS}
    for table, documents in kept.items():
        for id, doc in documents:
            yield json.dumps({"table": table, "id": id, **doc}, ensure_ascii=False) + "\n"


def lines_of(file: IO[bytes]) -> Iterator[str]:
    """The lines of a file, in little memory: one that is longer than any in a backup comes in parts."""
    while line := file.readline(LONGEST_LINE + 1):
        yield line.decode("utf-8", "replace")


def read(
    lines: Iterable[str], wanted: Collection[str] | None = None, texts: Texts | None = None
) -> tuple[Tables, int]:
    """The documents of a backup by table and id, and how many lines made no sense. Raises NoBackup, OSError.

    Tables and fields that a newer version has added are read and left to the reader, who may not know them; where
    only some tables are `wanted`, the others take no memory, and there may be MOST_WANTED documents. The numbers of
    lists never do: they go into `texts`, if there are any.
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
        if doc is not None and table == NUMBERS:
            skipped += not _taken(doc, texts)
        elif doc is not None and isinstance(table, str) and isinstance(id, int) and 0 < id < 1 << 53:
            if wanted is None or table in wanted:
                tables.setdefault(table, {})[id] = doc
                kept += 1
        else:
            skipped += 1
    return tables, skipped


def _taken(doc: Doc, texts: Texts | None) -> bool:
    try:
        return texts is None or texts.add(doc)
    except ValueError as error:
        raise NoBackup(*error.args) from error


def restore_calls(store: Store, tables: Mapping[str, Mapping[int, Doc]]) -> int:
    """Put the calls of a backup into a store that has none; gives how many. Raises OSError, ValueError where it has."""
    if len(store.table("calls")):
        raise ValueError("calls")
    cases = {id: doc for id, doc in tables.get("complaints", {}).items() if is_case(doc)}
    for table in CALLS:
        documents = iter(sorted((cases if table == "complaints" else tables.get(table, {})).items()))
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
