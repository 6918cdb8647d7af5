"""Cases, over a real store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from firmware.complaints import Complaints, cases
from firmware.store import Store, open_store

MORNING = datetime(2026, 3, 2, 1, 15, tzinfo=UTC)
BLOCKED = {"action": "block", "reason": "rule", "rule": 1, "match": "162*", "how": None}
ALLOWED = {**BLOCKED, "action": "allow"}
CALLER = "+8616210123456"


class Log:
    """The calls that the cases are about, by id."""

    def __init__(self) -> None:
        self.calls: dict[int, dict[str, Any]] = {}

    def add(self, number: str | None = CALLER, verdict: Mapping[str, Any] = ALLOWED, **more: Any) -> int:
        id = len(self.calls) + 1
        self.calls[id] = {
            "id": id, "number": number, "started": (MORNING + timedelta(hours=id)).isoformat(), "rings": 3,
            "talked": None, "cut": False, "verdict": verdict, "kind": None, "said": None, "note": None,
        } | more  # fmt: skip
        return id

    def newest(self, limit: int) -> list[dict[str, Any]]:
        return [self.calls[id] for id in sorted(self.calls, reverse=True)[:limit]]


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.journal"


@pytest.fixture
def db(path: Path) -> Iterator[Store]:
    with open_store(path) as db:
        yield db


Open = Callable[..., Complaints]


@pytest.fixture
def over(log: Log) -> Open:
    """Cases over a store, as they are after a start."""

    def over(db: Store, region: str = "CN", open_digits: int = 4) -> Complaints:
        return Complaints(
            lambda: db,
            call=log.calls.get,
            calls=log.newest,
            place=lambda: (region, ""),
            zone=lambda: UTC,
            open_digits=lambda number: open_digits,
        )

    return over


@pytest.fixture
def complaints(over: Open, db: Store) -> Complaints:
    return over(db)


def prepared(complaints: Complaints, call: int) -> dict[str, Any]:
    case = complaints.prepare(call)
    assert case
    return case


def test_a_case_has_the_unwanted_calls_of_its_like(complaints: Complaints, log: Log) -> None:
    blocked = log.add("+8616210120001", BLOCKED)
    marked = log.add("+8616210120002", kind="loans")
    courier = log.add("+8616210120003")
    elsewhere = log.add("+8616219990000", BLOCKED)
    told = log.add()
    case = prepared(complaints, told)
    assert (case["about"], case["form"], case["state"]) == ("+861621012????", "12321", "prepared")
    assert case["calls"] == [blocked, marked, told]
    assert [call["id"] for call in complaints.offers(case)] == [courier]
    assert [call["id"] for call in complaints.calls_of(case)] == [told, marked, blocked]
    assert complaints.case_of(marked) == case["id"]
    assert complaints.case_of(elsewhere) is None


def test_a_platform_may_have_more_than_a_segment(over: Open, db: Store, log: Log) -> None:
    complaints = over(db, open_digits=6)
    first, second = log.add("+8616210120001", BLOCKED), log.add("+8616210990002", BLOCKED)
    log.add("+8616310990002", BLOCKED)
    case = prepared(complaints, second)
    assert (case["about"], case["calls"]) == ("+8616210??????", [first, second])


def test_a_number_without_look_alikes_is_a_case_of_its_own(over: Open, db: Store, log: Log) -> None:
    complaints = over(db, open_digits=0)
    first, _, third = log.add("10086", BLOCKED), log.add("10087", BLOCKED), log.add("10086")
    case = prepared(complaints, third)
    assert (case["about"], case["calls"]) == ("10086", [first, third])


def test_a_call_is_in_one_case(complaints: Complaints, log: Log) -> None:
    case = prepared(complaints, log.add())
    assert complaints.prepare(case["calls"][0]) == case
    later = log.add("+8616210129999")
    assert prepared(complaints, later) == {**case, "calls": [*case["calls"], later]}
    other = log.add("+8617012345678")
    with pytest.raises(ValueError, match="calls"):
        complaints.change(prepared(complaints, other)["id"], {"calls": [other, later]})


def test_what_is_filed_takes_no_more_calls(complaints: Complaints, log: Log) -> None:
    first = prepared(complaints, log.add())
    complaints.change(first["id"], {"state": "filed"})
    second = prepared(complaints, log.add())
    assert second["id"] != first["id"]
    assert len(second["calls"]) == 1


def test_a_caller_without_number_is_a_case_alone(complaints: Complaints, log: Log) -> None:
    first, second = log.add(None, BLOCKED), log.add(None, BLOCKED)
    assert prepared(complaints, first)["calls"] == [first]
    assert prepared(complaints, second)["calls"] == [second]


def test_a_call_that_is_not_there_makes_no_case(complaints: Complaints) -> None:
    assert complaints.prepare(1) is None
    assert complaints.change(1, {"state": "filed"}) is None
    assert complaints.remove(1) is False


def test_a_call_takes_the_form_that_knows_its_kind(over: Open, log: Log, db: Store) -> None:
    complaints = over(db, "GB")
    assert prepared(complaints, log.add("+442079460001", kind="silent"))["form"] == "ofcom"
    assert prepared(complaints, log.add("+441632960002", kind="accident"))["form"] == "ico"


def test_a_case_is_filed_and_answered_and_survives_a_start(
    complaints: Complaints, over: Open, path: Path, db: Store, log: Log
) -> None:
    id = prepared(complaints, log.add())["id"]
    complaints.change(id, {"answers": {"kind": "loans", "manner": "person", "said": "最近\n缺钱吗"}})
    complaints.change(id, {"answers": {"manner": ""}})
    filed = complaints.change(id, {"state": "filed", "reference": "2026-0042"})
    assert filed
    assert filed["filed"]
    complaints.change(id, {"state": "answered", "answer": "号码已停机"})
    db.close()
    with open_store(path) as again:
        case = over(again).case(id)
    assert case
    assert {**case, "created": None} == {
        "id": id,
        "form": "12321",
        "about": "+861621012????",
        "calls": [1],
        "created": None,
        "filed": filed["filed"],
        "answers": {"kind": "loans", "said": "最近\n缺钱吗"},
        "state": "answered",
        "reference": "2026-0042",
        "answer": "号码已停机",
    }


def test_a_case_that_was_filed_by_mistake_is_prepared_again(complaints: Complaints, log: Log) -> None:
    id = prepared(complaints, log.add())["id"]
    complaints.change(id, {"state": "filed"})
    case = complaints.change(id, {"state": "prepared"})
    assert case
    assert (case["state"], case["filed"]) == ("prepared", None)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"state": "sent"}, "state"),
        ({"form": "ftc"}, "form"),
        ({"form": None}, "form"),
        ({"answers": []}, "answers"),
        ({"answers": {"mobile": "1"}}, "answers"),
        ({"answers": {"number": "110"}}, "answers"),
        ({"answers": {"kind": "nonsense"}}, "kind"),
        ({"answers": {"said": "x" * 1001}}, "said"),
        ({"answers": {"said": 1}}, "said"),
        ({"reference": "x" * 101}, "reference"),
        ({"reference": "\x00"}, "reference"),
        ({"answer": "\ud800"}, "answer"),
        ({"calls": []}, "calls"),
        ({"calls": [99]}, "calls"),
        ({"calls": [True]}, "calls"),
        ({"calls": "1"}, "calls"),
        ({"created": "now"}, "created"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    complaints: Complaints, log: Log, changes: dict[str, Any], wrong: str
) -> None:
    case = prepared(complaints, log.add())
    with pytest.raises(ValueError, match=wrong):
        complaints.change(case["id"], {"reference": "kept?", **changes})
    assert complaints.case(case["id"]) == case


def test_an_answer_that_the_log_gives_by_itself_is_not_kept(complaints: Complaints, log: Log) -> None:
    id = prepared(complaints, log.add(kind="loans", said="缺钱吗"))["id"]
    complaints.change(id, {"answers": {"kind": "stocks", "said": "股票"}})
    case = complaints.change(id, {"answers": {"kind": "loans", "said": "缺钱吗", "manner": "person"}})
    assert case
    assert case["answers"] == {"manner": "person"}


def test_the_last_descriptions_are_offered_each_once(complaints: Complaints, log: Log) -> None:
    for said in ("一", "二", None, "一", "三"):
        log.add(said=said)
    assert complaints.said_lately() == ["三", "一", "二"]
    assert complaints.said_lately(most=2) == ["三", "一"]


def test_calls_are_taken_out_and_in_by_hand(complaints: Complaints, log: Log) -> None:
    blocked, courier, told = log.add(verdict=BLOCKED), log.add(), log.add()
    case = prepared(complaints, told)
    complaints.change(case["id"], {"calls": [courier, told]})
    assert complaints.case_of(blocked) is None
    assert complaints.case_of(courier) == case["id"]


def test_calls_that_the_log_drops_are_gone_from_the_cases(complaints: Complaints, log: Log) -> None:
    first, second = log.add(verdict=BLOCKED), log.add()
    case = prepared(complaints, second)
    other = prepared(complaints, log.add("+8617012345678"))
    complaints.calls_gone([first, 99])
    assert complaints.case(case["id"]) == {**case, "calls": [second]}
    complaints.calls_gone([second])
    assert complaints.case(case["id"]) is None
    assert complaints.case_of(second) is None
    assert complaints.cases() == [other]


def test_cases_and_their_calls_are_bounded(
    complaints: Complaints, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases, "MOST_CASES", 2)
    monkeypatch.setattr(cases, "MOST_CALLS", 3)
    for _ in range(5):
        last = log.add(verdict=BLOCKED)
    assert prepared(complaints, last)["calls"] == [3, 4, 5]
    assert len(prepared(complaints, log.add())["calls"]) == 3
    prepared(complaints, log.add("+8617012345678"))
    with pytest.raises(ValueError, match="most"):
        complaints.prepare(log.add("+8617112345678"))


def test_the_owners_details_are_kept_for_every_form(complaints: Complaints, log: Log) -> None:
    assert set(complaints.own().values()) == {""}
    complaints.change_own({"mobile": "13800138000"})
    complaints.change_own({"name": "张三"})
    filled, _ = complaints.filled(prepared(complaints, log.add()))
    assert filled[0].value == "13800138000"
    for wrong in ({"age": "1"}, {"name": "x" * 201}, {"name": "a\nb"}, {"name": None}):
        with pytest.raises(ValueError, match=r"age|name"):
            complaints.change_own(wrong)
    assert complaints.own() == dict.fromkeys(cases.OWN, "") | {"mobile": "13800138000", "name": "张三"}


def test_of_the_owners_details_only_what_was_changed_is_taken_back(complaints: Complaints, db: Store) -> None:
    with db.noting() as noted:
        complaints.change_own(complaints.own() | {"mobile": "13800138000"})
    complaints.change_own(complaints.own() | {"name": "张三"})
    complaints.put_back(noted)
    assert complaints.own() == dict.fromkeys(cases.OWN, "") | {"name": "张三"}


def test_a_form_is_about_the_newest_call_or_the_one_that_is_asked_for(
    complaints: Complaints, log: Log
) -> None:
    first, second = log.add("+8616210120001", BLOCKED), log.add("+8616210120002")
    case = prepared(complaints, second)

    def number(lead: int | None) -> str:
        return next(one.value for one in complaints.filled(case, lead)[0] if one.field.name == "number")

    assert (number(None), number(first), number(99)) == ("16210120002", "16210120001", "16210120002")


def test_a_case_whose_calls_are_gone_cannot_be_filled(complaints: Complaints, log: Log) -> None:
    case = prepared(complaints, log.add())
    log.calls.clear()
    with pytest.raises(LookupError):
        complaints.filled(case)
