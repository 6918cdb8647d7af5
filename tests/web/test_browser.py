"""The page in a real browser: Debian's Chromium."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from firmware.appliance import Appliance
from firmware.lines.simulator import SimulatedModem
from web.account import setup_code
from web.server import page as served

CHROMIUM = "/usr/bin/chromium"
PASSWORD = "correct horse"

Ring = Callable[..., int]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def address(guarding: Appliance) -> Iterator[str]:
    with served(guarding):
        host, port = guarding.wiring.address
        yield f"http://{host}:{port}"


@pytest.fixture
def wrong() -> Iterator[list[str]]:
    """What the browser finds wrong with the page, which fails the test unless the test asked for it."""
    found: list[str] = []
    yield found
    assert not found


@pytest.fixture
def tab(chromium: Browser, address: str, wrong: list[str]) -> Iterator[Page]:
    """A phone's browser that speaks English."""
    context = chromium.new_context(
        base_url=address, locale="en-GB", viewport={"width": 390, "height": 844}, reduced_motion="reduce"
    )
    tab = context.new_page()
    tab.set_default_timeout(5000)
    tab.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    yield tab
    context.close()


@pytest.fixture
def home(tab: Page, guarding: Appliance) -> Page:
    """The page as the owner sees it after the claim."""
    tab.goto("/")
    tab.get_by_label("Set-up code").fill(setup_code(guarding.data) or "")
    tab.get_by_label("A password of your choice").fill(PASSWORD)
    tab.get_by_role("button", name="Begin").click()
    expect(tab.get_by_role("heading", name="Guarding the line")).to_be_visible()
    return tab


def test_from_the_claim_to_a_blocked_caller_without_a_reload(
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
    assert [(rule["match"], rule["action"]) for rule in guarding.rules()] == [("+8616210123456", "block")]
    guarding.line.ringing.silence = 0.3
    ring("16210123456")
    expect(row).to_have_count(2)
    expect(row.first).to_contain_text("Blocked by your rule +8616210123456")
    expect(row.first).to_contain_text("handset cut off")
    assert home.evaluate("window.notReloaded")
    assert not home.evaluate("window.hacked")


def test_a_call_keeps_its_one_row_through_ringing_rules_and_reconnecting(
    home: Page, ring: Ring, guarding: Appliance, modem: SimulatedModem
) -> None:
    rows = home.locator(".calls .call")
    ring("16210123456")
    expect(rows).to_have_count(1)
    guarding.add_rule("163*", "block")
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
    expect(home.get_by_text("The modem was lost.")).to_be_visible()
    modem.plug()
    expect(home.get_by_role("heading", name="Guarding the line")).to_be_visible()


def test_the_language_is_switched_where_one_is(home: Page) -> None:
    home.get_by_role("link", name="Rules").click()
    home.get_by_role("button", name="中文").click()
    expect(home.get_by_role("heading", name="规则")).to_be_visible()
    assert home.locator("html").get_attribute("lang") == "zh-CN"
    home.get_by_role("button", name="English").click()
    expect(home.get_by_role("heading", name="Rules")).to_be_visible()


def test_a_rule_is_added_tried_and_removed(home: Page) -> None:
    home.get_by_role("link", name="Rules").click()
    home.get_by_label("Number, or segment with *").fill("162*")
    home.get_by_label("Note").fill("<b>MVNO</b>")
    home.get_by_role("button", name="Block").click()
    expect(home.get_by_role("status")).to_contain_text("The rule is kept and in force.")
    expect(home.get_by_role("listitem").filter(has_text="162*")).to_contain_text("<b>MVNO</b>")
    home.get_by_role("link", name="Check a number").click()
    home.get_by_label("Number").fill("16210123456")
    home.get_by_role("button", name="How would it be judged?").click()
    expect(home.get_by_text("Your rules: Block (162*)")).to_be_visible()
    home.get_by_role("link", name="Rules").click()
    home.get_by_role("button", name="Remove 162*").click()
    expect(home.get_by_text("No rules yet: every call comes through.")).to_be_visible()


def test_the_page_says_when_it_cannot_hear_the_box(home: Page, wrong: list[str]) -> None:
    lost = home.get_by_text("The box does not answer.")
    expect(lost).to_be_hidden()
    home.route("**/live", lambda route: route.abort())
    home.reload()
    expect(lost).to_be_visible()
    assert wrong
    home.unroute("**/live")
    expect(lost).to_be_hidden(timeout=8000)
    wrong.clear()


def test_a_tap_after_the_session_ended_leads_to_the_sign_in(home: Page, ring: Ring, wrong: list[str]) -> None:
    ring("16210123456")
    button = home.get_by_role("button", name="Block 16210123456")
    expect(button).to_be_visible()
    home.context.clear_cookies()
    button.click()
    expect(home.get_by_role("heading", name="Sign in")).to_be_visible()
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
    button.focus()
    button.hover()
    home.evaluate("document.addEventListener('htmx:sseMessage', () => { document.title = 'swapped' })")
    home.mouse.down()
    guarding.add_rule("163*", "block")
    expect(home).to_have_title("swapped")
    expect(button).to_be_focused()
    home.mouse.up()
    expect(home.get_by_role("button", name="Allow 16210123456")).to_be_visible()


def test_it_works_by_keyboard(home: Page, ring: Ring, guarding: Appliance) -> None:
    ring("16210123456")
    button = home.get_by_role("button", name="Block 16210123456")
    expect(button).to_be_visible()
    button.focus()
    home.keyboard.press("Enter")
    expect(home.get_by_role("button", name="Allow 16210123456")).to_be_visible()
    assert len(guarding.rules()) == 1


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
    assert len(guarding.rules()) == 1
    context.close()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_runs_off_the_side(home: Page, ring: Ring, guarding: Appliance, width: int) -> None:
    ring("16210123456", "W" * 120)
    guarding.add_rule("162*", "block", "n" * 200)
    home.set_viewport_size({"width": width, "height": 800})
    for path in ("/", "/rules", "/check?number=16210123456", "/settings"):
        home.goto(path)
        assert home.evaluate("document.documentElement.scrollWidth") <= width, path
