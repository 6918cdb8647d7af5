"""The one way to the registrar. What comes from anywhere else is dropped unread, and nothing is sent anywhere else.

A link is what the stack of `sippy` calls a server: it hands messages to `uopts.data_callback` and sends others.
"""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from sippy.Core.EventDispatcher import ED2
from sippy.Network_server import Remote_address
from sippy.SipURL import SipURL
from sippy.Time.MonoTime import MonoTime

from firmware.lines.sip.account import Account
from firmware.lines.sip.agent.framing import Broken, Frames, headers_of, text_of
from firmware.lines.sip.targets import Target, in_uri, targets
from firmware.lines.sip.tls import wrapped

CONNECT_SECONDS = 8.0
"""For all targets together."""
SEND_SECONDS = 3.0
LARGEST_DATAGRAM = 1 << 16
MOST_A_SECOND = 100
NOT_YET = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
KEEPALIVE = b"\r\n\r\n"
"""RFC 5626 clause 4.4.1; over UDP it keeps the way through a NAT open, and is no message."""


class Lost(Exception):
    """There is no way to the registrar: the argument is the fault's code."""


class Link:
    """What both kinds of link share.

    `heard`: the headers of the message that is being taken in; `on_broken` is told when one came that cannot be.
    `outer`: where the registrar sees us, another address than `local` behind a NAT. `others`: whether there are further
    targets where this one fails.
    """

    def __init__(self, transport: str, peer: Target, local: Target) -> None:
        self.transport = transport
        self.peer = peer
        self.local = self.outer = local
        self.others = False
        self.heard: list[tuple[str, str]] = []
        self.uopts: Any = None
        self.on_lost: Callable[[str], None] = lambda fault: None
        self.on_broken: Callable[[MonoTime], None] = lambda at: None
        self._pace = Pace(MOST_A_SECOND)

    def opened(self, _config: object, options: Any) -> Link:
        """The stack opens its servers itself; this one is open already."""
        self.uopts = options
        options.laddress = bracketed(self.local)
        return self

    def begin(self) -> None:
        threading.Thread(target=self._receive, name="link", daemon=True).start()

    def getSIPaddr(self) -> tuple[tuple[str, int], str]:  # noqa: N802 - the stack's name
        return bracketed(self.local), self.transport

    def contact(self, user: str) -> SipURL:
        """Where we are to be reached."""
        host, port = bracketed(self.outer)
        transport = None if self.transport == "udp" else self.transport
        return SipURL(username=user, host=host, port=port, transport=transport)

    def addr2str(self, address: tuple[str, int]) -> str:
        return f"{self.transport}:{address[0]}:{address[1]}"

    def shutdown(self) -> None:
        """The stack tries each server once before it uses it; the link ends with the process."""

    def send_to(self, message: str | bytes, address: tuple[str, int]) -> None:
        """Send a message to the registrar, whatever other address it may name."""
        data = message.encode("utf-8", "replace") if isinstance(message, str) else message
        try:
            self._send(data, address)
        except OSError:
            self._failed()

    def keep_alive(self) -> None:
        self.send_to(KEEPALIVE, self.peer)

    def _send(self, data: bytes, address: tuple[str, int], /) -> None:
        raise NotImplementedError

    def _failed(self) -> None:
        raise NotImplementedError

    def _receive(self) -> None:
        raise NotImplementedError

    def _arrived(self, data: bytes) -> None:
        """On the stack's thread: hand a message over. Whatever is wrong with one, it is that one that is lost."""
        text, at = text_of(data), MonoTime()
        self.heard = headers_of(text)
        try:
            self.uopts.data_callback(text, Remote_address(bracketed(self.peer), self.transport), self, at)
        except Exception:
            self.on_broken(at)


