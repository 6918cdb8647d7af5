"""Backups, and what came of one."""

from __future__ import annotations

from flask_babel import lazy_gettext

BACKUP_FAULTS = {
    "folder": lazy_gettext(
        "The folder for backups is not there, or cannot be written. Is the USB stick plugged in?"
    ),
    "unmounted": lazy_gettext("The folder for backups is on the box's own card: the USB stick is missing."),
    "disk": lazy_gettext("The disk for backups is full, or refuses to keep them."),
    "spoiled": lazy_gettext("The disk for backups gave back something else than was written: it is failing."),
}

REFUSALS = {
    "backup_format": lazy_gettext("That is no backup which this version can read. Nothing was changed."),
    "backup_too_many": lazy_gettext("There is too much in this backup. Nothing was changed."),
} | {f"backups_{code}": words for code, words in BACKUP_FAULTS.items()}

SUCCESSES = {
    "restored": lazy_gettext(
        "The backup is in force. Lists are fetched and built again; those that need a token have to be given it anew."
    ),
    "backed_up": lazy_gettext("The backup is made, and was read back."),
}
