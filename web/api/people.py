"""Whom the household knows or expects: contacts and passes."""

from __future__ import annotations

from flask import Response, request
from werkzeug.exceptions import BadRequest

from firmware.contacts import MAX_BYTES, Unreadable, read_contacts
from firmware.household.pause import LONGEST_PAUSE
from web.alone import alone
from web.api.asking import answer, asked, blueprint, gone, page, refusal, text, texts
from web.guard import takes
from web.problems import problem
from web.searching import LONGEST
from web.steps import kept_as
from web.within import household

REFUSALS = {
    "name": "The name has 1 to 100 characters on one line.",
    "numbers": "There is no telephone number among these.",
    "groups": "A group has 1 to 100 characters on one line.",
    "number": "That is no telephone number.",
    "minutes": "A pass lasts 1 minute to 24 hours.",
    "segments": "Segments are 1 to 20 beginnings of numbers, or * for every number.",
    "empty": "There is nothing in the file.",
    "not_contacts": "The file is neither vCard nor a CSV table with numbers.",
    "too_large": "The file is too large.",
    "too_many": "There are too many contacts in the file.",
}


@blueprint.get("/api/v1/contacts")
def contacts() -> Response:
    """Contacts, newest first, or those that a search finds."""
    search = request.args.get("search", "")[:LONGEST].strip()
    found = household().find_contacts(search, **page()) if search else household().contacts(**page())
    return answer({"contacts": found})


@blueprint.post("/api/v1/contacts")
@kept_as("contact_kept")
def add_contact() -> Response:
    """Keep a contact."""
    body = asked({"name", "numbers", "groups"})
    name, numbers, groups = text(body, "name"), texts(body, "numbers"), texts(body, "groups")
    try:
        return answer(household().add_contact(name, numbers, groups), 201)
    except ValueError as error:
        return refusal(error, REFUSALS)


@blueprint.patch("/api/v1/contacts/<int:id>")
@kept_as("contact_changed")
def change_contact(id: int) -> Response:
    """Change some of a contact's fields."""
    body = asked({"name", "numbers", "groups"})
    changes = {name: text(body, name) if name == "name" else texts(body, name) for name in body}
    try:
        kept = household().change_contact(id, changes)
    except ValueError as error:
        return refusal(error, REFUSALS)
    return answer(kept) if kept else gone(False, "contact")


@blueprint.delete("/api/v1/contacts/<int:id>")
@kept_as("contact_removed")
def remove_contact(id: int) -> Response:
    """Drop a contact."""
    return gone(household().remove_contact(id), "contact")


@blueprint.post("/api/v1/contacts/import")
@takes(MAX_BYTES)
@kept_as("contacts_kept")
def import_contacts() -> Response:
    """Keep the contacts of an exported address book, all or none."""
    with alone():
        try:
            reading = read_contacts(request.get_data(cache=False))
        except Unreadable as error:
            return refusal(error, REFUSALS)
        new, known = household().import_contacts(reading.contacts)
    skipped = reading.skipped + len(reading.contacts) - new - known
    return answer({"new": new, "known": known, "skipped": skipped, "notes": reading.notes})


@blueprint.get("/api/v1/passes")
def passes() -> Response:
    """The passes that are open, newest first."""
    return answer({"passes": household().passes()})


@blueprint.post("/api/v1/passes")
@kept_as("courier_expected")
def open_pass() -> Response:
    """Expect a courier: as the owner has set it, where it is not said otherwise."""
    body = asked({"minutes", "segments"})
    minutes = body.get("minutes")
    if minutes is not None and type(minutes) is not int:
        raise BadRequest("minutes is a whole number.")
    segments = texts(body, "segments") if body.get("segments") is not None else None
    try:
        return answer(household().open_pass(minutes, segments), 201)
    except ValueError as error:
        return refusal(error, REFUSALS)


@blueprint.delete("/api/v1/passes/<int:id>")
@kept_as("courier_ended")
def end_pass(id: int) -> Response:
    """End a pass."""
    return gone(household().end_pass(id), "pass")


@blueprint.get("/api/v1/pause")
def paused() -> Response:
    """Until when nobody is blocked."""
    return answer({"until": household().paused()})


@blueprint.put("/api/v1/pause")
@kept_as("paused")
def pause() -> Response:
    """Block nobody for some minutes."""
    minutes = asked({"minutes"}).get("minutes")
    if not isinstance(minutes, int):
        raise BadRequest("minutes is a whole number.")
    try:
        return answer({"until": household().pause(minutes)})
    except ValueError:
        return problem(422, f"A pause lasts 1 minute to {LONGEST_PAUSE // 60} hours.", code="minutes")


@blueprint.delete("/api/v1/pause")
@kept_as("resumed")
def resume() -> Response:
    """Block again."""
    return gone(household().resume(), "pause")


@blueprint.get("/api/v1/known")
def known() -> Response:
    """The passes of known callers, newest first."""
    return answer({"known": household().known(**page())})


@blueprint.post("/api/v1/known")
@kept_as("known_kept")
def know() -> Response:
    """Know the caller with a number, whom the owner has called, from now on."""
    number = text(asked({"number"}), "number")
    try:
        return answer(household().know(number), 201)
    except ValueError as error:
        return refusal(error, REFUSALS)


@blueprint.delete("/api/v1/known/<int:id>")
@kept_as("known_forgotten")
def forget(id: int) -> Response:
    """Know a caller no more."""
    return gone(household().forget(id), "known caller")
