"""`ringfence sip-proxy --trial`: Redis, Kamailio and the appliance on one machine."""

from __future__ import annotations

import time
from http.client import HTTPConnection
from pathlib import Path

from running import COMMAND, free_port
from sipp import House, calls, handset, number
from started import ended, started

from firmware.lines.sip.trial import PHONE, PROVIDER, PROXY


def answers(port: int) -> bool:
    """Whether there is a page at a port."""
    page = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        page.request("GET", "/")
        return page.getresponse().status < 400
    except OSError:
        return False
    finally:
        page.close()


def test_the_whole_of_it_starts_with_one_command_and_passes_a_call(tmp_path: Path) -> None:
    house, port = House(), free_port()
    house.proxy, house.provider, house.handset = PROXY, PROVIDER, PHONE
    command = [
        *COMMAND,
        "sip-proxy",
        "--trial",
        "--data",
        str(tmp_path / "data"),
        "--http",
        f"127.0.0.1:{port}",
    ]
    log = tmp_path / "log"
    process = started(command, log)
    try:
        until = time.monotonic() + 120
        while b"line proxy: guarding" not in log.read_bytes() or not answers(port):
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)
        with handset(tmp_path, PHONE), calls(tmp_path, house, [number("+8613800000001")]) as caller:
            assert caller.wait(), caller.errors
            assert "passed" in caller.log
    finally:
        ended(process, 30)
    assert process.returncode == 0
