"""The owner's pages, a module for each."""

from web.pages import accounts, calls, complaints, contacts, lists, look_up, notices, pools, rules, settings
from web.pages.answering import blueprint
from web.pages.calls import call_log

__all__ = [
    "accounts",
    "blueprint",
    "call_log",
    "calls",
    "complaints",
    "contacts",
    "lists",
    "look_up",
    "notices",
    "pools",
    "rules",
    "settings",
]
