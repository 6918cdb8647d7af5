"""Forgetting callers: what the box has learnt of one of them, or of all, leaves memory and files for good.

What the owner wished for stays: rules, contacts, lists. What a flash card keeps of files that are gone is beyond us.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from firmware.store import Store

Forgets = Callable[[str | None], int]
"""Forgets the caller with a number in its normal form, or every caller (None): gives how much. Raises OSError."""


def forget(
    normal: str | None, parts: Mapping[str, Forgets], stores: Iterable[Store], data: Path
) -> dict[str, int]:
    """Have each part forget, and write the stores anew without it; gives how much each forgot. Raises OSError."""
    gone = {name: part(normal) for name, part in parts.items()}
    for store in stores:
        store.compact()
    for aside in data.glob("*.damaged"):
        aside.unlink()
    return gone
