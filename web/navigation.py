"""The pages by which one gets about, in the order in which a household needs them."""

from __future__ import annotations

from typing import NamedTuple

from flask import Flask, request, url_for
from flask_babel import lazy_gettext

AT_HAND = 4
"""How many stand in the bar of a phone; the others are behind its last button."""

PAGES = (
    ("home", lazy_gettext("Home")),
    ("calls", lazy_gettext("Calls")),
    ("rules", lazy_gettext("Rules")),
    ("check", lazy_gettext("Look up")),
    ("contacts", lazy_gettext("Contacts")),
    ("lists", lazy_gettext("Lists")),
    ("pools", lazy_gettext("Pools")),
    ("complaints", lazy_gettext("Complaints")),
    ("board", lazy_gettext("Board")),
    ("lines", lazy_gettext("Lines")),
    ("settings", lazy_gettext("Settings")),
)


class Place(NamedTuple):
    """A page to go to: its name, which is that of its picture too, its address, its title, and whether one is there."""

    name: str
    path: str
    title: str
    here: bool


def init_app(app: Flask) -> None:
    """Give templates these pages."""
    app.jinja_env.globals.update(places=places, at_hand=AT_HAND)


def places() -> list[Place]:
    """Every page; below one of them, as on the page of a single rule, one is there too."""
    return [
        Place(name, path, str(title), _is_within(request.path, path))
        for name, title in PAGES
        for path in [url_for(f"pages.{name}")]
    ]


def _is_within(path: str, page: str) -> bool:
    return path == page or (page != "/" and path.startswith(f"{page}/"))
