"""For a child process whose work can wait: it gives way to all others, and is the first to go when memory is short."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

FIRST_TO_GO = "1000"


def give_way() -> None:
    """Do so from here on, as far as the system lets us."""
    with contextlib.suppress(OSError):
        os.nice(19)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(FIRST_TO_GO, "ascii")
