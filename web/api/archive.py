"""What happened and what was wished for, as files: replay, backup, restore."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import islice

from flask import Response, request
from werkzeug.exceptions import BadRequest

from firmware.backups import backup
from firmware.backups.folder import BackupFault
from firmware.calls.replay import from_csv
from firmware.calls.replay import replay as judged
from firmware.household import screening_from
from firmware.store import open_store
from web.alone import alone
from web.api.asking import answer, asked, blueprint, flag, gone, refusal
from web.guard import needs, takes
from web.problems import problem
from web.restoring import restored
from web.scopes import ADMIN, READ
from web.within import appliance, household

LARGEST_CSV = 2 << 20
LINES_AT_ONCE = 100

MOST_REPLAYED = 20_000

REFUSALS = {
    "format": "The file is no backup that this version can read.",
    "too_many": "There is too much in the backup.",
    "number": "That is no telephone number.",
}


@blueprint.post("/api/v1/replay")
@takes(LARGEST_CSV)
@needs(READ)
def replay() -> Response:
    """Judge recorded calls by the rules that are kept, as if they came now."""
    with alone():
        try:
            lines = io.StringIO(request.get_data(cache=False).decode("utf-8-sig"), newline="")
            calls = list(islice(from_csv(lines, household().screening.policy.zone), MOST_REPLAYED + 1))
        except UnicodeDecodeError:
            return problem(422, "The file is not UTF-8.", code="encoding")
        except ValueError as error:
            return problem(422, str(error), code="csv")
        if len(calls) > MOST_REPLAYED:
            return problem(422, f"More than {MOST_REPLAYED} calls.", code="too_many")
        screening = screening_from(appliance().db)
        screening.lists = household().screening.lists
        totals: Counter[str] = Counter()
        found = []
        for call, verdict in judged(calls, screening):
            totals[f"{verdict.action} {verdict.reason}"] += 1
            at = call.at.isoformat(timespec="seconds")
            found.append({"time": at, "number": call.number, "name": call.name, "verdict": asdict(verdict)})
    return answer({"calls": found, "totals": totals})


@blueprint.get("/api/v1/backup")
def save() -> Response:
    """All that the household has made, as one text that a person can read."""
    calls = flag("calls", default=True)
    data = appliance().data
    with ExitStack() as opened:
        wishes = opened.enter_context(open_store(data / "store.journal", read_only=True))
        log = opened.enter_context(open_store(data / "calls.journal", read_only=True)) if calls else None
        until_sent = opened.pop_all()
    response = Response(_pieces(backup.written(wishes, log, data / "lists")), mimetype=backup.MEDIA_TYPE)
    response.call_on_close(until_sent.close)
    name = f"ringfence-{datetime.now(UTC):%Y-%m-%d}.jsonl"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@blueprint.post("/api/v1/restore")
@takes(backup.LARGEST)
@needs(ADMIN)
def restore() -> Response:
    """Take over the wishes and lists of a backup in place of all that are kept."""
    try:
        kept, skipped = restored(io.BufferedReader(request.stream))  # type: ignore[type-var]
    except backup.NoBackup as error:
        return refusal(error, REFUSALS)
    return answer({"kept": kept, "skipped": skipped})


@blueprint.get("/api/v1/backups")
def backups() -> Response:
    """The backups where the regular ones are kept."""
    around = {"folders": appliance().backups.folders(), "left_out": appliance().lists.left_out()}
    try:
        found = appliance().backups.found(str(household().settings()["backup_folder"]))
    except BackupFault as fault:
        return answer({"backups": [], "fault": fault.code, **around})
    kept = [{"name": one.name, "size": one.size, "made": one.made.isoformat()} for one in found]
    return answer({"backups": kept, "fault": appliance().upkeep.backup_fault, **around})


@blueprint.post("/api/v1/backups")
@needs(ADMIN)
def back_up() -> Response:
    """Make a backup now."""
    try:
        return answer({"name": appliance().upkeep.back_up()}, 201)
    except BackupFault as fault:
        return problem(507, "The backup was not made.", code=fault.code)


@blueprint.post("/api/v1/backups/<name>/restore")
@needs(ADMIN)
def restore_kept(name: str) -> Response:
    """Take over the wishes and lists of one of the backups that are kept."""
    try:
        with appliance().backups.open(str(household().settings()["backup_folder"]), name) as file:
            kept, skipped = restored(file)
    except FileNotFoundError:
        return gone(False, "backup")
    except BackupFault as fault:
        return problem(507, "The backup cannot be read.", code=fault.code)
    except backup.NoBackup as error:
        return refusal(error, REFUSALS)
    return answer({"kept": kept, "skipped": skipped})


@blueprint.post("/api/v1/forget")
@needs(ADMIN)
def forget_caller() -> Response:
    """Forget the caller with a number, or every caller."""
    body = asked({"number", "backups"})
    number, backups = body.get("number", ""), body.get("backups", False)
    if not isinstance(number, str | None) or not isinstance(backups, bool):
        raise BadRequest("number is a string or null, backups is true or false.")
    try:
        with alone():
            return answer(appliance().forget(number, backups=backups))
    except BackupFault as fault:
        return problem(507, "The backups cannot be deleted; nothing was forgotten.", code=fault.code)
    except ValueError as error:
        return refusal(error, REFUSALS)


def _pieces(lines: Iterable[str]) -> Iterator[str]:
    remaining = iter(lines)
    while piece := "".join(islice(remaining, LINES_AT_ONCE)):
        yield piece
