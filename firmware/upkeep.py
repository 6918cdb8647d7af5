"""What is done regularly, by one thread that nobody waits for: backups, and dropping calls that are too old."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from firmware.backups.folder import BackupFault, Backups
from firmware.rounds import Rounds
from firmware.settings import Owner

log = logging.getLogger(__name__)

LOOK_SECONDS = 60.0
AGAIN_SECONDS = 3600.0
RETAIN_SECONDS = 3600.0
LEAST_FREE = 100 << 20
"""Bytes on the card, below which the owner is told."""


class Upkeep:
    """Makes the backups that `settings` ask for, and has `retain` drop calls every hour. `data` is on the card."""

    def __init__(
        self,
        backups: Backups,
        data: Path,
        *,
        settings: Callable[[], Owner],
        retain: Callable[[], None],
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self._backups = backups
        self._data = data
        self._settings = settings
        self._retain = retain
        self._on_change = on_change
        self._making = threading.Lock()
        self._again = 0.0
        self._retain_at = 0.0
        self.backup_fault: str | None = None
        self._rounds = Rounds("upkeep", self._keep_up, LOOK_SECONDS)
        self.start, self.close = self._rounds.start, self._rounds.close

    def look(self) -> None:
        """Look at once what is to be done, since the settings have changed."""
        self._again = 0.0
        self._rounds.wake()

    def faults(self) -> set[str]:
        """What ails the storage: `disk` (nearly full), `backup` (the last one failed)."""
        faults = {"backup"} if self.backup_fault else set()
        return faults | {"disk"} if shutil.disk_usage(self._data).free < LEAST_FREE else faults

    def back_up(self) -> str:
        """Make a backup now; gives its name. Raises BackupFault."""
        settings = self._settings()
        try:
            with self._making:
                name = self._backups.make(
                    str(settings["backup_folder"]), int(settings["backup_keep"]), datetime.now(UTC)
                )
        except BackupFault as fault:
            self._note(fault.code)
            raise
        log.info("made the backup %s", name)
        self._note(None)
        return name

    def _keep_up(self) -> None:
        if time.monotonic() >= self._retain_at:
            self._retain_at = time.monotonic() + RETAIN_SECONDS
            self._retain()
        self._back_up_if_due()

    def _back_up_if_due(self) -> None:
        settings = self._settings()
        folder, every = str(settings["backup_folder"]), str(settings["backup_every"])
        if every == "off":
            self._note(None)
        elif time.monotonic() >= self._again:
            try:
                if self._backups.due(folder, every, datetime.now(UTC)):
                    self.back_up()
            except BackupFault as fault:
                self._again = time.monotonic() + AGAIN_SECONDS
                log.error("the backup failed: %s", fault.code)
                self._note(fault.code)

    def _note(self, fault: str | None) -> None:
        if fault != self.backup_fault:
            self.backup_fault = fault
            self._on_change()
