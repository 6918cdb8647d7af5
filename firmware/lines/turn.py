"""Who has the interpreter while a call is judged: the thread that reads the line, without a break.

CPython hands its lock over when another thread has waited for the switch interval (5 ms by default). So whoever else
runs gives way to the line soon, and nobody interrupts the line before it has judged what it heard.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

SHARED_SECONDS = 0.00005
ALONE_SECONDS = 0.02


def share() -> None:
    """Let threads take turns that are short beside a verdict."""
    sys.setswitchinterval(SHARED_SECONDS)


@contextmanager
def alone() -> Iterator[None]:
    """Keep the interpreter while the block lasts, for 20 ms at most."""
    sys.setswitchinterval(ALONE_SECONDS)
    try:
        yield
    finally:
        share()
