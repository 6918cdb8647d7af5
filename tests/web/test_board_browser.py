"""The board in a real browser: it lives, is tried, examined, and tells what the modem said."""

from playwright.sync_api import expect
from seeing import View

from firmware.appliance import Appliance
from firmware.lines.simulator import Cadence, SimulatedModem


def test_the_board_rings_shows_what_came_is_examined_and_tried(
    view: View, guarding: Appliance, modem: SimulatedModem
) -> None:
    tab = view.tab
    guarding.line.ringing.silence = 60.0
    view.goto("/board", "Board")
    expect(tab.locator(".facts").first).to_contain_text(view.say("Guarding the line"))
    modem.call("16210123456", rings=1, cadence=Cadence(0.02, 0.05))
    expect(tab.locator(".board svg.ringing")).to_be_visible()
    heard = tab.get_by_role("region", name=view.say("Line test"))
    expect(heard).to_contain_text("NMBR = 16210123456")
    expect(heard).to_contain_text(view.say("Understood as"))
    expect(tab.locator(".traffic")).to_contain_text("NMBR = 16210123456")
    tab.get_by_role("link", name=view.say("Examine every part"), exact=True).click()
    expect(tab.locator(".findings > li").first).to_be_visible()
    view.button("Light the lamps").click()
    expect(tab.locator(".board .lamp.guard.lit-on")).to_be_visible()
    expect(tab.locator("#trials .said")).to_be_visible()
