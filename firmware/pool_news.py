"""Tells of pools as they are found, each once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from firmware.household import Household
from firmware.screening import Wish


class PoolNews:
    """Compares the pools with those that were told of. `tell` hears of each new one about which nothing was answered.

    `asking`: whether the owner is asked about any.
    """

    def __init__(self, household: Household, tell: Callable[[dict[str, Any]], None]) -> None:
        self._household = household
        self._tell = tell
        self._told: set[str] = set()
        self.asking = False

    def look(self, *, silently: bool = False) -> None:
        """See what is so now."""
        pools = self._household.found_pools()
        open_ones = [pool for pool in pools if pool["answer"] is None]
        for pool in open_ones:
            if not silently and pool["match"] not in self._told:
                self._tell(pool)
        self._told = {pool["match"] for pool in pools}
        self.asking = bool(open_ones) and self._household.screening.policy.pools is Wish.ASK
