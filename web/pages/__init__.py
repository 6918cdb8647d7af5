"""The owner's pages, a module for each."""

from web.pages import (
    accounts,
    board,
    calls,
    complaints,
    contacts,
    home,
    lines,
    lists,
    look_up,
    moment,
    notices,
    pools,
    rules,
    settings,
    undo,
    welcome,
)
from web.pages.answering import blueprint

__all__ = [
    "accounts",
    "blueprint",
    "board",
    "calls",
    "complaints",
    "contacts",
    "home",
    "lines",
    "lists",
    "look_up",
    "moment",
    "notices",
    "pools",
    "rules",
    "settings",
    "undo",
    "welcome",
]
