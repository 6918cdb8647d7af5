"""What ails the appliance: each part tried for real, with what to do about it."""

from __future__ import annotations

import grp
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import serial

from firmware.backups import PERIODS, BackupFault, Backups
from firmware.board.pins import NoPins, is_pi, pin_factory
from firmware.household.compiled import owner_settings
from firmware.lines.modem.ports import open_port, ports
from firmware.lines.modem.talk import NoAnswer, Talk
from firmware.settings import Wiring
from firmware.store import open_store

CLOCK_SYNCHRONISED = Path("/run/systemd/timesync/synchronized")
LOOK_AT_LOG = "journalctl -u ringfence says why."
FREE_BYTES = 100 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """One part, a verdict (`ok`, `warn` or `fail`), what was seen, and what to do."""

    part: str
    verdict: str
    says: str
    advice: str = ""


def examine(wiring: Wiring) -> Iterator[Finding]:
    """Every part in the order in which a fault would be sought."""
    yield _python()
    yield from _modem(wiring)
    yield _pins(wiring)
    yield from _storage(wiring)
    yield from _backups(wiring)
    yield _clock()


def _python() -> Finding:
    found = "Python {}.{}.{}".format(*sys.version_info)
    if (3, 11) <= sys.version_info < (3, 14):
        return Finding("python", "ok", found)
    return Finding("python", "fail", found, "Python 3.11, 3.12 or 3.13 is needed: use Debian 12 or 13.")


def _modem(wiring: Wiring) -> Iterator[Finding]:
    paths = ports(wiring.modem_port, wiring.modem_probe)
    if not paths:
        yield Finding("modem", "fail", "no serial port found", "Plug the modem in; `lsusb` should name it.")
    for path in paths:
        try:
            with open_port(path, wiring.modem_speed) as port:
                answer = Talk(port, lambda event: None).ask("ATI")
                yield Finding("modem", "ok", f"{path} answers: {', '.join(answer.lines) or 'OK'}")
        except NoAnswer:
            yield Finding("modem", "fail", f"{path} does not answer", "Unplug it for ten seconds.")
        except serial.SerialException as error:
            if not os.access(path, os.R_OK | os.W_OK):
                group = grp.getgrgid(Path(path).stat().st_gid).gr_name
                yield Finding("modem", "fail", f"{path}: no permission", f"Join the group {group}.")
            elif "exclusively lock" in str(error):
                yield Finding("modem", "ok", f"{path} is in use, by the running appliance or another program")
            else:
                yield Finding("modem", "fail", f"{path}: {error}", "Unplug the modem and plug it in again.")


def _pins(wiring: Wiring) -> Finding:
    if wiring.pins != "auto":
        note = 'This is a Pi: set pins = "auto" to drive the relay.' if is_pi() else ""
        return Finding("pins", "warn" if note else "ok", "simulated, as the settings ask", note)
    try:
        return Finding("pins", "ok", type(pin_factory("auto")).__name__)
    except NoPins as error:
        return Finding("pins", "fail", str(error), "Run on a Raspberry Pi, or with --pins mock.")
    except Exception as error:  # gpiozero raises what its back ends raise
        return Finding("pins", "fail", f"{type(error).__name__}: {error}", "Join the group gpio.")


def _storage(wiring: Wiring) -> Iterator[Finding]:
    folder = wiring.data
    if not folder.is_dir():
        yield Finding("storage", "warn", f"{folder} does not exist yet", "It is created at the first start.")
        return
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Finding(
            "storage", "fail", f"{folder}: no permission", "Run as the user ringfence, or with sudo."
        )
        return
    mode = folder.stat().st_mode & 0o777
    if mode & 0o077:
        yield Finding("permissions", "warn", f"{folder} is open to others ({mode:o})", f"chmod 700 {folder}")
    free = shutil.disk_usage(folder).free
    if free < FREE_BYTES:
        yield Finding("storage", "fail", f"{free >> 20} MiB free", "Free some space on the card.")
    for name, table in (("store", "rules"), ("calls", "calls")):
        try:
            with open_store(folder / f"{name}.journal", read_only=True) as db:
                damage = db.damage
                count = len(db.table(table))
        except OSError as error:
            yield Finding("storage", "fail", str(error), "Restore a backup, or move the file aside.")
            continue
        if damage:
            says = "; ".join(map(str, damage))
            yield Finding("storage", "warn", says, "The card may be failing: make a backup.")
        yield Finding("storage", "ok", f"{count} {table}, {free >> 20} MiB free")


def _backups(wiring: Wiring) -> Iterator[Finding]:
    """The newest backup, where the owner wants them made regularly."""
    try:
        with open_store(wiring.data / "store.journal", read_only=True) as db:
            owner = owner_settings(db)
    except OSError:
        return
    every, folder = str(owner["backup_every"]), str(owner["backup_folder"])
    if every not in PERIODS:
        return
    where = folder or "the box's own card"
    try:
        found = Backups(wiring.data, wiring.backup_roots).found(folder)
    except BackupFault as fault:
        yield Finding(
            "backup", "fail", f"{where}: {fault.code}", "Plug the stick in, or choose another folder."
        )
        return
    if not found:
        yield Finding("backup", "warn", f"none yet on {where}")
    elif datetime.now(UTC) - found[0].made > 2 * PERIODS[every]:
        yield Finding("backup", "fail", f"the newest on {where} is of {found[0].made:%Y-%m-%d}", LOOK_AT_LOG)
    else:
        yield Finding("backup", "ok", f"{len(found)} on {where}, the newest of {found[0].made:%Y-%m-%d}")


def _clock() -> Finding:
    if CLOCK_SYNCHRONISED.exists():
        return Finding("clock", "ok", "set by the network")
    return Finding(
        "clock",
        "warn",
        "not known to be set by the network",
        "Connect the Pi to the internet, or fit a clock module.",
    )
