"""The first steps in a real browser, on a line on which a call rings meanwhile."""

import re
from collections.abc import Callable

from playwright.sync_api import expect
from seeing import View

from firmware.appliance import Appliance
from firmware.lines.simulator import SimulatedModem


def test_from_the_set_up_code_to_a_guarded_line(
    newcomer: View, guarding: Appliance, modem: SimulatedModem, next_lamp: Callable[[], None]
) -> None:
    view, tab = newcomer, newcomer.tab
    guarding.line.ringing.silence = 60.0
    view.claim(guarding.data)
    expect(tab.locator("[name=region]")).to_have_value("CN")
    tab.locator("[name=area]").fill("010")
    view.button("Continue").click()
    expect(tab.get_by_role("heading", name=view.say("Call yourself now"))).to_be_visible()
    tab.evaluate("window.notReloaded = true")
    heard = tab.locator("[sse-swap=heard]")
    rings = "%(num)s ring", "%(num)s rings"
    modem.send("\r\nRING\r\n")
    expect(heard).to_contain_text(f"{view.say(*rings, num=1)} · {view.say('it rings now')}")
    modem.caller("16210123456", "测试")
    expect(heard).to_contain_text("NMBR = 16210123456")
    expect(heard).to_contain_text(
        re.compile(f"{view.say('Understood as')}\\s*16210123456.*测试.*(北京|Beijing)")
    )
    modem.send("\r\nRING\r\n")
    expect(heard).to_contain_text(view.say(*rings, num=2))
    guarding.line.ringing.silence = 0.0
    expect(tab.get_by_text(view.say("The line works: it rings, and says who calls."))).to_be_visible()
    assert tab.evaluate("window.notReloaded")
    view.button("Continue").click()
    view.button("Light the lamps").click()
    view.told("The lamps light one after another.", "#trials")
    for lamp in ("call", "cut"):
        next_lamp()
        expect(tab.locator(".board .lit-on")).to_have_class(f"lamp {lamp} lit-on")
    view.button("Click the relay").click()
    view.told("The relay has parted handset and line, and connected them again.", "#trials")
    view.button("Continue").click()
    tab.get_by_role("checkbox", name=view.say("Quiet at night")).check()
    view.button("Continue").click()
    view.button("To the first page").click()
    expect(tab.get_by_role("heading", name=view.say("Guarding the line"))).to_be_visible()
    assert guarding.household.settings()["area"] == "010"
    assert [one["name"] for one in guarding.household.sets() if one["on"]] == ["night"]