class Datagrams(Link):
    """UDP, from a port of ours to the registrar's; it answers from its address, at whatever port."""

    def __init__(self, peer: Target, port: int) -> None:
        family = socket.AF_INET6 if ":" in peer[0] else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        here = local_address(peer)
        try:
            self._socket.bind((here, port))
        except OSError:
            self._socket.bind((here, 0))
        super().__init__("udp", peer, self._socket.getsockname()[:2])

    def _send(self, data: bytes, address: tuple[str, int], /) -> None:
        host, port = address
        same = host.strip("[]") == self.peer[0]
        self._socket.sendto(data, (self.peer[0], port) if same else self.peer)

    def _failed(self) -> None:
        """A datagram that cannot be sent is one that is lost: the stack sends it again."""

    def _receive(self) -> None:
        while True:
            try:
                data, address = self._socket.recvfrom(LARGEST_DATAGRAM)
            except OSError:  # an ICMP error of an earlier datagram
                continue
            if address[0] == self.peer[0] and data.strip(b"\r\n\0") and self._pace.allows():
                ED2.callFromThread(self._arrived, data)


class Stream(Link):
    """TCP or TLS, one connection that we make; the registrar's requests come over it as well."""

    def __init__(self, account: Account, peer: Target, patience: float) -> None:
        connection = socket.create_connection(peer, patience)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 20_000)
        if account.transport != "tcp":
            connection = wrapped(connection, account.next_hop[0], checked=account.transport == "tls")
        connection.setblocking(False)
        self._connection = connection
        self._turn = threading.Lock()
        transport = "tcp" if account.transport == "tcp" else "tls"
        super().__init__(transport, peer, connection.getsockname()[:2])

    def _send(self, data: bytes, _address: tuple[str, int], /) -> None:
        """Raises OSError, TimeoutError when it takes longer than SEND_SECONDS."""
        until = time.monotonic() + SEND_SECONDS
        while data:
            with self._turn, contextlib.suppress(*NOT_YET):
                data = data[self._connection.send(data) :]
                continue
            left = until - time.monotonic()
            if left <= 0 or not self._ready(select.POLLOUT, left):
                raise TimeoutError

    def _read(self) -> bytes:
        """What has come; nothing where the connection is over. Only one thread at a time may use a TLS connection."""
        while True:
            with self._turn, contextlib.suppress(*NOT_YET):
                return self._connection.recv(1 << 14)
            self._ready(select.POLLIN, SEND_SECONDS)

    def _ready(self, event: int, seconds: float) -> bool:
        poll = select.poll()
        poll.register(self._connection, event)
        return bool(poll.poll(seconds * 1e3))

    def _failed(self) -> None:
        self.on_lost("sip_lost")

    def _receive(self) -> None:
        frames = Frames()
        while True:
            try:
                data = self._read()
            except OSError:
                data = b""
            try:
                for message in frames.feed(data):
                    while not self._pace.allows():
                        time.sleep(0.02)
                    ED2.callFromThread(self._arrived, message)
            except Broken:
                data = b""
            if not data:
                ED2.callFromThread(self.on_lost, "sip_lost")
                return


class Pace:
    """No more than so many in a second, and twice as many at once."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._left = 2 * rate
        self._at = time.monotonic()

    def allows(self) -> bool:
        now = time.monotonic()
        self._left = min(2 * self._rate, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


def connect(account: Account, port: int, failed: Sequence[Target] = ()) -> Link:
    """The link of an account, on our UDP `port` if it is free. Raises Lost.

    Of several targets those that have `failed` come last, the one that failed last at the very end.
    """
    try:
        found = targets(*account.next_hop, account.transport.removesuffix("-unchecked"))
    except OSError as error:
        raise Lost("sip_unknown_host") from error
    found.sort(key=lambda target: failed.index(target) + 1 if target in failed else 0)
    trouble: OSError = OSError()
    for target in found:
        try:
            link = (
                Datagrams(target, port)
                if account.transport == "udp"
                else Stream(account, target, CONNECT_SECONDS / len(found))
            )
        except OSError as error:
            trouble = error
        else:
            link.others = len(found) > 1
            return link
    certificate = isinstance(trouble, ssl.SSLCertVerificationError)
    raise Lost("sip_certificate" if certificate else "sip_unreachable") from trouble


def local_address(peer: tuple[str, int]) -> str:
    """Our address on the way to `peer`. Raises OSError."""
    family = socket.AF_INET6 if ":" in peer[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect(peer)
        return str(probe.getsockname()[0])


def bracketed(address: tuple[str, int]) -> tuple[str, int]:
    host, port = address
    return in_uri(host), port
