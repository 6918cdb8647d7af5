"""The log of calls, and what a person does with one."""

from __future__ import annotations

from flask_babel import lazy_gettext

REFUSALS = {
    "at": lazy_gettext("That is no day and time."),
    "since": lazy_gettext("That is no day."),
    "verdict": lazy_gettext("There is no such verdict."),
    "mark_kind": lazy_gettext("There is no such kind."),
    "mark_said": lazy_gettext("That was not kept: it is too long, or no text."),
}

SUCCESSES = {
    "note_kept": lazy_gettext("The note is kept."),
    "kind_kept": lazy_gettext("The kind is kept with this call."),
    "kind_gone": lazy_gettext("The kind is taken away."),
    "mark_kept": lazy_gettext("Kept with this call."),
}
