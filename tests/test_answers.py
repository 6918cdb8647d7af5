"""What the owner says of a pool: kept in the store, in force in the screening."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from firmware.board.buttons import Gesture
from firmware.board.lamps import Shows
from firmware.call import Action, Call, CallerId, Reason, Verdict
from firmware.household import Household, pools
from firmware.numbers import understand
from firmware.pool_news import PoolNews
from firmware.presses import Presses
from firmware.screening import Caller
from firmware.store import open_store

POOL = "1621012????"
STRANGER = "16210129876"
LET = Verdict(Action.ALLOW, Reason.DEFAULT)


class Home:
    """A household, and calls some days from now."""

    def __init__(self, household: Household) -> None:
        self.household = household
        self.now = datetime.now(UTC).replace(microsecond=0)

    def heard(
        self, number: str, talked: float | None = 3.0, days: float = 0.0, *, marked: bool = False
    ) -> None:
        started = self.now + timedelta(days=days)
        self.household.screening.ended(
            understand(number, "CN"), started, LET, rings=3, talked=talked, marked=marked
        )

    def called_by_a_platform(self, count: int = 11) -> None:
        for place in range(count):
            self.heard(f"1621012{place * 917:04}", days=-place / count)

    def judged(self, number: str = STRANGER, days: float = 0.0) -> Verdict:
        caller = Caller(understand(number, "CN"), None, None, "modem", self.now + timedelta(days=days))
        return self.household.screening.judge(caller)

    def blocks(self, number: str = STRANGER, days: float = 0.0) -> bool:
        return self.judged(number, days).action is Action.BLOCK


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with open_store(tmp_path / "store.journal") as db:
        home = Home(Household(db))
        home.called_by_a_platform()
        yield home


@pytest.mark.parametrize(("wish", "blocked"), [("tell", False), ("ask", False), ("block", True)])
def test_the_setting_says_what_becomes_of_a_pool(home: Home, wish: str, blocked: bool) -> None:
    home.household.change_settings({"pools": wish})
    assert home.blocks() == blocked
    (pool,) = home.household.found_pools()
    assert (pool["match"], pool["answer"], pool["blocked"]) == (POOL, None, blocked)


def test_an_answer_is_in_force_at_once_and_after_a_restart(tmp_path: Path, home: Home) -> None:
    kept = home.household.answer_pool(POOL, "block")
    assert (kept["answer"], kept["blocked"]) == ("block", True)
    verdict = home.judged()
    assert (verdict.action, verdict.reason, verdict.match) == (Action.BLOCK, Reason.POOL, POOL)
    with open_store(tmp_path / "store.journal", read_only=True) as db:
        again = Home.__new__(Home)
        again.household, again.now = Household(db), home.now
        assert not again.blocks()
        again.called_by_a_platform()
        assert again.judged() == verdict


def test_an_answer_is_taken_back(home: Home) -> None:
    home.household.answer_pool(POOL, "block")
    assert home.household.answer_pool(POOL, None)["answer"] is None
    assert not home.blocks()


def test_what_is_let_through_is_neither_blocked_nor_asked_about(home: Home) -> None:
    home.household.change_settings({"pools": "block"})
    home.household.answer_pool(POOL, "allow")
    assert not home.blocks()
    assert home.household.found_pools()[0]["answer"] == "allow"


def test_an_answer_about_a_wide_pool_holds_for_the_narrow_ones_in_it(home: Home) -> None:
    home.household.change_settings({"pools": "block"})
    home.household.answer_pool("162101?????", "allow")
    assert not home.blocks()
    assert home.household.found_pools()[-1]["answer"] == "allow"


def test_who_is_asked_later_is_asked_in_a_week(home: Home) -> None:
    home.household.change_settings({"pools": "block"})
    home.household.answer_pool(POOL, "later")
    assert not home.blocks(days=6.9)
    assert home.blocks(days=7.1)


def test_a_wanted_call_ends_the_block_and_the_owner_is_asked_again(home: Home) -> None:
    home.household.answer_pool(POOL, "block")
    home.heard("16210125555", talked=50.0)
    assert not home.blocks()
    assert home.household.found_pools()[0]["answer"] is None
    home.household.answer_pool(POOL, "block")
    assert home.blocks()


def test_a_block_ends_when_the_pool_is_silent(home: Home) -> None:
    home.household.answer_pool(POOL, "block")
    assert home.blocks(days=29.5)
    assert not home.blocks(days=30.5)


def test_a_blocked_pool_that_goes_on_calling_stays_blocked(home: Home) -> None:
    home.household.answer_pool(POOL, "block")
    for day in range(0, 700, 20):
        verdict = home.judged(days=day)
        assert verdict.reason is Reason.POOL
        moment = home.now + timedelta(days=day)
        home.household.screening.ended(
            understand(f"1621012{day * 7 + 1:04}", "CN"), moment, verdict, rings=1, talked=None
        )


def test_contacts_known_callers_couriers_and_rules_come_before_a_pool(home: Home) -> None:
    home.household.change_settings({"pools": "block"})
    assert home.blocks()
    home.household.add_contact("Mum", [STRANGER])
    home.household.know("16210128888")
    home.household.add_rule({"match": "16210127777", "action": "allow"})
    for number, reason in ((STRANGER, "contact"), ("16210128888", "pass"), ("16210127777", "number")):
        assert home.judged(number).reason == reason
    home.household.open_pass()
    assert home.judged("16210126666").reason is Reason.PASS


def test_a_number_that_the_owner_wants_opens_its_pool_at_once(home: Home) -> None:
    home.household.change_settings({"pools": "block"})
    home.heard("16210125555")
    assert home.blocks()
    home.household.know("16210125555")
    assert not home.blocks()


def test_calls_that_the_owner_marks_as_a_nuisance_speak_against_their_pool(home: Home) -> None:
    pools = home.household.screening.pools
    before = pools.about(POOL, home.now)
    for place in range(11):
        home.heard(f"1621012{place * 917:04}", days=-place / 11, marked=True)
    after = pools.about(POOL, home.now)
    assert before
    assert after
    assert (after.calls, after.marked) == (before.calls, 11)
    assert after.odds > before.odds


def test_numbers_that_the_owner_blocks_make_a_pool(tmp_path: Path) -> None:
    with open_store(tmp_path / "other.journal") as db:
        home = Home(Household(db))
        home.household.change_settings({"pools": "block"})
        for place in range(4):
            home.heard(f"1653321{place * 917:04}", talked=12.0)
        before = home.household.screening.pools.about("1653321????", home.now)
        for place in range(4):
            home.household.add_rule({"match": f"1653321{place * 917:04}", "action": "block"})
        after = home.household.screening.pools.about("1653321????", home.now)
        assert before
        assert after
        assert (before.marked, after.marked) == (0, 4)
        assert after.odds > before.odds


@pytest.mark.parametrize(
    ("match", "answer", "code"),
    [
        (POOL, "maybe", "answer"),
        ("1389999????", "block", "pool"),
        ("162", "block", "pool"),
        ("\ud800", "block", "pool"),
        ("", "block", "pool"),
    ],
)
def test_what_is_no_pool_or_no_answer_is_refused(home: Home, match: str, answer: str, code: str) -> None:
    with pytest.raises(ValueError, match=code):
        home.household.answer_pool(match, answer)


def test_answers_about_pools_that_are_silent_are_the_past(home: Home) -> None:
    home.household.answer_pool(POOL, "block")
    assert home.household.past_pools() == []
    home.household.screening.pools.clear()
    (past,) = home.household.past_pools()
    assert (past["match"], past["answer"]) == (POOL, "block")


def test_no_more_answers_are_kept_than_may_be(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "MOST_ANSWERS", 3)
    for open_digits in (2, 3, 4, 5, 6):
        home.household.answer_pool(f"{'16210120000'[:-open_digits]}{'?' * open_digits}", "block")
    assert len(home.household.screening.answers) == 3


def test_a_backup_has_the_answers(home: Home, tmp_path: Path) -> None:
    home.household.answer_pool(POOL, "block")
    kept = {1: {"match": POOL, "answer": "block", "friends": 0, "created": None}}
    nonsense = {2: {"match": "162*"}, 3: {"match": POOL, "answer": "x", "friends": 0}, 4: {}}
    with open_store(tmp_path / "other.journal") as db:
        household = Household(db)
        assert household.restore({"pools": {**kept, **nonsense}})["pools"] == 1
        assert household.screening.answers.about(POOL)


def test_a_pool_is_told_once_and_asked_about_until_it_is_answered(home: Home) -> None:
    told: list[str] = []
    found = PoolNews(home.household, lambda pool: told.append(pool["match"]))
    found.look()
    found.look()
    assert (told, found.asking) == ([POOL], True)
    home.household.answer_pool(POOL, "block")
    found.look()
    assert not found.asking
    home.household.answer_pool(POOL, None)
    home.household.change_settings({"pools": "tell"})
    found.look()
    assert (told, found.asking) == ([POOL], False)


def test_what_was_known_before_the_start_is_not_told_again(home: Home) -> None:
    told: list[str] = []
    found = PoolNews(home.household, lambda pool: told.append(pool["match"]))
    found.look(silently=True)
    found.look()
    assert (told, found.asking) == ([], True)


def test_block_held_blocks_the_pool_where_one_is_known_and_both_take_it_back(home: Home) -> None:
    call = Call("modem", home.now, CallerId(number=STRANGER), understand(STRANGER, "CN"))
    presses = Presses(
        home.household,
        current=lambda: call,
        latest=lambda: None,
        cut=lambda call: None,
        connect=lambda: None,
    )
    presses.take(Gesture.BLOCK_DOWN)
    assert presses.take(Gesture.BLOCK_LONG) is Shows.DONE
    assert home.judged().reason is Reason.POOL
    assert home.household.rules() == []
    assert presses.take(Gesture.BOTH) is Shows.DONE
    assert not home.blocks()


def test_a_number_is_in_the_pool_that_was_found_or_blocked(home: Home) -> None:
    assert home.household.pool_of("+8616210129876") == POOL
    assert home.household.pool_of("+8613800000000") is None
    home.household.answer_pool("162101?????", "block")
    assert home.household.pool_of("+8616210199999") == "162101?????"
