"""What was done is taken back, over a real household, within a day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from firmware import undo as module
from firmware.contacts import Contact
from firmware.household import TAKEN_BACK, Household
from firmware.store import Changed, Store, open_store
from firmware.undo import Undo


@contextmanager
def opened(path: Path) -> Iterator[tuple[Store, Household, Undo]]:
    with open_store(path) as db:
        household = Household(db)
        yield db, household, Undo(db, {TAKEN_BACK: household.put_back}, lambda: [db])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.journal"


@pytest.fixture
def box(path: Path) -> Iterator[tuple[Store, Household, Undo]]:
    with opened(path) as box:
        yield box


ACTIONS: dict[str, Callable[[Household], Any]] = {
    "rule": lambda household: household.add_rule({"match": "170*", "action": "block"}),
    "rule that replaces": lambda household: household.add_rule({"match": "162*", "action": "allow"}),
    "rule changed into another": lambda household: household.change_rule(2, {"match": "162*"}),
    "rule off": lambda household: household.change_rule(1, {"on": False}),
    "rule removed": lambda household: household.remove_rule(1),
    "set on": lambda household: household.turn_set("mvno", on=True),
    "contact": lambda household: household.add_contact("Li", ["13900139000"]),
    "contact removed": lambda household: household.remove_contact(1),
    "contacts": lambda household: household.import_contacts(
        [Contact("Wang", ["13800138000", "13700137000"], []), Contact("Li", ["13900139000"], [])]
    ),
    "known": lambda household: household.know("13600136000"),
    "courier": lambda household: household.open_pass(),
    "courier ended": lambda household: household.expect([]),
    "pause": lambda household: household.pause(5),
    "settings": lambda household: household.change_settings({"withheld": "block", "region": "DE"}),
    "line": lambda household: household.add_account({"name": "study", "server": "b.example", "user": "622"}),
    "line changed": lambda household: household.change_account(1, {"server": "b.example", "password": "new"}),
    "line off": lambda household: household.change_account(1, {"on": False}),
    "line removed": lambda household: household.remove_account(1),
}
HALL = {"name": "hall", "server": "a.example", "user": "621", "password": "secret"}
NUMBERS = ("16210123456", "16510123456", "17010123456", "13800138000", "13900139000", "13600136000")


def filled(household: Household) -> None:
    household.add_rule({"match": "162*", "action": "block", "note": "first"})
    household.add_rule({"match": "165*", "action": "block"})
    household.add_contact("Wang", ["13800138000"])
    household.open_pass(10, ["17010*"])
    household.add_account(HALL)


def state(db: Store, household: Household) -> Any:
    wishes = {table: dict(db.table(table).raw()) for table in TAKEN_BACK}
    judged = [str(household.judge(number)) for number in NUMBERS]
    return wishes, judged, household.paused(), household.settings(), household.accounts()


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_is_taken_back_on_disk_and_in_force_though_the_box_has_restarted(
    path: Path, action: str
) -> None:
    with opened(path) as (db, household, undo):
        filled(household)
        before = state(db, household)
        with undo.step(action) as step:
            ACTIONS[action](household)
        assert state(db, household) != before
    with opened(path) as (db, household, undo):
        assert [kept.what for _, kept in undo.lately()] == [action]
        undo.take_back(str(step.key))
        assert state(db, household) == before
        assert undo.lately() == []
    with opened(path) as (db, household, _):
        assert state(db, household) == before


def test_a_step_is_taken_back_once(box: tuple[Store, Household, Undo]) -> None:
    _, household, undo = box
    with undo.step("rule_kept") as step:
        household.add_rule({"match": "170*", "action": "block"})
    undo.take_back(str(step.key))
    with pytest.raises(LookupError):
        undo.take_back(str(step.key))


def test_what_changed_nothing_has_no_way_back(box: tuple[Store, Household, Undo]) -> None:
    _, household, undo = box
    with undo.step("rule_removed") as step:
        household.remove_rule(7)
    assert step.key is None
    assert undo.lately() == []


def test_a_rule_is_not_put_back_beside_one_that_says_the_same(box: tuple[Store, Household, Undo]) -> None:
    _, household, undo = box
    filled(household)
    with undo.step("rule_removed") as step:
        household.remove_rule(1)
    household.add_rule({"match": "162*", "action": "allow"})
    with pytest.raises(Changed):
        undo.take_back(str(step.key))
    assert [rule["action"] for rule in household.rules() if rule["match"] == "162*"] == ["allow"]


def test_of_settings_only_what_was_changed_is_taken_back(box: tuple[Store, Household, Undo]) -> None:
    _, household, undo = box
    with undo.step("settings_kept") as step:
        household.change_settings(household.settings() | {"withheld": "block"})
    household.change_settings(household.settings() | {"courier_minutes": 45})
    undo.take_back(str(step.key))
    settings = household.settings()
    assert (settings["withheld"], settings["courier_minutes"]) == ("allow", 45)


def test_a_line_is_not_put_back_beside_one_that_has_its_name(box: tuple[Store, Household, Undo]) -> None:
    _, household, undo = box
    household.add_account(HALL)
    with undo.step("sip_removed") as step:
        household.remove_account(1)
    household.add_account(HALL | {"server": "b.example"})
    with pytest.raises(Changed):
        undo.take_back(str(step.key))
    assert [account.server for account in household.accounts().values()] == ["b.example"]


def test_a_lines_password_comes_back_for_the_server_that_it_was_meant_for_alone(
    box: tuple[Store, Household, Undo],
) -> None:
    _, household, undo = box
    household.add_account(HALL)
    with undo.step("password taken away") as away:
        household.change_account(1, {"password": ""})
    with undo.step("moved") as moved:
        household.change_account(1, {"server": "evil.example"})
    with pytest.raises(Changed):
        undo.take_back(str(away.key))
    assert household.accounts()[1].password == ""
    undo.take_back(str(moved.key))
    undo.take_back(str(away.key))
    account = household.accounts()[1]
    assert (account.server, account.password) == ("a.example", "secret")


def test_after_a_day_there_is_no_way_back(
    box: tuple[Store, Household, Undo], monkeypatch: pytest.MonkeyPatch
) -> None:
    db, household, undo = box
    with undo.step("rule_kept") as step:
        household.add_rule({"match": "170*", "action": "block"})
    monkeypatch.setattr(module, "LIFE", -module.LIFE)
    assert undo.lately() == []
    with pytest.raises(LookupError):
        undo.take_back(str(step.key))
    undo.retain()
    assert len(db.table(module.TABLE)) == 0


def test_the_oldest_steps_make_room(
    box: tuple[Store, Household, Undo], monkeypatch: pytest.MonkeyPatch
) -> None:
    db, household, undo = box
    monkeypatch.setattr(module, "MOST", 3)
    for number in range(5):
        with undo.step(str(number)):
            household.add_rule({"match": f"17{number}*", "action": "block"})
    assert [kept.what for _, kept in undo.lately()] == ["4", "3", "2"]
    monkeypatch.setattr(module, "LARGEST_ALL", 700)
    with undo.step("large"):
        household.add_rule({"match": "179*", "action": "block"})
    assert sum(kept.size for _, kept in undo.lately()) <= 700
    assert len(db.table(module.TABLE)) == len(undo.lately())


def test_what_is_too_large_is_done_and_cannot_be_taken_back(
    box: tuple[Store, Household, Undo], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, household, undo = box
    monkeypatch.setattr(module, "LARGEST", 100)
    with undo.step("contacts_kept") as step:
        household.import_contacts([Contact("Wang", ["13800138000"], []), Contact("Li", ["13900139000"], [])])
    assert step.key is None
    assert len(household.contacts()) == 2


def test_what_is_cleared_is_gone(box: tuple[Store, Household, Undo]) -> None:
    db, household, undo = box
    with undo.step("rule_kept"):
        household.add_rule({"match": "170*", "action": "block"})
    undo.clear()
    assert len(db.table(module.TABLE)) == 0
