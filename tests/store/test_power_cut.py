import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from power_cut import Card, Files
from tinydb.table import Document

from firmware.store import Store, journal, open_store

State = dict[str, dict[int, dict[str, object]]]


def state(db: Store) -> State:
    return {name: {doc.doc_id: dict(doc) for doc in db.table(name)} for name in sorted(db.tables())}


def write_much(path: Path, after_each: Callable[[Store], None]) -> None:
    """Changes of every kind, enough of them to compact several times."""
    append = journal.Journal._append

    def appended(self: journal.Journal, lines: bytes) -> None:
        append(self, lines)
        after_each(db)

    with pytest.MonkeyPatch.context() as patched, open_store(path) as db:
        patched.setattr(journal, "SPARE_LINES", 5)
        patched.setattr(journal.Journal, "_append", appended)
        calls, rules = db.table("calls"), db.table("rules")
        for number in range(30):
            id = calls.insert({"number": f"+86139{number:08}", "note": "x" * (number * 37 % 900)})
            for rings in range(4):
                calls.update({"rings": rings}, doc_ids=[id])
            if number % 5 == 0:
                rules.insert_multiple({"match": f"{number}{end}*", "note": "y" * 200} for end in range(6))
            if number % 7 == 3:
                calls.remove(doc_ids=[id - 1, id - 2])
                rules.upsert(Document({"match": "95*"}, doc_id=number))
        db.drop_table("rules")
        db.table("rules").insert({"match": "400*"})


def lay_out(folder: Path, files: Files) -> Path:
    for path in folder.iterdir():
        path.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder / "store"


def test_after_a_power_cut_at_any_moment_each_change_is_there_whole_or_was_never_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("reference", "card", "after"):
        (tmp_path / name).mkdir()
    states: list[State] = [{}]
    write_much(tmp_path / "reference" / "store", lambda db: states.append(state(db)))

    chance = random.Random(2)
    acknowledged = 0
    cuts: set[tuple[int, tuple[tuple[str, bytes], ...]]] = set()

    def cut() -> None:
        for files in card.after_cuts(chance, 3):
            cuts.add((acknowledged, tuple(sorted(files.items()))))

    def acknowledge(_: Store) -> None:
        nonlocal acknowledged
        acknowledged += 1

    with monkeypatch.context() as patched:
        card = Card(tmp_path / "card", patched)
        card.on_call = cut
        write_much(tmp_path / "card" / "store", acknowledge)
    assert acknowledged == len(states) - 1
    assert sum("store.new" in dict(files) for _, files in cuts) > 20

    monkeypatch.setattr(os, "fsync", lambda fd: None)
    monkeypatch.setattr(os, "fdatasync", lambda fd: None)
    for acknowledged, files in cuts:
        with open_store(lay_out(tmp_path / "after", dict(files))) as db:
            assert state(db) in states[acknowledged : acknowledged + 2]
            assert all(damage.torn for damage in db.damage)
            db.table("calls").insert({"after": "the cut"})
        with open_store(tmp_path / "after" / "store") as db:
            assert not db.damage
