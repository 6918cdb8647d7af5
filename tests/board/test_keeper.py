"""The keeper's leases, on gpiozero's mock pins with a clock of the test's own."""

from collections.abc import Iterator

import pytest
from gpiozero import OutputDevice
from gpiozero.pins.mock import MockFactory
from hypothesis import given
from hypothesis import strategies as st

from firmware.board.hook import DOWN_SECONDS, LIFTED_APART_SECONDS, PROOF_SECONDS, Hook
from firmware.board.keeper import LONGEST_GUARD_LEASE, Keeper


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


class Apart:
    """A keeper with hook sensor and local supply, whose handset was lifted and put down; the clock stands at 0."""

    def __init__(self, *, proved: bool = True) -> None:
        self.factory = MockFactory()
        self.relay = OutputDevice(17, initial_value=False, pin_factory=self.factory)
        self.supply = OutputDevice(27, initial_value=False, pin_factory=self.factory)
        self.keeper = Keeper(self.relay, longest=90, supply=self.supply, hook=Hook())
        if proved:
            self.hook(True, -9)
            self.expire(-8)
            self.hook(False, -7)
            self.expire(-7 + DOWN_SECONDS)

    def hook(self, raw: bool, now: float) -> list[str]:
        """The sensor's level changes; what has come of it when that has been steady for a moment."""
        answers = [answer.split()[0] for answer in self.keeper.hooked(raw, now)]
        return answers + self.expire(now + LIFTED_APART_SECONDS)

    def order(self, line: str, now: float) -> list[str]:
        return order(self.keeper, line, now)

    def expire(self, now: float) -> list[str]:
        return [answer.split()[0] for answer in self.keeper.expire(now)]

    @property
    def pins(self) -> tuple[bool, bool]:
        return bool(self.relay.pin.state), bool(self.supply.pin.state)


@pytest.fixture
def apart() -> Iterator[Apart]:
    apart = Apart()
    yield apart
    apart.factory.reset()


def test_on_guard_the_handset_is_on_the_local_supply(apart: Apart) -> None:
    assert apart.order("guard 2", 0) == ["guard"]
    assert apart.pins == (True, True)
    assert apart.order("guard 2", 1) == []
    assert apart.expire(2.9) == []
    assert apart.expire(3) == ["connected"]
    assert apart.pins == (False, False)


def test_no_lease_of_the_guard_is_long(apart: Apart) -> None:
    apart.order("guard 1000", 0)
    assert apart.expire(LONGEST_GUARD_LEASE) == ["connected"]


def test_the_guard_may_last_longer_than_any_cut(apart: Apart) -> None:
    for now in range(200):
        apart.order("guard 2", now)
    assert apart.pins == (True, True)


def test_a_lifted_handset_is_connected_at_once_and_nothing_is_switched_while_it_is_in_use(
    apart: Apart,
) -> None:
    apart.order("guard 2", 0)
    assert apart.hook(True, 0.5) == ["connected", "lifted"]
    assert apart.order("guard 2", 1) == []
    assert apart.order("hold 6", 2) == []
    assert apart.pins == (False, False)
    apart.hook(False, 3)
    assert apart.expire(3 + DOWN_SECONDS) == ["down"]
    assert apart.order("guard 2", 5) == ["guard"]


def test_a_handset_that_is_lifted_while_an_unwanted_call_is_cut_is_connected(apart: Apart) -> None:
    apart.order("hold 6", 0)
    assert apart.hook(True, 1) == ["connected", "lifted"]


def test_a_blocked_call_on_guard_is_cut_without_another_edge(apart: Apart) -> None:
    apart.order("guard 2", 0)
    assert apart.order("hold 6", 1) == ["cut"]
    assert apart.expire(6.9) == []
    assert apart.pins == (True, True)


def test_without_proof_there_is_no_guard_and_the_sensor_stops_no_cut() -> None:
    apart = Apart(proved=False)
    assert apart.order("guard 2", 0) == []
    assert apart.order("hold 6", 1) == ["cut"]
    assert "connected" not in apart.hook(True, 2)
    apart.factory.reset()


def test_yesterdays_proof_is_none(apart: Apart) -> None:
    assert apart.order("guard 2", PROOF_SECONDS) == []


STEPS = st.lists(
    st.tuples(
        st.floats(0, 3),
        st.sampled_from(
            ["hold 0.5", "hold 6.5", "guard 2", "guard 99", "connect", "lift", "down", "nothing"]
        ),
    ),
    max_size=80,
)


@given(STEPS)
def test_whatever_happens_a_lifted_handset_is_connected_and_no_lease_outlives_its_orders(
    steps: list[tuple[float, str]],
) -> None:
    apart, now, lease, raw = Apart(), 0.0, 0.0, False
    for pause, what in steps:
        now += pause
        apart.expire(now)
        if what in ("lift", "down"):
            if raw != (what == "lift"):
                raw = what == "lift"
                was_apart = apart.pins[0]
                apart.hook(raw, now)
                now += LIFTED_APART_SECONDS
                assert not (was_apart and raw and apart.pins[0])
        else:
            apart.order(what, now)
            if what[:4] in ("hold", "guar"):
                lease = max(lease, now + min(float(what.split()[1]), 6.5))
        assert apart.pins[0] == apart.pins[1]
        assert not (apart.pins[0] and now > lease)
    apart.expire(now + 7)
    assert apart.pins == (False, False)
    apart.factory.reset()
