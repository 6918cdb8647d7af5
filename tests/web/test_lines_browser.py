"""Lines in a real browser: the modem's while it rings, and a SIP account that is registered, called and removed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from phones import Caller, number
from playwright.sync_api import expect
from registrar import HOUSE, PASSWORD, Registrar, running
from seeing import View

from firmware.appliance import Appliance
from firmware.lines.simulator import SimulatedModem

UNWANTED = "16210123456"


@pytest.fixture(scope="module")
def registrar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registrar]:
    with running(tmp_path_factory.mktemp("registrar")) as registrar:
        yield registrar


@pytest.fixture
def call(registrar: Registrar, tmp_path: Path) -> Callable[[], str]:
    """Calls the house over SIP, and gives what became of it."""
    return lambda: Caller(tmp_path, registrar.port, number(UNWANTED)).outcome()


def test_a_line_is_seen_as_it_rings_and_another_over_sip_is_added_called_and_removed(
    view: View, guarding: Appliance, modem: SimulatedModem, registrar: Registrar, call: Callable[[], str]
) -> None:
    tab = view.tab
    guarding.household.add_rule({"match": "162*", "action": "block"})
    view.goto("/lines", "Lines")
    lines = tab.locator(".lines > li")
    expect(lines).to_have_count(1)
    expect(lines).to_contain_text(view.say("Guarding the line"))
    guarding.line.ringing.silence = 60.0
    modem.send("\r\nRING\r\n")
    expect(lines).to_contain_text(view.say("A call rings"))
    guarding.line.ringing.silence = 0.0

    view.field("Name").fill("Büro")
    view.field("Server (registrar)").fill(f"127.0.0.1:{registrar.port}")
    view.field("User name or number").fill(HOUSE)
    view.field("Password").fill(PASSWORD)
    view.button("Keep").click()
    view.told("The line is kept, and is being registered.")
    expect(lines.nth(1)).to_contain_text(f"{HOUSE}@127.0.0.1")
    expect(lines.nth(1)).to_contain_text("kamailio")
    expect(lines.nth(1)).to_contain_text(view.say("Guarding the line"))

    view.goto("/", "Guarding the line")
    assert call() == "taken"
    expect(view.call(UNWANTED)).to_have_class("call block")

    view.goto("/lines", "Lines")
    tab.get_by_role("switch", name="Büro").click()
    expect(lines.nth(1)).to_contain_text(view.say("switched off"))
    view.button("Remove", "Büro").click()
    view.told("The line is removed.")
    expect(lines).to_have_count(1)
    assert guarding.household.accounts() == {}
    assert call() == "480"
