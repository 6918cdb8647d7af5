"""The first steps and the board in a real Chromium, on a line on which a call rings meanwhile."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from living import Living
from playwright.sync_api import Page, expect, sync_playwright

from firmware.lines.simulator import Cadence
from web.account import setup_code

CHROMIUM = "/usr/bin/chromium"
RINGING = Cadence(0.3, 0.5)
WORDS = {
    "zh-CN": {
        "code": "设置码", "password": "您自己的密码", "begin": "开始", "on": "继续", "line": "现在拨打一次",
        "works": "线路正常", "lamps": "点亮指示灯", "relay": "试继电器", "clicked": "继电器已把话机与线路断开",
        "night": "夜间免打扰", "home": "进入首页", "guarding": "正在守护线路", "board": "设备", "more": "更多",
    },
    "en-GB": {
        "code": "Set-up code", "password": "A password of your choice", "begin": "Begin", "on": "Continue",
        "line": "Call yourself now", "works": "The line works", "lamps": "Light the lamps",
        "relay": "Click the relay", "clicked": "The relay has parted handset and line", "night": "Quiet at night",
        "home": "To the first page", "guarding": "Guarding the line", "board": "Board", "more": "More",
    },
}  # fmt: skip


@pytest.fixture
def box(tmp_path: Path, wait_until: Callable[..., None]) -> Iterator[Living]:
    with Living(tmp_path, claimed=False) as box:
        box.appliance.line.ringing.silence = 1.0
        wait_until(lambda: box.appliance.status()["line"]["state"] == "guarding", within=20)
        yield box


@pytest.fixture
def tab(box: Living, request: pytest.FixtureRequest) -> Iterator[Page]:
    language, width = request.param
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        tab = browser.new_page(
            base_url=box.address, locale=language, viewport={"width": width, "height": 800}
        )
        tab.set_default_timeout(20_000)
        expect.set_options(timeout=20_000)
        tab.words = WORDS[language]  # type: ignore[attr-defined]
        yield tab
        browser.close()


@pytest.mark.parametrize("tab", [("zh-CN", 360), ("en-GB", 1280)], indirect=True)
def test_from_the_set_up_code_to_a_guarded_line(box: Living, tab: Page) -> None:
    words = tab.words  # type: ignore[attr-defined]

    def press(name: str) -> None:
        tab.get_by_role("button", name=words[name], exact=True).click()

    tab.goto("/")
    tab.get_by_label(words["code"]).fill(setup_code(box.appliance.data) or "")
    tab.get_by_label(words["password"]).fill("correct horse")
    press("begin")
    tab.locator("[name=area]").fill("010")
    press("on")
    expect(tab.get_by_role("heading", name=words["line"])).to_be_visible()
    tab.evaluate("window.notReloaded = true")
    box.modem.call("16210123456", "测试", rings=2, cadence=RINGING)
    expect(tab.get_by_text("NMBR = 16210123456")).to_be_visible()
    expect(tab.get_by_text(words["works"])).to_be_visible()
    assert tab.evaluate("window.notReloaded")
    press("on")
    press("lamps")
    expect(tab.locator(".board .lamp.call.lit-on")).to_be_visible()
    expect(tab.locator(".board .lamp.cut.lit-on")).to_be_visible()
    press("relay")
    expect(tab.get_by_text(words["clicked"])).to_be_visible()
    press("on")
    tab.get_by_role("checkbox", name=words["night"]).check()
    press("on")
    press("home")
    expect(tab.get_by_role("heading", name=words["guarding"])).to_be_visible()
    assert box.appliance.household.settings()["area"] == "010"
    assert [one["name"] for one in box.appliance.household.sets() if one["on"]] == ["night"]
    tab.goto("/board")
    box.modem.send("\r\nRING\r\n")
    expect(tab.locator(".board svg.ringing")).to_be_visible()
