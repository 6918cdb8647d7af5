"""The first steps in a real browser, on a line on which a call rings meanwhile."""

import pytest
from playwright.sync_api import expect
from seeing import View

from firmware.appliance import Appliance
from firmware.lines.simulator import Cadence, SimulatedModem

CLICKED = {"zh": "继电器已把话机与线路断开", "en": "The relay has parted handset and line"}


def test_from_the_set_up_code_to_a_guarded_line(
    newcomer: View, guarding: Appliance, modem: SimulatedModem, monkeypatch: pytest.MonkeyPatch
) -> None:
    view, tab = newcomer, newcomer.tab
    monkeypatch.setattr("firmware.board.lamps.TRIAL_SECONDS", 2.5)
    guarding.line.ringing.silence = 1.0
    view.claim(guarding.data)
    tab.locator("[name=area]").fill("010")
    view.button("Continue").click()
    expect(tab.get_by_role("heading", name=view.say("Call yourself now"))).to_be_visible()
    tab.evaluate("window.notReloaded = true")
    modem.call("16210123456", "测试", rings=2, cadence=Cadence(0.1, 0.2))
    expect(tab.get_by_text("NMBR = 16210123456")).to_be_visible()
    expect(tab.get_by_text(view.say("The line works: it rings, and says who calls."))).to_be_visible()
    assert tab.evaluate("window.notReloaded")
    view.button("Continue").click()
    view.button("Light the lamps").click()
    expect(tab.locator(".board .lamp.call.lit-on")).to_be_visible()
    expect(tab.locator(".board .lamp.cut.lit-on")).to_be_visible()
    view.button("Click the relay").click()
    expect(tab.get_by_text(CLICKED[view.language])).to_be_visible()
    view.button("Continue").click()
    tab.get_by_role("checkbox", name=view.say("Quiet at night")).check()
    view.button("Continue").click()
    view.button("To the first page").click()
    expect(tab.get_by_role("heading", name=view.say("Guarding the line"))).to_be_visible()
    assert guarding.household.settings()["area"] == "010"
    assert [one["name"] for one in guarding.household.sets() if one["on"]] == ["night"]
