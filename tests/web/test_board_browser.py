"""The board in a real browser: it lives, is pressed and tried, examined, and tells what the modem said."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect
from seeing import View

from firmware.appliance import Appliance
from firmware.lines.simulator import Cadence, SimulatedModem
from firmware.wiring import Wiring


@pytest.fixture
def wiring(wiring: Wiring, tmp_path: Path) -> Wiring:
    """The buttons can be pressed, by what is written into `pins.NAME`."""
    return replace(wiring, pins=f"mock:{tmp_path / 'pins'}")


def test_the_board_rings_is_pressed_tried_and_examined(
    view: View, guarding: Appliance, modem: SimulatedModem, next_lamp: Callable[[], None], tmp_path: Path
) -> None:
    tab = view.tab
    guarding.line.ringing.silence = 60.0
    view.goto("/board", "Board")
    tab.evaluate("window.notReloaded = true")
    expect(tab.locator(".facts").first).to_contain_text(view.say("Guarding the line"))
    modem.call("16210123456", rings=1, cadence=Cadence(0.02, 0.05))
    expect(tab.locator(".board svg.ringing")).to_be_visible()
    heard = tab.get_by_role("region", name=view.say("Line test"))
    expect(heard).to_contain_text("NMBR = 16210123456")
    expect(heard).to_contain_text(view.say("Understood as"))
    view.button("Light the lamps").click()
    view.told("A call rings: try again when it is over.", "#trials")
    guarding.line.ringing.silence = 0.0
    expect(tab.locator(".board svg.ringing")).to_have_count(0)
    guarding.line.ringing.silence = 60.0

    view.button("Light the lamps").click()
    view.told("The lamps light one after another.", "#trials")
    next_lamp()
    expect(tab.locator(".board .lit-on")).to_have_class("lamp call lit-on")
    view.button("Click the relay").click()
    view.told("The relay has parted handset and line, and connected them again.", "#trials")
    relay = [line.split()[2] for line in (tmp_path / "pins").read_text().splitlines() if " relay " in line]
    assert relay[-2:] == ["1", "0"]

    with (tmp_path / "pins.pass").open("w") as contact:
        print(0, file=contact, flush=True)
        expect(tab.locator(".board .key.pass.pressed")).to_be_visible()
        print(1, file=contact, flush=True)
    expect(tab.locator(".board .key.pass.pressed")).to_have_count(0)

    tab.get_by_role("link", name=view.say("Examine every part"), exact=True).click()
    finding = tab.locator(".findings > li").filter(has_text=view.say("Modem"))
    expect(finding.first).to_have_class("ok")
    expect(tab.locator(".traffic")).to_contain_text("NMBR = 16210123456")
    assert tab.evaluate("window.notReloaded")
