"""The appliance with an account: its rules decide on the calls, its log has them, its state is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from house import UNWANTED, WANTED, account
from phones import Caller, number
from registrar import Registrar, until

from firmware.appliance import Appliance
from firmware.wiring import Wiring

Call = Callable[..., str]


@pytest.fixture
def appliance(tmp_path: Path, registrar: Registrar) -> Iterator[Appliance]:
    """An appliance whose account was kept before it started, and whose modem is not there."""
    wiring = Wiring(data=tmp_path / "data", pins="mock", modem_port=str(tmp_path / "ttyACM0"))
    with Appliance(wiring) as appliance:
        appliance.household.add_rule({"match": "162*", "action": "block"})
        wish = account(registrar).document()
        appliance.household.add_account(wish)
        appliance.start()
        until(lambda: appliance.lines["Home"].state.state == "guarding", "it is not registered")
        yield appliance


@pytest.fixture
def call(tmp_path: Path, registrar: Registrar) -> Call:
    def make(who: str, **options: int) -> str:
        return Caller(tmp_path, registrar.port, number(who), **options).outcome()

    return make


def newest(appliance: Appliance) -> dict[str, object]:
    until(lambda: any(call["over"] for call in appliance.calls()), "the call is not in the log")
    return appliance.calls(limit=1)[0]


def test_a_rule_of_the_household_ends_the_call_which_is_in_the_log(appliance: Appliance, call: Call) -> None:
    assert call(UNWANTED) == "taken"
    found = newest(appliance)
    assert (found["line"], found["number"], found["cut"]) == ("Home", f"+86{UNWANTED}", True)


def test_a_call_without_a_rule_rings(appliance: Appliance, call: Call) -> None:
    assert call(WANTED, patience=200) == "487"
    assert newest(appliance)["cut"] is False


def test_a_protected_number_rings_whatever_the_rules_say(appliance: Appliance, call: Call) -> None:
    appliance.household.add_rule({"match": "kind:anyone", "action": "block"})
    assert call("96110", patience=200) == "487"
    assert call(WANTED) == "taken"


def test_a_rule_that_comes_while_it_rings_ends_the_call(
    appliance: Appliance, tmp_path: Path, registrar: Registrar
) -> None:
    ringing = Caller(tmp_path, registrar.port, number(WANTED))
    until(appliance.switchboard.ringing, "it does not ring")
    appliance.household.add_rule({"match": WANTED, "action": "block"})
    assert ringing.outcome() == "taken"


def test_without_a_modem_the_lamps_say_that_the_line_is_guarded(appliance: Appliance) -> None:
    until(lambda: str(appliance.lamps.shows) == "guarding", "the lamps say something else")
    assert appliance.status()["line"]["state"] == "guarding"
    assert appliance.faults() == set()
