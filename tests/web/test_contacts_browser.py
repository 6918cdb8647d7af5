"""Contacts and known numbers in a real browser: who is kept comes through when it rings."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from seeing import View

from firmware.appliance import Appliance

Ring = Callable[..., int]


def test_a_contact_is_kept_found_comes_through_and_is_removed(
    view: View, ring: Ring, guarding: Appliance
) -> None:
    guarding.household.add_rule({"match": "138*", "action": "block"})
    view.goto("/contacts", "Contacts")
    view.field("Name").fill("妈妈")
    view.field("Numbers, with commas between").fill("13900139000, 01065551234")
    view.button("Keep").click()
    view.told("The contact is kept, and comes through.")
    view.field("Find a contact").press_sequentially("妈")
    expect(view.tab.locator("#contacts li")).to_contain_text("妈妈")
    view.tab.get_by_role("link", name=view.say("Change") + " 妈妈").click()
    view.field("Numbers, with commas between").fill("13800138000")
    view.button("Keep").click()
    view.told("The contact is changed.")
    view.goto("/calls", "Calls")
    ring("13800138000")
    expect(view.call("13800138000")).to_have_class("call allow")
    expect(view.call("13800138000")).to_contain_text("妈妈")
    view.goto("/contacts", "Contacts")
    view.button("Remove", "妈妈").click()
    expect(
        view.tab.get_by_text(view.say("No contacts yet. Bring them from the phone, or add them one by one."))
    ).to_be_visible()
    assert str(guarding.household.judge("13800138000").action) == "block"
    view.button("Undo").click()
    view.told("It is taken back.")
    expect(view.tab.locator("#contacts li")).to_contain_text("妈妈")


def test_a_caller_is_known_with_one_tap(home: Page, ring: Ring, guarding: Appliance) -> None:
    guarding.household.add_rule({"match": "162*", "action": "block"})
    ring("16210123456")
    home.get_by_role("button", name="I know them 16210123456").click()
    expect(home.get_by_text("Known: comes through segments and lists")).to_be_visible()
    assert guarding.household.judge("16210123456").reason == "pass"
    home.goto("/contacts")
    home.get_by_role("button", name="Forget 16210123456").click()
    expect(home.get_by_role("status").filter(has_text="The number is forgotten")).to_be_visible()
    assert guarding.household.judge("16210123456").action == "block"


def test_an_address_book_is_taken_in_and_searched(home: Page) -> None:
    cards = "".join(
        f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nTEL:{number}\nEND:VCARD\n"
        for name, number in (
            ("妈妈", "13800138000"),
            ("<img src=x onerror='window.hacked=1'>", "13900000000"),
        )
    )
    home.goto("/contacts")
    file = {"name": "contacts.vcf", "mimeType": "text/vcard", "buffer": cards.encode()}
    home.get_by_label("File with contacts").set_input_files(file)
    home.get_by_role("button", name="Take them in").click()
    expect(home.get_by_role("status").filter(has_text="2 contacts are new")).to_be_visible()
    rows = home.locator("#contacts li")
    expect(rows).to_have_count(2)
    home.get_by_label("Find a contact").press_sequentially("妈")
    expect(rows).to_have_count(1)
    home.get_by_role("button", name="Remove 妈妈").click()
    expect(rows).to_have_count(1)
    assert not home.evaluate("window.hacked")
