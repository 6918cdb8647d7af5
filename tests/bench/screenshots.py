"""Pictures of every page: `python tests/bench/screenshots.py FOLDER`, from a real appliance in a real browser."""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.extend(str(Path(__file__).parents[2] / part) for part in (".", "tests", "tests/web"))
from household import furnish
from living import Living

CHROMIUM = "/usr/bin/chromium"
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 860}
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", default=[], help="parts of the names of the pictures wanted")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        furnish(Path(name) / "data")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        with Living(Path(name)) as box:
            for picture, path, page in views(browser, box):
                if all(part in picture for part in args.only):
                    page.goto(path)
                    page.wait_for_timeout(300)
                    page.screenshot(path=args.folder / f"{picture}.png", full_page=True)
                    print(picture, flush=True)


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
