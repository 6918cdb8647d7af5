"""A caller is forgotten: of what rang, was noted and complained about, no file has a trace any more."""

from collections.abc import Callable
from pathlib import Path

import pytest
from asking import Ask
from visiting import Visitor

from firmware.appliance import Appliance

Ring = Callable[..., int]

NUMBER, OTHER = "16210123456", "16310123456"
NAME, NOTE = "Mallory Sales", "sold me windows"


def files_with(appliance: Appliance, text: str) -> list[Path]:
    """The files of the data that have a text in them."""
    found = (path for path in appliance.data.rglob("*") if path.is_file())
    return [path for path in found if text.encode() in path.read_bytes()]


@pytest.fixture
def known(ring: Ring, appliance: Appliance, ask: Ask) -> Appliance:
    """Two callers, of one of whom a lot is known."""
    ring(OTHER)
    id = ring(NUMBER, NAME)
    appliance.remark(id, note=NOTE)
    appliance.complaints.prepare(id)
    appliance.household.know(NUMBER)
    appliance.upkeep.back_up()
    (appliance.data / "calls.journal.damaged").write_text(NUMBER)
    assert len(files_with(appliance, NUMBER)) > 3
    return appliance


def test_a_number_leaves_no_trace_and_another_stays(known: Appliance, ask: Ask) -> None:
    forgotten = ask("POST", "/api/v1/forget", json={"number": NUMBER, "backups": True}).json
    assert forgotten == {"calls": 1, "known": 1, "backups": 1, "wished": False}
    for trace in (NUMBER, NAME, NOTE):
        assert files_with(known, trace) == []
    assert [call["presented"] for call in known.calls()] == [OTHER]
    assert known.complaints.cases() == []
    assert not known.household.is_known(f"+86{NUMBER}")


def test_all_callers_are_forgotten_and_the_wishes_stay(known: Appliance, owner: Visitor) -> None:
    known.household.add_rule({"match": "170*", "action": "block"})
    answer = owner.post("/settings/forget", {"everyone": "yes", "backups": "yes"})
    assert answer.location == "/settings?said=forgotten"
    for trace in (NUMBER, OTHER, NAME, NOTE):
        assert files_with(known, trace) == []
    assert (known.calls(), known.household.known(), known.backups.found("")) == ([], [], [])
    assert [rule["match"] for rule in known.household.rules()] == ["170*"]
    assert known.status()["counts"]["today"] == 0


def test_what_happened_is_forgotten_by_the_verdict_too(known: Appliance, ask: Ask) -> None:
    known.household.add_rule({"match": "kind:ring-once", "action": "block"})
    assert known.household.judge(OTHER).action == "block"
    ask("POST", "/api/v1/forget", json={"number": OTHER})
    assert known.household.judge(OTHER).action == "allow"


def test_backups_stay_unless_they_are_to_go(known: Appliance, ask: Ask) -> None:
    assert ask("POST", "/api/v1/forget", json={"number": NUMBER}).json["backups"] == 0
    assert [path.parent.name for path in files_with(known, NUMBER)] == ["backups"]


def test_a_number_that_is_wished_for_is_said_to_stand_there(known: Appliance, owner: Visitor) -> None:
    known.household.add_rule({"match": NUMBER, "action": "block"})
    assert owner.post("/settings/forget", {"number": NUMBER}).location == "/settings?said=forgotten_wished"


def test_nobody_is_forgotten_by_mistake(known: Appliance, ask: Ask, owner: Visitor) -> None:
    for body in ({}, {"number": ""}, {"number": "x"}, {"number": NUMBER, "backups": 1}, {"number": 5}):
        assert ask("POST", "/api/v1/forget", json=body).status_code in (400, 422)
    assert owner.post("/settings/forget").location == "/settings?said=known_number"
    known.household.change_settings({"backup_folder": "/media/gone"})
    answer = ask("POST", "/api/v1/forget", json={"number": NUMBER, "backups": True})
    assert (answer.status_code, answer.json["code"]) == (507, "folder")
    assert len(known.calls()) == 2
