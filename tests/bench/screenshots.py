"""Pictures of every page, and of what seldom shows: `python tests/bench/screenshots.py FOLDER`.

Real appliances in a real browser: one of a household that has had it for a month, and whose calls ring meanwhile; one
that is new; one that has nothing yet, and whose modem is gone; one with every part of the board. With `--readme` the
four of the README, in place of those that are there.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.extend(str(Path(__file__).parents[2] / part) for part in (".", "tests", "tests/web"))
from household import furnish
from living import Living
from seeing import CHROMIUM

from firmware.lines.simulator import Cadence

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 860}
SIZES = {"phone": PHONE, "desk": DESK}.items()
SCHEMES = ("light", "dark")
HEIGHT = "document.documentElement.scrollHeight"
WEB = Path(__file__).parents[2] / "web"
COLOURS = 128
README = {
    "page.png": ("/", "en", {"width": 1180, "height": 800}, "light"),
    "page-board.png": ("/board", "en", {"width": 1180, "height": 800}, "dark"),
    "page-calls.png": ("/calls", "zh", PHONE, "light"),
    "page-look-up.png": ("/check?number=16210123456", "zh", PHONE, "dark"),
}
LATELY = (("01065551234", "社区医院"), ("17021550198", "快递"), ("16210126688", None))
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}


Scene = Callable[[Page], object]
EMPTY = ("/", "/calls", "/rules", "/pools", "/contacts", "/lists", "/complaints", "/board", "/welcome/line")
SIP = {"name": "书房", "server": "pbx.invalid", "user": "620", "password": "secret", "ending": "take"}
EVERY_PART = {f"board_{part}": True for part in ("ring", "hook", "supply", "buzzer")}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path, nargs="?", default=Path("screenshots"))
    parser.add_argument("--readme", action="store_true", help="make the README's pictures")
    parser.add_argument("--only", nargs="*", default=[], help="parts of the names of the pictures wanted")
    args = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for scenes_of in (settled,) if args.readme else (settled, new, empty, equipped):
            with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
                box, scenes = scenes_of(Path(name), stack)
                if args.readme:
                    for_readme(browser, box)
                else:
                    pictures(browser, box, scenes, args.folder, args.only)


def pictures(browser: Browser, box: Living, scenes: dict[str, Scene], folder: Path, only: list[str]) -> None:
    """The pictures of a box in whose names all of `only` are."""
    folder.mkdir(parents=True, exist_ok=True)
    for (name, scene), (language, (width, size), scheme) in product(
        scenes.items(), product(LANGUAGES, SIZES, SCHEMES)
    ):
        picture = f"{name}-{language}-{width}-{scheme}"
        if not all(part in picture for part in only):
            continue
        with opened(browser, box, language, size, scheme) as page:
            scene(page)
            page.wait_for_timeout(300)
            page.set_viewport_size(size | {"height": max(size["height"], page.evaluate(HEIGHT))})
            page.screenshot(path=folder / f"{picture}.png")
        print(picture, flush=True)


def settled(folder: Path, stack: ExitStack) -> tuple[Living, dict[str, Scene]]:
    """A box that has been in use for a month, the first steps done, whom three callers have just rung."""
    furnish(folder / "data")
    box = stack.enter_context(Living(folder))
    box.visitor.post("/welcome/ready")
    box.appliance.line.ringing.silence = 3.0
    for number, name in LATELY:
        box.modem.call(number, name, rings=2, cadence=Cadence(0.3, 0.4))
        time.sleep(4)
    scenes = {name: at(path) for name, path in box.pages().items()}
    scenes |= {f"case-{step}": at(f"/complaints/1?open={step}") for step in ("know", "copy", "file", "calls")}
    scenes |= {"nowhere": at("/nowhere"), "menu": menu, "sign_in": sign_in, "refused": refused}
    scenes["ringing"] = lambda page: ringing(page, box)
    for path in ("/", "/lists", "/lines", "/settings", "/settings/notices", "/settings/accounts"):
        scenes[f"faults{path.replace('/', '-')}"] = lambda page, path=path: faults(page, box, path)
    scenes["awhile"] = lambda page: awhile(page, box)
    return box, scenes


def new(folder: Path, stack: ExitStack) -> tuple[Living, dict[str, Scene]]:
    """A box that nobody has claimed yet."""
    return stack.enter_context(Living(folder, claimed=False)), {"new": at("/claim")}


def empty(folder: Path, stack: ExitStack) -> tuple[Living, dict[str, Scene]]:
    """A box that knows nothing yet, and has lost its modem."""
    box = stack.enter_context(Living(folder))
    box.modem.unplug()
    return box, {f"empty{path.replace('/', '-')}": at(path) for path in EMPTY}


def equipped(folder: Path, stack: ExitStack) -> tuple[Living, dict[str, Scene]]:
    """A box with every part that a board may have."""
    return stack.enter_context(Living(folder, **EVERY_PART)), {"equipped": at("/board")}


def at(path: str) -> Scene:
    return lambda page: page.goto(path)


def menu(page: Page) -> None:
    page.goto("/")
    more = page.locator("nav .more button")
    if more.is_visible():
        more.click()


def sign_in(page: Page) -> None:
    page.context.clear_cookies()
    page.goto("/sign-in")


def refused(page: Page) -> None:
    """A wrong password is said."""
    sign_in(page)
    page.locator("[name=password]").fill("a wrong password")
    page.locator("main button").click()
    page.locator("[role=alert]:visible").wait_for()


def ringing(page: Page, box: Living) -> None:
    """A call rings; it is over in three seconds when nobody rings any more."""
    page.goto("/")
    box.modem.call("16533215599", None, rings=1)
    page.locator(".status.ringing, .status.cut").wait_for()


def faults(page: Page, box: Living, path: str) -> None:
    """A list, a message and a line that came to nothing, a stick that is not in; and a program with a token."""
    if not box.appliance.notices.addresses():
        box.appliance.household.change_settings({"backup_folder": "/media/away", "backup_every": "daily"})
        box.appliance.lists.subscribe("骚扰号码", "https://lists.invalid/")
        box.appliance.notices.add("妈妈的手机", "ntfys://push.invalid/topic")
        box.visitor.post("/settings/notices/1/test")
        box.visitor.post("/settings/backups")
        box.visitor.post("/lines", SIP)
        box.visitor.post("/settings/tokens", {"name": "Home Assistant", "scope": "read"})
        while not any(one["fault"] for one in box.appliance.lists.lists()):
            time.sleep(0.1)
    page.goto(path)


def for_readme(browser: Browser, box: Living) -> None:
    """The pictures of the README, of few colours so that they are small."""
    for name, (path, language, size, scheme) in README.items():
        with opened(browser, box, language, size, scheme) as page:
            page.goto(path)
            page.wait_for_timeout(500)
            picture = Image.open(BytesIO(page.screenshot()))
        picture.convert("RGB").quantize(COLOURS).save(WEB / name, optimize=True)


def awhile(page: Page, box: Living) -> None:
    """A courier is expected, and the blocking is paused."""
    box.visitor.post("/courier")
    box.visitor.post("/pause", {"minutes": "30"})
    page.goto("/")


@contextmanager
def opened(browser: Browser, box: Living, language: str, size: dict[str, int], scheme: str) -> Iterator[Page]:
    context = browser.new_context(
        base_url=box.address,
        locale=LANGUAGES[language],
        viewport=size,
        color_scheme=scheme,
        reduced_motion="reduce",
        timezone_id="Asia/Shanghai",
        storage_state=box.signed_in,
    )
    yield context.new_page()
    context.close()


if __name__ == "__main__":
    main()
