"""What ails the appliance: each part tried for real, with what to do about it."""

from __future__ import annotations

import grp
import os
import shutil
import socket
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import serial

from firmware.backups.folder import PERIODS, BackupFault, Backups
from firmware.board.pins import NoPins, is_pi, pin_factory
from firmware.household.accounts import accounts_from
from firmware.household.compiled import owner_settings
from firmware.lines.modem.ports import open_port, ports
from firmware.lines.modem.talk import NoAnswer, Talk
from firmware.lines.sip.proxy.kamailio import PROGRAM
from firmware.lines.sip.proxy.settings import proxy_from
from firmware.lines.sip.targets import targets
from firmware.lines.sip.tls import wrapped
from firmware.store import open_store
from firmware.wiring import Wiring

CLOCK_SYNCHRONISED = Path("/run/systemd/timesync/synchronized")
LOOK_AT_LOG = "journalctl -u ringfence says why."
FREE_MIB = 100
ANSWER_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One part, a verdict (`ok`, `warn` or `fail`), what was seen, and what to do.

    `words` and `hint` are sentences in English with places for `values`, so that they can be said in another language.
    """

    part: str
    verdict: str
    words: str
    hint: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def says(self) -> str:
        return self.words % self.values

    @property
    def advice(self) -> str:
        return self.hint % self.values


def examine(wiring: Wiring) -> Iterator[Finding]:
    """Every part in the order in which a fault would be sought."""
    yield _python()
    yield from _modem(wiring)
    yield from _sip(wiring)
    yield _pins(wiring)
    yield from _proxy(wiring)
    yield from _storage(wiring)
    yield from _backups(wiring)
    yield _clock()


def _python() -> Finding:
    found = {"found": "Python {}.{}.{}".format(*sys.version_info)}
    if (3, 11) <= sys.version_info < (3, 14):
        return Finding("python", "ok", "%(found)s", values=found)
    return Finding(
        "python", "fail", "%(found)s", "Python 3.11, 3.12 or 3.13 is needed: use Debian 12 or 13.", found
    )


def _modem(wiring: Wiring) -> Iterator[Finding]:
    paths = ports(wiring.modem_port, wiring.modem_probe)
    if not paths:
        yield Finding("modem", "fail", "no serial port found", "Plug the modem in; `lsusb` should name it.")
    for path in paths:
        try:
            with open_port(path, wiring.modem_speed) as port:
                answer = Talk(port, lambda event: None).ask("ATI")
                values = {"path": path, "said": ", ".join(answer.lines) or "OK"}
                yield Finding("modem", "ok", "%(path)s answers: %(said)s", values=values)
        except NoAnswer:
            yield Finding(
                "modem", "fail", "%(path)s does not answer", "Unplug it for ten seconds.", {"path": path}
            )
        except serial.SerialException as error:
            if not os.access(path, os.R_OK | os.W_OK):
                values = {"path": path, "group": grp.getgrgid(Path(path).stat().st_gid).gr_name}
                yield Finding("modem", "fail", "%(path)s: no permission", "Join the group %(group)s.", values)
            elif "exclusively lock" in str(error):
                words = "%(path)s is in use, by the running appliance or another program"
                yield Finding("modem", "ok", words, values={"path": path})
            else:
                values = {"path": path, "error": str(error)}
                yield Finding(
                    "modem", "fail", "%(path)s: %(error)s", "Unplug the modem and plug it in again.", values
                )


def _proxy(wiring: Wiring) -> Iterator[Finding]:
    try:
        proxy = proxy_from(wiring)
    except ValueError as error:
        hint = "Mend it in the wiring file, under [proxy]."
        yield Finding("proxy", "fail", "%(error)s makes no sense", hint, {"error": str(error)})
        return
    if proxy is None:
        return
    if not Path(PROGRAM).exists():
        yield Finding("proxy", "fail", "Kamailio is not installed", "sudo ./install.sh --sip")
        return
    host, port = (proxy.redis[-1].host, proxy.redis[-1].port) if proxy.redis else ("127.0.0.1", proxy.events)
    values = {"where": f"{host}:{port}"}
    try:
        socket.create_connection((host, port), ANSWER_SECONDS).close()
    except OSError:
        hint = "Start Redis there." if proxy.redis else "journalctl -u ringfence-sip says why."
        yield Finding("proxy", "fail", "nobody answers at %(where)s", hint, values)
    else:
        yield Finding("proxy", "ok", "answers at %(where)s", values=values)
    provider = proxy.provider
    yield from _unreachable(
        "proxy", "proxy", provider.bare, provider.port or None, provider.transport, checked=provider.checked
    )


def _sip(wiring: Wiring) -> Iterator[Finding]:
    """Whether the registrars can be reached. To register here would push the running appliance out of some of them."""
    try:
        with open_store(wiring.data / "store.journal", read_only=True) as db:
            accounts = accounts_from(db.table("sip").raw())
    except OSError:  # which is told of the storage
        return
    for account in accounts.values():
        host, port = account.next_hop
        transport, _, unchecked = account.transport.partition("-")
        trouble = list(_unreachable("sip", account.name, host, port, transport, checked=not unchecked))
        yield from trouble
        if not trouble:
            hint = "Whether it is registered, is on the page under “Lines”."
            values = {"name": account.name, "server": host}
            yield Finding("sip", "ok", "%(name)s: %(server)s can be reached", hint, values)


def _unreachable(
    part: str, name: str, host: str, port: int | None, transport: str, *, checked: bool
) -> Iterator[Finding]:
    """Why no server of `host` can be spoken to; over UDP all that is known is whether it has an address."""
    trouble: OSError | None = None
    try:
        for target in targets(host, port, transport):
            if transport == "udp":
                return
            try:
                with socket.create_connection(target, ANSWER_SECONDS) as connection:
                    if transport == "tls":
                        wrapped(connection, host, checked=checked).close()
                    return
            except OSError as error:
                trouble = error
    except OSError as error:
        trouble = error
    words = "%(name)s: %(server)s cannot be reached (%(error)s)"
    values = {"name": name, "server": host, "error": str(trouble)}
    yield Finding(part, "fail", words, "Check the server and the network.", values)


def _pins(wiring: Wiring) -> Finding:
    if wiring.pins != "auto":
        note = 'This is a Pi: set pins = "auto" to drive the relay.' if is_pi() else ""
        return Finding("pins", "warn" if note else "ok", "simulated, as the settings ask", note)
    try:
        return Finding("pins", "ok", "%(found)s", values={"found": type(pin_factory("auto")).__name__})
    except NoPins as error:
        return Finding(
            "pins", "fail", "%(error)s", "Run on a Raspberry Pi, or with --pins mock.", {"error": str(error)}
        )
    except Exception as error:  # gpiozero raises what its back ends raise
        values = {"error": f"{type(error).__name__}: {error}"}
        return Finding("pins", "fail", "%(error)s", "Join the group gpio.", values)


def _storage(wiring: Wiring) -> Iterator[Finding]:
    folder = wiring.data
    values: dict[str, object] = {"folder": folder}
    if not folder.is_dir():
        yield Finding(
            "storage", "warn", "%(folder)s does not exist yet", "It is created at the first start.", values
        )
        return
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        advice = "Run as the user ringfence, or with sudo."
        yield Finding("storage", "fail", "%(folder)s: no permission", advice, values)
        return
    mode = folder.stat().st_mode & 0o777
    if mode & 0o077:
        yield Finding(
            "permissions",
            "warn",
            "%(folder)s is open to others (%(mode)s)",
            "chmod 700 %(folder)s",
            values | {"mode": f"{mode:o}"},
        )
    free = shutil.disk_usage(folder).free >> 20
    if free < FREE_MIB:
        yield Finding("storage", "fail", "%(free)s MiB free", "Free some space on the card.", {"free": free})
    for name, table, kept in (
        ("store", "rules", "%(count)s rules, %(free)s MiB free"),
        ("calls", "calls", "%(count)s calls, %(free)s MiB free"),
    ):
        try:
            with open_store(folder / f"{name}.journal", read_only=True) as db:
                damage = db.damage
                count = len(db.table(table))
        except OSError as error:
            yield Finding(
                "storage",
                "fail",
                "%(error)s",
                "Restore a backup, or move the file aside.",
                {"error": str(error)},
            )
            continue
        if damage:
            lost = {"error": "; ".join(map(str, damage))}
            yield Finding("storage", "warn", "%(error)s", "The card may be failing: make a backup.", lost)
        yield Finding("storage", "ok", kept, values={"count": count, "free": free})


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
    values: dict[str, object] = {"where": folder or "the box's own card"}
    try:
        found = Backups(wiring.data, wiring.backup_roots).found(folder)
    except BackupFault as fault:
        values["error"] = fault.code
        yield Finding(
            "backup", "fail", "%(where)s: %(error)s", "Plug the stick in, or choose another folder.", values
        )
        return
    values |= {"count": len(found), "day": f"{found[0].made:%Y-%m-%d}" if found else ""}
    if not found:
        yield Finding("backup", "warn", "none yet on %(where)s", values=values)
    elif datetime.now(UTC) - found[0].made > 2 * PERIODS[every]:
        yield Finding("backup", "fail", "the newest on %(where)s is of %(day)s", LOOK_AT_LOG, values)
    else:
        yield Finding("backup", "ok", "%(count)s on %(where)s, the newest of %(day)s", values=values)


def _clock() -> Finding:
    if CLOCK_SYNCHRONISED.exists():
        return Finding("clock", "ok", "set by the network")
    return Finding(
        "clock",
        "warn",
        "not known to be set by the network",
        "Connect the Pi to the internet, or fit a clock module.",
    )
