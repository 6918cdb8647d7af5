"""The printed card and the lid's label."""

import re
import shutil
import subprocess
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import pytest

from firmware.board.buttons import LONG_SECONDS
from firmware.presses import LATELY_SECONDS, UNDO_SECONDS
from hw import card, label

CHROMIUM = (
    shutil.which("chromium-headless-shell") or shutil.which("chromium") or shutil.which("google-chrome")
)
SVG = "{http://www.w3.org/2000/svg}"


class Cells(HTMLParser):
    """The rows of a page's tables: the words of each cell, and how many of its circles are filled."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[tuple[str, int]]] = []
        self._open = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag == "td":
            self._open = True
            self.rows[-1].append(("", 0))
        if tag == "circle" and dict(attrs)["fill"] != "none":
            words, lit = self.rows[-1][-1]
            self.rows[-1][-1] = (words, lit + 1)

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "td"

    def handle_data(self, data: str) -> None:
        if self._open:
            words, lit = self.rows[-1][-1]
            self.rows[-1][-1] = (words + data, lit)


@pytest.fixture(scope="module")
def page() -> str:
    return "\n".join(card.page(card.load())) + "\n"


def test_the_card_kept_is_the_one_that_the_lamps_give(page: str) -> None:
    assert files("hw").joinpath("card.html").read_text("utf-8") == page


def test_each_thing_that_the_lamps_say_has_its_row(page: str) -> None:
    rows = Cells(page).rows
    for says in card.load().values():
        (row,) = [row for row in rows if [words for words, _ in row][3:] == [says["zh"], says["en"]]]
        for (words, lit), lamp in zip(row, ("guard", "call", "cut"), strict=False):
            assert bool(lit) == bool(words) == (says[lamp] != "off"), (says["en"], lamp)
            if isinstance(says[lamp], int):
                assert words == f"{says[lamp]}×"


def test_the_buttons_times_are_those_of_the_firmware() -> None:
    both = " ".join(" ".join(words) for words in card.BUTTONS)
    assert f"{LONG_SECONDS:g} seconds" in both
    assert f"up to {LATELY_SECONDS / 60:g} minutes after" in both
    assert f"up to {UNDO_SECONDS / 60:g} minutes after it" in both


@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
def test_the_card_is_one_page(tmp_path: Path, page: str) -> None:
    source, printed = tmp_path / "card.html", tmp_path / "card.pdf"
    source.write_text(page, "utf-8")
    command = [
        str(CHROMIUM),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={tmp_path / 'profile'}",
    ]
    command += ["--no-pdf-header-footer", f"--print-to-pdf={printed}", source.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert len(re.findall(rb"/Type\s*/Page\b", printed.read_bytes())) == 1


def test_the_label_kept_is_the_one_that_the_box_gives() -> None:
    drawn = "\n".join(label.drawing(label.load())) + "\n"
    assert files("hw").joinpath("label.svg").read_text("utf-8") == drawn


def test_the_label_has_its_holes_where_the_lid_has_them() -> None:
    box = label.load()
    picture = ElementTree.fromstring("\n".join(label.drawing(box)))
    holes = [
        tuple(float(circle.get(name, "")) for name in ("cx", "cy", "r"))
        for circle in picture.iter(f"{SVG}circle")
        if circle.get("class") == "hole"
    ]
    lamps = [(box["lamp_x"] + n * box["lamp_pitch"], box["row_y"], box["lamp_d"] / 2) for n in range(3)]
    buttons = [
        (box["button_x"] + n * box["button_pitch"], box["row_y"], box["button_d"] / 2) for n in range(2)
    ]
    assert holes == lamps + buttons
    assert all(r < x < box["panel_w"] - r and r < y < box["panel_h"] - r for x, y, r in holes)
