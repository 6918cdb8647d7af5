"""Makes the icons of a phone's home screen from `icon.svg`: `python tests/web/icons.py`, in a real browser."""

from pathlib import Path

from playwright.sync_api import sync_playwright
from seeing import CHROMIUM

STATIC = Path(__file__).parents[2] / "web" / "static"
ICONS = {
    "icon-192.png": (192, 100, "none"),
    "icon-512.png": (512, 100, "none"),
    "icon-maskable.png": (512, 62, "#1a6a58"),
}
"""Each file: its pixels a side, how much of them the picture takes in percent, and the ground."""


def main() -> None:
    drawing = (STATIC / "icon.svg").read_text("utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, (side, percent, ground) in ICONS.items():
            page = browser.new_page(viewport={"width": side, "height": side})
            style = f"margin:0;display:grid;place-items:center;height:100vh;background:{ground}"
            page.set_content(f'<body style="{style}"><div style="width:{percent}%">{drawing}</div>')
            page.screenshot(path=STATIC / name, omit_background=True)
        browser.close()


if __name__ == "__main__":
    main()
