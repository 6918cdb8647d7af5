"""The owner restarts the appliance: by itself where nobody watches over it, through systemd where that does."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPException
from pathlib import Path

import pytest
from running import Running

Wait = Callable[..., None]


def began(running: Running) -> float:
    """The monotonic second at which it began, or minus infinity while it does not answer."""
    try:
        return time.monotonic() - float(running.get("status")["uptime_s"])
    except (OSError, HTTPException):
        return float("-inf")


def test_it_begins_anew_as_the_same_process(tmp_path: Path, wait_until: Wait) -> None:
    with Running(tmp_path, "/dev/none") as running:
        wait_until(lambda: began(running) > 0)
        asked = time.monotonic()
        assert running.request("POST", "restart") == (202, None)
        wait_until(lambda: began(running) > asked)
        assert running.process.poll() is None
        assert running.edges("relay")[-1:] != [1]
        assert "restarting, as the owner asks" in running.log()


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """What a service manager is told, which reads all of it."""
    told: list[bytes] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))

        def read() -> None:
            while message := manager.recv(4096):
                told.append(message)

        reader = threading.Thread(target=read)
        reader.start()
        yield told
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as last:
            last.sendto(b"", str(tmp_path / "notify"))
        reader.join()


def test_under_systemd_it_ends_and_is_started_again_by_that(
    tmp_path: Path, wait_until: Wait, told: list[bytes]
) -> None:
    with Running(tmp_path, "/dev/none") as running:
        wait_until(lambda: b"READY=1" in told)
        assert running.request("POST", "restart") == (202, None)
        assert running.process.wait(30) == 0
    assert b"STOPPING=1" in told
