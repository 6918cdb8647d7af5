import json
import os
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.store import Store, contents, open_store
from firmware.store.batches import HEADER_BYTES, MARK, READ_BYTES

HOSTILE = '#1 00000000 00000001 00000000 00000000 e8e3d4a2\n"calls"\t1\t00000000\t{}\t00000000\n'

Documents = dict[tuple[str, int], dict[str, Any]]


class Written(NamedTuple):
    """A line as it lies in the file: its place, its batch's place, what it says."""

    start: int
    end: int
    batch: tuple[int, int]
    table: str
    id: int
    document: dict[str, Any] | None

    @property
    def key_end(self) -> int:
        return self.start + len(f'"{self.table}"\t{self.id}\t') + 8


@pytest.fixture(autouse=True)
def a_quick_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda fd: None)
    monkeypatch.setattr(os, "fdatasync", lambda fd: None)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A small store with every kind of change in it."""
    with open_store(tmp_path / "store") as db:
        calls, rules = db.table("calls"), db.table("rules")
        calls.insert({"number": "+861391", "over": False})
        calls.insert_multiple([{"name": "张\n\t三"}, {"name": HOSTILE}, {"name": "\ud800"}])
        calls.update({"over": True}, doc_ids=[1])
        rules.insert({"match": "138*"})
        calls.remove(doc_ids=[3])
        rules.insert_multiple([{"match": "95*"}, {"match": "400*"}])
        calls.insert({"number": None})
    return tmp_path / "store"


def written(journal: bytes) -> list[Written]:
    """What a journal says, read without the store's own code."""
    lines: list[Written] = []
    offset, batch = 0, (0, 0)
    for text in journal.splitlines(keepends=True):
        if text.startswith(b"#1 "):
            batch = offset, offset + len(text) + int(text.split()[1], 16)
        else:
            table, id, _, document, _ = text.split(b"\t")
            doc = json.loads(document) if document else None
            lines.append(Written(offset, offset + len(text), batch, json.loads(table), int(id), doc))
        offset += len(text)
    return lines


def replayed(lines: list[Written]) -> Documents:
    documents: Documents = {}
    for line in lines:
        if line.document is None:
            documents.pop((line.table, line.id), None)
        else:
            documents[line.table, line.id] = line.document
    return documents


def held(db: Store) -> Documents:
    return {(name, doc.doc_id): dict(doc) for name in db.tables() for doc in db.table(name)}


def named(lines: list[Written]) -> tuple[str, ...]:
    return tuple(f"{line.table} {line.id}" for line in lines)


def test_cut_at_every_byte_it_opens_and_says_what_was_unfinished(store: Path) -> None:
    journal = store.read_bytes()
    lines = written(journal)
    for size in range(len(journal)):
        store.write_bytes(journal[:size])
        whole = [line for line in lines if line.batch[1] <= size]
        torn = [line for line in lines if line.batch[0] < size < line.batch[1]]
        readable = [line for line in torn if line.key_end <= size]
        with open_store(store) as db:
            assert held(db) == replayed(whole)
            if torn:
                start = torn[0].batch[0]
                (damage,) = db.damage
                assert (damage.offset, damage.length, damage.torn) == (start, size - start, True)
                assert damage.lost == named(readable)
                assert damage.more == (len(torn) - len(readable) if size - start >= HEADER_BYTES else 0)
            else:
                assert not db.damage
            db.table("calls").insert({"after": size})
        with open_store(store) as db:
            assert not db.damage
            assert held(db).items() >= replayed(whole).items()
            assert len(held(db)) == len(replayed(whole)) + 1


@pytest.mark.parametrize("flip", [0x01, 0xFF])
def test_with_any_byte_flipped_it_opens_and_says_exactly_what_was_lost(store: Path, flip: int) -> None:
    journal = store.read_bytes()
    lines = written(journal)
    last = lines[-1].batch
    for at in range(len(journal)):
        store.write_bytes(journal[:at] + bytes([journal[at] ^ flip]) + journal[at + 1 :])
        hit = [line for line in lines if line.start <= at < line.end]
        readable = [line for line in hit if at >= line.key_end]
        if at >= last[0]:
            hit = [line for line in lines if line.batch == last]
            readable = [line for line in hit if not line.start <= at < line.key_end]
        with open_store(store) as db:
            assert held(db) == replayed([line for line in lines if line not in hit])
            (damage,) = db.damage
            start, end = next(line.batch for line in lines if line.batch[0] <= at < line.batch[1])
            assert (damage.offset, damage.length, damage.torn) == (start, end - start, start == last[0])
            assert damage.lost == named(readable)
            assert damage.more == len(hit) - len(readable)
        with open_store(store) as db:
            assert not db.damage
            assert held(db) == replayed([line for line in lines if line not in hit])


def test_a_lost_sector_is_counted_change_by_change(tmp_path: Path) -> None:
    path = tmp_path / "store"
    with open_store(path) as db:
        for number in range(100):
            db.table("calls").insert({"number": number})
    journal = path.read_bytes()
    lines = written(journal)
    for start in range(0, len(journal) - 512, 1111):
        path.write_bytes(journal[:start] + bytes(512) + journal[start + 512 :])
        with open_store(path) as db:
            lost = [line for line in lines if line.start < start + 512 and line.end > start]
            assert held(db) == replayed([line for line in lines if line not in lost])
            assert sum(len(damage.lost) + damage.more for damage in db.damage) == len(lost)


