"""Every page of the URL map in a real browser: nobody is kept out by how it is made, and none is heavy."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from household import furnish
from living import Living
from playwright.sync_api import Browser, BrowserContext, Page
from weighing import Scale

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 860}
FIRST_BYTES = 150 * 1024
LATER_BYTES = 30 * 1024

Open = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def unclaimed(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Living]:
    """A box of which there is nothing yet but its set-up code."""
    with Living(tmp_path_factory.mktemp("unclaimed"), claimed=False) as box:
        yield box


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Living]:
    folder: Path = tmp_path_factory.mktemp("box")
    furnish(folder / "data")
    with Living(folder) as box:
        yield box


@pytest.fixture
def open_in(chromium: Browser) -> Iterator[Open]:
    """Opens a browser that is signed in, in a language, of a size and for light or dark."""
    contexts = []

    def opened(
        box: Living,
        language: str = "zh-CN",
        size: dict[str, int] = PHONE,
        scheme: str = "light",
        **more: object,
    ) -> BrowserContext:
        settings = {"storage_state": box.signed_in, "bypass_csp": True} | more
        context = chromium.new_context(
            base_url=box.address,
            locale=language,
            viewport=size,
            color_scheme=scheme,
            reduced_motion="reduce",
            **settings,
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        return context

    yield opened
    for context in contexts:
        context.close()


def wrong_with(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA."""
    found = Axe().run(
        page, options={"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
    )
    return [
        f"{one['id']}: {node['html'][:160]} {node['any'][0]['message'][:200] if node['any'] else ''}"
        for one in found.response["violations"]
        for node in one["nodes"]
    ]


# Each two of language, size and scheme come together once.
@pytest.mark.parametrize(
    ("language", "size", "scheme"),
    [("zh-CN", PHONE, "light"), ("en-GB", PHONE, "dark"), ("zh-CN", DESK, "dark"), ("en-GB", DESK, "light")],
)
def test_no_page_keeps_anybody_out(
    box: Living, open_in: Open, language: str, size: dict[str, int], scheme: str
) -> None:
    page = open_in(box, language, size, scheme).new_page()
    found = {}
    for name, path in box.pages().items():
        page.goto(path)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        found[name] = wrong_with(page)
    assert len(found) > 10
    assert not {name: wrong for name, wrong in found.items() if wrong}


def test_no_stranger_is_kept_out_either(unclaimed: Living, box: Living, open_in: Open) -> None:
    found = {}
    for one, path in ((unclaimed, "/claim"), (box, "/sign-in"), (box, "/nothing-here")):
        for language, size, scheme in (("zh-CN", PHONE, "dark"), ("en-GB", DESK, "light")):
            page = open_in(one, language, size, scheme, storage_state=None).new_page()
            page.goto(path)
            found[path, language] = wrong_with(page)
    assert not {name: wrong for name, wrong in found.items() if wrong}


def test_the_menu_of_a_phone_keeps_nobody_out_when_it_is_open(box: Living, open_in: Open) -> None:
    page = open_in(box, "en-GB").new_page()
    page.goto("/rules")
    page.get_by_role("button", name="More", exact=True).click()
    assert page.locator("#further").is_visible()
    assert not wrong_with(page)
    page.keyboard.press("Escape")
    assert not page.locator("#further").is_visible()


def test_the_first_page_is_light_and_all_others_are_lighter(box: Living, open_in: Open) -> None:
    page = open_in(box, bypass_csp=False).new_page()
    scale = Scale(page)
    page.goto("/", wait_until="load")
    weights = {"first": scale.bytes}
    assert weights["first"] > 10_000
    for name, path in box.pages().items():
        before = scale.bytes
        page.goto(path, wait_until="load")
        weights[name] = scale.bytes - before
    assert weights.pop("first") < FIRST_BYTES
    assert not {name: weight for name, weight in weights.items() if weight > LATER_BYTES}
