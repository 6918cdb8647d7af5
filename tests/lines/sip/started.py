"""The programs that a test starts: they end with it, however it ends."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1


def started(
    command: Sequence[str | Path], log: Path | None = None, **options: Any
) -> subprocess.Popen[bytes]:
    """The process of a program, without a terminal; what it prints goes to the end of `log`."""
    with (log or Path(os.devnull)).open("ab") as out:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            preexec_fn=_end_with_us,
            env={**os.environ, "TERM": "dumb"},
            **options,
        )


def ended(process: subprocess.Popen[bytes], seconds: float = 10.0) -> None:
    """Have it end, at once if it does not by itself."""
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def reachable() -> bool:
    """Whether there is an address beside the loopback's, as baresip needs; one is made where that may be done."""
    shown = subprocess.run(
        ["ip", "-o", "addr", "show", "up"], capture_output=True, text=True, check=True
    ).stdout
    others = [line for line in shown.splitlines() if " 127." not in line and " ::1/" not in line]
    adding = ["ip", "addr", "add", "192.0.2.1/32", "dev", "lo"]
    return bool(others) or subprocess.run(adding, capture_output=True).returncode == 0


def _end_with_us() -> None:
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
