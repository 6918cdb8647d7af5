"""A complaint from the ringing to the reference number, in a real browser."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright
from visiting import PASSWORD

from firmware.appliance import Appliance
from firmware.complaints.filling import in_one_text
from web.account import setup_code
from web.pages.complaints import QR_BYTES
from web.server import page as served

expect.set_options(timeout=30_000)

CHROMIUM = "/usr/bin/chromium"
LAN = "ringfence.lan"
"""A name under which the browser takes plain http for no secure context, as in a household."""

SAID = "您好，这里是某某金融，最近需要资金周转吗？"
CALLER = "16210123456"

Ring = Callable[..., int]


@dataclass(frozen=True)
class Words:
    """What the page says in a language."""

    locale: str
    complain: str
    kind: str
    said: str
    keep_said: str
    kept: str
    prepare: str
    person: str
    copy: str
    copied: str
    reference: str
    filed: str
    state: str
    scan: str


ENGLISH = Words(
    "en-GB", "Complain", "贷款理财 Loans and investments", "What was said, word for word", "Keep what was said",
    "Kept with this call.", "Prepare complaint", "人工骚扰 A person", "Copy", "Copied",
    "Reference number, if you got one", "I have filed it", "Filed", "To the phone: QR code",
)  # fmt: skip
CHINESE = Words(
    "zh-CN", "投诉", "贷款理财", "对方说了什么（照原话）", "保存原话", "已记在这通来电里。", "准备投诉", "人工骚扰",
    "复制", "已复制", "受理编号（如果有）", "我已提交", "已提交", "传到手机：二维码",
)  # fmt: skip


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", f"--host-resolver-rules=MAP {LAN} 127.0.0.1"],
        )
        yield browser
        browser.close()


@pytest.fixture
def address(guarding: Appliance) -> Iterator[str]:
    with served(guarding):
        host, port = guarding.wiring.address
        yield f"http://{host}:{port}"


@pytest.fixture
def contexts(chromium: Browser) -> Iterator[list[BrowserContext]]:
    opened: list[BrowserContext] = []
    yield opened
    for context in opened:
        context.close()


@pytest.fixture
def visit(
    chromium: Browser, contexts: list[BrowserContext], address: str, guarding: Appliance
) -> Callable[..., Page]:
    """Opens the page as its owner does for the first time, in a window of some width."""

    def visit(words: Words, width: int, host: str) -> Page:
        context = chromium.new_context(
            base_url=address.replace("127.0.0.1", host),
            locale=words.locale,
            viewport={"width": width, "height": 800},
            reduced_motion="reduce",
        )
        contexts.append(context)
        tab = context.new_page()
        tab.set_default_timeout(30_000)
        tab.goto("/")
        tab.locator("[name=code]").fill(setup_code(guarding.data) or "")
        tab.locator("[name=password]").fill(PASSWORD)
        tab.locator("main form button").first.click()
        tab.wait_for_url(lambda url: "/claim" not in url)
        return tab

    return visit


def is_wrong(message: ConsoleMessage) -> bool:
    """Whether the browser complains of more than that plain http has no use for a header."""
    return message.type == "error" and "Cross-Origin-Opener-Policy" not in message.text


@pytest.mark.parametrize(
    ("words", "width", "host"),
    [(CHINESE, 360, LAN), (ENGLISH, 1280, "127.0.0.1")],
    ids=["zh-phone", "en-desk"],
)
def test_a_call_rings_is_marked_prepared_copied_and_filed(
    visit: Callable[..., Page], ring: Ring, guarding: Appliance, words: Words, width: int, host: str
) -> None:
    tab = visit(words, width, host)
    assert tab.evaluate("window.isSecureContext") is (host != LAN)
    wrong: list[str] = []
    tab.on("console", lambda message: wrong.append(message.text) if is_wrong(message) else None)
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    ring(CALLER, "<img src=x onerror='window.hacked = true'>")
    tab.goto("/calls")
    tab.get_by_role("link", name=f"{words.complain} {CALLER}").click()
    tab.get_by_role("button", name=words.kind).click()
    expect(tab.get_by_role("button", name=words.kind)).to_have_attribute("aria-pressed", "true")
    tab.get_by_label(words.said).fill(SAID)
    tab.get_by_role("button", name=words.keep_said).click()
    expect(tab.get_by_text(words.kept)).to_be_visible()
    tab.get_by_role("button", name=words.prepare).click()

    tab.get_by_role("radio", name=words.person).check(force=True)
    expect(tab.locator("#f-manner")).to_have_value("人工骚扰")
    expect(tab.locator("#f-kind")).to_have_value("贷款理财")
    for name, label in (("number", "骚扰来电号码"), ("said", "来电描述")):
        tab.get_by_role("button", name=f"{words.copy} {label}", exact=True).click()
        expect(tab.get_by_role("status").filter(has_text=words.copied)).to_be_visible()
        reference = tab.get_by_label(words.reference)
        reference.fill("")
        reference.press("Control+v")
        expect(reference).to_have_value(tab.locator(f"#f-{name}").input_value())
    tab.get_by_text(words.scan).click()
    expect(tab.locator("svg.qr")).to_be_visible()
    assert scanned(tab) == told(guarding)
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    tab.get_by_label(words.reference).fill("2026-0042")
    tab.get_by_role("button", name=words.filed, exact=True).click()
    expect(tab.locator("h1 + p .state")).to_have_text(f"{words.state} 2026-0042")
    (case,) = guarding.complaints.cases()
    assert (case["state"], case["reference"], case["answers"]) == ("filed", "2026-0042", {"manner": "person"})
    tab.goto("/complaints")
    expect(tab.locator(".cases li")).to_contain_text("2026-0042")
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert not tab.evaluate("window.hacked")
    assert not wrong


def test_the_code_of_the_fullest_case_is_read_off_the_screen_of_a_phone(
    visit: Callable[..., Page], ring: Ring, guarding: Appliance
) -> None:
    call = ring(CALLER)
    case = guarding.complaints.prepare(call)
    assert case
    tab = visit(CHINESE, 360, LAN)
    for said in ("贷" * 500, "😀" * 500, "<&>\"'\\" * 83):
        guarding.remark(call, kind="loans", said=said)
        tab.goto(f"/complaints/{case['id']}")
        tab.get_by_text(CHINESE.scan).click()
        assert QR_BYTES - 100 < len(told(guarding).encode()) <= QR_BYTES
        assert scanned(tab) == told(guarding)


def scanned(tab: Page) -> str:
    """What another phone reads off the screen, with the code in the middle of it."""
    expect(tab.locator("[role=status]:visible")).to_have_count(0)
    tab.locator("svg.qr").evaluate("code => code.scrollIntoView({block: 'center'})")
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(tab.screenshot())))
    return str(code.text)


def told(guarding: Appliance) -> str:
    """What the code of the one case has to say."""
    (case,) = guarding.complaints.cases()
    filled, _ = guarding.complaints.filled(case)
    return in_one_text(filled, QR_BYTES)
