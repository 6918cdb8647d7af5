"""The page of the pools in a real browser: Debian's Chromium."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from firmware.appliance import Appliance
from firmware.call import Action, Reason, Verdict
from firmware.numbers import understand


def called_by_a_platform(appliance: Appliance) -> None:
    for place in range(11):
        appliance.household.screening.ended(
            understand(f"1621012{place * 917:04}", "CN"),
            datetime.now(UTC) - timedelta(days=9 * (10 - place) / 11),
            Verdict(Action.ALLOW, Reason.DEFAULT),
            rings=3,
            talked=3.0,
        )


def test_a_pool_is_blocked_with_one_tap_without_a_reload_and_told_in_chinese(
    home: Page, guarding: Appliance
) -> None:
    called_by_a_platform(guarding)
    home.goto(home.url.rstrip("/") + "/pools")
    home.evaluate("window.notReloaded = true")
    pool = home.get_by_role("listitem").filter(has=home.get_by_role("button", name="Block the pool"))
    expect(pool).to_contain_text("11 different numbers from 1621012 in 9 days")
    pool.get_by_role("button", name="Block the pool").click()
    shown = home.locator("#pools")
    expect(shown).to_contain_text("You blocked it")
    assert home.evaluate("window.notReloaded")
    assert guarding.household.judge("16210129876").reason is Reason.POOL
    shown.get_by_role("button", name="Take the answer back").click()
    expect(shown.get_by_role("button", name="Block the pool")).to_be_visible()
    home.get_by_role("button", name="中文").click()
    expect(home.locator("#pools")).to_contain_text("9 天内有 11 个不同号码来自 1621012")
