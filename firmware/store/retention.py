"""What is kept: no more than so many documents, and none older than so long."""

from __future__ import annotations

from datetime import datetime, timedelta

from firmware.store.tables import JournalTable

MOST_AT_ONCE = 1000


def retain(table: JournalTable, *, max_age: timedelta, max_count: int, now: datetime) -> int:
    """Remove the oldest documents, by their ids and their ISO 8601 UTC field `started`; gives how many.

    At most a thousand at once, so that it never takes long. Raises OSError.
    """
    horizon = (now - max_age).isoformat(timespec="seconds")
    excess = len(table) - max_count
    oldest = table.oldest(MOST_AT_ONCE)
    stale = [
        doc.doc_id
        for place, doc in enumerate(oldest)
        if place < excess or doc.get("started", horizon) < horizon
    ]
    return len(table.remove(doc_ids=stale)) if stale else 0
