"""The pause: for some minutes everybody comes through."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from firmware.household.kept import Kept, now_as_text

LONGEST_PAUSE = 12 * 60
"""Minutes."""


class KeptPause(Kept):
    """Whether the blocking is paused. A pause ends by itself."""

    def paused(self) -> str | None:
        """The moment, in ISO 8601, until which the blocking is paused; None where it is not."""
        until = self.screening.paused
        return until.isoformat(timespec="seconds") if until and datetime.now(UTC) < until else None

    def pause(self, minutes: int) -> str:
        """Block nobody for `minutes` from now on, whatever was left of another pause: until when.

        Raises ValueError with the code `minutes`, OSError.
        """
        if isinstance(minutes, bool) or not 0 < minutes <= LONGEST_PAUSE:
            raise ValueError("minutes")
        now = datetime.now(UTC).replace(microsecond=0)
        self._pause_until(now + timedelta(minutes=minutes))
        return str(self.paused())

    def resume(self) -> bool:
        """Block again; False where that was so. Raises OSError."""
        was_paused = self.paused() is not None
        if was_paused:
            self._pause_until(None)
        return was_paused

    def _pause_until(self, until: datetime | None) -> None:
        with self._changing:
            if until is None:
                self._table("pause").remove(doc_ids=[1])
            else:
                kept = {"until": until.isoformat(timespec="seconds"), "created": now_as_text()}
                self._table("pause").write({1: kept})
            self.screening.paused = until
        self._on_change("pause", 1)
