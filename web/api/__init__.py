"""The JSON API: what the page does, for programs. A module for each room; its description is in `web.openapi`."""

from web.api import (
    accounts,
    archive,
    board,
    calls,
    complaints,
    lines,
    lists,
    metrics,
    notices,
    people,
    pools,
    rules,
    state,
    undo,
)
from web.api.asking import blueprint

__all__ = [
    "accounts",
    "archive",
    "blueprint",
    "board",
    "calls",
    "complaints",
    "lines",
    "lists",
    "metrics",
    "notices",
    "people",
    "pools",
    "rules",
    "state",
    "undo",
]
