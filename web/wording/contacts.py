"""Contacts and known callers."""

from __future__ import annotations

from flask_babel import lazy_gettext

CONTACTS_NOTES = {
    "columns_guessed": lazy_gettext("The table has no known headings: please check names and numbers."),
    "cut": lazy_gettext("What was too long or too much was left out."),
    "merged": lazy_gettext("Some were in it twice, and became one."),
    "rounded": lazy_gettext("A spreadsheet has lost digits of some numbers (1.38E+10): please look at them."),
    "undecodable": lazy_gettext("Some characters of names could not be read."),
    "unfinished": lazy_gettext("The file breaks off: something may be missing at its end."),
}

REFUSALS = {
    "contact_name": lazy_gettext("A contact needs a name of 1 to 100 characters."),
    "contact_numbers": lazy_gettext("A contact needs telephone numbers that can exist: look at each."),
    "known_number": lazy_gettext("That is no telephone number."),
    "contacts_empty": lazy_gettext("The file is empty. Please choose one with contacts."),
    "contacts_too_large": lazy_gettext("The file is too large: 32 MB at most."),
    "contacts_not_contacts": lazy_gettext(
        "No contacts were found in it. vCard (.vcf) and CSV files can be read."
    ),
    "contacts_too_many": lazy_gettext("These are more than 50,000 contacts. Nothing was kept."),
}

SUCCESSES = {
    "contacts_kept": lazy_gettext("The contacts are taken in."),
    "forgotten": lazy_gettext("That is forgotten, and gone from the card's files."),
    "forgotten_wished": lazy_gettext(
        "That is forgotten, and gone from the card's files. The number still stands in your rules or contacts."
    ),
    "contact_kept": lazy_gettext("The contact is kept, and comes through."),
    "contact_changed": lazy_gettext("The contact is changed."),
    "contact_removed": lazy_gettext("The contact is removed."),
    "known_kept": lazy_gettext("The number is known, and comes through segments and lists."),
    "known_forgotten": lazy_gettext("The number is forgotten, and judged as any other."),
}
