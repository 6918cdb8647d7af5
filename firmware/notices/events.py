"""What is worth telling: calls as they end, faults that last, a telephone that rings again after days."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from firmware.call import Reason
from firmware.notices.wording import is_blocked

LASTS_SECONDS = 60.0
"""For which a fault must last: a modem that is found again in seconds is nothing to be told of."""

LATELY = timedelta(minutes=10)
SILENT_DAYS = 7
MOST_TOLD = 200

Doc = Mapping[str, Any]


class Calls:
    """Tells each call once, when it is over. `latest`: when the last one before came."""

    def __init__(self, latest: datetime | None) -> None:
        self._latest = latest
        self._told: deque[int] = deque(maxlen=MOST_TOLD)

    def take(self, call: Doc, now: datetime) -> tuple[str | None, int]:
        """Whether a call as it stands is `blocked`, `unknown` or nothing to tell, and how many silent days it ended."""
        started = datetime.fromisoformat(call["started"])
        if not call["over"] or call["id"] in self._told or now - started > LATELY:
            return None, 0
        self._told.append(call["id"])
        before, self._latest = self._latest, started
        days = (started - before).days if before else 0
        verdict = call["verdict"] or {}
        unknown = verdict.get("reason") in (Reason.DEFAULT, Reason.UNAVAILABLE, Reason.WITHHELD)
        kind = "blocked" if is_blocked(call) else "unknown" if unknown else None
        return kind, days if days >= SILENT_DAYS else 0


class Faults:
    """Tells each fault once it has lasted, and once it is mended; times are monotonic seconds."""

    def __init__(self) -> None:
        self._since: dict[str, float] = {}
        self._told: set[str] = set()

    def take(self, present: Collection[str], now: float) -> tuple[list[str], list[str]]:
        """The faults that are to be told, and those that are told and mended."""
        self._since = {code: self._since.get(code, now) for code in present}
        lasting = {code for code, since in self._since.items() if now - since >= LASTS_SECONDS}
        fresh, mended = lasting - self._told, self._told - set(present)
        self._told = (self._told | fresh) - mended
        return sorted(fresh), sorted(mended)


def digest_is_due(last: datetime | None, hour: int, now: datetime) -> bool:
    """Whether the day's digest is due at `now` on the owner's clock: past the hour, and none since then."""
    due = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    if due > now:
        due -= timedelta(days=1)
    return last is not None and last.astimezone(UTC) < due.astimezone(UTC)
