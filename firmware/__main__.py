"""The `ringfence` command."""

from __future__ import annotations

import json
import logging
import signal
import sys
import threading
from collections.abc import Iterator
from importlib.metadata import version as package_version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from firmware.settings import Wiring

CONFIG = Path("/etc/ringfence/ringfence.toml")

config = click.option(
    "--config", type=click.Path(path_type=Path, dir_okay=False), help=f"The wiring file. Default: {CONFIG}."
)
data = click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="The data folder.")
pins = click.option("--pins", help="auto (this Pi's), mock (simulated), or mock:FILE to record each edge.")
http = click.option("--http", metavar="HOST:PORT", help="Where the page listens.")


def wiring_from(config: Path | None, **given: Any) -> Wiring:
    from firmware.settings import load_wiring

    path = config or (CONFIG if CONFIG.exists() else None)
    try:
        return load_wiring(path, **given)
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{path or 'settings'}: {error}") from error


@click.group()
def main() -> None:
    """Ringfence, a call blocker for landlines."""


@main.command()
@config
@data
@click.option("--port", "modem_port", help="The modem's serial port, usb:VID:PID, or auto.")
@http
@pins
@click.option("--log-level", default="INFO", show_default=True)
def run(config: Path | None, log_level: str, **given: Any) -> None:
    """Guard the line until told to stop."""
    logging.basicConfig(level=log_level.upper(), format="%(levelname)s %(name)s: %(message)s")
    _guard(wiring_from(config, **given))


@main.command()
@data
@http
@click.option("--pace", default=8.0, show_default=True, help="Seconds between two calls.")
def demo(data: Path | None, http: str | None, pace: float) -> None:
    """Guard a simulated line on which varied callers keep ringing."""
    from firmware.lines.demo import simulated_callers

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    data = data or Path(".demo")
    with simulated_callers(data, pace) as port:
        wiring = wiring_from(None, data=data, http=http or "127.0.0.1:8080", pins="mock", modem_port=port)
        _guard(wiring, announce=True)


def _guard(wiring: Wiring, *, announce: bool = False) -> None:
    """Run the appliance and its page until SIGTERM or SIGINT."""
    from web.server import start_page

    from firmware.appliance import Appliance
    from firmware.board.pins import NoPins

    sys.setswitchinterval(0.001)
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    try:
        host, port = wiring.address
        appliance = Appliance(wiring)
    except (NoPins, OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    try:
        with start_page(appliance, host, port) as page:
            appliance.start()
            if announce:
                click.echo(f"The page: {page.address}\nSet-up code: {page.setup_code or 'already used'}")
            stop.wait()
    except OSError as error:
        raise click.ClickException(f"the page cannot listen on {wiring.http}: {error}") from error
    finally:
        appliance.close()


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
        while chunk := sys.stdin.buffer.read1():
            yield chunk

    for event in decoded(chunks()):
        click.echo(json.dumps(event, ensure_ascii=False))


@main.command()
@click.argument("number")
@config
@data
@click.option("--json", "as_json", is_flag=True, help="As the API gives it.")
def explain(number: str, config: Path | None, data: Path | None, as_json: bool) -> None:
    """Say how a call from NUMBER would be judged, and why."""
    from firmware.appliance import screening_from
    from firmware.screening import explain as explained
    from firmware.store import open_store

    wiring = wiring_from(config, data=data)
    try:
        with open_store(wiring.data / "store.journal", read_only=True) as db:
            path = explained(screening_from(db), number)
    except OSError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps(path, ensure_ascii=False))
        return
    click.echo(
        f"{path['presented']} is understood as {path['number']}"
        + ("" if path["possible"] else ", which is no possible number")
    )
    decided = False
    for step in path["steps"]:
        says = "does not apply"
        if step["matched"]:
            says = f"{'would be' if decided else 'is'} {step['action']}" + (
                f" by {step['match']}" if step["match"] else ""
            )
            decided = True
        click.echo(f"  {step['step']}: {says}")
    click.echo(f"Verdict: {path['verdict']['action']}")


@main.command()
@click.argument("name")
@config
@data
def token(name: str, config: Path | None, data: Path | None) -> None:
    """Print a new API token for NAME; it is not shown again."""
    from web.tokens import issue

    try:
        click.echo(issue(wiring_from(config, data=data).data, name))
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error


@main.command("setup-code")
@config
@data
def setup_code(config: Path | None, data: Path | None) -> None:
    """Print the code with which the page is claimed."""
    from web.access import setup_code as code

    click.echo(code(wiring_from(config, data=data).data) or "The page has been claimed.")


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
def version() -> None:
    """Print the version."""
    click.echo(f"ringfence {package_version('ringfence')}")


if __name__ == "__main__":
    main()
