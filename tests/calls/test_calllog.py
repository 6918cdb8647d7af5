"""The call log, on a real store."""

import json
import resource
import signal
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from firmware.call import Action, Call, CallerId, How, Reason, Verdict
from firmware.calls.log import LONGEST_REMARKS, RETAIN_EVERY, RUN, UNREMARKED, CallLog, as_document
from firmware.numbers import understand
from firmware.store import open_store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "calls.journal"


def call_log(path: Path, written: list[dict[str, Any]], most: int = 1000) -> CallLog:
    return CallLog(path, on_write=written.append, retention=lambda: (timedelta(days=730), most))


def kept(path: Path) -> list[dict[str, Any]]:
    """What is on disk, newest first, read as another process would."""
    with open_store(path, read_only=True) as db:
        return [{"id": doc.doc_id, **doc} for doc in db.table("calls").newest(1000)]


def a_call(number: str = "16210123456") -> Call:
    return Call("modem", datetime.now(UTC), CallerId(number=number))


def test_a_call_is_on_disk_before_anyone_hears_of_it(path: Path) -> None:
    written: list[dict[str, Any]] = []
    log = call_log(path, written)
    call = a_call()
    log.note(call)
    call.over = True
    log.note(call)
    log.close()
    assert written[-1]["over"]
    assert [doc | UNREMARKED for doc in kept(path)] == [written[-1]]


def test_a_document_says_what_is_known_of_a_call() -> None:
    call = a_call()
    assert {key: as_document(call)[key] for key in ("number", "presented", "verdict", "talked")} == {
        "number": None, "presented": "16210123456", "verdict": None, "talked": None,
    }  # fmt: skip
    call.number = understand("16210123456", "CN")
    call.verdict = Verdict(Action.BLOCK, Reason.RULE, 3, "162*", How.HANG_UP)
    call.talked, call.duration, call.rings = 61.5, 70.04, 2
    document = json.loads(json.dumps(as_document(call)))
    assert (document["number"], document["talked"], document["duration"], document["rings"]) == (
        "+8616210123456", 61.5, 70.0, 2,
    )  # fmt: skip
    assert document["verdict"] == {
        "action": "block", "reason": "rule", "rule": 3, "match": "162*", "how": "hangup",
    }  # fmt: skip


def test_the_newest_comes_first_and_older_ones_page_by_page(
    path: Path, wait_until: Callable[..., None]
) -> None:
    log = call_log(path, [])
    for number in range(5):
        log.note(a_call(str(number)))
    wait_until(lambda: len(log) == 5)
    first = log.newest(limit=2)
    second = log.newest(limit=2, before=first[-1]["id"])
    assert [call["presented"] for call in first + second] == ["4", "3", "2", "1"]
    assert log.get(first[0]["id"]) == first[0]
    assert log.get(99) is None
    log.close()


def test_ids_go_on_after_a_restart(path: Path) -> None:
    for _ in range(2):
        log = call_log(path, [])
        log.note(a_call())
        log.close()
    assert [call["id"] for call in kept(path)] == [2, 1]


def test_a_call_that_rang_when_the_power_went_is_over(path: Path) -> None:
    log = call_log(path, [])
    log.note(a_call())
    log.close()
    assert not kept(path)[0]["over"]
    call_log(path, []).close()
    assert kept(path)[0]["over"]


def test_the_oldest_go_when_there_are_too_many(path: Path) -> None:
    log = call_log(path, [], most=RETAIN_EVERY)
    for number in range(3 * RETAIN_EVERY):
        log.note(a_call(str(number)))
    log.close()
    assert len(kept(path)) < 3 * RETAIN_EVERY
    assert kept(path)[0]["presented"] == str(3 * RETAIN_EVERY - 1)


