"""A complaint from the ringing to the reference number, in a real browser."""

import io
from collections.abc import Callable

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect
from seeing import PHONE, View

from firmware.appliance import Appliance
from firmware.complaints.filling import in_one_text
from web.pages.complaints import QR_BYTES

SAID = "您好，这里是某某金融，最近需要资金周转吗？"
CALLER = "16210123456"
SAID_FOR = 3000
"""Milliseconds for which the page says that it has copied."""
KIND = {"zh": "贷款理财", "en": "贷款理财 Loans and investments"}
NOT_ANSWERED = {"zh": "未产生通话", "en": "未产生通话 Nobody talked"}
PERSON = {"zh": "人工骚扰", "en": "人工骚扰 A person"}


def test_a_call_rings_is_marked_prepared_copied_and_filed(
    view: View, ring: Callable[..., int], guarding: Appliance
) -> None:
    tab = view.tab
    tab.clock.install()
    view.goto("/calls", "Calls")
    assert tab.evaluate("window.isSecureContext") is (view.width != PHONE)
    ring(CALLER, "<img src=x onerror='window.hacked = true'>")
    tab.get_by_role("link", name=f"{view.say('Complain')} {CALLER}").click()
    kind = tab.get_by_role("button", name=KIND[view.language])
    kind.click()
    expect(kind).to_have_attribute("aria-pressed", "true")
    view.field("What was said, word for word").fill(SAID)
    view.button("Keep what was said").click()
    expect(tab.get_by_text(view.say("Kept with this call."))).to_be_visible()
    view.button("Prepare complaint").click()

    expect(tab.locator("#known")).to_have_text(view.say("%(num)s missing", "%(num)s missing", num=2))
    tab.get_by_role("radio", name=PERSON[view.language]).check(force=True)
    tab.get_by_role("radio", name=NOT_ANSWERED[view.language]).check(force=True)
    expect(tab.locator("#known")).to_have_text(view.say("%(num)s missing", "%(num)s missing", num=1))
    expect(tab.locator("#f-manner")).to_have_value("人工骚扰")
    expect(tab.locator("#f-kind")).to_have_value("贷款理财")
    view.button("Continue").click()
    expect(tab.locator("details.paper:not([open])")).to_have_id("calls")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(tab.locator("details.paper:not([open])")).to_have_count(0)
    view.open("3. When it is filed")
    for name, label in (("number", "骚扰来电号码"), ("said", "来电描述")):
        tab.get_by_role("button", name=f"{view.say('Copy')} {label}", exact=True).click()
        expect(tab.get_by_role("status").filter(has_text=view.say("Copied"))).to_be_visible()
        reference = view.field("Reference number, if you got one")
        reference.fill("")
        reference.press("Control+v")
        expect(reference).to_have_value(tab.locator(f"#f-{name}").input_value())
    tab.clock.fast_forward(SAID_FOR)
    tab.get_by_text(view.say("To the phone: QR code")).click()
    expect(tab.locator("svg.qr")).to_be_visible()
    assert scanned(tab) == told(guarding)

    view.field("Reference number, if you got one").fill("2026-0042")
    view.button("I have filed it").click()
    expect(tab.locator("h1 + p .state")).to_have_text(f"{view.say('Filed')} 2026-0042")
    (case,) = guarding.complaints.cases()
    assert (case["state"], case["reference"], case["answers"]) == (
        "filed",
        "2026-0042",
        {"manner": "person", "duration": "none"},
    )
    view.goto("/complaints", "Complaints")
    expect(tab.locator(".cases li")).to_contain_text("2026-0042")
    assert not tab.evaluate("window.hacked")


@pytest.mark.parametrize("view", [("zh", PHONE)], indirect=True)
def test_the_code_of_the_fullest_case_is_read_off_the_screen_of_a_phone(
    view: View, ring: Callable[..., int], guarding: Appliance
) -> None:
    call = ring(CALLER)
    case = guarding.complaints.prepare(call)
    assert case
    for said in ("贷" * 500, "😀" * 500, "<&>\"'\\" * 83):
        guarding.remark(call, kind="loans", said=said)
        view.tab.goto(f"/complaints/{case['id']}")
        view.open("2. Copy into the form")
        view.tab.get_by_text(view.say("To the phone: QR code")).click()
        assert QR_BYTES - 100 < len(told(guarding).encode()) <= QR_BYTES
        assert scanned(view.tab) == told(guarding)


def scanned(tab: Page) -> str:
    """What another phone reads off the screen, with the code in the middle of it."""
    expect(tab.locator("#copied")).to_have_text("")
    tab.locator("svg.qr").evaluate("code => code.scrollIntoView({block: 'center'})")
    screen = Image.open(io.BytesIO(tab.screenshot()))
    (code,) = zxingcpp.read_barcodes(screen, formats=zxingcpp.BarcodeFormat.QRCode)
    return str(code.text)


def told(guarding: Appliance) -> str:
    """What the code of the one case has to say."""
    (case,) = guarding.complaints.cases()
    filled, _ = guarding.complaints.filled(case)
    return in_one_text(filled, QR_BYTES)
