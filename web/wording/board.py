"""The box itself: what it does, its lamps, its relay and its other parts."""

from __future__ import annotations

from flask_babel import lazy_gettext

from firmware.board.lamps import Shows, table
from web.language import chosen

STATES = {
    "starting": lazy_gettext("Starting"),
    "guarding": lazy_gettext("Guarding the line"),
    "paused": lazy_gettext("Not blocking for a while"),
    "ringing": lazy_gettext("A call rings"),
    "fault": lazy_gettext("Not guarding"),
}

LAMPS = {"guard": lazy_gettext("Guarding"), "call": lazy_gettext("Call"), "cut": lazy_gettext("Cut")}

PARTS = {
    **LAMPS,
    "relay": lazy_gettext("Relay"),
    "block": lazy_gettext("BLOCK button"),
    "pass": lazy_gettext("PASS button"),
    "ring": lazy_gettext("Ring detector"),
    "hook": lazy_gettext("Hook sensor"),
    "supply": lazy_gettext("Local supply"),
    "buzzer": lazy_gettext("Buzzer"),
}
"""The parts of `hw/board.toml`."""

RELAY = {
    "connected": lazy_gettext("Handset and line are connected"),
    "cut": lazy_gettext("The handset is cut off while this call rings"),
    "guard": lazy_gettext("The handset is on guard: it is connected as soon as it is lifted"),
}

FIRST_RING_WHY = {
    "parts": lazy_gettext("The first ring is heard: the board lacks the parts to keep it away."),
    "unproved": lazy_gettext(
        "The handset is not on guard yet: lift it and put it down once a day, so that its sensor proves itself."
    ),
}

REFUSALS = {
    "trial_ringing": lazy_gettext("A call rings: try again when it is over."),
    "trial_stuck": lazy_gettext("The relay could not be driven. The check-up says more."),
}

SUCCESSES = {
    "trial_lamps": lazy_gettext("The lamps light one after another."),
    "trial_relay": lazy_gettext("The relay has parted handset and line, and connected them again."),
    "restarted": lazy_gettext("The box has restarted."),
}


def lamps_say(shows: str) -> str:
    """What the lamps say, as the printed card has it."""
    return table()[Shows(shows)][chosen()]
