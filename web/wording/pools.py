"""Pools of look-alikes."""

from __future__ import annotations

from flask_babel import lazy_gettext

POOL_MODES = {
    "tell": lazy_gettext("You are told of a pool here. It is let through until you block it."),
    "ask": lazy_gettext(
        "You are asked about a pool here and by the lamps. It is let through until you block it."
    ),
    "block": lazy_gettext(
        "A pool is blocked as soon as it is found, and as long as it calls. "
        "Who is blocked and rings again within five minutes comes through."
    ),
}

POOL_ANSWERS = {
    "block": lazy_gettext("You blocked it"),
    "allow": lazy_gettext("You let it through"),
    "later": lazy_gettext("You are asked again in a week"),
}

REFUSALS = {
    "pool_pool": lazy_gettext("Nobody has called from there."),
    "pool_answer": lazy_gettext("That is no answer."),
}

SUCCESSES = {
    "pool_answered": lazy_gettext("Your answer is kept, and in force."),
}
