"""Lines in a real browser: the modem's while it rings, and one over the Internet that comes and goes."""

import socket
from collections.abc import Callable

from playwright.sync_api import expect
from seeing import View

from firmware.appliance import Appliance
from firmware.lines.simulator import SimulatedModem


def test_a_line_is_seen_as_it_rings_and_another_is_added_and_removed(
    view: View, guarding: Appliance, modem: SimulatedModem, wait_until: Callable[..., None]
) -> None:
    tab = view.tab
    view.goto("/lines", "Lines")
    lines = tab.locator(".lines > li")
    expect(lines).to_have_count(1)
    expect(lines).to_contain_text(view.say("Guarding the line"))
    guarding.line.ringing.silence = 60.0
    modem.send("\r\nRING\r\n")
    expect(lines).to_contain_text(view.say("A call rings"))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        view.field("Name").fill("Büro")
        view.field("Server (registrar)").fill(f"127.0.0.1:{silent.getsockname()[1]}")
        view.field("User name or number").fill("620")
        view.field("Password").fill("of the house")
        view.button("Keep").click()
        view.told("The line is kept, and is being registered.")
        expect(lines.nth(1)).to_contain_text("620@127.0.0.1")
        assert b"REGISTER" in silent.recv(2000)
        tab.get_by_role("switch", name="Büro").click()
        expect(lines.nth(1)).to_contain_text(view.say("off"))
        view.button("Remove", "Büro").click()
        view.told("The line is removed.")
    expect(lines).to_have_count(1)
    assert guarding.household.accounts() == {}
