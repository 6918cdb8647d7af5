"""The owner restarts the appliance: by itself where nobody watches over it, through systemd where that does."""

import socket
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path

import pytest
from running import Running

Wait = Callable[..., None]


def uptime(running: Running) -> float:
    """Seconds since it began, or infinity while it does not answer."""
    try:
        return float(running.get("status")["uptime_s"])
    except (OSError, HTTPException):
        return float("inf")


def test_it_begins_anew_as_the_same_process(tmp_path: Path, wait_until: Wait) -> None:
    with Running(tmp_path, "/dev/none") as running:
        wait_until(lambda: uptime(running) < 60, 20)
        wait_until(lambda: uptime(running) > 2, 20)
        assert running.request("POST", "restart") == (202, None)
        wait_until(lambda: uptime(running) < 2, 30)
        assert running.process.poll() is None
        assert running.edges("relay")[-1:] != [1]
        assert "restarting, as the owner asks" in running.log()


def test_under_systemd_it_ends_and_is_started_again_by_that(
    tmp_path: Path, wait_until: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        with Running(tmp_path, "/dev/none") as running:
            wait_until(lambda: uptime(running) < 60, 20)
            assert running.request("POST", "restart") == (202, None)
            assert running.process.wait(20) == 0
        systemd.settimeout(1)
        told = b""
        while b"STOPPING=1" not in told:
            told = systemd.recv(4096)
