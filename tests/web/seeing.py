"""The page as a person has it before the eyes: in a language, on a phone or on a desk."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, StorageState, StorageStateCookie, expect

import web
from web.account import setup_code

CHROMIUM = "/usr/bin/chromium-headless-shell"
"""Chromium without the windows around the page, which take most of its time."""
PASSWORD = "correct horse"
LAN = "ringfence.lan"
"""A name under which a browser takes plain http for no secure context, as in a household."""

PHONE, DESK = 360, 1280
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
VIEWS = [(language, width) for language in LOCALES for width in (PHONE, DESK)]
IDS = [f"{language}-{width}" for language, width in VIEWS]

CATALOGUE = Path(web.__file__).parent / "translations" / "zh" / "LC_MESSAGES" / "messages.mo"
WIDER_THAN_THE_WINDOW = """
addEventListener("load", () => {
  const measure = () => {
    const width = document.documentElement.scrollWidth
    if (width <= innerWidth) return
    const all = [...document.body.querySelectorAll("*")]
    const wide = all.filter(one => one.getBoundingClientRect().right > innerWidth)
    const names = wide.map(one => one.className || one.tagName).join(" > ")
    console.error(`${location.pathname} is ${width} pixels wide:`, names)
  }
  measure()
  new MutationObserver(measure).observe(document.body, { subtree: true, childList: true, attributes: true })
})
"""


@dataclass(frozen=True)
class View:
    """A tab whose reader speaks `language`, `width` pixels wide."""

    tab: Page
    language: str
    width: int

    def say(self, words: str, several: str = "", **values: object) -> str:
        """What the page says in the reader's language, by the catalogue."""
        spoken = CHINESE if self.language == "zh" else ENGLISH
        found = spoken.ngettext(words, several, int(str(values["num"]))) if several else spoken.gettext(words)
        return found % values if values else found

    def goto(self, path: str, heading: str) -> None:
        """Open a page, which says its name in the reader's language."""
        self.tab.goto(path)
        expect(self.tab.get_by_role("heading", name=self.say(heading), exact=True, level=1)).to_be_visible()

    def field(self, words: str) -> Locator:
        return self.tab.get_by_label(self.say(words), exact=True)

    def button(self, words: str, about: str = "", within: Locator | None = None) -> Locator:
        """The button with these words, and what it says of itself to who cannot see beside what it stands."""
        name = f"{self.say(words)} {about}".strip()
        return (within or self.tab).get_by_role("button", name=name, exact=True)

    def open(self, words: str) -> None:
        """Open what is folded under these words."""
        self.tab.locator("summary").filter(has_text=re.compile(f"^{re.escape(self.say(words))}")).click()

    def told(self, words: str, place: str = "#said") -> None:
        """Wait until the page answers a tap so."""
        expect(self.tab.locator(place)).to_contain_text(self.say(words))

    def call(self, number: str) -> Locator:
        """The newest call of a number, where calls are listed."""
        return self.tab.locator(".calls .call").filter(has_text=number).first

    def claim(self, data: Path) -> None:
        """Make oneself the owner of the box whose data are in a folder."""
        self.tab.goto("/")
        self.field("Set-up code").fill(setup_code(data) or "")
        self.field("A password of your choice").fill(PASSWORD)
        self.button("Begin").click()
        self.tab.wait_for_url("**/welcome**")


def signed_in(cookies: Mapping[str, str], address: str) -> StorageState:
    """What a browser keeps of a box at an address that has given it these cookies."""
    host = urlsplit(address).hostname or ""
    kept: StorageStateCookie = {"domain": host, "path": "/", "httpOnly": True, "sameSite": "Lax"}
    return {"cookies": [{**kept, "name": name, "value": value} for name, value in cookies.items()]}


def look(
    browser: Browser,
    address: str,
    wrong: list[str],
    language: str = "en",
    width: int = 390,
    cookies: Mapping[str, str] | None = None,
) -> View:
    """A new window; what the browser finds wrong, and what has to be scrolled sideways, goes to `wrong`."""
    context = browser.new_context(
        base_url=address,
        locale=LOCALES[language],
        viewport={"width": width, "height": 844},
        reduced_motion="reduce",
        storage_state=signed_in(cookies or {}, address),
    )
    context.add_init_script(WIDER_THAN_THE_WINDOW)
    tab = context.new_page()
    tab.set_default_timeout(20_000)
    tab.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    return View(tab, language, width)


def _spoken() -> GNUTranslations:
    with CATALOGUE.open("rb") as file:
        return GNUTranslations(file)


ENGLISH, CHINESE = NullTranslations(), _spoken()
expect.set_options(timeout=20_000)
