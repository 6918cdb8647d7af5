"""The hook sensor: whether the handset is lifted, and whether the sensor can be believed."""

from __future__ import annotations

LIFTED_SECONDS = 0.06
"""Longer than half a cycle of any ringing (16 Hz to 54 Hz), which a sensor across a ringing line takes for a lift."""
LIFTED_APART_SECONDS = 0.012
"""Longer than the bell's capacitor draws current when the handset is put on the local supply (hw/electronics)."""
DOWN_SECONDS = 0.8
"""Longer than the breaks of pulse dialling and of a flash (ETSI ES 201 970: up to 0.13 s for a register recall)."""
PROOF_SECONDS = 86_400.0


class Hook:
    """Edges of the sensor in, lifts out. Times are monotonic seconds given by the caller; `raw`: the level now.

    A sensor may be stuck. It is believed for a day after it has seen a handset lifted and put down again.
    """

    def __init__(self, *, raw: bool = False) -> None:
        self.lifted = raw
        self._raw = raw
        self._settles_at: float | None = None
        self._proved_until = -1.0

    def edge(self, raw: bool, now: float, *, quiet: bool) -> bool:
        """The sensor's level has changed. `quiet`: nothing rings where it measures, so a lift is believed sooner.

        Returns whether that changed anything, as `tick`.
        """
        self._raw = raw
        if raw == self.lifted:
            self._settles_at = None
            return False
        lifted = LIFTED_APART_SECONDS if quiet else LIFTED_SECONDS
        self._settles_at = now + (lifted if raw else DOWN_SECONDS)
        return self.tick(now)

    def tick(self, now: float) -> bool:
        """Take what has been steady for long enough; returns whether that changed anything."""
        if self._settles_at is None or now < self._settles_at:
            return False
        self._settles_at = None
        self.lifted = self._raw
        if not self.lifted:
            self._proved_until = now + PROOF_SECONDS
        return True

    @property
    def next_at(self) -> float | None:
        """When `tick` may change something."""
        return self._settles_at

    def believed(self, now: float) -> bool:
        return now < self._proved_until
