"""What a change was of each document, and the way back from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

Raw = Mapping[str, Any]
Change = tuple[Raw | None, Raw | None]
"""A document before and after a change; None where there was none, or is none any more."""

Changes = dict[str, dict[int, Change]]
"""By table and id."""

BORN = "created"
"""The field that tells a document from another one which has been given its id."""


class Changed(ValueError):
    """A document is no longer as the change left it."""


def back(now: Raw | None, before: Raw | None, after: Raw | None) -> dict[str, Any] | None:
    """What a document is to become so that a change of it is taken back; what has changed elsewhere in it stays.

    Raises Changed.
    """
    if _loose(now, before, after):
        now, before, after = now or {}, before or {}, after or {}
    if (now is None) != (after is None):
        raise Changed
    if before is None or after is None or now is None:
        if now and after and now.get(BORN) != after.get(BORN):
            raise Changed
        return None if before is None else dict(before)
    changed = set(_different(before, after))
    if any(_field(now, name) != _field(after, name) for name in changed):
        raise Changed
    return _those(now, now.keys() - changed) | _those(before, changed) or None


def brief(before: Raw | None, after: Raw | None) -> Change:
    """As much of a change as `back` needs."""
    if _loose(before, after):
        before, after = before or {}, after or {}
    if before is None or after is None:
        return before, after and _those(after, {BORN})
    changed = set(_different(before, after))
    return _those(before, changed), _those(after, changed)


def _loose(*documents: Raw | None) -> bool:
    """Whether they are of a kind that is never created: none is as good as an empty one."""
    return not any(document and BORN in document for document in documents)


def _those(document: Raw, names: Set[str]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name in names}


def _different(one: Raw, other: Raw) -> Iterator[str]:
    return (name for name in {**one, **other} if _field(one, name) != _field(other, name))


def _field(document: Raw, name: str) -> tuple[bool, Any]:
    return name in document, document.get(name)
