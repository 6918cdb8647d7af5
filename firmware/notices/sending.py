"""Sending a notice without holding up a verdict: the work is a child process's (`python -m firmware.notices`)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from typing import Any

LONGEST_URL = 1000
SECONDS = 60.0
"""For which a message may take: a small Pi needs some ten of them before it connects."""
LOOK_SECONDS = 0.2
KEPT = ("PATH", "LANG", "TZ")
"""What of the environment the child has: no proxy, no credentials."""


class Unsent(Exception):
    """A message was not sent, with why in `code`.

    `url` (no service has such an address), `address` (it leads into a private network), `name` (the server is not
    found), `denied` (the server cannot be reached, or refuses the message), `timeout`, `error`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def service_of(url: str, *, lan: bool = False) -> str:
    """The name of the service that an address belongs to. Raises Unsent."""
    if not (0 < len(url) <= LONGEST_URL and url.isprintable() and " " not in url):
        raise Unsent("url")
    return _asked({"url": url, "lan": lan})


def send(
    url: str, title: str, body: str, *, lan: bool = False, cancelled: threading.Event | None = None
) -> None:
    """Send a text to an address. Raises Unsent, soon after `cancelled` too."""
    _asked({"url": url, "lan": lan, "title": title, "body": body}, cancelled)


def _asked(request: dict[str, Any], cancelled: threading.Event | None = None) -> str:
    command = [sys.executable, "-P", "-m", "firmware.notices"]
    with subprocess.Popen(  # noqa: S603 - our own interpreter and package
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={name: os.environ[name] for name in KEPT if name in os.environ},
    ) as child:
        try:
            said = _said(child, json.dumps(request).encode(), cancelled)
            answer = json.loads(said)
        except (OSError, ValueError) as error:
            raise Unsent("error") from error
        finally:
            child.kill()
    if "fault" in answer:
        raise Unsent(answer["fault"])
    return str(answer["service"])


def _said(child: subprocess.Popen[bytes], request: bytes | None, cancelled: threading.Event | None) -> bytes:
    until = time.monotonic() + SECONDS
    while True:
        try:
            return child.communicate(request, timeout=LOOK_SECONDS)[0]
        except subprocess.TimeoutExpired:
            request = None
            if time.monotonic() > until or (cancelled and cancelled.is_set()):
                raise Unsent("timeout") from None
