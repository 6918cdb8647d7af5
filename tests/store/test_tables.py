import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tinydb import TinyDB, where
from tinydb.storages import MemoryStorage
from tinydb.table import Document

from firmware.store import JournalTable, Store, journal, open_store

NAMES = st.sampled_from(["calls", 'ru"les\t\n', "号段"])
TEXT = st.text(st.characters(exclude_categories=()), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
DOCUMENTS = st.dictionaries(TEXT, VALUES, max_size=2) | st.fixed_dictionaries(
    {"kind": st.integers(0, 3)}, optional={"name": TEXT, "more": VALUES}
)


class LikeTinyDB(RuleBasedStateMachine):
    """Does everything to our store and to TinyDB in memory, and finds no difference."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.ours = open_store(self.folder / "store")
        self.model = TinyDB(storage=MemoryStorage)
        self.given: set[tuple[str, int]] = set()

    def teardown(self) -> None:
        self.ours.close()
        shutil.rmtree(self.folder)

    def copy(self, name: str, ids: list[int], documents: list[dict[str, Any]]) -> None:
        """Ids that a table gives are never ones that it has given before; TinyDB's are made to be the same."""
        for id, document in zip(ids, documents, strict=True):
            assert (name, id) not in self.given
            self.given.add((name, id))
            self.model.table(name).insert(Document(document, doc_id=id))

    @rule(name=NAMES, document=DOCUMENTS)
    def insert(self, name: str, document: dict[str, Any]) -> None:
        self.copy(name, [self.ours.table(name).insert(document)], [document])

    @rule(name=NAMES, documents=st.lists(DOCUMENTS, min_size=1, max_size=4))
    def insert_multiple(self, name: str, documents: list[dict[str, Any]]) -> None:
        self.copy(name, self.ours.table(name).insert_multiple(documents), documents)

    @rule(name=NAMES, id=st.integers(1, 12), document=DOCUMENTS)
    def upsert_by_id(self, name: str, id: int, document: dict[str, Any]) -> None:
        self.given.add((name, id))
        for db in (self.ours, self.model):
            assert db.table(name).upsert(Document(document, doc_id=id)) == [id]

    @rule(name=NAMES, kind=st.integers(0, 3), document=DOCUMENTS)
    def upsert_by_query(self, name: str, kind: int, document: dict[str, Any]) -> None:
        if self.model.table(name).contains(where("kind") == kind):
            ids = [db.table(name).upsert(document, where("kind") == kind) for db in (self.ours, self.model)]
            assert sorted(ids[0]) == sorted(ids[1])
        else:
            self.copy(name, self.ours.table(name).upsert(document, where("kind") == kind), [document])

    @rule(name=NAMES, ids=st.lists(st.integers(1, 12), max_size=3), fields=DOCUMENTS)
    def update_by_id(self, name: str, ids: list[int], fields: dict[str, Any]) -> None:
        ours, model = (db.table(name).update(fields, doc_ids=ids) for db in (self.ours, self.model))
        assert ours == model

    @rule(name=NAMES, kind=st.integers(0, 3), fields=DOCUMENTS)
    def update_by_query(self, name: str, kind: int, fields: dict[str, Any]) -> None:
        for db in (self.ours, self.model):
            db.table(name).update(fields, where("kind") == kind)

    @rule(name=NAMES)
    def update_in_place(self, name: str) -> None:
        for db in (self.ours, self.model):
            db.table(name).update(
                lambda document: document.setdefault("seen", []).append("now"), where("kind") > 1
            )

    @rule(name=NAMES, ids=st.lists(st.integers(1, 12), max_size=3, unique=True))
    def remove_by_id(self, name: str, ids: list[int]) -> None:
        assert self.ours.table(name).remove(doc_ids=ids) == self.model.table(name).remove(doc_ids=ids)

    @rule(name=NAMES, kind=st.integers(0, 3))
    def remove_by_query(self, name: str, kind: int) -> None:
        for db in (self.ours, self.model):
            db.table(name).remove(where("kind") == kind)

    @rule(name=NAMES)
    def truncate(self, name: str) -> None:
        for db in (self.ours, self.model):
            db.table(name).truncate()

    @rule(name=NAMES)
    def drop(self, name: str) -> None:
        self.given = {given for given in self.given if given[0] != name}
        for db in (self.ours, self.model):
            db.drop_table(name)

    @rule()
    def drop_all(self) -> None:
        self.given.clear()
        for db in (self.ours, self.model):
            db.drop_tables()

    @rule()
    def open_again(self) -> None:
        self.ours.close()
        self.ours = open_store(self.folder / "store")
        assert not self.ours.damage

    @rule()
    def compact(self) -> None:
        self.ours.compact()

    @invariant()
    def the_same(self) -> None:
        for name in {*self.ours.tables(), *self.model.tables()}:
            ours, model = self.ours.table(name), self.model.table(name)
            documents = sorted((doc.doc_id, doc) for doc in model)
            assert [(doc.doc_id, doc) for doc in ours] == documents
            assert len(ours) == len(model)
            newest = [(doc.doc_id, doc) for doc in ours.newest(2, before=9)]
            assert newest == [found for found in documents if found[0] < 9][:-3:-1]
            found = [(doc.doc_id, doc) for doc in ours.search(where("kind") == 1)]
            assert found == [(id, doc) for id, doc in documents if doc.get("kind") == 1]
            assert ours.get(doc_id=5) == model.get(doc_id=5)
            assert ours.get(where("kind") == 2) == next((d for _, d in documents if d.get("kind") == 2), None)
            assert ours.count(where("name").exists()) == model.count(where("name").exists())


LikeTinyDB.TestCase.settings = settings(max_examples=25, stateful_step_count=20)
test_it_does_as_tinydb_does = LikeTinyDB.TestCase


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "store")


