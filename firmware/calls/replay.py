"""Recorded calls judged again, by the code that judges live ones: what would these rules have done?"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial
from heapq import heappop, heappush
from typing import Any

from firmware.call import Absence, Action, CallerId, Verdict
from firmware.calls.log import verdict_of
from firmware.numbers import understand
from firmware.screening import Caller, Screening

COLUMNS = ("time", "number", "name")
MOST_CALLS = 1_000_000
LONGEST_FIELD = 256
LONG_TALK = 60.0
YEARS = range(1900, 2200)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A call of the past. `number` is as it was presented; `rings` and `talked` (seconds) where they are known.

    `marked`: when the owner said what nuisance it was.
    """

    at: datetime
    line: str
    number: str | None
    name: str | None = None
    absence: Absence | None = None
    rings: int = 0
    talked: float | None = None
    marked: datetime | None = None


def from_log(doc: Mapping[str, Any]) -> Recorded:
    """A call as the call log has it."""
    return Recorded(
        datetime.fromisoformat(doc["started"]),
        doc["line"],
        doc["presented"],
        doc["name"],
        doc["absence"] and Absence(doc["absence"]),
        doc["rings"],
        0.0 if doc.get("answered") else doc.get("talked"),
        datetime.fromisoformat(doc["marked"]) if doc.get("marked") else None,
    )


def from_csv(lines: Iterable[str], zone: tzinfo | None = None) -> Iterator[Recorded]:
    """Calls from CSV with the columns `time,number,name`, perhaps `line`, `rings`, `talked`, `marked`; under a heading.

    Times are ISO 8601, in `zone` (None: the box's own) where they have no offset. A number of `P` or `O` is withheld or
    unavailable. Raises ValueError that names the row.
    """
    rows = csv.DictReader(lines)
    try:
        missing = set(COLUMNS[:2]) - set(rows.fieldnames or ())
        if missing:
            raise ValueError(f"no column {', '.join(sorted(missing))}")
        for place, row in enumerate(rows, 2):
            if place > MOST_CALLS:
                raise ValueError(f"more than {MOST_CALLS} calls")
            yield _recorded(row, zone, place)
    except csv.Error as error:
        raise ValueError(f"row {rows.line_num}: {error}") from error


def _recorded(row: Mapping[str, Any], zone: tzinfo | None, place: int) -> Recorded:
    given = {
        key: (value or "").strip()[:LONGEST_FIELD] for key, value in row.items() if isinstance(value, str)
    }
    try:
        number = given["number"]
        return Recorded(
            _moment(given["time"], zone),
            given.get("line") or "modem",
            number if number not in ("", "P", "O") else None,
            given.get("name") or None,
            {"P": Absence.WITHHELD, "O": Absence.UNAVAILABLE}.get(number),
            int(given.get("rings") or 0),
            float(given["talked"]) if given.get("talked") else None,
            _moment(given["marked"], zone) if given.get("marked") else None,
        )
    except (KeyError, ValueError, OverflowError) as error:
        raise ValueError(f"row {place}: {error}") from error


Mark = tuple[datetime, int, Callable[[], None]]


def _moment(text: str, zone: tzinfo | None) -> datetime:
    at = datetime.fromisoformat(text)
    if at.year not in YEARS:
        raise ValueError("a time of another age")
    return at if at.tzinfo else at.replace(tzinfo=zone).astimezone(zone)


def replay(calls: Iterable[Recorded], screening: Screening) -> Iterator[tuple[Recorded, Verdict]]:
    """Each call with its verdict, given in the order in which they came; each is remembered for the next.

    A mark is known from the moment on at which it was made.
    """
    policy = screening.policy
    marks: list[Mark] = []
    for place, call in enumerate(calls):
        while marks and marks[0][0] <= call.at:
            heappop(marks)[-1]()
        number = understand(call.number, policy.region, policy.area) if call.number else None
        presented = CallerId(number=call.number, name=call.name, absence=call.absence)
        verdict = screening.judge(Caller.of(presented, number, call.line, call.at.astimezone(policy.zone)))
        yield call, verdict
        if number:
            ended = partial(screening.ended, number, call.at, verdict, rings=call.rings, talked=call.talked)
            ended()
            if call.marked:
                mark: Mark = call.marked, place, partial(ended, marked=True)
                heappush(marks, mark)
    for _, _, made in sorted(marks):
        made()


def recall(calls: Iterable[Mapping[str, Any]], screening: Screening) -> None:
    """Remember calls of the log, in the order in which they came, as they were judged then."""
    policy = screening.policy
    for call in calls:
        if call["number"]:
            screening.ended(
                understand(call["number"], policy.region, policy.area),
                datetime.fromisoformat(call["started"]),
                verdict_of(call),
                rings=call["rings"],
                talked=0.0 if call.get("answered") else call.get("talked"),
                marked=bool(call.get("kind")),
            )


def compare(calls: Iterable[Recorded], before: Screening, after: Screening) -> dict[str, Any]:
    """What would change: `{"calls", "blocked", "long", "spared", "examples"}`.

    `blocked`: calls that only `after` blocks; `long`: how many of them were answered for a minute or more; `spared`:
    calls that only `before` blocks; `examples`: up to ten numbers that only `after` blocks.
    """
    recorded = list(calls)
    counts = {"calls": len(recorded), "blocked": 0, "long": 0, "spared": 0}
    examples: dict[str, None] = {}
    for (call, was), (_, becomes) in zip(replay(recorded, before), replay(recorded, after), strict=True):
        if was.action is not Action.BLOCK and becomes.action is Action.BLOCK:
            counts["blocked"] += 1
            counts["long"] += (call.talked or 0) >= LONG_TALK
            examples.setdefault(call.number or str(call.absence or ""))
        counts["spared"] += was.action is Action.BLOCK and becomes.action is not Action.BLOCK
    return {**counts, "examples": list(examples)[:10]}
