"""Look-up in a real browser: who a caller is, what it and its look-alikes did, and how it is blocked there."""

import re
from collections.abc import Callable

from playwright.sync_api import expect
from seeing import View

Ring = Callable[..., int]


def test_a_caller_is_looked_up_beside_its_look_alikes_and_blocked(view: View, ring: Ring) -> None:
    tab = view.tab
    ring("16210123456")
    ring("16210129999")
    view.goto("/check", "Look up a number")
    view.field("Number").fill("16210123456")
    view.button("Look up").click()
    expect(tab.locator(".told")).to_contain_text(view.say("China Telecom"))
    expect(tab.locator(".told")).to_contain_text(re.compile("北京|Beijing"))
    own = tab.get_by_role("region", name=view.say("Its last calls"))
    expect(own.locator("li")).to_have_count(1)
    alike = tab.get_by_role("region", name=view.say("Its look-alikes’ last calls"))
    expect(alike).to_contain_text("9999")
    view.button("Block this number").click()
    view.told("The rule is kept and in force.")
    view.goto("/calls", "Calls")
    ring("16210123456")
    expect(view.call("16210123456")).to_have_class("call block")
