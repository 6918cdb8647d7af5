"""Of what kind a call was, as the forms of the line's region name it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from firmware.complaints import kinds_for
from web.language import chosen, meaning
from web.within import appliance, household


def kinds() -> tuple[tuple[str, str], ...]:
    """The kinds by their codes, in the visitor's language where the form gives their meaning in it."""
    return _kinds(household().place()[0], chosen())


@lru_cache
def _kinds(region: str, _language: str) -> tuple[tuple[str, str], ...]:
    return tuple((kind.code, meaning(kind.means) or kind.label) for kind in kinds_for(region))


def mark(id: int, **changes: str) -> dict[str, Any] | None:
    """Keep the `kind` of a call, what was `said` in it, or both; an empty one takes it away. None: no such call.

    Raises ValueError with the name of what makes no sense, OSError.
    """
    if changes.get("kind", "") not in {"", *(code for code, _ in kinds())}:
        raise ValueError("kind")
    return appliance().remark(id, **changes)
