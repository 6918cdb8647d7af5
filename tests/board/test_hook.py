"""The hook sensor, with a clock of the test's own."""

from hypothesis import given
from hypothesis import strategies as st

from firmware.board.hook import DOWN_SECONDS, LIFTED_APART_SECONDS, LIFTED_SECONDS, PROOF_SECONDS, Hook


def proved(at: float = 0.0) -> Hook:
    """A hook whose handset was lifted and put down again before the second `at`."""
    hook = Hook()
    hook.edge(True, at - 3, quiet=True)
    hook.tick(at - 2.5)
    hook.edge(False, at - 2, quiet=True)
    assert hook.tick(at - 2 + DOWN_SECONDS)
    return hook


def test_where_nothing_can_ring_a_lift_is_one_before_the_eye_sees_it() -> None:
    hook = proved()
    hook.edge(True, 0.0, quiet=True)
    assert hook.tick(LIFTED_APART_SECONDS)
    assert LIFTED_APART_SECONDS < 0.015


def test_the_bell_that_is_charged_is_no_lift() -> None:
    hook = proved()
    hook.edge(True, 0.0, quiet=True)
    assert not hook.tick(0.0091)
    assert not hook.edge(False, 0.0091, quiet=True)
    assert not hook.tick(1.0)


def test_on_the_line_a_lift_is_one_when_it_is_steady() -> None:
    hook = proved()
    assert not hook.edge(True, 0.0, quiet=False)
    assert not hook.tick(LIFTED_SECONDS - 0.001)
    assert hook.tick(LIFTED_SECONDS)
    assert hook.lifted


@given(st.integers(16, 54), st.floats(0.3, 0.7))
def test_ringing_is_no_lift(hertz: int, share: float) -> None:
    hook, now = proved(), 0.0
    for _ in range(100):
        assert not hook.edge(True, now, quiet=False)
        now += min(share, 0.5) / hertz
        assert not hook.tick(now)
        hook.edge(False, now, quiet=False)
        now += (1 - min(share, 0.5)) / hertz
    assert not hook.lifted


def test_the_pulses_of_dialling_put_nothing_down() -> None:
    hook = proved()
    hook.edge(True, 0.0, quiet=True)
    hook.tick(0.5)
    for pulse in range(10):
        hook.edge(False, 1 + pulse / 10, quiet=False)
        assert not hook.tick(1.06 + pulse / 10)
        hook.edge(True, 1.06 + pulse / 10, quiet=False)
    assert hook.lifted


def test_a_sensor_is_believed_for_a_day_after_a_lift_and_its_end() -> None:
    assert not Hook().believed(0.0)
    hook = proved(at=0.0)
    assert hook.believed(PROOF_SECONDS - 2)
    assert not hook.believed(PROOF_SECONDS)


def test_a_sensor_stuck_from_the_start_is_never_believed() -> None:
    for raw in (True, False):
        hook = Hook(raw=raw)
        hook.tick(100.0)
        assert not hook.believed(100.0)
