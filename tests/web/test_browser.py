"""The page in a real browser: Debian's Chromium."""

import re
import time
from collections.abc import Callable

import pytest
from itsdangerous import TimestampSigner
from playwright.sync_api import Browser, Page, expect
from seeing import PASSWORD

from firmware.appliance import Appliance
from firmware.lines.simulator import SimulatedModem
from web.sessions import IDLE

Ring = Callable[..., int]


def go(tab: Page, name: str, more: str = "More") -> None:
    """To a page of the menu, which on a phone may stand behind its last button."""
    link = tab.get_by_role("navigation").get_by_role("link", name=name, exact=True, include_hidden=True)
    if not link.is_visible():
        tab.get_by_role("button", name=more, exact=True).click()
    link.click()


def test_a_call_is_seen_and_its_caller_blocked_without_a_reload(
    home: Page, ring: Ring, guarding: Appliance
) -> None:
    expect(home.get_by_text("No call has come yet.")).to_be_visible()
    home.evaluate("window.notReloaded = true")
    ring("16210123456", "<img src=x onerror='window.hacked = true'>")
    row = home.get_by_role("listitem").filter(has_text="16210123456")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Let through: no rule is against it")
    expect(row).to_contain_text("<img src=x onerror='window.hacked = true'>")
    expect(home.get_by_text("No call has come yet.")).to_be_hidden()
    row.get_by_role("button", name="Block 16210123456").click()
    expect(row.get_by_role("button", name="Allow 16210123456")).to_be_visible()
    expect(row).to_contain_text("From now on blocked")
    assert [(rule["match"], rule["action"]) for rule in guarding.household.rules()] == [
        ("+8616210123456", "block")
    ]
    ring("16210123456")
    expect(row).to_have_count(2)
    expect(row.first).to_contain_text("Blocked by your rule for this number")
    expect(row.first).to_contain_text("handset cut off")
    assert home.evaluate("window.notReloaded")
    assert not home.evaluate("window.hacked")


def test_a_call_keeps_its_one_row_through_ringing_rules_and_reconnecting(
    home: Page, ring: Ring, guarding: Appliance, modem: SimulatedModem
) -> None:
    rows = home.locator(".calls .call")
    ring("16210123456")
    expect(rows).to_have_count(1)
    guarding.household.add_rule({"match": "163*", "action": "block"})
    guarding.feed.publish("call", guarding.calls(limit=1)[0])
    home.context.set_offline(True)
    ring("17021550198")
    home.context.set_offline(False)
    guarding.feed.publish("call", guarding.calls(limit=1)[0])
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("17021550198")
    assert home.locator("#call-1").count() == 1


def test_the_status_follows_the_modem(home: Page, modem: SimulatedModem) -> None:
    expect(home.get_by_text("Handset and line are connected")).to_be_visible()
    modem.unplug()
    expect(home.get_by_role("heading", name="Not guarding")).to_be_visible()
    expect(home.get_by_text(re.compile("^(The modem was lost|No modem found)"))).to_be_visible()
    modem.plug()
    expect(home.get_by_role("heading", name="Guarding the line")).to_be_visible()


def test_the_language_is_switched_where_one_is(home: Page) -> None:
    go(home, "Rules")
    home.get_by_role("button", name="中文").click()
    expect(home.get_by_role("heading", name="规则", exact=True)).to_be_visible()
    assert home.locator("html").get_attribute("lang") == "zh-CN"
    home.get_by_role("button", name="English").click()
    expect(home.get_by_role("heading", name="Rules", exact=True)).to_be_visible()


def test_the_page_says_when_it_cannot_hear_the_box(home: Page, wrong: list[str]) -> None:
    lost = home.get_by_text("The box does not answer.")
    expect(lost).to_be_hidden()
    home.route(re.compile("/live"), lambda route: route.abort())
    home.reload()
    expect(lost).to_be_visible()
    assert wrong
    home.unroute(re.compile("/live"))
    expect(lost).to_be_hidden(timeout=8000)
    wrong.clear()


