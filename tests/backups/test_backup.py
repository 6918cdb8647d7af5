"""One readable file with all that the household has made."""

import io
import json
import tracemalloc
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.backups.backup import FORMAT, NoBackup, lines_of, read, restore_calls, written
from firmware.household import Household
from firmware.lists.shelf import restore_lists
from firmware.store import open_store

NUMBERS = ["16210123456", "16211123456", "17010123456", "13900010086", "01065551234", "95013123456", "110"]


def made(path: Path) -> list[str]:
    """The lines of a backup of a household that has something of everything."""
    with open_store(path / "store.journal") as store, open_store(path / "calls.journal") as log:
        household = Household(store)
        household.change_settings({"withheld": "block", "zone": "Asia/Shanghai"})
        household.add_rule({"match": "162*", "action": "block", "note": "销售"})
        household.add_rule({"match": "1621*", "action": "allow"})
        household.add_rule({"match": "950*", "action": "block", "when": "00:00-24:00", "how": "hangup"})
        household.add_contact("王医生", ["010-6555 1234"], ["家人"])
        household.open_pass(30, ["170*"])
        household.turn_set("mvno", on=True)
        store.table("lists").insert({"name": "社区", "url": "https://lists.example/a.txt", "action": "block"})
        log.table("calls").insert({"started": "2026-07-01T04:00:00+00:00", "number": "+8616210123456"})
        log.table("hits").insert({"count": 3, "last": "2026-07-01T04:00:00+00:00"})
        return list(written(store, log))


def taken_over(lines: list[str], path: Path) -> tuple[Household, dict[str, int]]:
    tables, _ = read(lines)
    with open_store(path / "fresh.journal") as store:
        household = Household(store)
        kept = household.restore(tables)
        kept["lists"] = restore_lists(store, tables.get("lists", {}))
    return household, kept


def test_a_fresh_appliance_judges_as_the_one_that_was_backed_up(tmp_path: Path) -> None:
    lines = made(tmp_path)
    with open_store(tmp_path / "store.journal") as store:
        before = [Household(store).judge(number) for number in NUMBERS]
    household, kept = taken_over(lines, tmp_path)
    assert [household.judge(number) for number in NUMBERS] == before
    assert kept == {"rules": 8, "contacts": 1, "passes": 1, "pools": 0, "sip": 0, "settings": 1, "lists": 1}
    assert household.settings()["withheld"] == "block"


def test_the_file_is_for_people_and_holds_no_secret(tmp_path: Path) -> None:
    with open_store(tmp_path / "store.journal") as store:
        store.table("accounts").insert({"password": "$argon2id$secret"})
    text = "".join(made(tmp_path))
    assert '"name": "王医生"' in text
    assert "argon2id" not in text


def test_what_a_newer_version_added_does_not_stop_a_restore(tmp_path: Path) -> None:
    lines = made(tmp_path)
    docs = [json.loads(line) for line in lines[1:]]
    newer = [json.dumps({**doc, "mood": {"very": ["new"]}}) for doc in docs]
    newer += [
        '{"table": "dreams", "id": 1, "of": "later"}',
        '{"table": "rules", "id": 99, "match": "mood:bad", "action": "sing"}',
    ]
    _, kept = taken_over([lines[0], *newer], tmp_path)
    assert kept["rules"] == 8
    assert kept["contacts"] == 1


def test_calls_come_back_into_an_empty_log_alone(tmp_path: Path) -> None:
    tables, _ = read(made(tmp_path))
    with open_store(tmp_path / "fresh.journal") as log:
        assert restore_calls(log, tables) == 1
        assert log.table("calls").get(doc_id=1)["number"] == "+8616210123456"
        assert log.table("hits").get(doc_id=1)["count"] == 3
        with pytest.raises(ValueError, match="calls"):
            restore_calls(log, tables)


def test_complaints_come_back_with_the_calls_that_they_are_about(tmp_path: Path) -> None:
    case = {
        "form": "12321", "about": "+861621012????", "calls": [1], "answers": {"kind": "loans"}, "state": "filed",
        "reference": "7", "answer": "", "created": "2026-03-02T01:15:00+00:00", "filed": "2026-03-02T01:16:00+00:00",
    }  # fmt: skip
    lines = [
        *made(tmp_path),
        json.dumps({"table": "complaints", "id": 3, **case}),
        json.dumps({"table": "complaints", "id": 4, **case, "calls": ["1; DROP"]}),
        json.dumps({"table": "complaints", "id": 5, **case, "state": "sent"}),
    ]
    with open_store(tmp_path / "fresh.journal") as log:
        restore_calls(log, read(lines)[0])
        assert {doc.doc_id: dict(doc) for doc in log.table("complaints")} == {3: case}


@pytest.mark.parametrize(
    "lines", [[], [""], ["{}"], ['{"format": "ringfence backup 2"}'], ["[" * 100_000], ["\x00\n"]]
)
def test_what_is_no_backup_is_refused(lines: list[str]) -> None:
    with pytest.raises(NoBackup):
        read(lines)


def test_a_line_without_end_takes_no_memory() -> None:
    file = io.BytesIO(b"x" * (20 << 20))
    tracemalloc.start()
    read_in_all = sum(map(len, lines_of(file)))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert read_in_all == 20 << 20
    assert most < 2 << 20


def test_a_file_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("firmware.backups.backup.MOST_LINES", 1000)
    lines = chain([json.dumps({"format": FORMAT})], repeat("{}", 5000))
    with pytest.raises(NoBackup, match="too_many"):
        read(lines, ())


def test_a_line_that_makes_no_sense_is_left_out_and_counted(tmp_path: Path) -> None:
    lines = made(tmp_path)
    hostile = [
        "[1, 2]",
        "{" * 5000,
        '{"table": "rules"}',
        '{"table": 7, "id": 7}',
        '{"table": "rules", "id": -1}',
        json.dumps({"table": "rules", "id": 99, "match": "162*", "action": "block", "note": "x" * 70_000}),
    ]
    tables, skipped = read([lines[0], *hostile, *lines[1:]])
    assert skipped == len(hostile)
    assert len(tables["rules"]) == 8


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "table": st.sampled_from(["rules", "contacts", "passes", "settings", "lists"]),
                "id": st.integers(1, 5),
            },
            optional={
                key: st.one_of(
                    st.none(), st.text(max_size=8), st.integers(), st.lists(st.text(max_size=5), max_size=3)
                )
                for key in (
                    "match",
                    "action",
                    "note",
                    "when",
                    "until",
                    "on",
                    "name",
                    "numbers",
                    "groups",
                    "segments",
                    "url",
                )
            },
        ),
        max_size=12,
    )
)
def test_no_backup_from_a_hostile_hand_breaks_a_restore(
    tmp_path_factory: Any, documents: list[dict[str, Any]]
) -> None:
    head = json.dumps({"format": "ringfence backup 1"})
    household, _ = taken_over([head, *map(json.dumps, documents)], tmp_path_factory.mktemp("hostile"))
    assert household.judge("110").action == "allow"