def test_the_report_names_what_was_lost(store: Path) -> None:
    journal = bytearray(store.read_bytes())
    journal[journal.index(b'"138*"')] ^= 1
    store.write_bytes(journal)
    with open_store(store) as db:
        (damage,) = db.damage
    assert str(damage) == f"{damage.length} damaged bytes at {damage.offset}: lost changes: rules 1"


def test_what_was_damaged_is_set_aside(store: Path) -> None:
    journal = bytearray(store.read_bytes())
    journal[journal.index(b'"138*"')] ^= 1
    journal = journal[:-1]
    store.write_bytes(journal)
    with open_store(store) as db:
        damages = db.damage
    aside = (store.parent / "store.damaged").read_bytes()
    assert len(damages) == 2
    for damage in damages:
        assert bytes(journal[damage.offset : damage.offset + damage.length]) in aside
    assert (store.parent / "store.damaged").stat().st_mode & 0o777 == 0o600


def test_after_compaction_a_damaged_byte_costs_no_more_than_its_line(tmp_path: Path) -> None:
    path = tmp_path / "store"
    with open_store(path) as db:
        db.table("calls").insert_multiple({"number": number} for number in range(50))
        db.compact()
    journal = path.read_bytes()
    for number in (0, 25, 49):
        at = journal.index(b'{"number":%d}' % number)
        path.write_bytes(journal[:at] + b"?" + journal[at + 1 :])
        with open_store(path) as db:
            assert [damage.lost for damage in db.damage] == [(f"calls {number + 1}",)]
            assert len(db.table("calls")) == 49


def test_blocks_that_cannot_be_read_cost_no_more_than_what_lay_in_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "store"
    with open_store(path) as db:
        for number in range(200):
            db.table("calls").insert({"number": number})
    lines = written(path.read_bytes())
    pread = os.pread

    def failing(fd: int, size: int, offset: int) -> bytes:
        if offset < 12288 and offset + size > 8192 and Path(f"/proc/self/fd/{fd}").readlink() == path:
            raise OSError(5, "Input/output error")
        return pread(fd, size, offset)

    monkeypatch.setattr(os, "pread", failing)
    with open_store(path) as db:
        lost = [line for line in lines if line.start < 12288 and line.end > 8192]
        assert held(db) == replayed([line for line in lines if line not in lost])
        assert sum(len(damage.lost) + damage.more for damage in db.damage) == len(lost)


def test_a_document_spoiled_while_open_is_left_out_and_not_copied(
    store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with open_store(store) as db:
        journal = bytearray(store.read_bytes())
        journal[journal.index(b'{"match":"138*"}')] = 0
        store.write_bytes(journal)
        assert db.table("rules").get(doc_id=1) is None
        assert [doc["match"] for doc in db.table("rules")] == ["95*", "400*"]
        db.compact()
    assert "document 1 of the store cannot be read" in caplog.text
    with open_store(store) as db:
        assert not db.damage
        assert [doc["match"] for doc in db.table("rules")] == ["95*", "400*"]


def test_reading_only_changes_nothing(store: Path) -> None:
    journal = bytearray(store.read_bytes())
    journal[journal.index(b'"138*"')] ^= 1
    store.write_bytes(journal[:-1])
    before = {path.name: path.read_bytes() for path in store.parent.iterdir()}
    with open_store(store, read_only=True) as db:
        assert [damage.lost for damage in db.damage] == [("rules 1",)]
        with pytest.raises(OSError, match="opened for reading"):
            db.table("calls").insert({})
    assert {path.name: path.read_bytes() for path in store.parent.iterdir()} == before


@settings(max_examples=60)
@given(content=st.binary(max_size=400), place=st.integers(0, 2000), replaced=st.integers(0, 400))
def test_any_bytes_open(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, place: int, replaced: int
) -> None:
    path = tmp_path_factory.mktemp("any") / "store"
    with open_store(path) as db:
        for number in range(8):
            db.table("calls").insert_multiple([{"number": number}, {"name": HOSTILE}])
    journal = path.read_bytes()
    path.write_bytes(journal[:place] + content + journal[place + replaced :])
    with open_store(path) as db:
        documents = held(db)
        assert documents.items() <= replayed(written(journal)).items()
        if path.read_bytes() != journal and len(documents) < 16:
            assert db.damage or place >= len(journal) - replaced
    with open_store(path) as db:
        assert held(db) == documents
        assert not db.damage


@pytest.mark.parametrize("gone", [0, 1, 5])
def test_whole_batches_that_are_gone_are_missed(tmp_path: Path, gone: int) -> None:
    path = tmp_path / "store"
    with open_store(path) as db:
        for number in range(8):
            db.table("calls").insert_multiple([{"number": number}, {}])
    journal = path.read_bytes()
    starts = [place for place in range(len(journal)) if journal.startswith(MARK, place)]
    path.write_bytes(journal[: starts[gone]] + journal[starts[gone + 1] :])
    with open_store(path) as db:
        assert [(damage.lost, damage.more) for damage in db.damage] == [((), 2)]
        assert len(db.table("calls")) == 14
    with open_store(path) as db:
        assert not db.damage


def test_lines_longer_than_any_stride_are_read(tmp_path: Path) -> None:
    path = tmp_path / "store"
    long = "长" * READ_BYTES
    with open_store(path) as db:
        db.table("calls").insert_multiple([{"name": long}, {"name": "short"}, {"name": long}])
    with open_store(path) as db:
        assert [doc["name"] for doc in db.table("calls")] == [long, "short", long]
        assert db.table("calls").get(doc_id=3) == {"name": long}
        assert len(long) > contents.RUN_BYTES
