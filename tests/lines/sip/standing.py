"""A proxy as it stands in a house: Kamailio itself, with a line that answers it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from running import free_port
from sipp import House
from started import started

from firmware.call import Action, Call, Reason, Verdict
from firmware.lines.sip.proxy.config import token
from firmware.lines.sip.proxy.kamailio import command, with_certificate
from firmware.lines.sip.proxy.line import ProxyLine
from firmware.lines.sip.proxy.settings import proxy_from
from firmware.wiring import Wiring


class Standing:
    """Kamailio for a house, in `folder`."""

    def __init__(self, folder: Path, house: House, **wishes: Any) -> None:
        self.folder, self.house, self.events = folder, house, free_port()
        self.wiring = Wiring(
            **{
                "proxy_handsets": (f"{house.handset}/32", f"{house.handset2}/32"),
                "proxy_provider": f"{house.provider}:5060",
                "proxy_handset": f"{house.handset}:5060",
                "proxy_listen": (f"udp:{house.proxy}:5060", f"tcp:{house.proxy}:5060"),
                "proxy_events": self.events,
                **wishes,
            },
        )
        self.start()

    def start(self) -> None:
        proxy = proxy_from(self.wiring)
        assert proxy
        folder = self.folder / "proxy"
        whole = command(with_certificate(proxy, folder), folder)
        self.process = started(whole, self.folder / "kamailio.log", start_new_session=True)
        until = time.monotonic() + 60
        while not self.answers():
            assert self.process.poll() is None, self.log
            assert time.monotonic() < until, self.log
            time.sleep(0.05)

    def answers(self) -> bool:
        """Whether it answers the provider's OPTIONS."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as provider:
            provider.bind((self.house.provider, 0))
            provider.settimeout(0.3)
            port = provider.getsockname()[1]
            lines = (
                f"OPTIONS sip:{self.house.proxy} SIP/2.0",
                f"Via: SIP/2.0/UDP {self.house.provider}:{port};branch=z9hG4bK{time.monotonic_ns()};rport",
                f"From: <sip:{self.house.provider}>;tag=1",
                f"To: <sip:{self.house.proxy}>",
                f"Call-ID: {time.monotonic_ns()}",
                "CSeq: 1 OPTIONS",
                "Max-Forwards: 10",
                "Content-Length: 0",
                "",
                "",
            )
            try:
                provider.sendto("\r\n".join(lines).encode(), (self.house.proxy, 5060))
                return provider.recv(4096).startswith(b"SIP/2.0 200")
            except OSError:
                return False

    @property
    def log(self) -> str:
        return (self.folder / "kamailio.log").read_text("utf-8", "replace")

    def kill(self) -> None:
        """As the system does when the unit's main process has died."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        until = time.monotonic() + 30
        with suppress(ProcessLookupError):
            while time.monotonic() < until:
                os.killpg(self.process.pid, 0)
                time.sleep(0.01)

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class Judge:
    """Blocks the numbers that are `unwanted`, on a line of its own. `heard`: the calls, in their last state. It says
    nothing as long as it is `slow`."""

    def __init__(self, standing: Standing, unwanted: Sequence[str] = ()) -> None:
        self.unwanted = set(unwanted)
        self.heard: list[Call] = []
        self.slow = threading.Event()
        self.line = ProxyLine(
            port=standing.events, token=token(standing.folder / "proxy"), on_calls=self._calls
        )
        self.line.start()

    def _calls(self, calls: Sequence[Call]) -> None:
        for call in calls:
            if call not in self.heard:
                self.heard.append(call)
            unwanted = call.caller_id is not None and call.caller_id.number in self.unwanted
            call.verdict = Verdict(Action.BLOCK if unwanted else Action.ALLOW, Reason.DEFAULT)
            while self.slow.is_set():
                time.sleep(0.01)
            if unwanted and not call.over:
                self.line.reject(call, "cut")

    @property
    def guards(self) -> bool:
        return self.line.state.state == "guarding"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.slow.clear()
        self.line.close()
