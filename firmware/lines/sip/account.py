"""An account at a SIP registrar, as the owner keeps it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

Doc = dict[str, Any]

TRANSPORTS = ("udp", "tcp", "tls", "tls-unchecked")
"""`tls-unchecked`: encrypted, whatever certificate the registrar has, as routers at home make their own."""
ENDINGS = ("take", "603", "607")
"""How a blocked call ends: taken and ended at once, which every registrar honours, or declined for all phones
(RFC 3261 clause 21.6.2, RFC 8197)."""
DEFAULT_PORTS = {"udp": 5060, "tcp": 5060, "tls": 5061, "tls-unchecked": 5061}
_NAME = re.compile(r"\w[\w .\-]{0,31}\Z")
_USER = re.compile(r"[A-Za-z0-9\-_.!~*'()&=+$,;?/%#]{1,64}\Z")
_HOST = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9](?:[A-Za-z0-9.\-]*[A-Za-z0-9])?\Z")
_PLACE = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:\[\]]+)(?::([0-9]{1,5}))?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Account:
    """Where to register and as whom, and what becomes of calls.

    `server`, `proxy`: HOST or HOST:PORT, the proxy may be empty; `login` is the name that the password goes with, where
    it is not `user`. `expiry` in seconds. `ending`: one of ENDINGS. `wait`: seconds for which a wanted call rings
    here too before it is left to the phones; 0 is until it ends. `internal`: digits up to which a caller is one of the
    house; `exempt`: further callers who are never judged, as `Exempt` reads them.
    """

    name: str
    server: str
    user: str
    password: str = ""
    login: str = ""
    transport: str = "udp"
    proxy: str = ""
    expiry: int = 120
    ending: str = "take"
    wait: int = 20
    internal: int = 4
    exempt: str = ""
    on: bool = True

    def __repr__(self) -> str:
        return f"Account({self.name!r}, {self.user!r} at {self.server!r})"

    def document(self) -> Doc:
        """As the store keeps it, with its password."""
        return asdict(self)

    @property
    def domain(self) -> str:
        """The registrar as it stands in addresses: without a port that goes without saying."""
        host, port = place(self.server)
        return f"{host}:{port}" if port not in (None, DEFAULT_PORTS[self.transport]) else host

    @property
    def next_hop(self) -> tuple[str, int | None]:
        """Host, without brackets, to which everything is sent, and its port; without one DNS knows it."""
        host, port = place(self.proxy or self.server)
        return host.strip("[]"), port


FIELDS = {field.name: field for field in fields(Account)}
LIMITS = {"expiry": (60, 3600), "wait": (0, 120), "internal": (0, 8)}


def place(text: str) -> tuple[str, int | None]:
    """Host, an IPv6 address in brackets, and port of `HOST` or `HOST:PORT`. Raises ValueError."""
    found = _PLACE.match(text)
    host, port = found.groups() if found else ("", None)
    if host.startswith("["):
        ipaddress.IPv6Address(host[1:-1])
    elif not _HOST.match(host):
        raise ValueError(text)
    if port is not None and not 0 < int(port) < 1 << 16:
        raise ValueError(text)
    return host, int(port) if port else None


def account_from(wish: Mapping[str, Any], before: Account | None = None) -> Account:
    """The account that a person wished for: what is not given stays as it was `before`, or is the default.

    Raises ValueError with the name of the field that is missing, unknown or makes no sense.
    """
    given = {**(before.document() if before else {}), **wish}
    unknown = set(given) - set(FIELDS)
    if unknown:
        raise ValueError(min(unknown))
    for name in ("name", "server", "user"):
        if name not in given:
            raise ValueError(name)
    for name, value in given.items():
        _check(name, value)
    return Account(**given)


def without_password(doc: Mapping[str, Any]) -> Doc:
    """An account's document as it may be shown and saved."""
    return {name: value for name, value in doc.items() if name != "password"}


def _check(name: str, value: object) -> None:
    if name in LIMITS:
        least, most = LIMITS[name]
        valid = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
    elif name == "on":
        valid = isinstance(value, bool)
    else:
        valid = isinstance(value, str) and value.isprintable() and len(value) <= 255 and _fits(name, value)
    if not valid:
        raise ValueError(name)


def _fits(name: str, text: str) -> bool:
    match name:
        case "name":
            return bool(_NAME.match(text))
        case "user":
            return bool(_USER.match(text))
        case "login":
            return '"' not in text and "\\" not in text
        case "transport":
            return text in TRANSPORTS
        case "ending":
            return text in ENDINGS
        case "server" | "proxy":
            return (name == "proxy" and not text) or _is_place(text)
        case "exempt":
            return len(text.split()) <= 20 and all(pattern.count("*") <= 4 for pattern in text.split())
    return True


def _is_place(text: str) -> bool:
    try:
        place(text)
    except ValueError:
        return False
    return True
