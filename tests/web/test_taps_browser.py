"""Taps that come twice, pages that renew themselves under a finger, and a box that is away, in a real browser."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from seeing import View, signed_in

from firmware.appliance import Appliance

CALLER = "16210123456"
SIZE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}}


def posts(tab: Page) -> list[str]:
    """The paths to which the page has sent something, as it goes on."""
    sent: list[str] = []
    tab.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    return sent


@pytest.mark.parametrize("how", ["mouse", "finger", "uncounted"])
def test_a_tap_that_comes_twice_is_one(
    chromium: Browser,
    address: str,
    ring: Callable[..., int],
    guarding: Appliance,
    claimed: dict[str, str],
    how: str,
) -> None:
    kept = signed_in(claimed, address)
    tab = chromium.new_page(
        base_url=address, locale="en-GB", has_touch=how == "finger", storage_state=kept, **SIZE
    )
    view = View(tab, "en", 390)
    ring(CALLER)
    tab.goto("/calls")
    row = view.call(CALLER)
    sent = posts(tab)
    block = view.button("Block", CALLER, within=row)
    if how == "finger":
        box = block.bounding_box()
        assert box
        for _ in range(2):
            tab.touchscreen.tap(box["x"] + 5, box["y"] + 5)
    elif how == "mouse":
        block.dblclick()
    else:
        block.evaluate("one => { one.click(); one.click() }")
    expect(row.locator(".outcome")).to_contain_text("The rule is kept")
    row.get_by_role("button", name="Undo").click()
    expect(row.locator(".outcome")).to_have_text("It is taken back.")
    assert [path.rpartition("/")[2] for path in sent] == ["rule", "undo"]
    assert guarding.household.rules() == []
    tab.close()


def test_what_a_finger_is_on_stays_while_the_lines_are_renewed(home: Page, guarding: Appliance) -> None:
    guarding.household.add_account({"name": "hall", "server": "192.0.2.1", "user": "621"})
    home.goto("/lines")
    lines = home.locator(".lines")
    lines.evaluate("one => { one.touched = true }")
    with home.expect_response("**/lines/state"):
        guarding.household.change_account(1, {"name": "study"})
    expect(lines).to_contain_text("study")
    assert lines.evaluate("one => one.touched")


def test_a_box_that_restarts_is_waited_for_without_alarm(home: Page, wrong: list[str]) -> None:
    lost = home.locator("#lost")
    home.route("**/settings/restarted*", lambda route: route.abort())
    home.goto("/settings")
    home.locator("summary").filter(has_text="Restart").click()
    for _ in range(2):
        with home.expect_event("requestfailed"):
            if "/restart" not in home.url:
                home.get_by_role("button", name="Restart now").click()
    assert lost.is_hidden()
    home.evaluate("htmx.trigger('body', 'htmx:sendError')")
    assert lost.is_visible()
    wrong.clear()
