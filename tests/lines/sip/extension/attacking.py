"""Somebody who sends what is hard to read to the port of a line."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterable, Iterator
from typing import Self

from torture import RFC4475, mutated, torture

PACE = 0.011
"""Seconds between messages: of faster ones some are dropped unread."""


class Attacker:
    """Sends to `target` from `address`, by default the registrar's own, so that what it sends is read."""

    def __init__(self, target: int, address: str = "127.0.0.1") -> None:
        self._target = ("127.0.0.1", target)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((address, 0))
        host, port = self._socket.getsockname()
        self._ours, self._theirs = f"127.0.0.1:{target}", f"{host}:{port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def torment(self) -> Iterator[str]:
        """Send each message of RFC 4475; gives its name once it is sent."""
        for name in RFC4475:
            self.send([torture(name, self._ours, self._theirs)])
            yield name

    def longest(self) -> bytes:
        """An INVITE with as many callers as there is room for, whose names take the most bytes."""
        callers = f'P-Asserted-Identity: "{"𠀀" * 120}" <tel:110>\r\n'.encode() * 90
        return torture("inv2543", self._ours, self._theirs).replace(b"CSeq", callers + b"CSeq", 1)

    def mutated(self, count: int, seed: int = 4475) -> Iterator[bytes]:
        return mutated(count, self._ours, self._theirs, seed)

    def send(self, messages: Iterable[bytes]) -> None:
        for message in messages:
            self._socket.sendto(message, self._target)
            time.sleep(PACE)

    def hears(self) -> bool:
        """Whether any answer comes, in half a second."""
        self._socket.settimeout(0.5)
        try:
            return bool(self._socket.recv(100))
        except TimeoutError:
            return False
