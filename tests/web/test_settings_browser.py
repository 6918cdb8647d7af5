"""The settings in a real browser: on a phone in Chinese, on a desk in English."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from listening import Web
from playwright.sync_api import Browser, Page, expect, sync_playwright
from running import free_port

from firmware.appliance import Appliance
from firmware.settings import Wiring
from web.account import setup_code
from web.server import page as served

CHROMIUM = "/usr/bin/chromium"
WORDS = {
    "zh-CN": {
        "more": "更多",
        "keep": "保存",
        "kept": "设置已保存",
        "test": "发测试消息",
        "sent": "测试消息已发出",
        "now": "现在备份一次",
        "backed_up": "并已读回核对",
        "forget": "忘记一个号码",
        "forgotten": "已忘记",
        "message": "这是一条测试消息",
    },
    "en-GB": {
        "more": "More",
        "keep": "Keep",
        "kept": "The settings are kept.",
        "test": "Send a test",
        "sent": "The test is sent.",
        "now": "Make one now",
        "backed_up": "was read back",
        "forget": "Forget a number",
        "forgotten": "That is forgotten",
        "message": "This is a test",
    },
}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def appliance(tmp_path: Path) -> Iterator[Appliance]:
    """An appliance whose notices may go to this machine, with its page served."""
    wiring = Wiring(
        data=tmp_path / "data",
        pins="mock",
        modem_port="/dev/none",
        http=f"127.0.0.1:{free_port()}",
        notices_lan=True,
    )
    with Appliance(wiring) as appliance, served(appliance):
        appliance.calls_log.store()
        yield appliance


@pytest.fixture(params=[("zh-CN", 360), ("en-GB", 1280)], ids=["zh-CN-360", "en-GB-1280"])
def owner(
    chromium: Browser, appliance: Appliance, request: pytest.FixtureRequest
) -> Iterator[tuple[Page, dict[str, str]]]:
    """An owner, who has just claimed the box, at the settings, and the words of their language."""
    locale, width = request.param
    host, port = appliance.wiring.address
    context = chromium.new_context(
        base_url=f"http://{host}:{port}", locale=locale, viewport={"width": width, "height": 800}
    )
    tab = context.new_page()
    tab.set_default_timeout(20_000)
    tab.goto("/claim")
    tab.locator("[name=code]").fill(setup_code(appliance.data) or "")
    tab.locator("[name=password]").fill("correct horse")
    tab.locator("main button.main").click()
    tab.goto("/settings")
    yield tab, WORDS[locale]
    context.close()


def test_settings_are_kept_notices_sent_backups_made_and_callers_forgotten(
    owner: tuple[Page, dict[str, str]], appliance: Appliance
) -> None:
    tab, words = owner
    said = tab.locator("#said")
    line = tab.locator("form#line")
    line.get_by_text(words["more"], exact=True).click()
    line.locator("[name=zone]").fill("Asia/Shanghai")
    line.get_by_role("button", name=words["keep"]).click()
    expect(said).to_contain_text(words["kept"])
    assert appliance.household.settings()["zone"] == "Asia/Shanghai"

    language = "zh" if words is WORDS["zh-CN"] else "en"
    appliance.household.change_settings({"tell_language": language})
    with Web() as service:
        tab.goto("/settings/notices")
        tab.locator("[name=name]").fill("Phone")
        tab.locator("[name=url]").fill(f"ntfy://{service.place}/topic")
        tab.locator("main form.card").get_by_role("button", name=words["keep"]).click()
        tab.get_by_role("button", name=words["test"]).click()
        expect(said).to_contain_text(words["sent"])
        assert words["message"] in json.loads(service.bodies[0])["message"]

    tab.goto("/settings")
    tab.get_by_role("button", name=words["now"]).click()
    expect(said).to_contain_text(words["backed_up"])
    assert len(appliance.backups.found("")) == 1

    tab.get_by_text(words["forget"], exact=True).click()
    form = tab.locator("#forget form").first
    form.locator("[name=number]").fill("16210123456")
    form.locator("[required][type=checkbox]").check()
    form.locator("button").click()
    expect(said).to_contain_text(words["forgotten"])
