"""The relay as the appliance sees it: orders to the keeper, and what the keeper says came of them."""

from __future__ import annotations

import contextlib
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable

from firmware.board.keeper import CONNECTED, CUT, LONGEST_CUT

log = logging.getLogger(__name__)

PONG_WITHIN = 2.0
TOUCH_SECONDS = 0.005
RESTART_AFTER = 0.2
RESTART_AT_MOST = 5.0


class Relay:
    """Connects handset and line, or holds them apart for as long as leases are renewed.

    `pins` as for `pin_factory`; `longest`: seconds after which the keeper ends any cut; `hook` and `supply`: whether
    there is a hook sensor and a local supply. `state` is "connected", "cut" or "guard", and `on_change` is called on
    the relay's own thread with (state, CLOCK_MONOTONIC ns of the edge, cause). `proved_at`: the monotonic second in
    which the hook sensor last saw a handset put down; `lifted`: what it says now, None where there is no such sensor or
    it has seen nothing yet. No method waits or raises.
    """

    def __init__(
        self,
        *,
        pins: str = "auto",
        longest: float = LONGEST_CUT,
        hook: bool = False,
        supply: bool = False,
        on_change: Callable[[str, int, str], None] = lambda state, at, cause: None,
    ) -> None:
        self._command = [sys.executable, "-P", "-m", "firmware.board.keeper"]
        self._command += ["--pins", pins, "--longest", str(longest)]
        self._command += ["--hook"] * hook + ["--supply"] * supply
        self._on_change = on_change
        self._keeper: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._ponged = self._touched = time.monotonic()
        self.state = CONNECTED
        self.proved_at: float | None = None
        self.lifted: bool | None = None
        self.ready = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="relay", daemon=True)
        self._thread.start()

    def hold(self, seconds: float) -> None:
        """Cut, or stay cut, for `seconds` from now."""
        self._order(f"hold {seconds:.3f}")

    def guard(self, seconds: float) -> None:
        """Stand apart on the local supply for `seconds` from now, where the keeper finds that safe."""
        self._order(f"guard {seconds:.3f}")

    @property
    def cut(self) -> bool:
        return self.state == CUT

    def connect(self) -> None:
        """Connect handset and line; a no-op when they are."""
        self._order("connect")

    def touch(self) -> None:
        """Keep the keeper awake for an order that may follow soon."""
        now = time.monotonic()
        if now - self._touched > TOUCH_SECONDS:
            self._touched = now
            self._order("ping")

    def check(self) -> bool:
        """Ask for a sign of life; a keeper that gives none is replaced. True while the relay can be driven."""
        if self.ready.is_set():
            if time.monotonic() - self._ponged > PONG_WITHIN:
                log.error("the relay keeper does not answer: replacing it")
                self.ready.clear()
                self._kill()
            self._order("ping")
        return self.ready.is_set()

    def close(self) -> None:
        """Connect, and let the keeper go."""
        self._closing.set()
        with self._lock:
            if self._keeper and self._keeper.stdin:
                with contextlib.suppress(OSError):
                    self._keeper.stdin.close()
        self._thread.join(3.0)
        self._kill()

    def _order(self, line: str) -> None:
        with self._lock, contextlib.suppress(OSError, ValueError):
            if self._keeper and self._keeper.stdin:
                self._keeper.stdin.write(line.encode() + b"\n")

    def _kill(self) -> None:
        if self._keeper:
            self._keeper.kill()

    def _listen(self) -> None:
        pause = RESTART_AFTER
        while not self._closing.is_set():
            keeper = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
            )
            with self._lock:
                self._keeper = keeper
            if keeper.stdout:
                for line in keeper.stdout:
                    self._answer(line.split(None, 2))
            keeper.wait()
            pause = RESTART_AFTER if self.ready.is_set() else min(2 * pause, RESTART_AT_MOST)
            self.ready.clear()
            self.proved_at = self.lifted = None
            if self.state != CONNECTED:
                self._changed(CONNECTED, time.monotonic_ns(), "keeper gone")
            if not self._closing.wait(pause):
                log.error("the relay keeper is gone (status %s): starting another", keeper.returncode)

    def _answer(self, words: list[bytes]) -> None:
        self._ponged = time.monotonic()
        match words:
            case [b"ready"]:
                self.ready.set()
            case [(b"cut" | b"guard") as state, at]:
                self._changed(state.decode(), int(at), "ordered")
            case [b"connected", at, cause]:
                self._changed(CONNECTED, int(at), cause.decode().strip())
            case [b"lifted", _]:
                self.lifted = True
            case [b"down", _]:
                self.lifted = False
                self.proved_at = time.monotonic()

    def _changed(self, state: str, at: int, cause: str) -> None:
        self.state = state
        try:
            self._on_change(state, at, cause)
        except Exception:
            log.exception("a listener of the relay failed")
