"""The way to a provider over TLS, whose certificate is checked here: Kamailio asks for no name in one (5.6 to 6.0).

    Kamailio ── TLS, on this machine ──► Tunnel ── TLS, checked ──► the provider's first server to prove itself

Whose certificate it has to be is in `firmware/lines/sip/tls.py`; where the servers are, in RFC 3263.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
import threading
import time
from contextlib import suppress

from firmware.lines.sip.proxy.settings import Proxy
from firmware.lines.sip.targets import targets
from firmware.lines.sip.tls import context, prove

log = logging.getLogger(__name__)

CONNECT_SECONDS = 4.0
READ_BYTES = 1 << 16
AGAIN_SECONDS = 1.0
KEEPALIVE = {
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE): 1,
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE): 25,
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL): 10,
    (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT): 20_000,
    (socket.IPPROTO_TCP, socket.TCP_NODELAY): 1,
}
"""A NAT keeps the connection, and one whose other end is gone is closed."""


class Tunnel(threading.Thread):
    """Takes Kamailio's connections for as long as the process lives. `proxy` has a certificate."""

    def __init__(self, proxy: Proxy) -> None:
        super().__init__(name="tunnel", daemon=True)
        self._port = proxy.tunnel
        self._provider = proxy.provider
        self._near = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._near.load_cert_chain(proxy.certificate, proxy.key)
        self._far = context()
        self.listening = threading.Event()

    def run(self) -> None:
        while True:
            try:
                asyncio.run(self._listen())
            except OSError as error:
                log.error("no way to the provider: %s", error)
            time.sleep(AGAIN_SECONDS)

    async def _listen(self) -> None:
        """At both loopback addresses; not every machine has IPv6. Raises OSError."""
        servers = [await asyncio.start_server(self._join, "127.0.0.1", self._port, ssl=self._near)]
        with suppress(OSError):
            servers.append(await asyncio.start_server(self._join, "::1", self._port, ssl=self._near))
        self.listening.set()
        await asyncio.gather(*(server.serve_forever() for server in servers))

    async def _join(self, near: asyncio.StreamReader, to_near: asyncio.StreamWriter) -> None:
        try:
            far, to_far = await self._reached()
        except OSError as error:
            log.error("the provider %s is not reached: %s", self._provider.host, error)
            to_near.close()
            return
        await asyncio.gather(_pass_on(near, to_far), _pass_on(far, to_near))

    async def _reached(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Raises OSError."""
        host = self._provider.bare
        trouble = OSError("it has no server")
        for address, port in await asyncio.to_thread(targets, host, self._provider.port or None, "tls"):
            connecting = asyncio.open_connection(address, port, ssl=self._far, server_hostname=host)
            try:
                far, to_far = await asyncio.wait_for(connecting, CONNECT_SECONDS)
            except OSError as error:
                trouble = error
                continue
            try:
                prove(to_far.get_extra_info("ssl_object"), host)
                for (level, option), value in KEEPALIVE.items():
                    to_far.get_extra_info("socket").setsockopt(level, option, value)
            except OSError as error:
                to_far.close()
                trouble = error
            else:
                return far, to_far
        raise trouble


async def _pass_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Until one of both ends: then the other is closed, and with it the opposite direction ends too."""
    with suppress(OSError):
        while data := await source.read(READ_BYTES):
            sink.write(data)
            await sink.drain()
    sink.close()
