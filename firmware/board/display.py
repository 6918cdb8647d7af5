"""The small display, where there is one: what is so, and who calls. SSD1306, 128 × 64 points, at I²C address 0x3C."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

log = logging.getLogger(__name__)

LIT_SECONDS = 60.0
"""An OLED burns in, and nobody looks for long."""
RETRY_SECONDS = 30.0
LINES = ((0, 18), (25, 13), (45, 12))
"""From the top and high, in points, of each line."""
LONGEST = 24


def ssd1306() -> Any:
    """The display on the Pi's header, pins 3 and 5. Raises OSError, or what luma raises where none answers."""
    from luma.core.interface.serial import i2c
    from luma.oled.device import ssd1306 as device

    return device(i2c(port=1, address=0x3C), width=128, height=64)


class Display:
    """Shows up to three lines on a thread of its own. One that fails is logged and tried again, and stops no call.

    `device` makes a device of luma.core. Letters that the library's own font lacks are shown as a question mark.
    """

    def __init__(self, device: Callable[[], Any] = ssd1306) -> None:
        self._make = device
        self._device: Any = None
        self._lines: tuple[str, ...] = ()
        self._changed = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="display", daemon=True)
        self._thread.start()

    def show(self, *lines: str) -> None:
        """Show these lines from now on, and light up if they are others than before."""
        cut = tuple(
            line.encode("latin-1", "replace").decode("latin-1")[:LONGEST] for line in lines[: len(LINES)]
        )
        with self._changed:
            if cut != self._lines:
                self._lines = cut
                self._changed.notify()

    def close(self) -> None:
        """Dark."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join(2.0)

    def _run(self) -> None:
        shown: tuple[str, ...] | None = None
        dark_at: float | None = None
        while True:
            with self._changed:
                if self._lines == shown and not self._closing:
                    self._changed.wait(None if dark_at is None else max(0.0, dark_at - time.monotonic()))
                lines, closing = self._lines, self._closing
            try:
                if closing:
                    if self._device:
                        self._device.cleanup()
                    return
                if lines != shown:
                    self._draw(lines)
                    shown, dark_at = lines, time.monotonic() + LIT_SECONDS
                elif dark_at is not None and time.monotonic() >= dark_at:
                    self._device.hide()
                    dark_at = None
            except Exception:  # luma raises its own errors and those of what it stands on
                log.exception("the display failed: it is tried again in %d s", RETRY_SECONDS)
                self._device, shown, dark_at = None, None, None
                if self._wait_to_close(RETRY_SECONDS):
                    return

    def _wait_to_close(self, seconds: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self._closing, seconds)

    def _draw(self, lines: tuple[str, ...]) -> None:
        from luma.core.render import canvas
        from PIL import ImageFont

        if self._device is None:
            self._device = self._make()
        with canvas(self._device) as draw:
            for (top, high), line in zip(LINES, lines, strict=False):
                draw.text((0, top), line, fill="white", font=ImageFont.load_default(high))
        self._device.show()
