"""Calls in a real browser: what one tap does and how it is taken back, the search, the endless list, the table."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime

from household import called_by_a_platform
from playwright.sync_api import Locator, Page, expect
from seeing import View

from firmware.appliance import Appliance
from firmware.call import Action, Call, CallerId, Reason, Verdict
from firmware.numbers import understand

Ring = Callable[..., int]
Wait = Callable[..., None]

CALLER, BLOCKED = "16210123456", "13312345678"


def test_whatever_one_tap_at_a_call_does_another_takes_back(
    view: View, ring: Ring, guarding: Appliance, wait_until: Wait
) -> None:
    called_by_a_platform(guarding)
    household = guarding.household
    household.change_settings({"pool_cost": 2})
    household.add_rule({"match": "133*", "action": "block"})
    view.goto("/calls", "Calls")
    ring(BLOCKED)
    ring(CALLER)
    row, blocked = view.call(CALLER), view.call(BLOCKED)
    view.tab.evaluate("window.notReloaded = true")

    def reason(number: str) -> str:
        return household.judge(number).reason

    def back(row: Locator, done: Callable[[], object]) -> None:
        wait_until(done)
        row.get_by_role("button", name=view.say("Undo")).click()
        expect(row.locator(".outcome")).to_have_text(view.say("It is taken back."))
        assert not done()

    view.button("Allow", BLOCKED, within=blocked).click()
    back(blocked, lambda: reason(BLOCKED) == "number")
    view.button("Block", CALLER, within=row).click()
    expect(row).to_contain_text(view.say("From now on blocked"))
    back(row, lambda: reason(CALLER) == "number")

    row.get_by_text(view.say("Why, and more")).click()
    panel = row.locator(".panel")
    panel.get_by_role("button", name=view.say("Block all of %(segment)s", segment="1621012*")).click()
    back(row, lambda: reason("16210120000") == "rule")
    panel.get_by_role("button", name=view.say("Block the pool")).click()
    back(row, lambda: reason("16210120000") == "pool")
    view.button("I know them", CALLER, within=panel).click()
    back(row, lambda: reason(CALLER) == "pass")
    panel.get_by_label(view.say("Name"), exact=True).fill("装修师傅")
    view.button("Add to contacts", within=panel).click()
    back(row, lambda: reason(CALLER) == "contact")
    panel.get_by_label(view.say("Note"), exact=True).fill("about a loan")
    view.button("Keep the note", within=panel).click()
    back(row, lambda: guarding.calls(limit=1)[0]["note"])
    row.locator(".kinds button").first.click()
    back(row, lambda: guarding.calls(limit=1)[0]["kind"])
    assert view.tab.evaluate("window.notReloaded")

    row.get_by_role("link", name=f"{view.say('Complain')} {CALLER}").click()
    view.button("Prepare complaint").click()
    expect(view.tab.locator("#said")).to_be_visible()
    assert guarding.complaints.cases()
    view.button("Undo").click()
    view.told("It is taken back.")
    assert guarding.complaints.cases() == []


AT_ONCE = """
window.notReloaded = true
new MutationObserver(() => document.querySelector(".outcome form button")?.click())
  .observe(document.body, { subtree: true, childList: true })
"""


def test_what_comes_with_an_answer_can_be_tapped_at_once(home: Page, ring: Ring, guarding: Appliance) -> None:
    ring(CALLER)
    home.goto("/calls")
    home.evaluate(AT_ONCE)
    home.get_by_role("button", name=f"Block {CALLER}").click()
    expect(home.locator("#call-1 .outcome")).to_have_text("It is taken back.")
    assert guarding.household.rules() == []
    assert home.evaluate("window.notReloaded")


def test_a_search_survives_a_reload_heeds_what_rings_and_is_saved_as_a_table(view: View, ring: Ring) -> None:
    tab = view.tab
    ring(BLOCKED)
    ring(CALLER, "=cmd()")
    view.goto("/calls", "Calls")
    rows = tab.locator(".calls .call")
    expect(rows).to_have_count(2)
    tab.get_by_role("searchbox").fill("北京")
    view.open("By outcome and day")
    tab.get_by_label(view.say("What became of them")).select_option("unknown")
    view.button("Search").click()
    expect(rows).to_have_count(1)
    tab.reload()
    expect(tab.get_by_role("searchbox")).to_have_value("北京")
    expect(tab.get_by_label(view.say("What became of them"))).to_have_value("unknown")
    ring(BLOCKED)
    ring(CALLER)
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text=CALLER)).to_have_count(2)
    with tab.expect_download() as saving:
        tab.get_by_role("link", name=view.say("As a table (CSV)")).click()
    table = list(csv.DictReader(saving.value.path().read_text("utf-8-sig").splitlines()))
    assert [(call["number"], call["name"], call["place"]) for call in table] == [
        (CALLER, "", "北京"),
        (CALLER, "'=cmd()", "北京"),
    ]


def keep_calls(appliance: Appliance, count: int, wait_until: Wait) -> None:
    """As many calls in the log."""
    for _ in range(count):
        call = Call("modem", datetime.now(UTC), CallerId(number="13912345678"), over=True)
        call.number = understand("13912345678", "CN")
        call.verdict = Verdict(Action.ALLOW, Reason.DEFAULT)
        appliance.calls_log.note(call)
    wait_until(lambda: len(appliance.calls_log) == count)


def test_the_list_grows_as_it_is_scrolled_and_calls_come_to_its_top(
    home: Page, guarding: Appliance, ring: Ring, wait_until: Wait
) -> None:
    keep_calls(guarding, 100, wait_until)
    home.goto("/calls")
    rows = home.locator(".calls .call")
    for count in (30, 60, 90, 100):
        expect(rows.nth(count - 1)).to_be_attached()
        rows.last.scroll_into_view_if_needed()
    expect(rows).to_have_count(100)
    ring(CALLER)
    expect(rows).to_have_count(101)
    expect(rows.first).to_contain_text(CALLER)
    assert home.evaluate("new Set([...document.querySelectorAll('.call')].map(row => row.id)).size") == 101


def test_what_is_opened_and_typed_stays_while_calls_come(home: Page, ring: Ring) -> None:
    ring(CALLER)
    home.goto("/calls")
    row = home.locator("#call-1")
    row.get_by_text("Why, and more").click()
    row.get_by_label("Note").fill("a roofer")
    ring("13912345678")
    expect(home.locator("#call-2").get_by_text("Complain")).to_be_visible()
    expect(row.get_by_label("Note")).to_have_value("a roofer")
    row.get_by_role("button", name=f"Block {CALLER}").click()
    expect(row).to_contain_text("From now on blocked")
    expect(row.get_by_label("Note")).to_have_value("a roofer")
    row.get_by_role("button", name="Keep the note").click()
    expect(row.locator(".note")).to_have_text("a roofer")
    row.get_by_role("button", name="Undo").click()
    expect(row.get_by_label("Note")).to_have_value("")
