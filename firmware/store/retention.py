"""What is kept: no more than so many documents, and none older than so long."""

from __future__ import annotations

from datetime import datetime, timedelta

from firmware.store.tables import JournalTable

MOST_AT_ONCE = 1000


def stale(table: JournalTable, *, max_age: timedelta, max_count: int, now: datetime) -> list[int]:
    """The ids of documents that are to go: the oldest, by their ids and their ISO 8601 UTC field `started`.

    At most a thousand at once, so that it never takes long.
    """
    horizon = (now - max_age).isoformat(timespec="seconds")
    excess = len(table) - max_count
    return [
        doc.doc_id
        for place, doc in enumerate(table.oldest(MOST_AT_ONCE))
        if place < excess or doc.get("started", horizon) < horizon
    ]