def test_a_tap_after_a_session_that_nobody_used_leads_to_the_sign_in_and_back(
    home: Page, ring: Ring, wrong: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ring("16210123456")
    button = home.get_by_role("button", name="Block 16210123456")
    expect(button).to_be_visible()
    (cookie,) = (one for one in home.context.cookies() if one["name"] == "ringfence")
    assert 0 < cookie["expires"] - time.time() <= IDLE.total_seconds()
    later = time.time() + IDLE.total_seconds() + 10
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda signer: int(later))
    button.click()
    expect(home.get_by_role("heading", name="Sign in")).to_be_visible()
    home.goto("/contacts")
    home.get_by_label("Password").fill(PASSWORD)
    home.get_by_role("button", name="Sign in").click()
    expect(home.get_by_role("heading", name="Contacts", exact=True)).to_be_visible()
    assert all("401" in said or "[object" in said for said in wrong), wrong
    wrong.clear()


def test_a_tap_that_fails_says_so_and_leaves_the_page(
    home: Page, ring: Ring, monkeypatch: pytest.MonkeyPatch, wrong: list[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    ring("16210123456")
    button = home.get_by_role("button", name="Block 16210123456")
    expect(button).to_be_visible()
    monkeypatch.setattr("os.fdatasync", full)
    monkeypatch.setattr("os.fsync", full)
    button.click()
    expect(home.get_by_role("alert").filter(has_text="The card refuses to keep this.")).to_be_visible()
    expect(button).to_be_visible()
    assert all("507" in said for said in wrong), wrong
    wrong.clear()


def test_a_finger_on_a_page_that_changes_still_taps(home: Page, ring: Ring, guarding: Appliance) -> None:
    ring("16210123456")
    button = home.get_by_role("button", name="Block 16210123456")
    expect(home.locator(".call .kinds")).to_be_visible()  # nothing moves any more
    button.focus()
    button.hover()
    home.evaluate("document.addEventListener('htmx:sseMessage', () => { document.title = 'swapped' })")
    home.mouse.down()
    guarding.household.add_rule({"match": "163*", "action": "block"})
    expect(home).to_have_title("swapped")
    expect(button).to_be_focused()
    home.mouse.up()
    expect(home.get_by_role("button", name="Allow 16210123456")).to_be_visible()


def tab_to(page: Page, role: str, name: str) -> None:
    """Press Tab until the focus is there, as who has no pointer does."""
    wanted = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate_all("all => all.includes(document.activeElement)"):
            return
    raise AssertionError(f"no Tab leads to {name}")


def test_the_last_caller_is_blocked_and_spared_again_from_the_sign_in_on_by_keyboard_alone(
    home: Page, ring: Ring, guarding: Appliance, wait_until: Callable[..., None]
) -> None:
    ring("16210123456")
    home.context.clear_cookies()
    home.goto("/")
    expect(home.get_by_label("Password")).to_be_focused()
    home.keyboard.type(PASSWORD)
    home.keyboard.press("Enter")
    expect(home.get_by_role("heading", name="Guarding the line")).to_be_visible()
    tab_to(home, "button", "Block 16210123456")
    home.keyboard.press("Enter")
    expect(home.get_by_role("button", name="Allow 16210123456")).to_be_visible()
    wait_until(guarding.household.rules)
    tab_to(home, "button", "Undo 16210123456")
    home.keyboard.press("Space")
    expect(home.get_by_role("button", name="Block 16210123456")).to_be_visible()
    assert guarding.household.rules() == []


def test_it_works_without_scripts(
    chromium: Browser, address: str, home: Page, ring: Ring, guarding: Appliance
) -> None:
    ring("16210123456")
    context = chromium.new_context(base_url=address, locale="en-GB", java_script_enabled=False)
    plain = context.new_page()
    plain.goto("/")
    plain.get_by_label("Password").fill(PASSWORD)
    plain.get_by_role("button", name="Sign in").click()
    plain.get_by_role("button", name="Block 16210123456").click()
    expect(plain.get_by_role("status").filter(has_text="The rule is kept")).to_be_visible()
    expect(plain.get_by_role("button", name="Allow 16210123456")).to_be_visible()
    assert len(guarding.household.rules()) == 1
    context.close()


PATHS = (
    "/",
    "/rules",
    "/rules/1",
    "/contacts",
    "/contacts/1",
    "/lists",
    "/check?number=16210123456",
    "/settings",
)


@pytest.fixture
def full(home: Page, ring: Ring, guarding: Appliance) -> Page:
    """The page of a household with something on every page, all of it as wide as may be."""
    household = guarding.household
    ring("16210123456", "W" * 120)
    household.add_rule({"match": "162*", "action": "block", "note": "n" * 200, "when": "mon-fri 22:00-07:00"})
    household.add_rule({"match": f"name:{'m' * 64}", "action": "block"})
    household.add_contact("c" * 100, ["13800138000", "01065551234"], ["g" * 100])
    household.admit("+8617021550198")
    household.open_pass()
    guarding.lists.subscribe("l" * 100, f"https://lists.invalid/{'p' * 200}")
    return home


def test_nothing_runs_off_the_side_in_either_language(full: Page) -> None:
    for language in ("中文", "English"):
        full.goto("/")
        button = full.get_by_role("button", name=language)
        if button.count():
            button.click()
        for path in PATHS:
            full.goto(path)
            for width in (320, 360, 1280):
                full.set_viewport_size({"width": width, "height": 800})
                assert full.evaluate("document.documentElement.scrollWidth") <= width, (language, path)


def test_every_page_can_be_reached_without_scrolling_the_menu(full: Page) -> None:
    full.set_viewport_size({"width": 360, "height": 740})
    assert full.evaluate("(menu => menu.scrollWidth <= menu.clientWidth)(document.querySelector('nav'))")


def test_every_control_has_a_name_and_is_large_enough_for_a_finger(full: Page) -> None:
    full.set_viewport_size({"width": 360, "height": 740})
    for path in PATHS:
        full.goto(path)
        for control in full.get_by_role("button").or_(full.get_by_role("switch")).all():
            box = control.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 40, (path, control)
        nameless = full.evaluate("""
            [...document.querySelectorAll("input:not([type=hidden]), select, button")]
            .filter(one => !(one.ariaLabel || one.labels?.length || one.textContent.trim()))
            .map(one => one.outerHTML)
        """)
        assert nameless == [], path


def test_the_pages_speak_chinese_to_who_does(full: Page) -> None:
    full.get_by_role("button", name="中文").click()
    expect(full.get_by_text("虚拟运营商 · 中国电信网 · 北京")).to_be_visible()
    expect(full.get_by_text("正在等快递")).to_be_visible()
    for name, heading in (
        ("规则", "现成规则"),
        ("联系人", "认识的号码"),
        ("名单", "订阅"),
        ("查号", "查号"),
    ):
        go(full, name, more="更多")
        expect(full.get_by_role("heading", name=heading, exact=True)).to_be_visible()


def test_every_page_works_without_scripts(
    chromium: Browser, address: str, home: Page, guarding: Appliance
) -> None:
    context = chromium.new_context(base_url=address, locale="en-GB", java_script_enabled=False)
    context.add_cookies(home.context.cookies())  # type: ignore[arg-type]
    plain = context.new_page()
    plain.goto("/")
    plain.get_by_role("button", name="I expect a courier").click()
    plain.get_by_role("button", name="End").click()
    plain.goto("/rules")
    plain.get_by_role("link", name="What would it have blocked? Hidden numbers").click()
    expect(plain.get_by_text("No calls came in the last 30 days.")).to_be_visible()
    plain.get_by_label("Number, or the beginning of one with *").fill("162*")
    plain.get_by_role("button", name="Try it first").click()
    expect(plain.get_by_text("No calls came in the last 30 days.")).to_be_visible()
    plain.get_by_role("button", name="Keep the rule").click()
    plain.goto("/contacts")
    plain.get_by_label("Name", exact=True).fill("Ma")
    plain.get_by_label("Numbers, with commas between").fill("13800138000")
    plain.get_by_role("button", name="Keep").click()
    plain.get_by_label("Find a contact").fill("Ma")
    plain.get_by_role("button", name="Find").click()
    expect(plain.locator("#contacts li")).to_have_count(1)
    plain.goto("/lists")
    plain.get_by_label("Name", exact=True).fill("L")
    plain.get_by_label("Address").fill("https://lists.invalid/")
    plain.get_by_role("button", name="Subscribe").click()
    assert len(guarding.household.rules()) == len(guarding.lists.lists()) == 1
    context.close()
