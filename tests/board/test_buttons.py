"""Gestures of a hand from the edges of contacts, bouncing as contacts do."""

import queue
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from gpiozero.pins.mock import MockFactory, MockPin
from hypothesis import given
from hypothesis import strategies as st

from firmware.board.buttons import (
    BLOCK,
    BUTTONS,
    JAMMED_SECONDS,
    LONG_SECONDS,
    PASS,
    Buttons,
    Gesture,
    Gestures,
)
from firmware.board.pins import load_board

Wait = Callable[..., None]


def made(gestures: Gestures, *edges: tuple[float, str, bool], until: float = 60.0) -> list[Gesture]:
    """The gestures that edges make, each at its second, with ticks whenever one is due."""
    found: list[Gesture] = []

    def tick_to(now: float) -> None:
        while (at := gestures.next_at) is not None and at <= now:
            found.extend(gestures.tick(at))

    for now, name, raw in sorted(edges):
        tick_to(now)
        gestures.edge(name, raw, now)
        found.extend(gestures.tick(now))
    tick_to(until)
    return found


def press(name: str, at: float, seconds: float = 0.2) -> list[tuple[float, str, bool]]:
    return [(at, name, True), (at + seconds, name, False)]


def test_a_short_press_of_block_is_seen_when_it_goes_down_and_done_when_it_is_let_go() -> None:
    assert made(Gestures(), *press(BLOCK, 1.0)) == [Gesture.BLOCK_DOWN, Gesture.BLOCK_SHORT]


def test_a_short_press_of_pass() -> None:
    assert made(Gestures(), *press(PASS, 1.0)) == [Gesture.PASS_SHORT]


def test_a_long_press_is_done_after_two_seconds_and_once() -> None:
    gestures = Gestures()
    assert made(gestures, (1.0, PASS, True), until=2.9) == []
    assert made(gestures, until=1.0 + 0.01 + LONG_SECONDS) == [Gesture.PASS_LONG]
    assert made(gestures, (8.0, PASS, False)) == []


def test_both_together_are_one_gesture_in_either_order_of_letting_go() -> None:
    for last in (BLOCK, PASS):
        first = PASS if last == BLOCK else BLOCK
        edges = [(1.0, PASS, True), (1.1, BLOCK, True), (1.3, first, False), (1.5, last, False)]
        assert made(Gestures(), *edges) == [Gesture.BOTH]


def test_a_bouncing_contact_is_one_press() -> None:
    bounces = [(1.0 + 0.001 * place, BLOCK, place % 2 == 0) for place in range(7)]
    edges = [*bounces, (1.5, BLOCK, False), (1.502, BLOCK, True), (1.503, BLOCK, False)]
    assert made(Gestures(), *edges) == [Gesture.BLOCK_DOWN, Gesture.BLOCK_SHORT]


def test_a_spark_is_no_press() -> None:
    assert made(Gestures(), (1.0, BLOCK, True), (1.004, BLOCK, False)) == []


def test_a_button_jammed_at_the_start_does_nothing_until_it_was_let_go() -> None:
    gestures = Gestures(frozenset({BLOCK}))
    assert gestures.jammed == {BLOCK}
    assert made(gestures, *press(PASS, 1.0), until=100.0) == [Gesture.PASS_SHORT]
    assert made(gestures, (101.0, BLOCK, False), until=102.0) == []
    assert gestures.jammed == frozenset()
    assert made(gestures, *press(BLOCK, 103.0), until=104.0) == [Gesture.BLOCK_DOWN, Gesture.BLOCK_SHORT]


def test_a_button_that_stays_down_is_jammed() -> None:
    gestures = Gestures()
    made(gestures, (1.0, BLOCK, True), until=1.1 + JAMMED_SECONDS)
    assert gestures.jammed == {BLOCK}
    assert made(gestures, *press(PASS, 50.0)) == [Gesture.PASS_SHORT]


EDGES = st.lists(
    st.tuples(st.floats(0, 40, allow_nan=False), st.sampled_from(BUTTONS), st.booleans()), max_size=40
)


