"""What is new, in a real browser."""

from playwright.sync_api import expect
from seeing import View

from firmware.changes import releases


def test_what_is_new_is_read_from_the_settings(view: View) -> None:
    view.goto("/settings", "Settings")
    view.tab.get_by_role("link", name=view.say("What is new")).click()
    expect(view.tab.get_by_role("heading", name=view.say("What is new"), level=1)).to_be_visible()
    expect(view.tab.locator("main .card")).to_have_count(len(releases()))
