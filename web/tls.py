"""TLS for waitress, which has none: connections that shake hands, read and write through `ssl` without ever waiting.

One port serves both. What does not begin as TLS does (a handshake record, RFC 8446, clause 5.1) is served in plain, and
the guard sends it to the same address over https.
"""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress
from copy import copy
from enum import Enum, auto
from typing import Any, ClassVar

from waitress.channel import HTTPChannel

HANDSHAKE = b"\x16"


class Stage(Enum):
    """How far a connection has come."""

    UNKNOWN = auto()
    SHAKING = auto()
    SECURE = auto()
    PLAIN = auto()


class NothingYet(Exception):
    """There is no whole record to read."""


class SecureChannel(HTTPChannel):  # type: ignore[misc]
    """A connection over TLS, or one that has to be told of it."""

    context: ClassVar[ssl.SSLContext]

    socket: Any
    adj: Any
    will_close: bool
    connected: bool

    def __init__(self, *given: Any, **named: Any) -> None:
        self._stage = Stage.UNKNOWN
        self._waits_to_write = False
        self._using = threading.Lock()  # a connection of OpenSSL is used by one thread at a time
        super().__init__(*given, **named)

    def readable(self) -> bool:
        if self._stage is Stage.SHAKING:
            return not (self.will_close or self._waits_to_write)
        return bool(super().readable())

    def writable(self) -> bool:
        if self._stage is Stage.SHAKING:
            return self.will_close or self._waits_to_write
        return bool(super().writable())

    def handle_write(self) -> None:
        if self._stage is Stage.SHAKING and not self.will_close:
            self._shake_hands()
        else:
            super().handle_write()

    def handle_read(self) -> None:
        if self._stage is Stage.UNKNOWN:
            self._look()
        if self._stage is Stage.SHAKING:
            self._shake_hands()
        with suppress(NothingYet):
            if self._stage in (Stage.SECURE, Stage.PLAIN) and self.connected:
                super().handle_read()
            while self._stage is Stage.SECURE and self.connected and self.socket.pending():
                super().handle_read()

    def recv(self, buffer_size: int) -> bytes:
        try:
            with self._using:
                data: bytes = self.socket.recv(buffer_size)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError, BlockingIOError) as error:
            raise NothingYet from error
        except OSError:
            data = b""
        if not data:
            self.handle_close()
        return data

    def send(self, data: bytes, do_close: bool = True) -> int:
        try:
            with self._using:
                return int(self.socket.send(data))
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError, BlockingIOError):
            return 0
        except OSError:
            if do_close:
                self.handle_close()
            return 0

    def _look(self) -> None:
        try:
            first = self.socket.recv(1, socket.MSG_PEEK)
            if first == HANDSHAKE:
                self.socket = self.context.wrap_socket(
                    self.socket, server_side=True, do_handshake_on_connect=False
                )
        except BlockingIOError:
            return
        except OSError:
            first = b""
        if not first:
            self.handle_close()
        elif first == HANDSHAKE:
            self.adj = copy(self.adj)
            self.adj.url_scheme = "https"
            self._stage = Stage.SHAKING
        else:
            self._stage = Stage.PLAIN

    def _shake_hands(self) -> None:
        try:
            self.socket.do_handshake()
        except ssl.SSLWantReadError:
            self._waits_to_write = False
        except ssl.SSLWantWriteError:
            self._waits_to_write = True
        except OSError:
            self.handle_close()
        else:
            self._stage = Stage.SECURE