@pytest.fixture
def calls(store: Store) -> JournalTable:
    return store.table("calls")


def test_newest_goes_back_page_by_page(calls: JournalTable) -> None:
    calls.insert_multiple({"number": number} for number in range(10))
    calls.remove(doc_ids=[5, 6, 10])
    assert [doc.doc_id for doc in calls.newest(3)] == [9, 8, 7]
    assert [doc.doc_id for doc in calls.newest(3, before=7)] == [4, 3, 2]
    assert [doc.doc_id for doc in calls.newest(3, before=2)] == [1]
    assert calls.newest(3, before=1) == []


def test_newest_reads_no_more_than_it_gives(calls: JournalTable, monkeypatch: pytest.MonkeyPatch) -> None:
    calls.insert_multiple({"number": number, "note": "x" * 500} for number in range(2000))
    read: list[int] = []
    pread = journal.contents.pread

    def counted(file: Any, size: int, offset: int) -> bytes:
        data = pread(file, size, offset)
        read.append(len(data))
        return data

    monkeypatch.setattr(journal.contents, "pread", counted)
    assert len(calls.newest(5)) == 5
    assert sum(read) < 100_000


def test_an_id_is_not_given_twice_even_when_its_document_is_gone_and_the_store_is_opened_again(
    tmp_path: Path,
) -> None:
    with open_store(tmp_path / "store") as db:
        assert db.table("calls").insert_multiple([{}, {}, {}]) == [1, 2, 3]
        db.table("calls").remove(doc_ids=[2, 3])
        db.compact()
    with open_store(tmp_path / "store") as db:
        assert db.table("calls").insert({}) == 4


def test_a_change_that_raises_changes_nothing(calls: JournalTable) -> None:
    calls.insert_multiple([{"rings": 1}, {"rings": 2}, {"rings": None}])

    def add(document: dict[str, Any]) -> None:
        document["rings"] += 1

    with pytest.raises(TypeError):
        calls.update(add)
    with pytest.raises(TypeError, match="not JSON serializable"):
        calls.insert_multiple([{"rings": 4}, {"rings": object()}])
    with pytest.raises(ValueError, match="already exists"):
        calls.insert_multiple([{"rings": 5}, Document({}, doc_id=1)])
    assert [doc["rings"] for doc in calls] == [1, 2, None]


def test_what_was_read_can_be_changed_without_changing_the_store(calls: JournalTable) -> None:
    calls.insert({"tags": ["a"]})
    calls.all()[0]["tags"].append("b")
    calls.search(where("tags").exists())[0]["tags"].append("c")
    assert calls.search(where("tags").exists()) == [{"tags": ["a"]}]


def test_an_update_that_changes_nothing_writes_nothing(calls: JournalTable, tmp_path: Path) -> None:
    calls.insert({"over": True})
    before = (tmp_path / "store").read_bytes()
    assert calls.update({"over": True}) == [1]
    assert (tmp_path / "store").read_bytes() == before


def test_many_tables_written_at_once_are_one_change(store: Store, tmp_path: Path) -> None:
    store.table("calls").insert({"number": 1})
    store.table("rules").insert({"match": "138*"})
    batches = (tmp_path / "store").read_bytes().count(b"#1 ")
    store.storage.write({"calls": {"7": {"number": 7}}, "settings": {"1": {"region": "CN"}}})
    assert (tmp_path / "store").read_bytes().count(b"#1 ") == batches + 1
    assert store.tables() == {"calls", "settings"}
    assert [(doc.doc_id, doc) for doc in store.table("calls")] == [(7, {"number": 7})]
