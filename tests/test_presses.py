"""What the buttons do: to the household's wishes, and to a call that rings."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from firmware import presses
from firmware.board.buttons import Gesture
from firmware.board.lamps import Shows
from firmware.call import Action, Call, CallerId
from firmware.household import Household
from firmware.numbers import understand
from firmware.presses import NOTE, Presses
from firmware.screening import Caller
from firmware.store import open_store

SALES = "16210123456"


class Box:
    """A household with its buttons, and a line on which calls are rung by hand."""

    def __init__(self, household: Household) -> None:
        self.household = household
        self.ringing: Call | None = None
        self.latest: tuple[Call, float] | None = None
        self.cut = False
        self.presses = Presses(
            household,
            current=lambda: self.ringing,
            latest=lambda: self.latest,
            cut=lambda call: setattr(self, "cut", True),
            connect=lambda: setattr(self, "cut", False),
        )

    def ring(self, number: str | None) -> Call:
        call = Call("modem", datetime.now(UTC), CallerId(number=number))
        call.number = understand(number, "CN", "010") if number else None
        self.ringing, self.latest = call, None
        return call

    def over(self, seconds_ago: float = 1.0) -> None:
        assert self.ringing
        self.ringing, self.latest = None, (self.ringing, time.monotonic() - seconds_ago)

    def press(self, *gestures: Gesture) -> Shows | None:
        return [self.presses.take(gesture) for gesture in gestures][-1]

    def block(self) -> Shows | None:
        return self.press(Gesture.BLOCK_DOWN, Gesture.BLOCK_SHORT)

    def blocks(self, number: str) -> bool:
        screening = self.household.screening
        caller = Caller(understand(number, "CN", "010"), None, None, "modem", datetime.now(UTC))
        return screening.judge(caller).action is Action.BLOCK


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    with open_store(tmp_path / "store.journal") as store:
        household = Household(store)
        household.change_settings({"region": "CN", "area": "010"})
        yield Box(household)


def test_while_it_rings_block_cuts_at_once_and_blocks_the_number(box: Box) -> None:
    box.ring(SALES)
    assert box.press(Gesture.BLOCK_DOWN) is None
    assert box.cut
    assert box.press(Gesture.BLOCK_SHORT) is Shows.DONE
    assert box.blocks(SALES)
    assert not box.blocks("16210123457")
    assert [rule["note"] for rule in box.household.rules()] == [NOTE]


def test_a_long_press_blocks_the_look_alikes(box: Box) -> None:
    box.ring(SALES)
    assert box.press(Gesture.BLOCK_DOWN, Gesture.BLOCK_LONG) is Shows.DONE
    assert box.blocks("16210129999")
    assert not box.blocks("16210130000")


def test_the_look_alikes_of_a_number_of_few_digits_are_it_alone(box: Box) -> None:
    box.ring("95123")
    assert box.press(Gesture.BLOCK_DOWN, Gesture.BLOCK_LONG) is Shows.DONE
    assert [rule["match"] for rule in box.household.rules()] == ["95123"]


@pytest.mark.parametrize(
    ("seconds", "answer"), [(1.0, Shows.DONE), (119.0, Shows.DONE), (121.0, Shows.NOTHING)]
)
def test_the_last_caller_can_be_blocked_for_two_minutes(box: Box, seconds: float, answer: Shows) -> None:
    box.ring(SALES)
    box.over(seconds)
    assert box.block() is answer
    assert box.blocks(SALES) is (answer is Shows.DONE)


def test_without_any_call_there_is_nothing_to_do(box: Box) -> None:
    assert box.block() is Shows.NOTHING


def test_a_caller_without_a_number_is_cut_and_nothing_is_blocked(box: Box) -> None:
    box.ring(None)
    assert box.block() is Shows.DONE
    assert box.cut
    assert box.household.rules() == []
    box.over()
    assert box.block() is Shows.NOTHING


@pytest.mark.parametrize("number", ["110", "12321", "01012345"])
def test_protected_numbers_are_refused_and_not_cut(box: Box, number: str) -> None:
    box.ring(number)
    assert box.block() is Shows.REFUSED
    assert not box.cut


def test_contacts_are_refused_and_not_cut(box: Box) -> None:
    box.household.add_contact("Mother", [SALES])
    box.ring(SALES)
    assert box.press(Gesture.BLOCK_DOWN, Gesture.BLOCK_LONG) is Shows.REFUSED
    assert not box.cut
    assert box.household.rules() == []


def test_both_take_a_block_back_once(box: Box) -> None:
    box.ring(SALES)
    box.block()
    assert box.press(Gesture.BOTH) is Shows.DONE
    assert not box.blocks(SALES)
    assert box.press(Gesture.BOTH) is Shows.NOTHING


def test_what_a_press_replaced_is_there_again_when_it_is_taken_back(box: Box) -> None:
    box.household.add_rule({"match": SALES, "action": "allow", "note": "the baker"})
    box.ring(SALES)
    box.block()
    assert box.blocks(SALES)
    box.press(Gesture.BOTH)
    assert not box.blocks(SALES)
    assert [rule["note"] for rule in box.household.rules()] == ["the baker"]


def test_block_pressed_on_the_way_to_both_is_not_carried_out(box: Box) -> None:
    box.ring(SALES)
    assert box.press(Gesture.BLOCK_DOWN, Gesture.BOTH) is Shows.NOTHING
    assert not box.cut
    assert not box.blocks(SALES)


def test_after_ten_minutes_nothing_is_taken_back(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    box.ring(SALES)
    box.block()
    later = time.monotonic() + presses.UNDO_SECONDS + 1
    monkeypatch.setattr(presses.time, "monotonic", lambda: later)
    assert box.press(Gesture.BOTH) is Shows.NOTHING
    assert box.blocks(SALES)


def left(box: Box) -> float:
    """Minutes for which a courier is expected."""
    ends = [datetime.fromisoformat(one["until"]) for one in box.household.couriers()]
    return round((max(ends) - datetime.now(UTC)) / timedelta(minutes=1)) if ends else 0


def test_pass_expects_a_courier_for_thirty_minutes_and_thirty_more(box: Box) -> None:
    assert box.press(Gesture.PASS_SHORT) is Shows.DONE
    assert left(box) == 30
    box.press(Gesture.PASS_SHORT)
    assert left(box) == 60
    box.press(Gesture.BOTH)
    assert left(box) == 30


def test_a_long_press_of_pass_ends_it_and_can_be_taken_back(box: Box) -> None:
    assert box.press(Gesture.PASS_LONG) is Shows.NOTHING
    box.press(Gesture.PASS_SHORT)
    assert box.press(Gesture.PASS_LONG) is Shows.DONE
    assert left(box) == 0
    assert box.press(Gesture.BOTH) is Shows.DONE
    assert left(box) == 30


def test_a_first_pass_that_is_taken_back_is_gone(box: Box) -> None:
    box.press(Gesture.PASS_SHORT)
    box.press(Gesture.BOTH)
    assert left(box) == 0


def test_presses_leave_known_callers_alone(box: Box) -> None:
    box.household.admit(f"+86{SALES}")
    box.press(Gesture.PASS_SHORT)
    box.press(Gesture.PASS_LONG)
    assert box.household.screening.passes.knows(f"+86{SALES}")


def test_a_blocked_number_survives_the_plug(tmp_path: Path) -> None:
    with open_store(tmp_path / "store.journal") as store:
        box = Box(Household(store))
        box.ring(SALES)
        box.block()
        kept = (tmp_path / "store.journal").read_bytes()
    (tmp_path / "again.journal").write_bytes(kept)
    with open_store(tmp_path / "again.journal") as store:
        assert Box(Household(store)).blocks(SALES)
