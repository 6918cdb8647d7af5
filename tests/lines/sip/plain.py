"""Single SIP messages, where a test has to say exactly what is sent."""

from __future__ import annotations

import itertools
import os
import socket
import time
from typing import Self

from firmware.lines.sip.targets import in_uri

_serial = itertools.count(1)


def request(
    method: str, uri: str, source: str, *headers: str, to: str = "", body: str = "", cseq: int = 1
) -> str:
    """A whole request, as from a phone at `source` (host:port); a header given replaces the usual one of its name."""
    mark = f"{os.getpid()}-{next(_serial)}"
    usual = {
        "Via": f"SIP/2.0/UDP {source};branch=z9hG4bK{mark};rport",
        "From": f"<sip:line@{source}>;tag={mark}",
        "To": f"<{to or uri}>",
        "Call-ID": mark,
        "CSeq": f"{cseq} {method}",
        "Contact": f"<sip:line@{source}>",
        "Max-Forwards": "70",
    }
    given = [header.split(": ", 1) for header in headers]
    usual = {name: value for name, value in usual.items() if name not in {name for name, _ in given}}
    lines = [f"{name}: {value}" for name, value in (*usual.items(), *given)]
    return "\r\n".join((f"{method} {uri} SIP/2.0", *lines, f"Content-Length: {len(body)}", "", body))


def answer(message: str, status: str, *headers: str) -> str:
    """A whole answer to a request."""
    kept = [
        line
        for line in message.split("\r\n\r\n", 1)[0].split("\r\n")[1:]
        if line.split(":")[0] in ("Via", "From", "Call-ID", "CSeq", "Record-Route")
    ]
    to = header(message, "To")
    to = to if ";tag=" in to else f"{to};tag=answered"
    return "\r\n".join((f"SIP/2.0 {status}", *kept, f"To: {to}", *headers, "Content-Length: 0", "", ""))


def header(message: str, name: str) -> str:
    """The first value of a header, or nothing."""
    for line in message.split("\r\n\r\n", 1)[0].split("\r\n"):
        if line.lower().startswith(f"{name.lower()}:"):
            return line.partition(":")[2].strip()
    return ""


def headers(message: str, name: str) -> list[str]:
    """Every value of a header, in the order of the message."""
    lines = message.split("\r\n\r\n", 1)[0].split("\r\n")
    values = [line.partition(":")[2] for line in lines if line.lower().startswith(f"{name.lower()}:")]
    return [value.strip() for line in values for value in line.split(",")]


class Peer:
    """A UDP socket at `address`."""

    def __init__(self, address: str, port: int = 5060) -> None:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        self._socket.bind((address, port))
        self.at = f"{in_uri(address)}:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, message: str | bytes, to: str) -> str:
        data = message.encode() if isinstance(message, str) else message
        self._socket.sendto(data, (to, 5060))
        return data.decode("utf-8", "replace")

    def hear(self, about: str, within: float = 20.0) -> str:
        """The next message that has the Call-ID of `about`. Raises TimeoutError."""
        until = time.monotonic() + within
        while (left := until - time.monotonic()) > 0:
            self._socket.settimeout(left)
            heard = self._socket.recv(65536).decode("utf-8", "replace")
            if header(heard, "Call-ID") == header(about, "Call-ID"):
                return heard
        raise TimeoutError

    def any(self, method: str, within: float = 20.0) -> str:
        """The next request of a method. Raises TimeoutError."""
        until = time.monotonic() + within
        while (left := until - time.monotonic()) > 0:
            self._socket.settimeout(left)
            heard = self._socket.recv(65536).decode("utf-8", "replace")
            if heard.startswith(f"{method} "):
                return heard
        raise TimeoutError

    def final(self, about: str, within: float = 20.0) -> str:
        """The next such message that is no provisional answer."""
        while (heard := self.hear(about, within)).startswith("SIP/2.0 1"):
            pass
        return heard

    def hears_nothing(self, about: str, within: float = 0.7) -> bool:
        try:
            self.hear(about, within)
        except TimeoutError:
            return True
        return False
