"""What tests of the screening share: rules as people write them, and callers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from firmware.call import Absence, CallerId
from firmware.numbers import understand
from firmware.screening import Caller, Rule, Rulebook, rule_from

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
"""A Monday."""


def rule(match: str, action: str = "block", region: str = "CN", **rest: Any) -> Rule:
    return rule_from({"match": match, "action": action, **rest}, region)


def book(*rules: Rule) -> Rulebook:
    """The rules, with ids from 1."""
    rulebook = Rulebook()
    for id, one in enumerate(rules, 1):
        rulebook.put(id, one)
    return rulebook


def caller(
    presented: str | None = None,
    *,
    name: str | None = None,
    absence: Absence | None = None,
    line: str = "modem",
    at: datetime = NOON,
    region: str = "CN",
    verified: bool | None = None,
) -> Caller:
    number = None if presented is None else understand(presented, region)
    said = CallerId(number=presented, name=name, absence=absence, verified=verified)
    return Caller.of(said, number, line, at)
