"""Downloads a list over HTTP (RFC 9110, 9112), only when it changed, from the very address that was checked."""

from __future__ import annotations

import contextlib
import hashlib
import io
import re
import shutil
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse, IncompleteRead
from ipaddress import ip_address
from pathlib import Path
from typing import Any, cast
from urllib.parse import urljoin

from firmware.files import created, put_in_place
from firmware.lists.address import Refused, Target, addresses, is_public, is_token, target
from firmware.lists.entries import MOST_BYTES
from firmware.trust import trusting

MOST_REDIRECTS = 5
CONNECT_SECONDS = 10.0
IDLE_SECONDS = 20.0
TOTAL_SECONDS = 1800.0
SPARE_BYTES = 64 << 20
READ_BYTES = 1 << 16

_REDIRECTS = {301, 302, 303, 307, 308}
_DENIALS = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
_VALIDATOR = re.compile(r"[\x20-\x7e]{1,256}")


@dataclass(frozen=True, slots=True)
class Download:
    """What came: where from after redirects, its bytes, its SHA-256 in hexadecimal, and what to ask with next time."""

    url: str
    size: int
    sha256: str
    etag: str
    modified: str


def download(
    url: str,
    path: Path,
    *,
    etag: str = "",
    modified: str = "",
    token: str = "",
    lan: bool = False,
    most_bytes: int = MOST_BYTES,
    idle: float = IDLE_SECONDS,
    total: float = TOTAL_SECONDS,
) -> Download | None:
    """Fetch `url` into the file at `path`, which is replaced when all of it came and is on disk.

    `etag` and `modified`: as an earlier Download has them; None when nothing changed since. `token` is sent as a bearer
    token (RFC 6750) to the scheme, host and port of `url`, and to none after a redirect elsewhere. `lan` admits private
    addresses and any port. No redirect leads from a public address to a private one, nor from https to http. Seconds:
    `idle` without a byte, `total` for everything but the resolver. Raises Refused, and nothing else.
    """
    deadline = time.monotonic() + total
    validators = {"If-None-Match": etag, "If-Modified-Since": modified}
    conditions = {name: value for name, value in validators.items() if _VALIDATOR.fullmatch(value)}
    origin = target(url, lan=lan).origin
    secure = False
    for _ in range(MOST_REDIRECTS + 1):
        place = target(url, lan=lan)
        if secure and place.scheme == "http":
            raise Refused("scheme", "a redirect leads away from https")
        secure = place.scheme == "https"
        token = token if place.origin == origin and is_token(token) else ""
        authorization = {"Authorization": f"Bearer {token}"} if token else {}
        with (
            _failures_told(),
            _connected(place, deadline, lan=lan) as sock,
            _asked(sock, place, conditions | authorization, idle, deadline) as response,
        ):
            lan = lan and not is_public(ip_address(sock.getpeername()[0].partition("%")[0]))
            if response.status in _REDIRECTS:
                url = urljoin(url, response.getheader("Location", ""))
            elif response.status == HTTPStatus.NOT_MODIFIED and conditions:
                return None
            elif response.status in _DENIALS:
                raise Refused("denied", str(response.status))
            elif response.status != HTTPStatus.OK:
                raise Refused("status", str(response.status))
            else:
                return _kept(response, url, path, most_bytes)
    raise Refused("redirects")


@contextlib.contextmanager
def _connected(place: Target, deadline: float, *, lan: bool) -> Iterator[socket.socket]:
    """A connection to the first admitted address that answers, with TLS for the name where the scheme says so."""
    with _dialled(place, deadline, lan=lan) as sock:
        if place.scheme == "http":
            yield sock
        else:
            sock.settimeout(_left(CONNECT_SECONDS, deadline))
            with trusting().wrap_socket(sock, server_hostname=place.host) as wrapped:
                yield wrapped


def _dialled(place: Target, deadline: float, *, lan: bool) -> socket.socket:
    failure = OSError()
    for address in addresses(place.host, place.port, lan=lan):
        try:
            return socket.create_connection(
                (str(address), place.port), timeout=_left(CONNECT_SECONDS, deadline)
            )
        except OSError as error:
            failure = error
    raise failure


class _Timed(io.RawIOBase):
    """Reads a socket: each time no longer than `idle` seconds, and never past the deadline."""

    def __init__(self, sock: socket.socket, idle: float, deadline: float) -> None:
        self._sock = sock
        self._idle = idle
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(_left(self._idle, self._deadline))
        return self._sock.recv_into(buffer)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)


def _left(seconds: float, deadline: float) -> float:
    left = min(seconds, deadline - time.monotonic())
    if left <= 0:
        raise TimeoutError
    return left


@contextlib.contextmanager
def _asked(
    sock: socket.socket, place: Target, more: dict[str, str], idle: float, deadline: float
) -> Iterator[HTTPResponse]:
    headers = {
        "Host": place.netloc,
        "User-Agent": "Ringfence",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
        **more,
    }
    lines = [f"GET {place.request} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    sock.settimeout(_left(idle, deadline))
    sock.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
    with HTTPResponse(cast(socket.socket, _Timed(sock, idle, deadline)), method="GET") as response:
        response.begin()
        yield response


def _kept(response: HTTPResponse, url: str, path: Path, most_bytes: int) -> Download:
    length = response.length
    if length is None and not response.chunked:
        raise Refused("length")
    if (length or 0) > most_bytes:
        raise Refused("too_large")
    new = path.with_name(f"{path.name}.download")
    digest, size = hashlib.sha256(), 0
    try:
        with _disk():
            room = shutil.disk_usage(path.parent).free - SPARE_BYTES
            file = created(new)
        with file:
            while piece := response.read(READ_BYTES):
                size += len(piece)
                if size > most_bytes:
                    raise Refused("too_large")
                if size > room:
                    raise Refused("disk", "little room is left")
                digest.update(piece)
                with _disk():
                    file.write(piece)
            if length not in (None, size):
                raise Refused("truncated")
            with _disk():
                put_in_place(file, new, path)
    finally:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
    etag, modified = (response.getheader(name, "").strip() for name in ("ETag", "Last-Modified"))
    return Download(
        url,
        size,
        digest.hexdigest(),
        etag if _VALIDATOR.fullmatch(etag) else "",
        modified if _VALIDATOR.fullmatch(modified) else "",
    )


@contextlib.contextmanager
def _failures_told() -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise Refused("timeout") from error
    except ssl.SSLCertVerificationError as error:
        raise Refused("certificate", error.verify_message) from error
    except ssl.SSLError as error:
        raise Refused("tls", error.reason or "") from error
    except IncompleteRead as error:
        raise Refused("truncated") from error
    except (HTTPException, ValueError) as error:
        raise Refused("protocol", type(error).__name__) from error
    except OSError as error:
        raise Refused("connection", error.strerror or "") from error


@contextlib.contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Refused("disk", error.strerror or "") from error
