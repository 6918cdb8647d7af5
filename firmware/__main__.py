"""The `ringfence` command."""

from __future__ import annotations

import dataclasses
import gc
import json
import logging
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from firmware.wiring import Wiring

CONFIG = Path("/etc/ringfence/ringfence.toml")
TURN_SECONDS = 0.00005
"""For how long a thread keeps the interpreter from another: short beside a verdict (CPython's own is 5 ms)."""

SIGNAL_SECONDS = 1.0
"""CPython hears of a signal that comes as a wait begins only when the wait is over."""

config = click.option(
    "--config", type=click.Path(path_type=Path, dir_okay=False), help=f"The wiring file. Default: {CONFIG}."
)
data = click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="The data folder.")
pins = click.option("--pins", help="auto (this Pi's), mock (simulated), or mock:FILE to record each edge.")
http = click.option("--http", metavar="HOST:PORT", help="Where the page listens.")


def wiring_from(config: Path | None, **given: Any) -> Wiring:
    from firmware.wiring import load_wiring

    path = config or (CONFIG if CONFIG.exists() else None)
    try:
        return load_wiring(path, **given)
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{path or 'settings'}: {error}") from error


class Commands(click.Group):
    """The commands of the firmware, and those that other packages add through entry points."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        from importlib.metadata import entry_points

        return sorted({*super().list_commands(ctx), *entry_points(group="ringfence.commands").names})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        command = super().get_command(ctx, cmd_name)
        if command is None:
            from importlib.metadata import entry_points

            for entry in entry_points(group="ringfence.commands", name=cmd_name):
                command = entry.load()
        return command


@click.group(cls=Commands)
def main() -> None:
    """Ringfence, a call blocker for landlines."""


@main.command()
@config
@data
@click.option("--port", "modem_port", help="The modem's serial port, usb:VID:PID, or auto.")
@http
@pins
def run(config: Path | None, **given: Any) -> None:
    """Guard the line until told to stop."""
    _log()
    if _guard(wiring_from(config, **given)):
        _begin_anew()


@main.command()
@data
@http
@click.option("--pace", default=8.0, show_default=True, help="Seconds between two calls.")
def demo(data: Path | None, http: str | None, pace: float) -> None:
    """Guard a simulated line on which varied callers keep ringing."""
    from firmware.lines.demo import simulated_callers

    _log()
    data = data or Path(".demo")
    with simulated_callers(data, pace) as port:
        wiring = wiring_from(None, data=data, http=http or "127.0.0.1:8080", pins="mock", modem_port=port)
        again = _guard(wiring)
    if again:
        _begin_anew()


def _log() -> None:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")


def _begin_anew() -> None:
    """Start this command again. A service is started again by systemd, which sees it end."""
    if "NOTIFY_SOCKET" not in os.environ:
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - as it was called


def _guard(wiring: Wiring) -> bool:
    """Run the appliance and its services until SIGTERM or SIGINT, or until the owner wants it to begin anew: True."""
    from firmware.appliance import Appliance
    from firmware.board.pins import NoPins

    sys.setswitchinterval(TURN_SECONDS)
    gc.disable()
    stop, again = threading.Event(), threading.Event()

    def begin_anew() -> None:
        again.set()
        stop.set()

    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    try:
        with Appliance(wiring, on_restart=begin_anew) as appliance, ExitStack() as services:
            appliance.start()
            from importlib.metadata import entry_points  # the line does not wait for it

            for service in entry_points(group="ringfence.services"):
                services.enter_context(service.load()(appliance))
            gc.freeze()  # what start-up made stays: the collector need not go through it while a call rings
            gc.enable()
            appliance.ready()
            while not stop.wait(SIGNAL_SECONDS):
                pass
    except (NoPins, OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    return again.is_set()


@main.command()
@config
@data
@pins
def doctor(config: Path | None, **given: Any) -> None:
    """Check modem, pins, permissions, storage and clock, and say what to do about each."""
    from firmware.doctor import examine

    findings = list(examine(wiring_from(config, **given)))
    for finding in findings:
        click.echo(f"{finding.verdict:5} {finding.part}: {finding.says}")
        if finding.advice:
            click.echo(f"      → {finding.advice}")
    sys.exit(any(finding.verdict == "fail" for finding in findings))


@main.command()
def decode() -> None:
    """Read a modem transcript on standard input; print one JSON object for each ring and caller ID."""
    from firmware.callerid.transcript import decode as decoded

    def chunks() -> Iterator[bytes]:
        while chunk := os.read(sys.stdin.fileno(), 4096):
            yield chunk

    for event in decoded(chunks()):
        click.echo(json.dumps(event, ensure_ascii=False))


@main.command()
@click.argument("number")
@config
@data
@click.option(
    "--at", type=click.DateTime(), help="A moment on the owner's clock, as 2026-07-01T12:40:00. Default: now."
)
@click.option("--line", default="modem", show_default=True, help="The line on which the call comes.")
@click.option("--json", "as_json", is_flag=True, help="As the API gives it.")
def explain(
    number: str, config: Path | None, data: Path | None, at: datetime | None, line: str, as_json: bool
) -> None:
    """Say who NUMBER is, how a call from it would be judged, and why."""
    from firmware.calls.log import MOST_RECALLED
    from firmware.calls.replay import recall
    from firmware.household import caller_at, paused_until, screening_from
    from firmware.lists.shelf import lists_in
    from firmware.screening import explain as explained
    from firmware.store import open_store

    wiring = wiring_from(config, data=data)
    try:
        with open_store(wiring.data / "store.journal", read_only=True) as db:
            screening = screening_from(db)
            screening.paused = paused_until(db)
            screening.lists = lists_in(db, wiring.data / "lists")
        with (
            suppress(FileNotFoundError),
            open_store(wiring.data / "calls.journal", read_only=True) as db,
        ):
            said = dict(db.table("remarks").raw())
            calls = reversed(db.table("calls").newest(MOST_RECALLED))
            recall(({**call, **said.get(call.doc_id, {})} for call in calls), screening)
    except OSError as error:
        raise click.ClickException(str(error)) from error
    try:
        moment = at and at.replace(tzinfo=screening.policy.zone).astimezone()
        path = explained(screening, caller_at(screening, number, line, moment))
    except (ValueError, OverflowError) as error:
        raise click.ClickException(f"{at}: {error}") from error
    if as_json:
        click.echo(json.dumps(path, ensure_ascii=False))
        return
    doubt = "" if path["possible"] else ", which is no possible number"
    click.echo(f"{path['presented']} is understood as {path['number']}{doubt}.")
    known = {name: value for name, value in path["who"].items() if value}
    click.echo(f"Who: {', '.join(f'{name} {value}' for name, value in known.items())}")
    is_ = "is"
    for step in path["steps"]:
        if step["matched"]:
            by = f" by {step['match']}" if step["match"] else ""
            click.echo(f"  {step['step']}: {is_} {step['action']}{by}")
            is_ = "would be"
        else:
            click.echo(f"  {step['step']}: no")
    click.echo(f"Verdict: {path['verdict']['action']}")


@main.command()
@click.argument("calls", type=click.File("r", encoding="utf-8-sig"))
@config
@data
@click.option(
    "--rules", "backup", type=click.File("r", encoding="utf-8"), help="A backup with the rules to try."
)
@click.option("--pools", is_flag=True, help="Block pools of look-alikes as they are found, and list them.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line; the last has the totals.")
def replay(
    calls: IO[str],
    config: Path | None,
    data: Path | None,
    backup: IO[str] | None,
    pools: bool,
    as_json: bool,
) -> None:
    """Judge the recorded CALLS (CSV: time,number,name) by the rules that are kept, or by those of a backup."""
    from firmware.backups.backup import NoBackup, read
    from firmware.calls.replay import from_csv
    from firmware.calls.replay import replay as judged
    from firmware.household import screening_from, screening_over
    from firmware.lists.shelf import lists_in
    from firmware.screening import Wish
    from firmware.store import open_store

    try:
        if backup:
            screening = screening_over(read(backup)[0])
        else:
            folder = wiring_from(config, data=data).data
            with open_store(folder / "store.journal", read_only=True) as db:
                screening = screening_from(db)
                screening.lists = lists_in(db, folder / "lists")
        if pools:
            screening.policy = dataclasses.replace(screening.policy, pools=Wish.BLOCK)
        totals: Counter[str] = Counter()
        last = datetime.now(UTC)
        for call, verdict in judged(from_csv(calls, screening.policy.zone), screening):
            last = call.at
            totals[f"{verdict.action} {verdict.reason}"] += 1
            at, caller = call.at.isoformat(timespec="seconds"), call.number or call.absence or "-"
            if as_json:
                shown = {"time": at, "number": call.number, "name": call.name, "verdict": asdict(verdict)}
                click.echo(json.dumps(shown, ensure_ascii=False))
            else:
                by = f" by {verdict.match}" if verdict.match else ""
                click.echo(f"{at}  {caller:20}  {verdict.action}: {verdict.reason}{by}")
    except (OSError, NoBackup, ValueError) as error:
        raise click.ClickException(str(error)) from error
    found = screening.found_pools(last) if pools else []
    if as_json:
        listed = {"pools": [pool._asdict() for pool in found]} if pools else {}
        click.echo(json.dumps({"totals": totals, **listed}))
    else:
        for pool in found:
            click.echo(
                f"pool {pool.match}: {pool.numbers} numbers, {pool.hung_up} hung up on, {pool.wanted} wanted, "
                f"{pool.stopped} calls blocked"
            )
        click.echo(f"{totals.total()} calls")
        for what, count in totals.most_common():
            click.echo(f"{count:8} {what}")


@main.command()
@click.argument("file", type=click.File("w", encoding="utf-8"))
@config
@data
@click.option(
    "--calls/--no-calls", default=True, show_default=True, help="Whether the call log goes with it."
)
def backup(file: IO[str], config: Path | None, data: Path | None, calls: bool) -> None:
    """Write rules, contacts, passes, lists, settings and calls into one readable FILE (- is standard output)."""
    from firmware.backups.backup import written
    from firmware.store import open_store

    folder = wiring_from(config, data=data).data
    try:
        with (
            open_store(folder / "store.journal", read_only=True) as wishes,
            open_store(folder / "calls.journal", read_only=True) as log,
        ):
            file.writelines(written(wishes, log if calls else None, folder / "lists"))
    except OSError as error:
        raise click.ClickException(str(error)) from error


@main.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
@config
@data
def restore(file: IO[str], config: Path | None, data: Path | None) -> None:
    """Take over a backup FILE in place of all that is kept; the appliance must be stopped meanwhile."""
    from firmware.backups.backup import read, restore_calls
    from firmware.household import Household
    from firmware.lists.saving import Texts
    from firmware.lists.shelf import restore_lists
    from firmware.store import open_store

    folder = wiring_from(config, data=data).data
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (
            Texts(folder / "lists") as texts,
            open_store(folder / "store.journal") as wishes,
            open_store(folder / "calls.journal") as log,
        ):
            tables, skipped = read(file, None, texts)
            kept = Household(wishes).restore(tables)
            kept["lists"] = restore_lists(wishes, tables.get("lists", {}), texts)
            kept["calls"] = 0 if len(log.table("calls")) else restore_calls(log, tables)
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(", ".join(f"{count} {table}" for table, count in kept.items()))
    if skipped:
        click.echo(f"{skipped} lines made no sense and were left out.")


@main.command()
@config
@pins
def release(config: Path | None, pins: str | None) -> None:
    """Connect handset and line, whatever state the appliance died in."""
    from firmware.board.keeper import release as connect
    from firmware.board.pins import NoPins

    try:
        connect(wiring_from(config, pins=pins).pins)
    except NoPins as error:
        raise click.ClickException(str(error)) from error


@main.command()
@config
@data
@http
@click.option("--print", "printing", is_flag=True, help="Print Kamailio's configuration and do nothing else.")
@click.option(
    "--trial", "trying", is_flag=True, help="Start Redis, Kamailio and Ringfence on loopback, to try it."
)
def sip_proxy(config: Path | None, data: Path | None, http: str | None, printing: bool, trying: bool) -> None:
    """Stand between the provider's trunk and the handsets, as the wiring file says under [proxy]."""
    from firmware.lines.sip.proxy.config import configuration, token
    from firmware.lines.sip.proxy.kamailio import Refused, serve
    from firmware.lines.sip.proxy.settings import located, proxy_from

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    if trying:
        _try_proxy(data or Path(".trial"), http)
        return
    wiring = wiring_from(config, data=data)
    folder = wiring.data / "proxy"
    try:
        proxy = proxy_from(wiring)
        if proxy is None:
            raise ValueError("the wiring file names no provider under [proxy]")
        if not printing:
            sys.exit(serve(proxy, folder))
        if proxy.tunnel:
            raise ValueError(
                "the certificate of a provider over TLS is checked by `ringfence sip-proxy` as long as it runs: "
                "run that on each machine, with this wiring file, in place of what would be printed here"
            )
        if proxy.over_tls and not proxy.certificate:
            raise ValueError("Kamailio speaks TLS with a certificate only: name one under [proxy]")
        found = located(proxy)
        click.echo(configuration(found, token(folder)))
        if not any(proxy.provider.host in way for way in found.ways):
            click.echo(
                f"{proxy.provider.host} is known at {', '.join(found.ways)}, and what is printed looks for no others: "
                "calls from those reach phones that have registered, and not the `handset`. Print it again when they "
                "change, or run `ringfence sip-proxy` there, which looks each minute.",
                err=True,
            )
    except ValueError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(os.EX_CONFIG)
    except (Refused, OSError) as error:
        raise click.ClickException(str(error)) from error


def _try_proxy(data: Path, http: str | None) -> None:
    from firmware.lines.demo import simulated_callers
    from firmware.lines.sip.proxy.kamailio import Refused
    from firmware.lines.sip.trial import HOW, trial

    try:
        with simulated_callers(data, 60.0) as port:
            wiring = wiring_from(None, data=data, http=http or "127.0.0.1:8080", pins="mock", modem_port=port)
            with trial(wiring) as wired:
                click.echo(HOW)
                _guard(wired)
    except (Refused, OSError) as error:
        raise click.ClickException(str(error)) from error


@main.command()
def version() -> None:
    """Print the version."""
    from importlib.metadata import version as package_version

    click.echo(f"ringfence {package_version('ringfence')}")


if __name__ == "__main__":
    main()
