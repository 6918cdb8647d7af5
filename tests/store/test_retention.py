from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from firmware.store import JournalTable, open_store, stale
from firmware.store.retention import MOST_AT_ONCE

NOW = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture
def calls(tmp_path: Path) -> JournalTable:
    """Ten calls, one a day, the last of them today."""
    table = open_store(tmp_path / "store").table("calls")
    table.insert_multiple(
        {"started": (NOW - timedelta(days=9 - day)).isoformat(timespec="seconds")} for day in range(10)
    )
    return table


def ids(table: JournalTable) -> list[int]:
    return [doc.doc_id for doc in table]


def test_calls_older_than_the_greatest_age_go(calls: JournalTable) -> None:
    assert stale(calls, max_age=timedelta(days=3), max_count=100, now=NOW) == [1, 2, 3, 4, 5, 6]


def test_the_oldest_go_when_there_are_too_many(calls: JournalTable) -> None:
    assert stale(calls, max_age=timedelta(days=730), max_count=4, now=NOW) == [1, 2, 3, 4, 5, 6]


def test_nothing_goes_within_age_and_count(calls: JournalTable) -> None:
    assert stale(calls, max_age=timedelta(days=9), max_count=10, now=NOW) == []


def test_it_takes_a_bounded_number_at_once_and_gets_there(tmp_path: Path) -> None:
    calls = open_store(tmp_path / "store").table("calls")
    calls.insert_multiple({"started": NOW.isoformat()} for _ in range(MOST_AT_ONCE + 500))
    for count in (MOST_AT_ONCE, 400, 0):
        gone = stale(calls, max_age=timedelta(days=1), max_count=100, now=NOW)
        assert len(gone) == count
        calls.remove(doc_ids=gone)
    assert ids(calls) == list(range(MOST_AT_ONCE + 401, MOST_AT_ONCE + 501))


def test_a_call_without_a_time_counts_but_has_no_age(calls: JournalTable) -> None:
    calls.insert({})
    assert stale(calls, max_age=timedelta(days=-1), max_count=100, now=NOW) == list(range(1, 11))
