"""The display, on luma's own device without hardware."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from luma.core.device import dummy

from firmware.board import display as module
from firmware.board.display import Display

Wait = Callable[..., None]


class Panel(dummy):  # type: ignore[misc]
    """luma's device that keeps its picture, and counts when it was lit and darkened."""

    def __init__(self) -> None:
        super().__init__(width=128, height=64, mode="1")
        self.lit = False

    def show(self) -> None:
        self.lit = True

    def hide(self) -> None:
        self.lit = False

    @property
    def picture(self) -> bytes:
        return self.image.tobytes() if self.image else b""


@pytest.fixture
def panel() -> Panel:
    return Panel()


@pytest.fixture
def display(panel: Panel) -> Iterator[Display]:
    display = Display(lambda: panel)
    yield display
    display.close()


def test_each_text_has_a_picture_of_its_own(panel: Panel, display: Display, wait_until: Wait) -> None:
    pictures = set()
    for lines in (("guarding",), ("ringing", "16210123456"), ("cut off", "16210123456", "162*")):
        before = panel.picture
        display.show(*lines)
        wait_until(lambda before=before: panel.picture != before)
        pictures.add(panel.picture)
    assert len(pictures) == 3
    assert panel.lit


def test_the_longest_number_fits(panel: Panel, display: Display, wait_until: Wait) -> None:
    display.show("ringing", "+861621012345678")
    wait_until(lambda: panel.image is not None)
    assert not any(panel.image.getpixel((127, y)) for y in range(64))


def test_letters_that_the_font_lacks_harm_nothing(panel: Panel, display: Display, wait_until: Wait) -> None:
    display.show("铃盾", "\x00\x1b[2J\n", "x" * 10_000)
    wait_until(lambda: panel.image is not None and panel.image.getbbox() is not None)


def test_it_goes_dark_after_a_while_and_lights_up_for_the_next_call(
    panel: Panel, display: Display, wait_until: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LIT_SECONDS", 0.05)
    display.show("guarding")
    wait_until(lambda: panel.lit)
    wait_until(lambda: not panel.lit)
    display.show("guarding")
    time.sleep(0.05)
    assert not panel.lit
    display.show("ringing")
    wait_until(lambda: panel.lit)


def test_a_display_that_is_not_there_is_tried_again(
    panel: Panel, wait_until: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.01)
    tries: list[int] = []

    def absent() -> Any:
        tries.append(1)
        if len(tries) < 3:
            raise OSError
        return panel

    display = Display(absent)
    display.show("guarding")
    wait_until(lambda: panel.lit)
    assert len(tries) == 3
    display.close()


def test_closed_while_it_fails_it_ends() -> None:
    def absent() -> Any:
        raise OSError

    display = Display(absent)
    display.show("guarding")
    time.sleep(0.02)
    before = time.monotonic()
    display.close()
    assert time.monotonic() - before < 1
