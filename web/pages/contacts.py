"""The page of the contacts: the people who always come through, and those whom the box has come to know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from firmware.contacts import MAX_BYTES, Unreadable, read_contacts
from web.guard import takes
from web.pages.answering import AROUND_A_FILE, blueprint, done, wants_part
from web.within import household
from web.wording import CONTACTS_NOTES

SHOWN = 50
AT_ONCE = 500
LONGEST_SEARCH = 100
_BETWEEN = re.compile(r"[,;，；、\n]+")
_PUNCTUATION = re.compile(r"[\s().\-]+")


@blueprint.get("/contacts")
def contacts() -> str:
    """Contacts, newest first, or those that a search finds."""
    search = request.args.get("search", "")[:LONGEST_SEARCH].strip()
    found = list(islice(_found(search, request.args.get("before", type=int)), SHOWN + 1))
    page = found[:SHOWN]
    shown: dict[str, Any] = {
        "contacts": page,
        "older": page[-1]["id"] if len(found) > SHOWN else None,
        "search": search,
    }
    if wants_part():
        return render_template("_contacts.html", **shown)
    return render_template("contacts.html", **shown, known=_known(), imported=_imported())


@blueprint.post("/contacts")
def add_contact() -> Response:
    """Keep a contact."""
    numbers = _BETWEEN.split(request.form.get("numbers", ""))
    try:
        household().add_contact(request.form.get("name", ""), numbers)
    except ValueError as error:
        return done("contacts", f"contact_{error}")
    return done("contacts", "contact_kept")


@blueprint.post("/contacts/import")
@takes(MAX_BYTES + AROUND_A_FILE)
def import_contacts() -> Response:
    """Keep the contacts of an exported address book."""
    file = request.files.get("file")
    try:
        reading = read_contacts(file.stream.read() if file else b"")
    except Unreadable as error:
        return done("contacts", f"contacts_{error}")
    new, known = household().import_contacts(reading.contacts)
    came: dict[str, Any] = {
        "new": new,
        "known": known,
        "skipped": reading.skipped,
        "notes": " ".join(reading.notes),
    }
    return redirect(url_for("pages.contacts", **came), 303)


@blueprint.post("/contacts/<int:id>/remove")
def remove_contact(id: int) -> Response:
    """Drop a contact."""
    household().remove_contact(id)
    return done("contacts", "contact_removed")


@blueprint.post("/known/<int:id>/remove")
def forget(id: int) -> Response:
    """Forget a caller with whom somebody has talked."""
    household().end_pass(id)
    return done("contacts", "known_forgotten")


def _found(search: str, before: int | None) -> Iterator[dict[str, Any]]:
    """Contacts before an id, newest first, that have `search` in a name or number."""
    text, digits = search.casefold(), _PUNCTUATION.sub("", search).lstrip("0")
    while page := household().contacts(before=before, limit=AT_ONCE):
        for contact in page:
            if text in contact["name"].casefold() or any(
                digits and digits in number for number in contact["numbers"]
            ):
                yield contact
        before = page[-1]["id"]


def _known() -> list[dict[str, Any]]:
    """The passes of callers with whom somebody has talked."""
    return [one for one in household().passes() if one["until"] is None]


def _imported() -> dict[str, Any] | None:
    """What the last import came to, as its redirect tells."""
    counts = {name: request.args.get(name, type=int) for name in ("new", "known", "skipped")}
    if None in counts.values():
        return None
    codes = request.args.get("notes", "").split()
    return counts | {"notes": [CONTACTS_NOTES[code] for code in codes if code in CONTACTS_NOTES]}
