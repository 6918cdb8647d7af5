"""Makes the README's picture of the page: `python tests/web/picture.py`, from a real appliance in a real browser."""

import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from running import Running

from firmware.lines.simulator import Cadence, SimulatedModem
from web.account import setup_code

PICTURE = Path(__file__).parents[2] / "web" / "page.png"
CHROMIUM = "/usr/bin/chromium"
RINGING = Cadence(0.1, 0.3)
CONTACT = {"name": "社区医院", "numbers": ["01065551234"]}
COURIER = {"match": "17021550198", "action": "allow", "note": "快递"}
CALLS = [
    ("01065551234", "社区医院"),
    ("16533217890", None),
    ("17021550198", "快递"),
    ("16210129871", None),
    ("96110", None),
]


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        modem = SimulatedModem(link=folder / "ttyACM0")
        with Running(folder / "appliance", modem.link) as running:
            while not running.guarding():
                time.sleep(0.1)
            running.request("PATCH", "settings", {"silence_s": 3})
            running.request("PUT", "sets/mvno", {"on": True})
            running.request("POST", "contacts", CONTACT)
            running.request("POST", "rules", COURIER)
            for number, caller in CALLS:
                modem.call(number, caller, rings=3, cadence=RINGING)
                time.sleep(3.5)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
                page = browser.new_page(viewport={"width": 820, "height": 900}, locale="en-GB")
                page.goto(f"http://127.0.0.1:{running.http}/claim")
                page.fill("[name=code]", setup_code(folder / "appliance" / "data") or "")
                page.fill("[name=password]", "a long password")
                page.click("button.main")
                page.wait_for_selector(".calls .call")
                modem.result("RING")
                modem.caller("16210123456")
                page.wait_for_selector(".status.cut")
                page.wait_for_timeout(300)
                page.screenshot(path=PICTURE)
        modem.close()


if __name__ == "__main__":
    main()
