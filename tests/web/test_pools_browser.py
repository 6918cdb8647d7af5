"""The page of the pools in a real browser: Debian's Chromium."""

from collections.abc import Callable

from household import called_by_a_platform
from playwright.sync_api import expect
from seeing import View

from firmware.appliance import Appliance
from firmware.call import Reason


def test_a_pool_is_blocked_heeded_when_it_rings_and_given_free(
    view: View, ring: Callable[..., int], guarding: Appliance
) -> None:
    tab = view.tab
    called_by_a_platform(guarding)
    view.goto("/pools", "Pools")
    tab.evaluate("window.notReloaded = true")
    pools = tab.locator("#pools")
    told = {"zh": "9 天内有 11 个不同号码来自 1621012", "en": "11 different numbers from 1621012 in 9 days"}
    expect(pools).to_contain_text(told[view.language])
    pools.get_by_role("button", name=view.say("Block the pool")).click()
    expect(pools).to_contain_text(view.say("You blocked it"))
    assert tab.evaluate("window.notReloaded")
    view.goto("/calls", "Calls")
    ring("16210129876")
    expect(view.call("16210129876")).to_have_class("call block")
    assert guarding.household.judge("16210129877").reason is Reason.POOL
    view.goto("/pools", "Pools")
    pools.get_by_role("button", name=view.say("Take the answer back")).click()
    expect(pools.get_by_role("button", name=view.say("Block the pool"))).to_be_visible()
    pools.get_by_role("button", name=view.say("Undo")).click()
    expect(tab.locator("#said")).to_contain_text(view.say("It is taken back."))
    expect(pools).to_contain_text(view.say("You blocked it"))