@given(EDGES)
def test_whatever_the_contacts_do_no_press_counts_twice(edges: list[tuple[float, str, bool]]) -> None:
    presses = dict.fromkeys(BUTTONS, 0)
    seen = dict.fromkeys(BUTTONS, False)
    for _, name, raw in sorted(edges):
        presses[name] += raw and not seen[name]
        seen[name] = raw
    found = made(Gestures(), *edges, until=100.0)
    of_block = sum(one in (Gesture.BLOCK_SHORT, Gesture.BLOCK_LONG) for one in found)
    of_pass = sum(one in (Gesture.PASS_SHORT, Gesture.PASS_LONG) for one in found)
    both = found.count(Gesture.BOTH)
    assert of_block + both <= presses[BLOCK]
    assert of_pass + both <= presses[PASS]
    assert found.count(Gesture.BLOCK_DOWN) >= of_block


class Pushed(MockPin):  # type: ignore[misc]
    """A contact that is held closed from the start: its pull does not raise it."""

    def _set_pull(self, value: str) -> None:
        super()._set_pull(value)
        self.drive_low()


@pytest.fixture
def factory() -> Iterator[MockFactory]:
    factory = MockFactory()
    yield factory
    factory.reset()


def test_a_press_of_the_real_pin_is_heard(factory: MockFactory, wait_until: Wait) -> None:
    heard: list[Gesture] = []
    buttons = Buttons(factory, on_gesture=heard.append)
    pin = factory.pin(load_board()[BLOCK].gpio)
    pin.drive_low()
    wait_until(lambda: heard == [Gesture.BLOCK_DOWN])
    pin.drive_high()
    wait_until(lambda: heard == [Gesture.BLOCK_DOWN, Gesture.BLOCK_SHORT])
    buttons.close()


def test_a_button_held_while_the_box_starts_is_reported_and_ignored(wait_until: Wait) -> None:
    factory = MockFactory(pin_class=Pushed)
    heard: list[Gesture] = []
    jammed: list[frozenset[str]] = []
    buttons = Buttons(factory, on_gesture=heard.append, on_jammed=jammed.append)
    wait_until(lambda: jammed == [frozenset(BUTTONS)])
    factory.pin(load_board()[PASS].gpio).drive_high()
    wait_until(lambda: jammed[-1] == {BLOCK})
    time.sleep(0.05)
    assert heard == []
    buttons.close()
    factory.reset()


def test_a_listener_that_fails_stops_no_button(factory: MockFactory, wait_until: Wait) -> None:
    heard: list[Gesture] = []

    def fail(gesture: Gesture) -> None:
        heard.append(gesture)
        raise RuntimeError

    buttons = Buttons(factory, on_gesture=fail)
    pin = factory.pin(load_board()[PASS].gpio)
    for count in (1, 2):
        pin.drive_low()
        time.sleep(0.03)
        pin.drive_high()
        wait_until(lambda wanted=count: len(heard) == wanted)
    buttons.close()


class Late(queue.SimpleQueue[Any]):
    """Wakes who waits for a while only long after."""

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        if timeout is not None:
            time.sleep(0.1)
        return super().get(block, timeout)


def test_a_press_that_is_over_before_a_busy_machine_looks_at_it_counts(
    factory: MockFactory, wait_until: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("firmware.board.buttons.queue", SimpleNamespace(SimpleQueue=Late, Empty=queue.Empty))
    heard: list[Gesture] = []
    buttons = Buttons(factory, on_gesture=heard.append)
    pin = factory.pin(load_board()[PASS].gpio)
    pin.drive_low()
    time.sleep(0.03)
    pin.drive_high()
    wait_until(lambda: heard == [Gesture.PASS_SHORT])
    buttons.close()


def test_what_is_held_down_is_known_while_it_is() -> None:
    gestures = Gestures()
    made(gestures, (0.0, PASS, True), until=1.0)
    assert gestures.down == {PASS}
    made(gestures, (1.5, PASS, False), until=2.0)
    assert gestures.down == frozenset()
