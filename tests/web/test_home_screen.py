"""The page on a phone's home screen: a real Chromium over the box's own TLS."""

import json
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from living import Living
from playwright.sync_api import Browser, BrowserContext, Page
from playwright.sync_api import TimeoutError as TooLate
from visiting import Visitor

import web
from web.home_screen import SIZES

STATIC = Path(web.__file__).parent / "static"


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Living]:
    (tmp_path / "tls").mkdir()
    with Living(tmp_path / "tls", certificate="local") as box:
        yield box


@pytest.fixture
def phone(chromium: Browser, box: Living) -> Iterator[BrowserContext]:
    """A phone that trusts the box's authority, and is signed in."""
    context = chromium.new_context(
        base_url=box.address, locale="en-GB", storage_state=box.signed_in, ignore_https_errors=True
    )
    context.set_default_timeout(20_000)
    yield context
    context.close()


def installed(page: Page) -> None:
    """Wait until the worker serves the page; a browser whose first try has failed tries again at the next page."""
    for _ in range(4):
        page.goto("/rules")
        with suppress(TooLate):
            page.wait_for_function("() => navigator.serviceWorker.controller !== null", timeout=5000)
            return
    raise AssertionError("there is no worker")


def test_it_keeps_files_and_a_notice_and_nothing_private(phone: BrowserContext) -> None:
    page = phone.new_page()
    installed(page)
    page.goto("/contacts")
    kept = page.evaluate(
        """async () => {
          const names = await caches.keys()
          const all = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys())))
          return all.flat().map((request) => new URL(request.url).pathname)
        }"""
    )
    assert "/static/ringfence.css" in kept
    assert all(path.startswith("/static/") or path == "/offline" for path in kept)


def test_without_the_box_it_says_so(
    phone: BrowserContext, box: Living, wait_until: Callable[..., None]
) -> None:
    page = phone.new_page()
    installed(page)
    box.close()
    page.goto("/contacts")
    assert page.get_by_role("heading", name="The box cannot be reached").is_visible()


def test_the_manifest_speaks_the_visitors_language_and_its_icons_are_there(stranger: Visitor) -> None:
    for language, name in (("en", "Ringfence"), ("zh", "铃盾")):
        manifest = json.loads(stranger.get("/manifest.webmanifest", Accept_Language=language).text)
        assert manifest["short_name"] == name
        for icon in manifest["icons"]:
            png = stranger.get(icon["src"]).data
            assert icon["sizes"] == "{}x{}".format(*struct.unpack(">II", png[16:24]))
    assert {"any", "maskable"} == {icon["purpose"] for icon in manifest["icons"]}
    assert SIZES.keys() == {path.name for path in STATIC.glob("icon-*.png")}


def test_it_is_offered_over_tls_alone(owner: Visitor, phone: BrowserContext) -> None:
    assert "manifest" not in owner.get("/rules").text
    page = phone.new_page()
    page.goto("/rules")
    assert page.locator("link[rel=manifest]").count() == 1
