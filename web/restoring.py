"""Taking a backup back."""

from __future__ import annotations

from typing import IO

from firmware.backups import backup
from firmware.lists.saving import Texts
from web.alone import alone
from web.within import appliance, household, undo


def restored(file: IO[bytes]) -> tuple[dict[str, int], int]:
    """Take over the wishes and lists of a backup in place of all that are kept.

    Gives how many documents of each table were kept, and how many lines made no sense. Raises NoBackup, OSError.
    """
    with alone(), Texts(appliance().data / "lists") as texts:
        tables, skipped = backup.read(backup.lines_of(file), backup.WISHES, texts)
        kept = household().restore(tables)
        kept["lists"] = appliance().lists.restore(tables.get("lists", {}), texts)
        undo().clear()
    return kept, skipped
