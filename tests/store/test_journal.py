import errno
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from tinydb.table import Document

from firmware.store import StoreLocked, journal, open_store

WRITER = """
import sys
from pathlib import Path
from firmware.store import journal, open_store
journal.SPARE_LINES = 20
with open_store(Path(sys.argv[1])) as db:
    calls = db.table("calls")
    while True:
        first, _ = calls.insert_multiple([{"half": 1}, {"half": 2}])
        if first % 4 == 1:
            calls.update({"over": True}, doc_ids=[first, first + 1])
        print(first, flush=True)
"""


@contextmanager
def writer(path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that writes pairs until it is killed, and prints each that it has been told is written."""
    command = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """As a full card: no file grows beyond `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def failing(*_: object) -> NoReturn:
    raise OSError(errno.EIO, "Input/output error")


def test_what_was_acknowledged_before_a_kill_is_there(tmp_path: Path) -> None:
    path = tmp_path / "store"
    for kill in range(6):
        with writer(path) as process:
            assert process.stdout
            for _ in range(10 + 13 * kill):
                acknowledged = int(process.stdout.readline())
            process.send_signal(signal.SIGKILL)
            acknowledged = max([acknowledged, *map(int, process.stdout.read().split("\n")[:-1])])
        with open_store(path) as db:
            ids = [doc.doc_id for doc in db.table("calls")]
            assert ids == list(range(1, len(ids) + 1))
            assert len(ids) % 2 == 0
            assert acknowledged + 1 <= len(ids) <= acknowledged + 3
            assert all(damage.torn for damage in db.damage)


def test_another_process_finds_it_locked(tmp_path: Path) -> None:
    path = tmp_path / "store"
    with writer(path) as process:
        assert process.stdout
        process.stdout.readline()
        with pytest.raises(StoreLocked):
            open_store(path)
    open_store(path).close()


def test_a_second_store_in_the_same_process_finds_it_locked(tmp_path: Path) -> None:
    with open_store(tmp_path / "store"), pytest.raises(StoreLocked):
        open_store(tmp_path / "store")


def test_a_reader_beside_the_writer_sees_whole_changes_in_order(tmp_path: Path) -> None:
    path = tmp_path / "store"
    with writer(path) as process:
        assert process.stdout
        for _ in range(40):
            acknowledged = int(process.stdout.readline())
            with open_store(path, read_only=True) as db:
                assert not db.damage
                ids = [doc.doc_id for doc in db.table("calls")]
            assert ids == list(range(1, len(ids) + 1))
            assert len(ids) % 2 == 0
            assert len(ids) > acknowledged


def test_files_are_the_owners_alone(tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as db:
        db.table("calls").insert({})
        db.compact()
        assert {path.name for path in tmp_path.iterdir()} == {"store", "store.lock"}
        assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_a_full_card_refuses_a_change_and_keeps_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "store"
    with open_store(path) as db:
        calls = db.table("calls")
        calls.insert({"number": 1})
        size = path.stat().st_size
        for spare in (0, 1, 60, 150):
            with files_of_at_most(size + spare), pytest.raises(OSError, match="File too large"):
                calls.insert_multiple([{"name": "x" * 100}, {"name": "y" * 100}])
            assert path.stat().st_size == size
            assert calls.all() == [{"number": 1}]
        assert calls.insert({"number": 2}) > 1
    with open_store(path) as db:
        assert not db.damage
        assert db.table("calls").all() == [{"number": 1}, {"number": 2}]


def test_a_full_card_does_not_stop_the_opening_of_a_damaged_store(tmp_path: Path) -> None:
    path = tmp_path / "store"
    with open_store(path) as db:
        for number in range(50):
            db.table("calls").insert({"number": number})
    content = bytearray(path.read_bytes())
    content[content.index(b'{"number":7}')] = 0
    path.write_bytes(content)
    with files_of_at_most(64):
        for _ in range(2):
            with open_store(path) as db:
                assert [damage.lost for damage in db.damage] == [("calls 8",)]
                assert len(db.table("calls")) == 49
                with pytest.raises(OSError, match="File too large"):
                    db.table("calls").insert({})
    with open_store(path) as db:
        assert len(db.table("calls")) == 49
        db.table("calls").insert({"number": 50})
    with open_store(path) as db:
        assert not db.damage
        assert len(db.table("calls")) == 50


def test_a_change_that_could_not_be_synced_is_never_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "store"
    with open_store(path) as db:
        calls = db.table("calls")
        calls.insert({"number": 1})
        fdatasync, synced = os.fdatasync, iter([failing, os.fdatasync])
        monkeypatch.setattr(os, "fdatasync", lambda fd: next(synced)(fd))
        with pytest.raises(OSError, match="Input/output"):
            calls.upsert(Document({"number": 2}, doc_id=1))
        monkeypatch.setattr(os, "fdatasync", fdatasync)
        assert calls.all() == [{"number": 1}]
        with open_store(path, read_only=True) as beside:
            assert beside.table("calls").all() == [{"number": 1}]
        calls.insert({"number": 3})
    with open_store(path) as db:
        assert db.table("calls").all() == [{"number": 1}, {"number": 3}]


def test_when_a_failed_change_cannot_be_cut_off_no_other_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(tmp_path / "store") as db:
        calls = db.table("calls")
        calls.insert({"number": 1})
        with monkeypatch.context() as patched:
            patched.setattr(os, "fdatasync", failing)
            with pytest.raises(OSError, match="Input/output"):
                calls.insert({"number": 2})
        with pytest.raises(OSError, match="takes no more changes"):
            calls.insert({"number": 3})
        assert calls.all() == [{"number": 1}]


def test_when_compaction_cannot_be_made_durable_no_change_is_taken_that_could_be_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(tmp_path / "store") as db:
        calls = db.table("calls")
        calls.insert({"number": 1})
        with monkeypatch.context() as patched:
            patched.setattr(journal, "_sync_folder", failing)
            patched.setattr(journal, "MOST_BATCHES", 1)
            calls.insert({"number": 2})
        with pytest.raises(OSError, match="takes no more changes"):
            calls.insert({"number": 3})
        assert calls.all() == [{"number": 1}, {"number": 2}]
    with open_store(tmp_path / "store") as db:
        assert db.table("calls").all() == [{"number": 1}, {"number": 2}]


def test_when_compaction_fails_the_journal_goes_on_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "store"
    with open_store(path) as db:
        calls = db.table("calls")
        with monkeypatch.context() as patched:
            patched.setattr(journal, "MOST_BATCHES", 5)
            patched.setattr(os, "fsync", failing)
            for number in range(20):
                calls.insert({"number": number})
        assert caplog.text.count("could not be compacted") == 1
        assert not (tmp_path / "store.new").exists()
    with open_store(path) as db:
        assert [doc["number"] for doc in db.table("calls")] == list(range(20))


def test_on_a_card_that_can_only_be_read_it_opens_and_refuses_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "store"
    with open_store(path) as db:
        db.table("rules").insert({"match": "138*"})
    opened = os.open

    def open_(path: Path, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_RDWR:
            raise OSError(errno.EROFS, "Read-only file system")
        return opened(path, flags, mode)

    monkeypatch.setattr(os, "open", open_)
    with open_store(path) as db:
        assert db.table("rules").all() == [{"match": "138*"}]
        with pytest.raises(OSError, match="Read-only file system"):
            db.table("rules").insert({})


def test_the_file_stays_in_proportion_to_what_it_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fdatasync", lambda fd: None)
    path = tmp_path / "store"
    with open_store(path) as db:
        for rings in range(5000):
            db.table("calls").upsert(Document({"rings": rings}, doc_id=1 + rings % 10))
            assert path.stat().st_size < 150 * (journal.SPARE_LINES + 30)
        assert sorted(doc["rings"] for doc in db.table("calls")) == list(range(4990, 5000))


def test_what_was_removed_is_in_a_compacted_file_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "store"
    with open_store(path) as db:
        gone, stays = db.table("calls").insert_multiple([{"name": "gone"}, {"name": "stays"}])
        db.table("calls").remove(doc_ids=[gone])
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", failing)
            with pytest.raises(OSError, match="Input/output"):
                db.compact()
        assert b"gone" in path.read_bytes()
        db.compact()
        assert b"gone" not in path.read_bytes()
        assert db.table("calls").all() == [{"name": "stays"}]
        assert db.table("calls").insert({"name": "new"}) == stays + 1
    with open_store(path, read_only=True) as db, pytest.raises(OSError, match="for reading"):
        db.compact()


def test_what_a_crashed_compaction_left_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "store"
    with open_store(path) as db:
        db.table("calls").insert({"number": 1})
    (tmp_path / "store.new").write_bytes(path.read_bytes() * 3)
    with open_store(path) as db:
        db.compact()
        assert db.table("calls").all() == [{"number": 1}]
    with open_store(path) as db:
        assert not db.damage
        assert db.table("calls").all() == [{"number": 1}]


def test_reading_waits_for_no_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wait_until: Callable[..., None]
) -> None:
    syncing, card_is_done = threading.Event(), threading.Event()

    def slow(fd: int) -> None:
        syncing.set()
        card_is_done.wait(10)

    with open_store(tmp_path / "store") as db:
        calls = db.table("calls")
        calls.insert({"number": 1})
        monkeypatch.setattr(os, "fdatasync", slow)
        thread = threading.Thread(target=calls.insert, args=({"number": 2},))
        thread.start()
        assert syncing.wait(5)
        assert calls.newest(5) == calls.all() == [{"number": 1}]
        assert calls.get(doc_id=2) is None
        assert thread.is_alive()
        card_is_done.set()
        thread.join()
        assert calls.newest(5) == [{"number": 2}, {"number": 1}]


def test_threads_see_no_half_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "SPARE_LINES", 10)
    halves: list[object] = []
    done = threading.Event()
    with open_store(tmp_path / "store") as db:
        calls = db.table("calls")

        def write(writer: int) -> None:
            for number in range(30):
                ids = calls.insert_multiple([{"pair": [writer, number]}, {"pair": [writer, number]}])
                calls.update({"over": True}, doc_ids=ids)
                if number % 3 == 0:
                    calls.remove(doc_ids=ids)

        def read() -> None:
            while not done.is_set():
                docs = calls.all()
                pairs = [(doc["pair"], doc.get("over")) for doc in docs]
                halves.extend(pair for pair in pairs if pairs.count(pair) != 2)

        readers = [threading.Thread(target=read) for _ in range(2)]
        writers = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
        for thread in readers + writers:
            thread.start()
        for thread in writers:
            thread.join()
        done.set()
        for thread in readers:
            thread.join()
        assert not halves
        assert len(calls) == 4 * 2 * 20
        assert len({doc.doc_id for doc in calls}) == 160
    with open_store(tmp_path / "store") as db:
        assert not db.damage
        assert len(db.table("calls")) == 160
