"""The page of the contacts: the people who always come through, and those whom the box has come to know."""

from __future__ import annotations

import re
from typing import Any

from flask import abort, render_template, request
from werkzeug.wrappers import Response

from firmware.contacts import MAX_BYTES, Unreadable, read_contacts
from web.alone import alone
from web.describing import number
from web.guard import takes
from web.pages.answering import AROUND_A_FILE, blueprint, done, wants_part
from web.searching import LONGEST
from web.steps import kept_as
from web.within import household
from web.wording.contacts import CONTACTS_NOTES
from web.wording.outcomes import refusal

SHOWN = 50
_BETWEEN = re.compile(r"[,;，；、\n]+")


@blueprint.get("/contacts")
def contacts() -> str:
    """Contacts, newest first, or those that a search finds."""
    search = request.args.get("search", "")[:LONGEST].strip()
    before = request.args.get("before", type=int)
    found = (
        household().find_contacts(search, before, SHOWN + 1)
        if search
        else household().contacts(before, SHOWN + 1)
    )
    page = found[:SHOWN]
    shown: dict[str, Any] = {
        "contacts": page,
        "older": page[-1]["id"] if len(found) > SHOWN else None,
        "search": search,
    }
    if wants_part():
        return render_template("_contacts.html", **shown)
    known = household().known(request.args.get("known", type=int), SHOWN + 1)
    return render_template(
        "contacts.html",
        **shown,
        known=known[:SHOWN],
        more_known=known[SHOWN - 1]["id"] if len(known) > SHOWN else None,
        imported=_imported(),
    )


@blueprint.post("/contacts")
def add_contact() -> Response:
    """Keep a contact."""
    try:
        with kept_as("contact_kept") as step:
            household().add_contact(**_wished())
    except ValueError as error:
        return done("contacts", f"contact_{error}")
    return done("contacts", "contact_kept", step)


@blueprint.post("/contacts/import")
@takes(MAX_BYTES + AROUND_A_FILE)
def import_contacts() -> Response:
    """Keep the contacts of an exported address book."""
    with alone():
        file = request.files.get("file")
        try:
            reading = read_contacts(file.stream.read() if file else b"")
        except Unreadable as error:
            return done("contacts", f"contacts_{error}")
        with kept_as("contacts_kept") as step:
            new, known = household().import_contacts(reading.contacts)
    came: dict[str, Any] = {
        "new": new,
        "known": known,
        "skipped": reading.skipped,
        "notes": " ".join(reading.notes),
    }
    return done("contacts", "contacts_kept", step, **came)


@blueprint.get("/contacts/<int:id>")
def contact(id: int) -> str:
    """The form with a contact in it."""
    found = household().contact(id)
    if found is None:
        abort(404)
    filled = {"name": found["name"], "numbers": ", ".join(map(number, found["numbers"]))}
    return render_template("contact.html", id=id, form=filled)


@blueprint.post("/contacts/<int:id>")
def change_contact(id: int) -> Response | tuple[str, int]:
    """Keep what a contact has become."""
    try:
        with kept_as("contact_changed") as step:
            found = household().change_contact(id, _wished())
    except ValueError as error:
        refused = refusal(f"contact_{error}")
        return render_template("contact.html", id=id, form=request.form, refused=refused), 422
    if found is None:
        abort(404)
    return done("contacts", "contact_changed", step)


@blueprint.post("/contacts/<int:id>/remove")
def remove_contact(id: int) -> Response:
    """Drop a contact."""
    with kept_as("contact_removed") as step:
        household().remove_contact(id)
    return done("contacts", "contact_removed", step)


@blueprint.post("/known")
def know() -> Response:
    """Know the caller with a number: the owner has called it, or says so."""
    try:
        with kept_as("known_kept") as step:
            household().know(request.form.get("number", ""))
    except ValueError as error:
        return done("contacts", f"known_{error}")
    return done("contacts", "known_kept", step)


@blueprint.post("/known/<int:id>/remove")
def forget(id: int) -> Response:
    """Know a caller no more."""
    with kept_as("known_forgotten") as step:
        household().forget(id)
    return done("contacts", "known_forgotten", step)


def _wished() -> dict[str, Any]:
    """The name and the numbers of a filled-in form."""
    numbers = _BETWEEN.split(request.form.get("numbers", ""))
    return {"name": request.form.get("name", ""), "numbers": numbers}


def _imported() -> dict[str, Any] | None:
    """What the last import came to, as its redirect tells."""
    counts = {name: request.args.get(name, type=int) for name in ("new", "known", "skipped")}
    if None in counts.values():
        return None
    codes = request.args.get("notes", "").split()
    return counts | {"notes": [CONTACTS_NOTES[code] for code in codes if code in CONTACTS_NOTES]}
