"""Lists in a real browser: one is uploaded, heeded when it rings, and removed."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from seeing import View

from firmware.appliance import Appliance

Ring = Callable[..., int]


def test_a_list_is_uploaded_heeded_when_it_rings_and_removed(
    view: View, ring: Ring, guarding: Appliance
) -> None:
    guarding.lists.start()
    view.goto("/lists", "Lists")
    file = {"name": "sales.txt", "mimeType": "text/plain", "buffer": b"16500000001\n16500000002\n"}
    view.field("File with numbers").set_input_files(file)
    view.button("Upload").click()
    view.told("The list is kept, and being read.")
    row = view.tab.locator("#lists > li")
    expect(row).to_contain_text("sales.txt")
    expect(row).to_contain_text(view.say("%(num)s number", "%(num)s numbers", num=2))
    view.goto("/calls", "Calls")
    ring("16500000001")
    expect(view.call("16500000001")).to_have_class("call block")
    expect(view.call("16500000001")).to_contain_text("sales.txt")
    view.goto("/lists", "Lists")
    view.button("Remove", "sales.txt").click()
    expect(
        view.tab.get_by_text(view.say("No lists yet. Subscribe to one, or upload a file with numbers."))
    ).to_be_visible()
    assert str(guarding.household.judge("16500000001").action) == "allow"


def test_a_list_is_uploaded_and_its_state_follows_by_itself(home: Page, guarding: Appliance) -> None:
    home.goto("/lists")
    text = b"16500000001\n<img src=x onerror='window.hacked=1'>\n"
    file = {"name": "<b>mine</b>.txt", "mimeType": "text/plain", "buffer": text}
    home.get_by_label("File with numbers").set_input_files(file)
    home.get_by_role("button", name="Upload").click()
    row = home.locator("#lists li").first
    expect(row).to_contain_text("<b>mine</b>.txt")
    expect(row).to_contain_text("Waits for its turn")
    guarding.lists.start()
    expect(row).to_contain_text("1 number")
    row.get_by_text("1 line was no number").click()
    expect(row).to_contain_text("<img src=x")
    home.evaluate("htmx.ajax('GET', '/lists/state', {target: '#lists', swap: 'morph:outerHTML'})")
    home.wait_for_load_state("networkidle")
    expect(row.locator(".samples")).to_be_visible()
    assert not home.evaluate("window.hacked")
    home.get_by_role("button", name="Remove <b>mine</b>.txt").click()
    expect(home.get_by_text("No lists yet.")).to_be_visible()
