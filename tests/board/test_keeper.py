"""The keeper's leases, on gpiozero's mock pins with a clock of the test's own."""

from collections.abc import Iterator

import pytest
from gpiozero import OutputDevice
from gpiozero.pins.mock import MockFactory
from hypothesis import given
from hypothesis import strategies as st

from firmware.board.keeper import Keeper


@pytest.fixture
def relay() -> Iterator[OutputDevice]:
    factory = MockFactory()
    with OutputDevice(17, initial_value=False, pin_factory=factory) as device:
        yield device
    factory.reset()


def order(keeper: Keeper, line: str, now: float) -> list[str]:
    return [answer.split()[0] for answer in keeper.order(line, now)]


def test_a_hold_cuts_at_once(relay: OutputDevice) -> None:
    assert order(Keeper(relay), "hold 6.5", 0) == ["cut"]
    assert relay.pin.state


def test_the_lease_runs_out_by_itself(relay: OutputDevice) -> None:
    keeper = Keeper(relay)
    order(keeper, "hold 6.5", 0)
    assert keeper.remaining(6) == 0.5
    assert list(keeper.expire(6.4)) == []
    assert [answer.split(None, 2)[2] for answer in keeper.expire(6.5)] == ["lease ran out"]
    assert not relay.pin.state


def test_a_further_hold_extends_it_without_another_edge(relay: OutputDevice) -> None:
    keeper = Keeper(relay)
    order(keeper, "hold 6.5", 0)
    assert order(keeper, "hold 6.5", 5) == []
    assert list(keeper.expire(11.4)) == []
    assert relay.pin.state


def test_an_order_to_connect_connects(relay: OutputDevice) -> None:
    keeper = Keeper(relay)
    order(keeper, "hold 6.5", 0)
    assert order(keeper, "connect", 1) == ["connected"]
    assert not relay.pin.state
    assert order(keeper, "connect", 1) == []


def test_no_renewal_outlasts_the_longest_cut(relay: OutputDevice) -> None:
    keeper = Keeper(relay, longest=90)
    for now in range(90):
        order(keeper, "hold 6.5", now)
    assert [answer.split(None, 2)[2] for answer in keeper.expire(90)] == ["longest cut"]
    assert order(keeper, "hold 6.5", 91) == []
    assert not relay.pin.state


def test_after_the_longest_cut_the_next_call_can_be_cut(relay: OutputDevice) -> None:
    keeper = Keeper(relay, longest=1)
    order(keeper, "hold 6.5", 0)
    list(keeper.expire(1))
    order(keeper, "connect", 2)
    assert order(keeper, "hold 6.5", 3) == ["cut"]


@pytest.mark.parametrize("line", ["", "hold", "hold nan", "hold inf", "hold -1", "hold 1e999", "\xff", "cut"])
def test_an_order_that_makes_no_sense_never_holds(relay: OutputDevice, line: str) -> None:
    keeper = Keeper(relay, longest=90)
    order(keeper, line, 0)
    list(keeper.expire(90))
    assert not relay.pin.state


@given(
    st.lists(
        st.tuples(
            st.floats(0, 5),
            st.sampled_from(["hold 0.5", "hold 6.5", "hold 1000", "connect", "ping", "nonsense"]),
        ),
        max_size=60,
    )
)
def test_whatever_is_ordered_no_cut_lasts_longer_than_the_longest(steps: list[tuple[float, str]]) -> None:
    factory = MockFactory()
    with OutputDevice(17, initial_value=False, pin_factory=factory) as relay:
        keeper, now, cut_since = Keeper(relay, longest=20), 0.0, None
        for pause, line in steps:
            now += pause
            list(keeper.expire(now))
            if not relay.value:
                cut_since = None
            list(keeper.order(line, now))
            cut_since = (cut_since if cut_since is not None else now) if relay.value else None
            assert cut_since is None or now - cut_since <= 20
    factory.reset()
