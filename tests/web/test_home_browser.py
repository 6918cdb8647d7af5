"""Home and Calls in a real browser: a call rings, is seen, and is acted upon."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from running import Running
from seeing import View

from firmware.appliance import Appliance
from firmware.call import Action, Call, CallerId, Reason, Verdict
from firmware.lines.simulator import Cadence, SimulatedModem
from firmware.numbers import understand

Ring = Callable[..., int]
Wait = Callable[..., None]


def test_a_call_rings_is_seen_on_both_pages_and_its_segment_blocked_and_spared_again(
    view: View, ring: Ring, guarding: Appliance, wait_until: Wait
) -> None:
    tab = view.tab
    view.goto("/", "Guarding the line")
    ring("16210123456", "<b>Wang</b>")
    row = tab.locator(".calls .call")
    expect(row).to_contain_text("<b>Wang</b>")
    expect(row).to_contain_text(view.say("Let through: no rule is against it"))
    expect(tab.locator(".outcomes .unknown dd").first).to_have_text("1")
    tab.get_by_role("main").get_by_role("link", name=view.say("All calls")).click()
    expect(tab.get_by_role("heading", name=view.say("Calls"), exact=True)).to_be_visible()
    ring("16210129999")
    expect(row).to_have_count(2)
    kinds = row.first.locator(".kinds button")
    kinds.first.click()
    expect(kinds.first).to_have_attribute("aria-pressed", "true")
    assert guarding.calls(limit=1)[0]["kind"] == "loans"
    row.first.get_by_text(view.say("Why, and more")).click()
    row.first.get_by_role("button", name=view.say("Block all of %(segment)s", segment="1621012*")).click()
    undo = view.say("Undo")
    wait_until(lambda: [rule["match"] for rule in guarding.household.rules()] == ["1621012*"])
    expect(row.first.get_by_role("button", name=undo)).to_be_visible()
    ring("16210120000")
    expect(row).to_have_count(3)
    expect(row.first).to_have_class("call block")
    row.nth(1).get_by_role("button", name=undo).click()
    expect(row.nth(1)).to_contain_text(view.say("It is taken back."))
    assert guarding.household.rules() == []
    tab.get_by_role("searchbox").fill("9999")
    view.button("Search").click()
    expect(row).to_have_count(1)


def test_a_courier_is_expected_and_nobody_blocked_for_a_while_with_one_tap(
    view: View, ring: Ring, guarding: Appliance
) -> None:
    guarding.household.turn_set("mvno", on=True)
    view.goto("/", "Guarding the line")
    view.tab.get_by_role("button", name=view.say("I expect a courier")).click()
    expect(view.tab.locator(".courier")).to_contain_text([view.say("A courier is expected"), ""])
    ring("17021550198")
    expect(view.call("17021550198")).to_have_class("call allow")
    view.button("End").click()
    expect(view.tab.get_by_role("button", name=view.say("I expect a courier"))).to_be_visible()
    ring("17021550198")
    expect(view.call("17021550198")).to_have_class("call block")
    view.tab.locator(".pause [value='30']").click()
    expect(view.tab.locator(".pause")).to_contain_text(view.say("Paused: nobody is blocked"))
    ring("17021550198")
    expect(view.call("17021550198")).to_have_class("call allow")
    view.button("Block again").click()
    expect(view.tab.locator(".pause.expected")).to_have_count(0)
    assert str(guarding.household.judge("17021550198").action) == "block"


def test_the_list_grows_as_it_is_scrolled_and_calls_come_to_its_top(
    home: Page, guarding: Appliance, ring: Ring, wait_until: Wait
) -> None:
    for _ in range(100):
        call = Call("modem", datetime.now(UTC), CallerId(number="13912345678"), over=True)
        call.number = understand("13912345678", "CN")
        call.verdict = Verdict(Action.ALLOW, Reason.DEFAULT)
        guarding.calls_log.note(call)
    wait_until(lambda: len(guarding.calls_log) == 100)
    home.goto("/calls")
    rows = home.locator(".calls .call")
    expect(rows.first).to_be_visible()
    for _ in range(20):
        rows.last.scroll_into_view_if_needed()
        home.wait_for_timeout(100)
        if rows.count() == 100:
            break
    expect(rows).to_have_count(100)
    ring("16210123456")
    expect(rows).to_have_count(101)
    expect(rows.first).to_contain_text("16210123456")
    assert home.evaluate("new Set([...document.querySelectorAll('.call')].map(row => row.id)).size") == 101


def test_what_is_opened_and_typed_stays_while_calls_come(home: Page, ring: Ring) -> None:
    ring("16210123456")
    home.goto("/calls")
    row = home.locator("#call-1")
    row.get_by_text("Why, and more").click()
    row.get_by_label("Note").fill("a roofer")
    ring("13912345678")
    expect(home.locator(".calls .call")).to_have_count(2)
    expect(row.get_by_label("Note")).to_have_value("a roofer")
    row.get_by_role("button", name="Keep the note").click()
    expect(row.locator(".note")).to_have_text("a roofer")


def test_where_the_stream_does_not_come_through_the_page_asks(
    home: Page, ring: Ring, wrong: list[str]
) -> None:
    for path in ("/", "/calls"):
        home.route(re.compile(r"/live(\?|$)"), lambda route: route.abort())
        home.goto(path)
        home.evaluate("window.notReloaded = true")
        before = home.locator(".calls .call").count()
        ring("16210123456")
        expect(home.locator(".calls .call")).to_have_count(before + 1, timeout=15_000)
        expect(home.locator("#lost")).to_be_hidden()
        assert home.evaluate("window.notReloaded")
        home.unroute(re.compile(r"/live(\?|$)"))
    wrong.clear()


@pytest.fixture
def apart(tmp_path: Path, wait_until: Wait) -> Iterator[tuple[Running, SimulatedModem]]:
    """An appliance as a process of its own, claimed."""
    modem = SimulatedModem(link=tmp_path / "ttyACM0")
    with Running(tmp_path / "apart", modem.link) as running:
        wait_until(running.guarding, 30)
        yield running, modem
    modem.close()


def test_tabs_survive_a_restart_of_the_appliance(
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
    running.process.terminate()
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
    context.close()
