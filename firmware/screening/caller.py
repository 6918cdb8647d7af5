"""What a verdict is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from firmware.call import Absence, CallerId, Number


@dataclass(frozen=True, slots=True)
class Caller:
    """What is known of who calls on which `line`, and the moment `at`, with an offset, on the owner's clock.

    `verified` as in CallerId.
    """

    number: Number | None
    name: str | None
    absence: Absence | None
    line: str
    at: datetime
    verified: bool | None = None

    @classmethod
    def of(cls, presented: CallerId | None, number: Number | None, line: str, at: datetime) -> Caller:
        """The caller that the network presented, its number understood."""
        return cls(
            number,
            presented.name if presented else None,
            presented.absence if presented else None,
            line,
            at,
            presented.verified if presented else None,
        )
