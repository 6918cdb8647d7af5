"""Rules in a real browser: tried, kept, seen in their order, obeyed and undone."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from seeing import View

from firmware.appliance import Appliance

Ring = Callable[..., int]
MATCH = "Number, or the beginning of one with *"


def test_a_rule_is_tried_kept_obeyed_when_it_rings_and_undone(
    view: View, ring: Ring, guarding: Appliance
) -> None:
    tab = view.tab
    guarding.household.add_rule({"match": "162*", "action": "allow", "note": "<b>all</b>"})
    ring("16210123456")
    view.goto("/rules", "Rules")
    view.field(MATCH).fill("1621012*")
    view.button("Try it first").click()
    expect(tab.locator("#tried")).to_contain_text(
        view.say(
            "In the last 30 days it would have blocked %(blocked)s more of %(calls)s calls.",
            blocked=1,
            calls=1,
        )
    )
    view.button("Keep the rule").click()
    view.told("The rule is kept and in force.")
    kept = tab.locator(".rules > li")
    expect(kept.first).to_contain_text(view.say("numbers that begin with %(digits)s", digits="1621012"))
    expect(kept.nth(1)).to_contain_text(view.say("numbers that begin with %(digits)s", digits="162"))
    expect(kept.nth(1)).to_contain_text("<b>all</b>")
    view.goto("/calls", "Calls")
    ring("16210129999")
    expect(view.call("16210129999")).to_have_class("call block")
    expect(view.call("16210129999")).to_contain_text("1621012")
    view.goto("/rules", "Rules")
    words = view.say("numbers that begin with %(digits)s", digits="1621012")
    view.button("Remove", words).click()
    view.told("The rule is removed.")
    expect(kept).to_have_count(1)
    assert str(guarding.household.judge("16210129999").action) == "allow"


def test_a_rule_is_tried_kept_looked_up_and_removed(home: Page, ring: Ring) -> None:
    ring("16210123456")
    home.goto("/rules")
    home.get_by_label("Number, or the beginning of one with *").fill("162*")
    home.get_by_text("More: whom, when and how").click()
    home.get_by_label("Note").fill("<b>MVNO</b>")
    home.get_by_role("button", name="Try it first").click()
    expect(home.get_by_text("it would have blocked 1 more of 1 calls")).to_be_visible()
    home.get_by_role("button", name="Keep the rule").click()
    expect(home.get_by_role("status").first).to_contain_text("The rule is kept and in force.")
    expect(home.locator(".rules li")).to_contain_text("numbers that begin with 162")
    expect(home.locator(".rules li")).to_contain_text("<b>MVNO</b>")
    home.goto("/check")
    home.get_by_label("Number").fill("16210123456")
    home.get_by_role("button", name="Look up").click()
    expect(home.get_by_role("definition").filter(has_text="China Telecom")).to_be_visible()
    expect(home.locator(".steps .taken")).to_contain_text("numbers that begin with 162")
    home.goto("/rules")
    home.get_by_role("switch", name="numbers that begin with 162").click()
    expect(home.get_by_role("switch", name="numbers that begin with 162")).not_to_be_checked()
    home.get_by_role("button", name="Remove numbers that begin with 162").click()
    expect(home.get_by_text("No rules of your own yet.")).to_be_visible()


def test_a_kept_rule_is_changed_after_a_trial(home: Page, ring: Ring, guarding: Appliance) -> None:
    ring("16310123456")
    guarding.household.add_rule({"match": "162*", "action": "block", "when": "mon-fri 22:00-07:00"})
    home.goto("/rules")
    home.get_by_role("link", name="Change numbers that begin with 162").click()
    expect(home.get_by_role("checkbox", name="Fri")).to_be_checked()
    expect(home.get_by_label("From", exact=True)).to_have_value("22:00")
    home.get_by_label("Number, or the beginning of one with *").fill("163*")
    for day in ("Mon", "Tue", "Wed", "Thu", "Fri"):
        home.get_by_role("checkbox", name=day).uncheck()
    home.get_by_label("From", exact=True).fill("")
    home.get_by_label("To", exact=True).fill("")
    home.get_by_role("button", name="Try it first").click()
    expect(home.locator("#tried")).to_contain_text("would have blocked 1 more of 1 calls")
    home.get_by_role("button", name="Keep the rule").click()
    expect(home.get_by_role("status").filter(has_text="The rule is changed")).to_be_visible()
    (rule,) = guarding.household.rules()
    assert (rule["match"], "when" in rule) == ("163*", False)


def test_a_rule_that_cannot_be_tried_says_why_and_leaves_the_form(home: Page, wrong: list[str]) -> None:
    home.goto("/rules")
    home.get_by_label("Number, or the beginning of one with *").fill("110")
    home.get_by_role("button", name="Try it first").click()
    expect(home.get_by_role("alert").filter(has_text="cannot be blocked")).to_be_visible()
    expect(home.get_by_label("Number, or the beginning of one with *")).to_have_value("110")
    assert all("422" in said for said in wrong), wrong
    wrong.clear()


def test_a_ready_made_set_is_previewed_and_switched_by_keyboard(
    home: Page, ring: Ring, guarding: Appliance
) -> None:
    ring("17021550198")
    home.goto("/rules")
    home.get_by_role("link", name="What would it have blocked? Virtual operators").press("Enter")
    expect(home.locator("#set-mvno")).to_contain_text("it would have blocked 1 more of 1 calls")
    home.get_by_role("switch", name="Virtual operators").press("Space")
    expect(home.get_by_role("switch", name="Virtual operators")).to_be_checked()
    assert str(guarding.household.judge("17021550198").action) == "block"
