"""The page of accounts in a real browser, in both languages, on a phone and on a desk."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from firmware.appliance import Appliance
from web.account import setup_code

CHROMIUM = "/usr/bin/chromium"
PASSWORD = "correct horse"
VISITORS = [("en-GB", 360), ("zh-CN", 360), ("en-GB", 1280), ("zh-CN", 1280)]

CHANGING = ", ".join(
    (
        "main form[method=post]:not(.own form)",
        *(f"main [hx-{method}]" for method in ("post", "put", "patch", "delete")),
    )
)
"""What changes more than one's own way in."""


@pytest.fixture(params=VISITORS, ids=lambda visitor: f"{visitor[0]}-{visitor[1]}")
def owner(
    chromium: Browser, address: str, guarding: Appliance, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """An owner, who has just claimed the box, at the page of accounts."""
    locale, width = request.param
    context = chromium.new_context(base_url=address, locale=locale, viewport={"width": width, "height": 800})
    tab = context.new_page()
    tab.set_default_timeout(15_000)
    tab.goto("/claim")
    tab.locator("[name=code]").fill(setup_code(guarding.data) or "")
    tab.locator("[name=password]").fill(PASSWORD)
    tab.locator("main button.main").click()
    tab.goto("/settings/accounts")
    yield tab
    context.close()


def test_a_viewer_is_let_in_and_is_shown_nothing_that_changes(
    owner: Page, chromium: Browser, address: str
) -> None:
    adding = owner.locator("details", has=owner.locator("[name=role]")).last
    adding.locator("summary").click()
    adding.locator("[name=name]").fill("Granny")
    adding.locator("[name=password]").fill(PASSWORD)
    adding.locator("button").click()
    expect(owner.locator(".said.good")).to_be_visible()
    expect(owner.locator(".accounts").get_by_text("Granny").first).to_be_visible()
    context = chromium.new_context(base_url=address, locale="en-GB")
    granny = context.new_page()
    granny.goto("/sign-in")
    granny.locator("[name=name]").fill("granny")
    granny.locator("[name=password]").fill(PASSWORD)
    granny.locator("main button.main").click()
    granny.wait_for_url("**/")
    places = [link.get_attribute("href") or "" for link in granny.locator("nav a").all()]
    for place in (*places, "/settings/accounts"):
        granny.goto(place)
        shown = [form.get_attribute("action") for form in granny.locator(CHANGING).all() if form.is_visible()]
        assert shown == [], place
    context.close()


@pytest.mark.parametrize("owner", VISITORS[:1], indirect=True)
def test_a_program_is_given_a_token_and_shut_out(owner: Page, address: str) -> None:
    making = owner.locator("details", has=owner.locator("[name=scope]"))
    making.locator("summary").click()
    making.locator("[name=name]").fill("Grafana")
    making.locator("[name=scope][value=metrics]").check()
    making.locator("button").click()
    token = owner.locator("code.token").inner_text()
    bearer = {"Authorization": f"Bearer {token}"}
    assert owner.request.get("/metrics", headers=bearer).status == 200
    owner.locator(".tokens button").click()
    expect(owner.locator(".said.good")).to_be_visible()
    assert owner.request.get("/metrics", headers=bearer).status == 401
