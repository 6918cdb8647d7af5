"""The lamps, on gpiozero's mock pins."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from gpiozero.pins.mock import MockFactory

from firmware.board.lamps import LAMPS, SAID_SECONDS, Lamps, Shows, beat, patterns, table
from firmware.board.pins import load_board

Wait = Callable[..., None]


@pytest.fixture
def factory() -> Iterator[MockFactory]:
    factory = MockFactory()
    yield factory
    factory.reset()


@pytest.fixture
def lamps(factory: MockFactory) -> Iterator[Lamps]:
    lamps = Lamps(factory, buzzer=True)
    yield lamps
    lamps.close()


def lit(factory: MockFactory, name: str) -> bool:
    return bool(factory.pin(load_board()[name].gpio).state)


def test_the_table_says_everything_in_both_languages() -> None:
    assert set(table()) == set(Shows)
    assert all(columns["en"] and columns["zh"] for columns in table().values())


def test_every_word_of_the_table_is_a_beat() -> None:
    for shows in Shows:
        for word in patterns(shows).values():
            assert beat(word).at(0.0)[1] > 0


def test_no_two_states_look_alike() -> None:
    seen = [tuple(patterns(shows).values()) for shows in Shows]
    assert len(set(seen)) == len(Shows)


def test_dark_is_what_no_power_looks_like() -> None:
    assert set(patterns(Shows.DARK).values()) == {"off"}


@pytest.mark.parametrize("shows", [Shows.GUARDING, Shows.RINGING, Shows.CUT])
def test_each_lamp_is_lit_as_the_table_says(
    factory: MockFactory, lamps: Lamps, shows: Shows, wait_until: Wait
) -> None:
    lamps.show(shows)
    wait_until(lambda: all(lit(factory, name) == (word == "on") for name, word in patterns(shows).items()))


def test_a_fault_blinks_as_often_as_its_number() -> None:
    five = beat("5")
    lights = [five.at(step / 100)[0] for step in range(round(100 * sum(five.seconds)))]
    begins = sum(later and not earlier for earlier, later in zip([False, *lights], lights, strict=False))
    assert begins == 5
    assert sum(five.seconds[-1:]) > 1


def test_the_less_of_a_pass_is_left_the_faster_it_blinks() -> None:
    periods = [sum(beat(patterns(Shows.EXPECTING, left)["guard"]).seconds) for left in (0.0, 0.3, 0.6, 1.0)]
    assert periods == sorted(set(periods))


def test_a_blinking_lamp_goes_on_and_off(factory: MockFactory, lamps: Lamps, wait_until: Wait) -> None:
    lamps.show(Shows.REFUSED)
    wait_until(lambda: lit(factory, "cut"))
    wait_until(lambda: not lit(factory, "cut"))
    wait_until(lambda: lit(factory, "cut"))


def test_what_is_said_to_a_press_gives_way_to_what_is_so(
    factory: MockFactory, lamps: Lamps, wait_until: Wait
) -> None:
    lamps.show(Shows.GUARDING)
    lamps.say(Shows.REFUSED)
    assert lamps.shows is Shows.REFUSED
    wait_until(lambda: lit(factory, "buzzer"))
    lamps.show(Shows.CUT)
    assert lamps.shows is Shows.REFUSED
    wait_until(lambda: lamps.shows is Shows.CUT, SAID_SECONDS + 1)
    wait_until(lambda: lit(factory, "cut") and not lit(factory, "buzzer"))


def test_who_listens_hears_of_each_new_pattern_once(factory: MockFactory, wait_until: Wait) -> None:
    changed = threading.Semaphore(0)
    lamps = Lamps(factory, on_change=changed.release)
    lamps.show(Shows.GUARDING)
    assert changed.acquire(timeout=5)
    lamps.show(Shows.GUARDING)
    assert not changed.acquire(timeout=0.1)
    lamps.close()


def test_a_lamp_that_fails_stops_nothing(factory: MockFactory, lamps: Lamps, wait_until: Wait) -> None:
    def fail(value: object) -> None:
        raise OSError

    pin = factory.pin(load_board()["guard"].gpio)
    pin._set_state = fail
    lamps.show(Shows.CUT)
    time.sleep(0.05)
    wait_until(lambda: lit(factory, "cut"))
    del pin._set_state


def test_everything_is_dark_when_it_is_closed(factory: MockFactory) -> None:
    lamps = Lamps(factory)
    lamps.show(Shows.CUT)
    lamps.close()
    assert not any(lit(factory, name) for name in LAMPS)
