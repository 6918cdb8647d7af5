"""Rules in a real browser: tried, kept, seen in their order, obeyed and undone."""

from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import Page, expect
from seeing import View

from firmware.appliance import Appliance
from firmware.call import Action, Call, CallerId, Reason, Verdict
from firmware.numbers import understand

Ring = Callable[..., int]
Wait = Callable[..., None]
MATCH = "Number, or the beginning of one with *"
LONG = "In %(num)s of them somebody talked for a minute or more."


def test_a_rule_is_tried_kept_obeyed_when_it_rings_removed_and_each_taken_back(
    view: View, ring: Ring, guarding: Appliance, wait_until: Wait
) -> None:
    tab = view.tab
    guarding.household.change_settings({"known_s": 0})
    guarding.household.add_rule({"match": "162*", "action": "allow", "note": "<b>all</b>"})
    for talked in (2.0, 90.0):
        call = Call("modem", datetime.now(UTC), CallerId(number="16210123456"), over=True, talked=talked)
        call.number, call.verdict = understand("16210123456", "CN"), Verdict(Action.ALLOW, Reason.DEFAULT)
        guarding.calls_log.note(call)
    wait_until(lambda: len(guarding.calls_log) == 2)
    view.goto("/rules", "Rules")
    kept = tab.locator(".rules > li")
    words = view.say("numbers that begin with %(digits)s", digits="1621012")
    view.field(MATCH).fill("1621012*")
    view.button("Try it first").click()
    tried = tab.locator("#tried")
    expect(tried).to_contain_text(
        view.say(
            "In the last 30 days it would have blocked %(blocked)s more of %(calls)s calls.",
            blocked=2,
            calls=2,
        )
    )
    expect(tried).to_contain_text(view.say(LONG, LONG, num=1))
    expect(kept).to_have_count(1)
    view.button("Keep the rule").click()
    view.told("The rule is kept and in force.")
    expect(kept.first).to_contain_text(words)
    expect(kept.nth(1)).to_contain_text(view.say("numbers that begin with %(digits)s", digits="162"))
    expect(kept.nth(1)).to_contain_text("<b>all</b>")
    view.button("Undo").click()
    view.told("It is taken back.")
    expect(kept).to_have_count(1)

    view.field(MATCH).fill("1621012*")
    view.button("Keep the rule").click()
    view.told("The rule is kept and in force.")
    view.goto("/calls", "Calls")
    ring("16210129999")
    expect(view.call("16210129999")).to_have_class("call block")
    expect(view.call("16210129999")).to_contain_text("1621012")
    view.goto("/rules", "Rules")
    view.button("Remove", words).click()
    view.told("The rule is removed.")
    expect(kept).to_have_count(1)
    assert str(guarding.household.judge("16210129999").action) == "allow"
    view.button("Undo").click()
    view.told("It is taken back.")
    expect(kept.first).to_contain_text(words)
    assert str(guarding.household.judge("16210129999").action) == "block"


def test_a_rule_is_seen_in_the_look_up_and_switched_off(home: Page, guarding: Appliance) -> None:
    guarding.household.add_rule({"match": "162*", "action": "block", "note": "<b>MVNO</b>"})
    home.goto("/check")
    home.get_by_label("Number").fill("16210123456")
    home.get_by_role("button", name="Look up").click()
    expect(home.locator(".steps .taken")).to_contain_text("numbers that begin with 162")
    home.goto("/rules")
    switch = home.get_by_role("switch", name="numbers that begin with 162")
    switch.click()
    expect(switch).not_to_be_checked()
    assert str(guarding.household.judge("16210123456").action) == "allow"


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
