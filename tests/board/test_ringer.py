"""Ringing told from everything else that moves a telephone line, with a clock of the test's own."""

from collections.abc import Callable

import pytest
from gpiozero.pins.mock import MockFactory
from hypothesis import given
from hypothesis import strategies as st

from firmware.board.pins import load_board
from firmware.board.ringer import Bursts, RingDetector

Wait = Callable[..., None]


def rings(*times: float) -> list[float]:
    """When rings are seen to begin."""
    bursts = Bursts()
    return [now for now in times if bursts.pulse(now)]


def burst(start: float, seconds: float, hertz: float = 25.0) -> list[float]:
    """Two pulses in each cycle."""
    return [start + step / hertz / 2 for step in range(round(seconds * hertz * 2))]


@pytest.mark.parametrize("hertz", [16, 20, 25, 50])
def test_a_ring_is_seen_within_its_first_cycles(hertz: int) -> None:
    (seen,) = rings(*burst(10.0, 1.0, hertz))
    assert seen - 10.0 == pytest.approx(1.5 / hertz)


def test_each_ring_is_seen_once() -> None:
    assert len(rings(*burst(10, 1), *burst(15, 1), *burst(20, 1))) == 3


def test_a_double_ring_is_seen_twice() -> None:
    assert len(rings(*burst(10, 0.4), *burst(10.6, 0.4))) == 2


def test_pulse_dialling_is_no_ring() -> None:
    breaks = [1 + step / 10 for step in range(60)]
    makes = [at + 0.06 for at in breaks]
    assert rings(*sorted(breaks + makes)) == []


def test_a_reversal_and_a_seizure_are_no_ring() -> None:
    assert rings(1.0, 1.01, 4.0, 9.0, 9.02) == []


@given(st.lists(st.floats(0.036, 10), max_size=50))
def test_what_comes_more_slowly_than_ringing_is_none(gaps: list[float]) -> None:
    now, times = 1.0, []
    for gap in gaps:
        now += gap
        times.append(now)
    assert rings(*times) == []


def test_the_pin_is_heard() -> None:
    factory = MockFactory()
    seen: list[bool] = []
    detector = RingDetector(factory, on_ring=lambda: seen.append(True))
    pin = factory.pin(load_board()["ring"].gpio)
    for _ in range(5):
        pin.drive_low()
        pin.drive_high()
    assert seen == [True]
    detector.close()
    factory.reset()
