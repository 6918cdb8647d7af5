"""The lamps, on gpiozero's mock pins."""

from collections.abc import Iterator

import pytest
from gpiozero.pins.mock import MockFactory

from firmware.board.lamps import PATTERNS, Lamps, Shows
from firmware.board.pins import load_board


@pytest.fixture
def factory() -> Iterator[MockFactory]:
    factory = MockFactory()
    yield factory
    factory.reset()


@pytest.mark.parametrize("shows", [Shows.GUARDING, Shows.RINGING, Shows.CUT])
def test_each_lamp_is_lit_as_the_table_says(factory: MockFactory, shows: Shows) -> None:
    lamps = Lamps(factory)
    lamps.show(shows)
    for name, state in PATTERNS[shows].items():
        assert factory.pin(load_board()[name].gpio).state == (state == "on"), name
    lamps.close()


def test_a_fault_blinks(factory: MockFactory) -> None:
    lamps = Lamps(factory)
    lamps.show(Shows.GUARDING)
    pin = factory.pin(load_board()["call"].gpio)
    edges = []
    pin._change_state, change = lambda value: edges.append(value) or change(value), pin._change_state
    lamps.show(Shows.FAULT)
    assert lamps.pattern == {"guard": "off", "call": "blink", "cut": "off"}
    lamps.close()
    assert True in edges


def test_showing_the_same_again_changes_nothing(factory: MockFactory) -> None:
    lamps = Lamps(factory)
    assert lamps.show(Shows.GUARDING)
    assert not lamps.show(Shows.GUARDING)
    lamps.close()


def test_no_two_states_look_alike() -> None:
    patterns = [tuple(sorted(pattern.items())) for pattern in PATTERNS.values()]
    assert len(set(patterns)) == len(Shows)
