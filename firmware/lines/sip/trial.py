"""What stands beyond one box, on one machine and on loopback: Redis, Kamailio, and the wiring for Ringfence."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from firmware.lines.sip.proxy.kamailio import command
from firmware.lines.sip.proxy.settings import proxy_from
from firmware.wiring import Wiring

PROXY, PROVIDER, PHONE = "127.60.0.1", "127.60.0.2", "127.60.0.3"
START_SECONDS = 20.0

HOW = f"""\
The proxy is at {PROXY}, the provider at {PROVIDER}, the phone at {PHONE}, all at port 5060. For example:
  sipp -sn uas -i {PHONE} -p 5060
  sipp -sn uac -i {PROVIDER} -p 5060 -m 1 {PROXY}:5060
A caller is who P-Asserted-Identity or From says; sipp's own scenario has no number."""


@contextmanager
def trial(wiring: Wiring) -> Iterator[Wiring]:
    """Redis and Kamailio run as long as this lasts; gives the wiring for the appliance beside them.

    Raises OSError where one of them is not installed or does not start, Refused as `command`.
    """
    redis = shutil.which("redis-server")
    if redis is None:
        raise FileNotFoundError("redis-server is not installed")
    port = _free_port()
    wired = replace(
        wiring,
        proxy_provider=f"{PROVIDER}:5060",
        proxy_handsets=(f"{PHONE}/32",),
        proxy_handset=f"{PHONE}:5060",
        proxy_listen=(f"udp:{PROXY}:5060", f"tcp:{PROXY}:5060"),
        proxy_redis=(f"redis://127.0.0.1:{port}",),
    )
    proxy = proxy_from(wired)
    if proxy is None:
        raise ValueError("proxy.provider")
    folder = wiring.data / "proxy"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    options = ["--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder), "--save", ""]
    with ExitStack() as running:
        for program in ([redis, *options, "--loglevel", "warning"], command(proxy, folder)):
            process = subprocess.Popen(program)  # noqa: S603 - no shell
            running.callback(_stop, process)
        _wait_for(port)
        yield wired


def _wait_for(port: int) -> None:
    """Until somebody listens at a TCP port. Raises OSError."""
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1.0).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5.0)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