def test_the_calls_of_a_day_are_counted_also_after_a_restart(path: Path) -> None:
    blocked, allowed, old = a_call(), a_call(), a_call()
    blocked.verdict = Verdict(Action.BLOCK, Reason.RULE)
    allowed.verdict = Verdict(Action.ALLOW, Reason.DEFAULT)
    old.started -= timedelta(days=2)
    log = call_log(path, [])
    for call in (old, blocked, allowed):
        log.note(call)
    log.close()
    again = call_log(path, [])
    again.close()
    assert log.today(datetime.now(UTC)) == again.today(datetime.now(UTC)) == (2, 1)


def test_a_call_that_the_full_disk_refused_is_written_with_the_next(
    path: Path, wait_until: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    log = call_log(path, [])
    assert len(log) == 0
    previous = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 10, hard))
    try:
        log.note(a_call("1"))
        wait_until(lambda: "could not be written down" in caplog.text)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        signal.signal(signal.SIGXFSZ, previous)
    log.note(a_call("2"))
    log.close()
    assert [call["presented"] for call in kept(path)] == ["2", "1"]


def test_a_log_that_cannot_be_opened_is_tried_again_with_the_next_call(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with open_store(path):
        log = call_log(path, [])
        assert log.newest() == []
    assert "cannot be opened" in caplog.text
    log.note(a_call())
    log.close()
    assert len(kept(path)) == 1


def test_a_call_counts_once_for_the_rule_that_decided_it(path: Path) -> None:
    log = call_log(path, [])
    calls = [a_call(), a_call(), a_call()]
    calls[0].verdict = calls[1].verdict = Verdict(Action.BLOCK, Reason.RULE, 3, "162*")
    calls[2].verdict = Verdict(Action.ALLOW, Reason.CONTACT, 3, "Mum")
    for _ in range(2):
        for call in calls:
            call.over = True
            log.note(call)
    log.close()
    again = call_log(path, [])
    assert len(again) == 3
    assert again.hits(3) == {"count": 2, "last": calls[1].started.isoformat(timespec="seconds")}
    assert again.hits(4) == {"count": 0, "last": None}
    again.close()


def remarked(path: Path) -> dict[int, dict[str, Any]]:
    """The remarks on disk, read as another process would."""
    with open_store(path, read_only=True) as db:
        return dict(db.table("remarks").raw())


@pytest.fixture
def three(path: Path, wait_until: Callable[..., None]) -> Iterator[CallLog]:
    """A log with the calls 1 to 3 on disk."""
    log = call_log(path, [])
    for number in range(3):
        log.note(a_call(str(number)))
    wait_until(lambda: len(log) == 3)
    yield log
    log.close()


def test_what_the_owner_says_of_a_call_is_on_disk_at_once_and_comes_with_it(
    path: Path, three: CallLog
) -> None:
    assert three.remark(3, note="a roofer") is not None
    assert remarked(path) == {3: {"note": "a roofer"}}
    assert three.remark(3, kind="sales", said="a free roof") == three.get(3)
    assert three.newest()[0].items() >= {"note": "a roofer", "kind": "sales", "said": "a free roof"}.items()


def test_when_a_call_was_marked_is_kept_until_it_is_so_no_more(three: CallLog) -> None:
    began = datetime.now(UTC).replace(microsecond=0)
    first = three.remark(2, kind="sales")
    assert first
    assert datetime.fromisoformat(first["marked"]) >= began
    again = three.remark(2, kind="loans", note="a roofer")
    assert again
    assert again["marked"] == first["marked"]
    assert three.remark(2, kind=None) == {**again, "kind": None, "marked": None}


def test_a_remark_stays_while_its_call_is_still_being_written(
    path: Path, wait_until: Callable[..., None]
) -> None:
    written: list[dict[str, Any]] = []
    log = call_log(path, written)
    call = a_call()
    log.note(call)
    wait_until(lambda: len(log) == 1)
    log.remark(1, note="a roofer")
    call.over = True
    log.note(call)
    log.close()
    assert (written[-1]["over"], written[-1]["note"]) == (True, "a roofer")


def test_a_remark_is_taken_away_again(path: Path, three: CallLog) -> None:
    three.remark(1, note="a roofer", said="a free roof")
    assert three.remark(1, note="") == three.get(1)
    assert remarked(path) == {1: {"said": "a free roof"}}
    three.remark(1, said=None)
    assert remarked(path) == {}


@pytest.mark.parametrize("text", ["x" * 501, "two\nlines", "\x1b[2J", "\ud800"])
def test_what_is_no_plain_short_text_is_no_remark(path: Path, three: CallLog, text: str) -> None:
    for name in LONGEST_REMARKS:
        with pytest.raises(ValueError, match=name):
            three.remark(1, **{name: text})
    assert remarked(path) == {}


def test_nothing_can_be_said_of_a_call_that_is_not_there(path: Path, three: CallLog) -> None:
    assert three.remark(7, note="a roofer") is None
    assert remarked(path) == {}


def test_what_was_said_of_a_call_goes_with_it(path: Path, three: CallLog) -> None:
    for id in (1, 2, 3):
        three.remark(id, note=f"note {id}")
    assert three.drop([1, 3, 99]) == 2
    assert [call["id"] for call in kept(path)] == [2]
    assert remarked(path) == {2: {"note": "note 2"}}


@pytest.fixture
def many(path: Path) -> Iterator[CallLog]:
    """A log with 300 calls, one an hour; every tenth has a name."""
    start = datetime(2026, 3, 1, tzinfo=UTC)
    with open_store(path) as db:
        calls = []
        for hour in range(300):
            call = Call("modem", start + timedelta(hours=hour), CallerId(number=str(hour)), over=True)
            if hour % 10 == 0:
                call.caller_id = CallerId(number=str(hour), name="Wang")
            calls.append(as_document(call))
        db.table("calls").insert_multiple(calls)
    log = call_log(path, [])
    yield log
    log.close()


def test_calls_are_searched_newest_first_and_the_search_goes_on_where_it_stopped(many: CallLog) -> None:
    found: list[int] = []
    before: int | None = None
    while True:
        part, before = many.search(lambda call: call["name"] == "Wang", before=before, limit=7)
        found += [call["id"] for call in part]
        if before is None:
            break
        assert len(part) == 7
    assert found == list(range(291, 0, -10))


def test_a_search_that_finds_nothing_looks_at_a_bounded_number_and_says_where_to_go_on(many: CallLog) -> None:
    looked: list[int] = []
    found, before = many.search(lambda call: looked.append(call["id"]) is not None, most=100)
    assert (found, before) == ([], 201)
    assert looked == list(range(300, 200, -1))


def test_a_search_ends_at_a_moment_or_an_id(many: CallLog) -> None:
    since = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=290)
    assert [call["id"] for call in many.search(lambda call: True, since=since)[0]] == list(
        range(300, 290, -1)
    )
    found, before = many.search(lambda call: True, down_to=296)
    assert ([call["id"] for call in found], before) == ([300, 299, 298, 297, 296], None)


def test_a_search_waits_for_a_call_that_comes_again_and_again(many: CallLog) -> None:
    waits: list[int] = []
    many.search(lambda call: False, wait=lambda: waits.append(1))
    assert len(waits) > 300 // RUN


@pytest.mark.parametrize("gone", [(), range(1, 100), range(100, 200), range(200, 301), (1, 150, 300)])
def test_the_first_call_since_a_moment_is_found_without_reading_the_log(
    many: CallLog, gone: Iterable[int]
) -> None:
    many.drop(gone)
    start = datetime(2026, 3, 1, tzinfo=UTC)
    left = [id for id in range(1, 301) if id not in set(gone)]
    for hour in (-1, 0, 1, 49, 99, 100, 150, 199, 250, 299, 300):
        wanted = [id for id in left if id > hour]
        first = many.first_since(start + timedelta(hours=hour))
        later = [call["id"] for call in many.newest(limit=300) if call["id"] >= first]
        assert sorted(later) == wanted


def test_an_empty_log_has_no_first_call(path: Path) -> None:
    log = call_log(path, [])
    assert log.first_since(datetime(2026, 3, 1, tzinfo=UTC)) == 1
    assert log.search(lambda call: True) == ([], None)
    log.close()
