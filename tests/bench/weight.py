"""What each page weighs over the wire and how soon it is there: `python tests/bench/weight.py`, in a real browser."""

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.extend(str(Path(__file__).parents[2] / part) for part in (".", "tests", "tests/web"))
from screenshots import PHONE, opened, settled
from seeing import CHROMIUM
from weighing import Scale

SLOWER = 4
"""How many times slower than this machine the telephone is taken to be."""

OBSERVE = """
window.seen = {paint: 0, largest: 0, blocked: 0, shifted: 0}
const watch = (type, take) =>
  new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({type, buffered: true})
watch("paint", (entry) => { if (entry.name === "first-contentful-paint") seen.paint = entry.startTime })
watch("largest-contentful-paint", (entry) => { seen.largest = entry.startTime })
watch("longtask", (entry) => { seen.blocked += Math.max(0, entry.duration - 50) })
watch("layout-shift", (entry) => { if (!entry.hadRecentInput) seen.shifted += entry.value })
"""


def main() -> None:
    print("| page | KiB | first paint ms | largest paint ms | blocked ms | shifted |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        with ExitStack() as stack:
            box, _ = settled(Path(name), stack)
            with opened(browser, box, "zh", PHONE, "light") as page:
                scale = Scale(page)
                scale.session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
                page.add_init_script(OBSERVE)
                for title, path in {"home, for the first time": "/", **box.pages()}.items():
                    before = scale.bytes
                    page.goto(path, wait_until="load")
                    page.wait_for_timeout(1000)
                    seen = page.evaluate("window.seen")
                    print(
                        f"| {title} | {(scale.bytes - before) / 1024:.1f} | {seen['paint']:.0f} | "
                        f"{seen['largest']:.0f} | {seen['blocked']:.0f} | {seen['shifted']:.3f} |",
                        flush=True,
                    )


if __name__ == "__main__":
    main()
