"""Home in a real browser: a call is seen as it rings, a courier expected, the blocking paused, whatever happens."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from running import Running
from seeing import View

from firmware.appliance import Appliance
from firmware.lines.simulator import Cadence, SimulatedModem

Ring = Callable[..., int]
Wait = Callable[..., None]

COURIER = "17021550198"
STREAM = re.compile(r"/live(\?|$)")


def test_a_call_is_seen_as_it_rings_and_its_segment_blocked_from_then_on(
    view: View, ring: Ring, guarding: Appliance, modem: SimulatedModem
) -> None:
    tab = view.tab
    view.goto("/", "Guarding the line")
    tab.evaluate("window.notReloaded = true")
    guarding.line.ringing.silence = 60.0
    modem.call("16210123456", "<b>Wang</b>", rings=1, cadence=Cadence(0.02, 0.05))
    expect(tab.get_by_role("heading", name=view.say("A call rings"), level=1)).to_be_visible()
    expect(tab.locator("#status .calling")).to_contain_text("16210123456 <b>Wang</b>")
    guarding.line.ringing.silence = 0.0
    expect(tab.get_by_role("heading", name=view.say("Guarding the line"), level=1)).to_be_visible()
    guarding.line.ringing.silence = 60.0
    row = view.call("16210123456")
    expect(row).to_contain_text("<b>Wang</b>")
    expect(row).to_contain_text(view.say("Let through: no rule is against it"))
    expect(tab.locator(".outcomes .unknown dd").first).to_have_text("1")
    row.get_by_text(view.say("Why, and more")).click()
    row.get_by_role("button", name=view.say("Block all of %(segment)s", segment="1621012*")).click()
    expect(row).to_contain_text(view.say("The rule is kept and in force."))
    ring("16210129999")
    expect(view.call("16210129999")).to_have_class("call block")
    expect(tab.locator(".outcomes .blocked dd").first).to_have_text("1")
    assert tab.evaluate("window.notReloaded")


def test_a_courier_is_expected_and_nobody_blocked_for_a_while_with_one_tap(
    view: View, ring: Ring, guarding: Appliance
) -> None:
    tab = view.tab
    minutes = "%(num)s minute left", "%(num)s minutes left"
    guarding.household.turn_set("mvno", on=True)
    view.goto("/", "Guarding the line")
    tab.evaluate("window.notReloaded = true")
    expecting = tab.get_by_role("button", name=view.say("I expect a courier"))
    expecting.click()
    courier = tab.locator(".courier:not(.pause)")
    expect(courier).to_contain_text(view.say("A courier is expected"))
    expect(courier).to_contain_text(view.say(*minutes, num=30))
    courier.get_by_role(
        "button", name=view.say("%(num)s minute more", "%(num)s minutes more", num=30)
    ).click()
    expect(courier).to_contain_text(view.say(*minutes, num=60))
    ring(COURIER)
    expect(view.call(COURIER)).to_have_class("call allow")
    view.button("End").click()
    expect(expecting).to_be_visible()
    ring(COURIER)
    expect(view.call(COURIER)).to_have_class("call block")
    pause = tab.locator(".pause")
    for num in (5, 30, 60):
        tab.get_by_role(
            "button", name=view.say("%(num)s minute", "%(num)s minutes", num=num), exact=True
        ).click()
        expect(pause).to_contain_text(view.say("Paused: nobody is blocked"))
        expect(pause).to_contain_text(view.say(*minutes, num=num))
        if num == 60:
            ring(COURIER)
            expect(view.call(COURIER)).to_have_class("call allow")
        view.button("Block again").click()
        expect(pause).to_contain_text(view.say("Pause the blocking:"))
    assert str(guarding.household.judge(COURIER).action) == "block"
    guarding.household.open_pass()
    expect(courier).to_contain_text(view.say("A courier is expected"))
    assert tab.evaluate("window.notReloaded")


@pytest.mark.parametrize(
    "hinder",
    [lambda route: route.abort(), lambda route: route.fulfill(status=503)],
    ids=["cut off", "refused"],
)
def test_where_the_stream_does_not_come_through_the_page_asks(
    home: Page, ring: Ring, wrong: list[str], hinder: Callable[[Route], None]
) -> None:
    home.route(STREAM, hinder)
    for path in ("/", "/calls"):
        home.goto(path)
        home.evaluate("window.notReloaded = true")
        before = home.locator(".calls .call").count()
        ring("16210123456")
        expect(home.locator(".calls .call")).to_have_count(before + 1)
        expect(home.locator("#lost")).to_be_hidden()
        assert home.evaluate("window.notReloaded")
    wrong.clear()


def test_what_is_done_in_one_tab_is_seen_in_more_tabs_than_a_browser_has_connections(
    home: Page, ring: Ring, wrong: list[str]
) -> None:
    ring("16210123456")
    tabs = [home, *(home.context.new_page() for _ in range(7))]
    for tab in tabs[1:]:
        tab.goto("/")
        expect(tab.get_by_role("button", name="Block 16210123456")).to_be_visible()
    home.get_by_role("button", name="Block 16210123456").click()
    for tab in tabs:
        expect(tab.get_by_role("button", name="Allow 16210123456")).to_be_visible()
        expect(tab.locator("#lost")).to_be_hidden()
    assert all("[object" in said for said in wrong), wrong
    wrong.clear()


@pytest.fixture
def apart(tmp_path: Path, wait_until: Wait) -> Iterator[tuple[Running, SimulatedModem]]:
    """An appliance as a process of its own, claimed."""
    modem = SimulatedModem(link=tmp_path / "ttyACM0")
    with Running(tmp_path / "apart", modem.link) as running:
        wait_until(running.guarding, 30)
        yield running, modem
    modem.close()


def test_tabs_survive_that_the_appliance_is_cut_off_and_that_it_is_restarted_on_the_page(
    chromium: Browser, apart: tuple[Running, SimulatedModem], wait_until: Wait
) -> None:
    running, modem = apart
    context = chromium.new_context(base_url=f"http://127.0.0.1:{running.http}", locale="en-GB")
    first = context.new_page()
    View(first, "en", 1280).claim(running.folder / "data")
    first.get_by_role("link", name="Later").click()
    expect(first.get_by_role("heading", name="Guarding the line")).to_be_visible()
    second = context.new_page()
    second.goto("/calls")
    for tab in (first, second):
        tab.evaluate("window.notReloaded = true")
    running.process.kill()
    running.process.wait(15)
    for tab in (first, second):
        expect(tab.get_by_text("The box does not answer.")).to_be_visible(timeout=15_000)
    running.start()
    wait_until(running.guarding, 30)
    modem.call("16210123456", rings=1, cadence=Cadence(0.05, 0.1))
    for tab in (first, second):
        expect(tab.locator(".calls .call")).to_contain_text("16210123456", timeout=30_000)
        expect(tab.get_by_text("The box does not answer.")).to_be_hidden(timeout=15_000)
        assert tab.evaluate("window.notReloaded")

    first.goto("/settings")
    first.get_by_text("Restart", exact=True).click()
    first.get_by_role("button", name="Restart now").click()
    expect(first.get_by_role("heading", name="Restarting")).to_be_visible()
    expect(first.get_by_text("The box has restarted.")).to_be_visible(timeout=30_000)
    wait_until(running.guarding, 30)
    modem.call("13912345678", rings=1, cadence=Cadence(0.05, 0.1))
    expect(second.locator(".calls .call")).to_have_count(2, timeout=30_000)
    assert second.evaluate("window.notReloaded")
    context.close()
