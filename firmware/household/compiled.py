"""The screening that a household's documents come to."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tinydb.table import Document

from firmware.call import Action, CallerId
from firmware.numbers import understand
from firmware.screening import (
    Answer,
    Answers,
    Caller,
    Contacts,
    Pass,
    Passes,
    Policy,
    Rulebook,
    Screening,
    Wish,
)
from firmware.screening.rules import rule_of
from firmware.settings import Owner, owner_from
from firmware.store import Store

log = logging.getLogger(__name__)

ASSUMED_LINE = "modem"


def owner_settings(db: Store) -> Owner:
    """What the owner has set, over the defaults."""
    return owner_from(db.table("settings").get(doc_id=1) or {})


def policy_from(owner: Owner) -> Policy:
    zone = str(owner["zone"])
    return Policy(
        region=str(owner["region"]),
        area=str(owner["area"]),
        withheld=Action(str(owner["withheld"])),
        unavailable=Action(str(owner["unavailable"])),
        redial=timedelta(seconds=int(owner["redial_s"])),
        zone=ZoneInfo(zone) if zone else None,
        pools=Wish(str(owner["pools"])),
        pool_cost=float(owner["pool_cost"]),
    )


def paused_until(db: Store) -> datetime | None:
    """Until when the blocking is paused, or was."""
    kept = db.table("pause").get(doc_id=1)
    return datetime.fromisoformat(kept["until"]) if isinstance(kept, Document) else None


def screening_from(db: Store) -> Screening:
    """The screening as the store has it, without its lists, and as if there were no pause."""
    return _screening(lambda table: db.table(table).raw(), owner_settings(db))


def screening_over(tables: Mapping[str, Mapping[int, Mapping[str, Any]]]) -> Screening:
    """The screening as a backup has it, without its lists."""
    owner = owner_from(tables.get("settings", {}).get(1, {}))
    return _screening(lambda table: tables.get(table, {}).items(), owner)


def _screening(
    documents: Callable[[str], Iterable[tuple[int, Mapping[str, Any]]]], owner: Owner
) -> Screening:
    passes = _whole(documents("passes"), "segments", "until")
    answers = _whole(documents("pools"), "match", "answer", "friends", "created")
    return Screening(
        Rulebook.load(documents("rules")),
        policy_from(owner),
        contacts=Contacts(_whole(documents("contacts"), "name", "numbers")),
        passes=Passes(Pass.of(id, doc) for id, doc in passes),
        answers=Answers(_answers(answers)),
    )


def enter(
    screening: Screening,
    table: str,
    id: int,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> None:
    """Have a screening follow what has become of a document of the store."""
    match table:
        case "rules":
            if before:
                screening.rules.drop(id, before["match"])
            if after:
                screening.rules.put(id, rule_of(after))
        case "contacts":
            if before and after:
                screening.contacts.change(id, before, after)
            elif after:
                screening.contacts.put(id, after)
            elif before:
                screening.contacts.drop(id, before)
        case "passes":
            screening.passes.drop(id)
            if after:
                screening.passes.put(Pass.of(id, after))
        case "pools":
            if before:
                screening.answers.drop(before["match"])
            if after:
                screening.answers.put(Answer.of(id, after))
        case "pause":
            screening.paused = datetime.fromisoformat(after["until"]) if after else None


def _answers(documents: Iterable[tuple[int, Mapping[str, Any]]]) -> Iterator[Answer]:
    for id, doc in documents:
        try:
            yield Answer.of(id, doc)
        except (ValueError, TypeError) as error:
            log.error("answer %d makes no sense here: %s", id, error)


def _whole(
    documents: Iterable[tuple[int, Mapping[str, Any]]], *fields: str
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The documents that have these fields: those of a version that knows others are left out."""
    for id, doc in documents:
        if all(field in doc for field in fields):
            yield id, doc
        else:
            log.error("document %d makes no sense here: it has no %s", id, " or ".join(fields))


def caller_at(
    screening: Screening, presented: str, line: str = ASSUMED_LINE, at: datetime | None = None
) -> Caller:
    """Who presents the number `presented` on `line` at a moment, or now."""
    policy = screening.policy
    number = understand(presented, policy.region, policy.area)
    return Caller.of(
        CallerId(number=presented), number, line, (at or datetime.now(UTC)).astimezone(policy.zone)
    )
