"""What the household wants: rules, contacts, passes and settings, kept in the store and in force in the screening.

Whatever a method here has returned for is on disk. Judging never waits for it.
"""

from firmware.household.compiled import (
    ASSUMED_LINE,
    caller_at,
    owner_settings,
    paused_until,
    screening_from,
    screening_over,
)
from firmware.household.household import TAKEN_BACK, Household

__all__ = [
    "ASSUMED_LINE",
    "TAKEN_BACK",
    "Household",
    "caller_at",
    "owner_settings",
    "paused_until",
    "screening_from",
    "screening_over",
]
