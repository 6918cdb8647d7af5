"""What is for a while: a courier who is expected, a pause."""

from __future__ import annotations

from flask_babel import lazy_gettext

REFUSALS = {
    "pause_minutes": lazy_gettext("A pause lasts 1 minute to 12 hours."),
}

SUCCESSES = {
    "courier_expected": lazy_gettext("A courier is expected."),
    "courier_ended": lazy_gettext("Nobody is expected any more."),
    "paused": lazy_gettext("The blocking is paused."),
    "resumed": lazy_gettext("The blocking goes on."),
}
