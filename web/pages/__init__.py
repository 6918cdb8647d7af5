"""The owner's pages, a module for each."""

from web.pages import (
    accounts,
    calls,
    complaints,
    contacts,
    home,
    lists,
    look_up,
    moment,
    notices,
    pools,
    rules,
    settings,
)
from web.pages.answering import blueprint

__all__ = [
    "accounts",
    "blueprint",
    "calls",
    "complaints",
    "contacts",
    "home",
    "lists",
    "look_up",
    "moment",
    "notices",
    "pools",
    "rules",
    "settings",
]
