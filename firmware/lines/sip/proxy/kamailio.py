"""Kamailio as a program: its configuration written and checked before it is used, and the command that runs it."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
from dataclasses import replace
from pathlib import Path

from firmware.lines.sip.proxy import certificate
from firmware.lines.sip.proxy.addresses import Addresses
from firmware.lines.sip.proxy.config import configuration, token
from firmware.lines.sip.proxy.settings import Proxy, located

log = logging.getLogger(__name__)

PROGRAM = "/usr/sbin/kamailio"
SHARED_MB, PRIVATE_MB = 32, 8
CHECK_SECONDS = 30.0
STOP_SECONDS = 4.0


class Refused(Exception):
    """Kamailio does not accept the configuration; says why."""


def serve(proxy: Proxy, folder: Path) -> int:
    """Run the proxy until it ends or we are told to end (SIGTERM); gives its exit status. Raises Refused, OSError."""
    proxy = with_certificate(proxy, folder)
    program = command(proxy, folder)
    if proxy.tunnel:
        from firmware.lines.sip.proxy.tunnel import CONNECT_SECONDS, Tunnel  # few providers speak TLS

        tunnel = Tunnel(proxy)
        tunnel.start()
        tunnel.listening.wait(CONNECT_SECONDS)
    Addresses(proxy, folder).start()
    kamailio = subprocess.Popen(program)  # noqa: S603 - no shell
    signal.signal(signal.SIGTERM, lambda *_: kamailio.terminate())
    try:
        return kamailio.wait()
    finally:
        kamailio.terminate()
        try:
            kamailio.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            kamailio.kill()


def with_certificate(proxy: Proxy, folder: Path) -> Proxy:
    """With one of its own where it speaks TLS and has none: without, Kamailio does not start. Raises OSError."""
    if proxy.certificate or not proxy.over_tls:
        return proxy
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    own, key = certificate.own(folder)
    return replace(proxy, certificate=own, key=key)


def command(proxy: Proxy, folder: Path) -> list[str]:
    """What runs the proxy in the foreground. Its files are kept in `folder`. Raises Refused, OSError.

    Where the provider's name cannot be looked up, or the new configuration is not accepted, the one that was used last
    serves on.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    used = folder / "kamailio.cfg"
    try:
        fresh = folder / "kamailio.new"
        _write(fresh, configuration(located(proxy), token(folder), folder))
        check(fresh)
        fresh.replace(used)
    except (Refused, OSError) as error:
        if not used.exists():
            raise
        log.error("the proxy goes on with the configuration that it used last: %s", error)
    memory = ["-m", str(SHARED_MB), "-M", str(PRIVATE_MB)]
    return [PROGRAM, "-f", str(used), "-DD", "-E", "-w", str(folder), "-Y", str(folder), *memory]


def check(config: Path) -> None:
    """Raises Refused where Kamailio does not accept `config`, OSError where it is not there."""
    try:
        done = subprocess.run(  # noqa: S603 - our own file, and no shell
            [PROGRAM, "-c", "-f", str(config), "-Y", str(config.parent)],
            capture_output=True,
            timeout=CHECK_SECONDS,
            check=False,
            cwd=config.parent,
        )
    except subprocess.TimeoutExpired as error:
        raise Refused("it takes too long") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace")
        errors = [line for line in said.splitlines() if "ERROR" in line or "CRITICAL" in line]
        raise Refused("; ".join(errors)[:1000] or said[-1000:])


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
