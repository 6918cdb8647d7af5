"""Uploaded lists on their way into a backup and back."""

import json
from pathlib import Path
from typing import Any

import pytest
from compiling import compiled_list
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firmware.backups.backup import NoBackup, read, written
from firmware.lists import saving
from firmware.lists.saving import NOT_READABLE, TOO_MANY, Saved, Texts, too_large
from firmware.lists.shelf import restore_lists
from firmware.store import Store, open_store

HEAD = json.dumps({"format": "ringfence backup 1"})
MANY = sorted(f"1621012{digits:04}" for digits in range(2500))


def uploaded(db: Store, folder: Path, name: str, *entries: str) -> int:
    """Keep a list as the shelf does when it is compiled."""
    doc = {"name": name, "action": "block", "url": None, "on": True, "count": len(entries)}
    id = db.table("lists").insert(doc)
    folder.mkdir(exist_ok=True)
    if entries:
        compiled_list(folder / f"{id}.list", "".join(f"{entry}\n" for entry in entries))
    return id


def test_an_uploaded_list_comes_back_with_every_number(tmp_path: Path) -> None:
    lists = tmp_path / "lists"
    with open_store(tmp_path / "store.journal") as db:
        uploaded(db, lists, "mine", *MANY, "170*", "+442079460123")
        uploaded(db, lists, "other", "95588")
        db.table("lists").insert({"name": "L", "url": "https://lists.invalid/", "action": "block"})
        lines = list(written(db, lists=lists))
    assert max(map(len, lines)) < 1 << 16
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    with open_store(tmp_path / "fresh.journal") as db, Texts(fresh) as texts:
        tables, skipped = read(lines, texts=texts)
        assert (restore_lists(db, tables["lists"], texts), skipped) == (3, 0)
        ids = {doc["name"]: id for id, doc in db.table("lists").raw()}
        assert all(doc["fault"] is None for _, doc in db.table("lists").raw())
    assert sorted((fresh / f"{ids['mine']}.text").read_text().split()) == sorted(
        [*MANY, "170*", "+442079460123"]
    )
    assert (fresh / f"{ids['other']}.text").read_text() == "95588\n"
    assert len(list(fresh.iterdir())) == 2


def test_a_backup_has_room_for_the_smaller_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "MOST_NUMBERS", 10)
    lists = {1: {"url": None, "count": 7}, 2: {"url": None, "count": 4}, 3: {"url": None, "count": 6}}
    lists[4] = {"url": "https://lists.invalid/", "count": 99}
    assert too_large(lists.items()) == [1]
    lists[5] = {"url": None, "count": 1}
    assert too_large(lists.items()) == [3, 1]


def test_what_is_left_out_is_said_and_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "MOST_NUMBERS", 2)
    with open_store(tmp_path / "store.journal") as db:
        large = uploaded(db, tmp_path, "large", "162*", "163*", "165*")
        damaged = uploaded(db, tmp_path, "damaged", "162*")
        building = uploaded(db, tmp_path, "building")
        (tmp_path / f"{damaged}.list").write_bytes(b"x" * 100)
        documents = [json.loads(line) for line in written(db, lists=tmp_path)]
        told = {doc["id"]: doc["left_out"] for doc in documents if "left_out" in doc}
        assert told == {large: TOO_MANY, damaged: NOT_READABLE, building: NOT_READABLE}
        assert not any(doc.get("table") == "numbers" for doc in documents)
        without = Saved(db.table("lists").raw(), None)
        assert list(without.numbers()) == []


def test_a_list_without_numbers_says_so_when_it_is_back(tmp_path: Path) -> None:
    doc = {"name": "U", "action": "block", "url": None, "left_out": TOO_MANY}
    with open_store(tmp_path / "store.journal") as db:
        assert restore_lists(db, {1: doc}) == 1
        (kept,) = db.table("lists").all()
    assert (kept["fault"], kept["count"], "left_out" in kept) == ("left_out", 0, False)


def test_numbers_in_lines_of_any_version_are_kept(tmp_path: Path) -> None:
    lines = [
        {"table": "numbers", "id": 1, "list": 7, "numbers": ["162*", "16210123456"], "mood": "new"},
        {"table": "numbers", "list": 7, "numbers": []},
        {"table": "lists", "id": 7, "name": "U", "action": "block", "url": None},
        {"table": "numbers", "id": 2, "list": 8, "numbers": ["1"]},
    ]
    with open_store(tmp_path / "store.journal") as db, Texts(tmp_path) as texts:
        tables, skipped = read([HEAD, *map(json.dumps, lines)], texts=texts)
        assert (skipped, texts.kept) == (0, 3)
        restore_lists(db, tables["lists"], texts)
        (list_,) = db.table("lists").all()
        assert (tmp_path / f"{list_.doc_id}.text").read_text() == "162*\n16210123456\n"
    assert not (tmp_path / "restored").exists()


def test_numbers_that_nobody_asked_for_take_no_memory() -> None:
    line = json.dumps({"table": "numbers", "id": 1, "list": 1, "numbers": MANY[:1000]})
    assert read([HEAD, line]) == ({}, 0)


@pytest.mark.parametrize(
    "doc",
    [
        {"list": 1, "numbers": "162*"},
        {"list": 1, "numbers": ["162*\n163*"]},
        {"list": 1, "numbers": ["1" * 41]},
        {"list": 1, "numbers": ["१६२"]},
        {"list": 1, "numbers": [162]},
        {"list": True, "numbers": ["162*"]},
        {"list": "../x", "numbers": ["162*"]},
        {"list": 10**30, "numbers": ["162*"]},
        {"numbers": ["162*"]},
    ],
    ids=str,
)
def test_a_line_that_makes_no_sense_is_counted(tmp_path: Path, doc: dict[str, Any]) -> None:
    with Texts(tmp_path) as texts:
        assert read([HEAD, json.dumps({"table": "numbers", "id": 1, **doc})], texts=texts) == ({}, 1)
        assert texts.kept == 0


def test_more_numbers_or_lists_than_a_backup_has_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "MOST_NUMBERS", 200)
    many = [{"list": 1, "numbers": ["1"] * 201}]
    lists = [{"list": id, "numbers": ["1"]} for id in range(1, 150)]
    for documents in many, lists:
        lines = [json.dumps({"table": "numbers", "id": 1, **doc}) for doc in documents]
        with Texts(tmp_path) as texts, pytest.raises(NoBackup, match="too_many"):
            read([HEAD, *lines], texts=texts)
        assert list(tmp_path.iterdir()) == []


DOCS = st.fixed_dictionaries(
    {},
    optional={
        "list": st.integers() | st.text(max_size=3) | st.none(),
        "numbers": st.lists(st.text(max_size=5) | st.integers(), max_size=3) | st.text(max_size=3),
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(DOCS, max_size=5))
def test_no_numbers_from_a_hostile_hand_break_a_restore(
    tmp_path: Path, documents: list[dict[str, Any]]
) -> None:
    with Texts(tmp_path) as texts:
        read([HEAD, *(json.dumps({"table": "numbers", **doc}) for doc in documents)], texts=texts)
    assert list(tmp_path.iterdir()) == []
