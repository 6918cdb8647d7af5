"""The call log, on a real store."""

import resource
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from firmware.call import Call, CallerId
from firmware.calllog import RETAIN_EVERY, CallLog
from firmware.store import Store, open_store


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "store.journal") as db:
        yield db


def call_log(db: Store, written: list[dict[str, Any]], most: int = 1000) -> CallLog:
    return CallLog(db, on_write=written.append, retention=lambda: (timedelta(days=730), most))


def a_call(number: str = "16210123456") -> Call:
    return Call("modem", datetime.now(UTC), CallerId(number=number))


def test_a_call_is_on_disk_before_anyone_hears_of_it(db: Store) -> None:
    written: list[dict[str, Any]] = []
    log = call_log(db, written)
    call = a_call()
    log.note(call)
    call.over = True
    log.note(call)
    log.close()
    assert [doc["over"] for doc in written][-1]
    assert log.newest() == [written[-1]]


def test_the_newest_comes_first_and_older_ones_page_by_page(db: Store) -> None:
    log = call_log(db, [])
    for number in range(5):
        log.note(a_call(str(number)))
    log.close()
    assert [call["presented"] for call in log.newest(limit=2)] == ["4", "3"]
    assert [call["presented"] for call in log.newest(limit=2, before=log.newest(limit=2)[-1]["id"])] == [
        "2",
        "1",
    ]


def test_ids_go_on_after_a_restart(db: Store) -> None:
    for _ in range(2):
        log = call_log(db, [])
        log.note(a_call())
        log.close()
    assert [call["id"] for call in log.newest()] == [2, 1]


def test_a_call_that_rang_when_the_power_went_is_over(db: Store) -> None:
    log = call_log(db, [])
    log.note(a_call())
    log.close()
    assert not log.newest()[0]["over"]
    assert call_log(db, []).newest()[0]["over"]


def test_the_oldest_go_when_there_are_too_many(db: Store) -> None:
    log = call_log(db, [], most=RETAIN_EVERY)
    for number in range(3 * RETAIN_EVERY):
        log.note(a_call(str(number)))
    log.close()
    assert len(log) < 3 * RETAIN_EVERY
    assert log.newest()[0]["presented"] == str(3 * RETAIN_EVERY - 1)


def test_a_call_that_the_full_disk_refused_is_written_with_the_next(db: Store, tmp_path: Path) -> None:
    written: list[dict[str, Any]] = []
    log = call_log(db, written)
    previous = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, ((tmp_path / "store.journal").stat().st_size + 10, hard))
    try:
        log.note(a_call("1"))
        log._waiting.put((10**6, {"started": "", "over": True}))
        while not log._waiting.empty():
            pass
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        signal.signal(signal.SIGXFSZ, previous)
    log.note(a_call("2"))
    log.close()
    assert {"1", "2"} <= {call.get("presented") for call in log.newest()}
