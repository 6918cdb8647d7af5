"""Plain data that travels from the line to the verdict, the log and the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Absence(StrEnum):
    """Why the network presented no number (GR-30-CORE parameter 04, ETSI EN 300 659-3 clause 5.4.4)."""

    WITHHELD = "withheld"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class CallerId:
    """What the network presented. None of it can be trusted.

    `number` is as presented, without punctuation. `date` is MM-DD and `time` is HH:MM, the exchange's clock.
    A line may present one message in several parts: each part yields the message as it stands so far, and
    `message` counts the messages since the line was opened, so that a later state replaces an earlier one.
    `verified`: whether the network vouches for the number (STIR/SHAKEN); None where it does not say.
    """

    number: str | None = None
    name: str | None = None
    date: str | None = None
    time: str | None = None
    absence: Absence | None = None
    raw: str = ""
    message: int = 0
    verified: bool | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A presented number understood.

    `normal` is the one form in which rules and the log compare numbers: E.164 with its plus, or a national
    short code in bare digits, or what was presented where neither fits (`possible` is then false).
    """

    presented: str
    normal: str
    national: str
    possible: bool


class Action(StrEnum):
    """What a verdict does with a call."""

    ALLOW = "allow"
    BLOCK = "block"


class How(StrEnum):
    """How a blocked call is rejected: the handset is cut off, the modem answers and hangs up, or both."""

    CUT = "cut"
    CUT_AND_HANG_UP = "cut+hangup"
    HANG_UP = "hangup"


class Reason(StrEnum):
    """Which step of the order decided, in that order."""

    PROTECTED = "protected"
    CONTACT = "contact"
    PAUSE = "pause"
    NUMBER = "number"
    UTILITY = "utility"
    PASS = "pass"  # noqa: S105 - no password
    REDIAL = "redial"
    RULE = "rule"
    LIST = "list"
    POOL = "pool"
    WITHHELD = "withheld"
    UNAVAILABLE = "unavailable"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Allow or block, with the step that decided.

    `rule` is the id of the rule, contact, pass, list or answer that did, `match` what it matches or is called. `how` is
    None where the owner's settings say how to reject.
    """

    action: Action
    reason: Reason
    rule: int | None = None
    match: str | None = None
    how: How | None = None


@dataclass(slots=True)
class Call:
    """One ringing, from its first sign to its end.

    `talked`: seconds from lifting the handset to hanging up; None where nobody answered or the line cannot tell.
    `answered`: somebody answered elsewhere, on a line that cannot tell for how long.
    """

    line: str
    started: datetime
    caller_id: CallerId | None = None
    number: Number | None = None
    verdict: Verdict | None = None
    rings: int = 0
    duration: float = 0.0
    over: bool = False
    cut: bool = False
    talked: float | None = None
    answered: bool = False
    id: int | None = None
