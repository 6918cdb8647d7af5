"""Whence a running Kamailio takes requests and where it sends them: looked up again, since a provider changes its
addresses, and looked up here, since Kamailio lets every call wait for a DNS server that does not answer."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

from firmware.lines.sip.proxy.control import ask
from firmware.lines.sip.proxy.settings import Proxy, located

log = logging.getLogger(__name__)

LOOK_UP_SECONDS = 60.0
LINGER_SECONDS = 86_400.0
"""An address that DNS names no more is still that of calls under way, or comes back with the next answer of DNS."""


class Addresses(threading.Thread):
    """The networks of the provider and of the handsets, in the Kamailio whose files are in `folder`."""

    def __init__(self, proxy: Proxy, folder: Path) -> None:
        super().__init__(name="addresses", daemon=True)
        self._proxy = proxy
        self._folder = folder
        self._named: dict[tuple[str, str], float] = {}

    def run(self) -> None:
        while True:
            time.sleep(LOOK_UP_SECONDS)
            self.look_up()

    def look_up(self) -> None:
        """Have Kamailio know what DNS says now; where nothing can be learnt or told, all stays as it is."""
        try:
            found = located(self._proxy)
            self._keep("providers", found.networks)
            self._keep("handsets", found.handsets)
            self._follow("ways", found.ways)
            if found.station:
                self._follow("station", (found.station,))
        except OSError as error:
            log.warning("the addresses of the proxy stay as they are: %s", error)

    def _follow(self, kind: str, uris: tuple[str, ...]) -> None:
        """Raises OSError. Their order stays, so that a phone is answered by the server that knows it."""
        if set(uris) != set(ask(self._folder, "pv.shvGet", kind)["value"].split()):
            ask(self._folder, "pv.shvSet", kind, "str", " ".join(uris))

    def _keep(self, kind: str, networks: tuple[str, ...]) -> None:
        """Raises OSError."""
        now, known = time.monotonic(), ask(self._folder, "pv.shvGet", kind)["value"].split(",")
        for network in known:
            self._named.setdefault((kind, network), now)
        self._named |= dict.fromkeys(((kind, network) for network in networks), now)
        lately = [one for (of, one), at in self._named.items() if of == kind and now - at < LINGER_SECONDS]
        if set(lately) != set(known):
            ask(self._folder, "pv.shvSet", kind, "str", ",".join(lately))
