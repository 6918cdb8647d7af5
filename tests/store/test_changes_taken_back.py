"""What was changed is noted, and taken back as far as nothing else has changed since."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.store import Changed, Store, back, brief, open_store

FIELDS = st.dictionaries(st.sampled_from("abc"), st.integers(0, 2) | st.none(), max_size=3)
BORN = FIELDS.map(lambda fields: {**fields, "created": "2026-03-02"})
DOCUMENTS = st.none() | BORN


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "store") as store:
        yield store


@given(DOCUMENTS, DOCUMENTS)
def test_a_change_is_taken_back_where_nothing_has_changed_since(before: Any, after: Any) -> None:
    assert back(after, *brief(before, after)) == before


@given(FIELDS, FIELDS)
def test_of_what_is_never_created_none_is_as_good_as_an_empty_one(before: Any, after: Any) -> None:
    assert (back(after or None, *brief(before or None, after or None)) or {}) == before


def test_what_has_changed_elsewhere_in_a_document_stays() -> None:
    before, after = {"created": "x", "on": True, "note": "a"}, {"created": "x", "on": False, "note": "a"}
    assert back({**after, "note": "b"}, *brief(before, after)) == {**before, "note": "b"}


@pytest.mark.parametrize(
    ("now", "before", "after"),
    [
        (None, {"created": "x", "on": True}, {"created": "x", "on": False}),
        ({"created": "x", "on": True}, {"created": "x", "on": None}, {"created": "x", "on": False}),
        ({"created": "y"}, None, {"created": "x"}),
        ({"created": "y"}, {"created": "x"}, None),
        (None, None, {"created": "x"}),
    ],
    ids=["gone", "changed again", "another with its id", "its id is taken", "gone already"],
)
def test_what_is_no_longer_as_it_was_left_is_not_taken_back(now: Any, before: Any, after: Any) -> None:
    with pytest.raises(Changed):
        back(now, *brief(before, after))


def test_a_store_notes_what_the_thread_changes_and_puts_it_back(store: Store) -> None:
    table = store.table("rules")
    kept = table.insert({"created": "x", "match": "162*"})
    with store.noting() as noted:
        table.update({"match": "165*"}, doc_ids=[kept])
        table.update({"match": "170*"}, doc_ids=[kept])
        fresh = table.insert({"created": "y", "match": "171*"})
        other = Thread(target=lambda: table.insert({"created": "z", "match": "167*"}))
        other.start()
        other.join()
    assert noted["rules"].keys() == {kept, fresh}
    store.put_back(noted)
    assert [doc["match"] for doc in table] == ["162*", "167*"]


def test_all_is_put_back_or_nothing(store: Store) -> None:
    table = store.table("rules")
    with store.noting() as noted:
        one, other = table.insert_multiple([{"created": "x"}, {"created": "y"}])
    table.remove(doc_ids=[other])
    with pytest.raises(Changed):
        store.put_back(noted)
    assert table.contains(doc_id=one)
