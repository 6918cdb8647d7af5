"""Pictures of every page, from a real appliance in a real browser: `python tests/bench/screenshots.py FOLDER`.

With `--readme` the four of the README, in place of those that are there.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
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


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path, nargs="?", default=Path("screenshots"))
    parser.add_argument("--readme", action="store_true", help="make the README's pictures")
    parser.add_argument("--only", nargs="*", default=[], help="parts of the names of the pictures wanted")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        furnish(Path(name) / "data")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        with Living(Path(name)) as box:
            live(box)
            if args.readme:
                for_readme(browser, box)
            else:
                of_all(browser, box, args.folder, args.only)


def of_all(browser: Browser, box: Living, folder: Path, only: list[str]) -> None:
    """The pictures of every page in whose names all of `only` are."""
    folder.mkdir(parents=True, exist_ok=True)
    for picture, path, page in views(browser, box):
        if all(part in picture for part in only):
            page.goto(path)
            page.wait_for_timeout(300)
            page.screenshot(path=folder / f"{picture}.png", full_page=True)
            print(picture, flush=True)


def for_readme(browser: Browser, box: Living) -> None:
    """The pictures of the README, of few colours so that they are small."""
    for name, (path, language, size, scheme) in README.items():
        with opened(browser, box, language, size, scheme) as page:
            page.goto(path)
            page.wait_for_timeout(500)
            picture = Image.open(BytesIO(page.screenshot()))
        picture.convert("RGB").quantize(COLOURS).save(WEB / name, optimize=True)


def live(box: Living) -> None:
    """What goes on while the pictures are made: the first steps are done, and three callers have just rung."""
    box.visitor.post("/welcome/ready")
    box.appliance.line.ringing.silence = 1.0
    for number, name in LATELY:
        box.modem.call(number, name, rings=2, cadence=Cadence(0.3, 0.4))
        time.sleep(2)


def views(browser: Browser, box: Living) -> Iterator[tuple[str, str, Page]]:
    """The name of each picture, the address of its page, and a browser that looks as it should."""
    for language in LANGUAGES:
        for width, size in (("phone", PHONE), ("desk", DESK)):
            for scheme in ("light", "dark"):
                with opened(browser, box, language, size, scheme) as page:
                    for name, path in box.pages().items():
                        yield f"{name}-{language}-{width}-{scheme}", path, page


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
