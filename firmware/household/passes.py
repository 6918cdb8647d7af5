"""Passes for couriers and for known callers."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from firmware.household.kept import Doc, Kept, now_as_text
from firmware.numbers import segment, understand
from firmware.screening import Pass

MOST_SEGMENTS = 20
MOST_MINUTES = 24 * 60

_SEGMENT = re.compile(r"\+?\d{0,15}\*", re.ASCII)
_NUMBER = re.compile(r"\+?\d{3,20}", re.ASCII)


class KeptPasses(Kept):
    """The passes that are open."""

    def passes(self) -> list[Doc]:
        """The passes that are open, newest first."""
        now = now_as_text()
        found = [{"id": id, **doc} for id, doc in self._table("passes").raw() if not _expired(doc, now)]
        return found[::-1]

    def open_pass(self, minutes: int | None = None, segments: Iterable[str] | None = None) -> Doc:
        """Expect a courier: let numbers in `segments` through for `minutes`, which a courier pass that is open gains.

        What is not given is as the owner has set it. Raises ValueError with the code `minutes` or `segments`, OSError.
        """
        minutes = int(self._owner["courier_minutes"]) if minutes is None else minutes
        if isinstance(minutes, bool) or not 0 < minutes <= MOST_MINUTES:
            raise ValueError("minutes")
        chosen = self._segments(
            str(self._owner["courier_segments"]).split() if segments is None else segments
        )
        with self._changing:
            now = datetime.now(UTC)
            same = next((doc for doc in self.passes() if doc["segments"] == chosen and doc["until"]), None)
            start = max(now, datetime.fromisoformat(same["until"])) if same else now
            until = min(start + timedelta(minutes=minutes), now + timedelta(minutes=MOST_MINUTES))
            return self._keep_pass(same["id"] if same else None, chosen, until)

    def couriers(self) -> list[Doc]:
        """The passes that end by themselves, newest first."""
        return [one for one in self.passes() if one["until"]]

    def expect(self, couriers: Iterable[Doc]) -> None:
        """Have these passes open, as `couriers` gave them, and no others that end by themselves. Raises OSError."""
        wanted = {one["id"]: one for one in couriers}
        with self._changing:
            for one in self.couriers():
                if one["id"] not in wanted:
                    self.end_pass(one["id"])
            for id, one in wanted.items():
                self._keep_pass(id, one["segments"], datetime.fromisoformat(one["until"]))

    def known(self, before: int | None = None, limit: int = 200) -> list[Doc]:
        """The passes without an end, those of known callers: newest first, older than the id `before`."""
        found = (
            one for one in self.passes() if one["until"] is None and (before is None or one["id"] < before)
        )
        return list(islice(found, limit))

    def is_known(self, normal: str) -> bool:
        """Whether the caller with this number is known."""
        return self.screening.passes.knows(normal)

    def know(self, written: str) -> Doc:
        """Know the caller with a number, such as one that the owner has called: its pass.

        Raises ValueError with the code `number`, OSError.
        """
        return self.admit(self.number_from(written), said=True)

    def number_from(self, written: str) -> str:
        """A number in its normal form. Raises ValueError with the code `number`."""
        policy = self.screening.policy
        normal = understand(written, policy.region, policy.area).normal
        if not _NUMBER.fullmatch(normal):
            raise ValueError("number")
        return normal

    def admit(self, normal: str, *, said: bool = False) -> Doc:
        """Let a number through from now on, by a pass without an end: its caller is known. Raises OSError.

        `said`: because the owner says so, and not for a long talk alone.
        """
        with self._changing:
            kept = next((one for one in self.known(limit=sys.maxsize) if one["segments"] == [normal]), None)
            if kept and (kept.get("said") or not said):
                return kept
            return self._keep_pass(kept["id"] if kept else None, [normal], None, said=said)

    def forget(self, id: int) -> bool:
        """Know a caller no more; False where there is no such pass without an end. Raises OSError."""
        with self._changing:
            doc = self._found("passes", id)
            return doc is not None and doc["until"] is None and self.end_pass(id)

    def end_pass(self, id: int) -> bool:
        """End a pass; False when there is none. Raises OSError."""
        with self._changing:
            doc = self._remove("passes", id)
            self.screening.passes.drop(id)
        if doc is not None:
            self._on_change("passes", id)
        return doc is not None

    def _keep_pass(
        self, id: int | None, segments: list[str], until: datetime | None, *, said: bool = False
    ) -> Doc:
        """Keep a pass, and throw those away that have expired."""
        now = now_as_text()
        doc: Doc = {
            "segments": segments,
            "until": until and until.isoformat(timespec="seconds"),
            "created": now,
            **({"said": True} if said else {}),
        }
        expired = [place for place, old in self._table("passes").raw() if place != id and _expired(old, now)]
        kept = self._keep("passes", id, doc, expired)
        for place in expired:
            self.screening.passes.drop(place)
        self.screening.passes.put(Pass.of(kept["id"], kept))
        self._on_change("passes", kept["id"])
        return kept

    def _segments(self, written: Iterable[str]) -> list[str]:
        region = self.screening.policy.region
        segments = {f"{segment(text.removesuffix('*'), region)}*" for text in written}
        if not 0 < len(segments) <= MOST_SEGMENTS or not all(map(_SEGMENT.fullmatch, segments)):
            raise ValueError("segments")
        return sorted(segments)


def _expired(doc: Mapping[str, Any], now: str) -> bool:
    return doc["until"] is not None and doc["until"] <= now
