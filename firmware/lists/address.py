"""Where a list may be fetched from: the parts of its URL, and the addresses of its host that are public."""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network
from urllib.parse import quote, urlsplit

PORTS = frozenset({80, 443, 8080, 8443})
LONGEST_URL = 2048
LONGEST_TOKEN = 500
MOST_ADDRESSES = 4

_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*", re.ASCII)
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_.])?|[0-9a-f:.]*:[0-9a-f:.]*")
_ASCII_ONLY = "%/:=&?~#+!$,;'@()*[]"
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_LAN = tuple(
    map(
        ipaddress.ip_network,
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "fc00::/7", "::1/128"),
    )
)

Address = IPv4Address | IPv6Address


class Refused(Exception):
    """A list was not downloaded, with why in `code` and more in `detail`.

    `url`, `scheme`, `userinfo`, `port`, `name` (does not resolve), `address` (not public), `redirects`, `connection`,
    `certificate`, `tls`, `timeout`, `protocol`, `denied` (401, 403), `status`, `length` (not told), `truncated`,
    `too_large`, `disk`.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Target:
    """An http or https URL taken apart: `request` is path and query, `netloc` host and port as written."""

    scheme: str
    host: str
    port: int
    netloc: str
    request: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port (RFC 6454)."""
        return self.scheme, self.host, self.port


def target(url: str, *, lan: bool = False) -> Target:
    """The parts of a URL. Raises Refused; on the LAN any port will do."""
    if len(url) > LONGEST_URL or not url.isprintable() or " " in url or "\\" in url:
        raise Refused("url")
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except ValueError as error:
        raise Refused("url") from error
    if parts.scheme not in ("http", "https"):
        raise Refused("scheme", parts.scheme)
    if "@" in parts.netloc:
        raise Refused("userinfo")
    if not _HOST.fullmatch(host):
        raise Refused("url")
    standard = 443 if parts.scheme == "https" else 80
    port = standard if port is None else port
    if not lan and port not in PORTS:
        raise Refused("port", str(port))
    name = f"[{host}]" if ":" in host else host
    request = quote(f"{parts.path or '/'}?{parts.query}".removesuffix("?"), _ASCII_ONLY)
    return Target(parts.scheme, host, port, name if port == standard else f"{name}:{port}", request)


def is_token(token: object) -> bool:
    """Whether this is a bearer token (RFC 6750, clause 2.1) of a length that goes into a header."""
    return isinstance(token, str) and bool(_TOKEN.fullmatch(token)) and len(token) <= LONGEST_TOKEN


def addresses(host: str, port: int, *, lan: bool = False) -> list[Address]:
    """The addresses of a host to which a connection may be made. Raises Refused (`name`, `address`).

    The resolver has time limits of its own (resolv.conf).
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused("name", host) from error
    texts = dict.fromkeys(str(place[0]).partition("%")[0] for *_, place in found)
    admitted = [address for address in map(ipaddress.ip_address, texts) if is_admitted(address, lan=lan)]
    if not admitted:
        raise Refused("address", ", ".join(list(texts)[:MOST_ADDRESSES]))
    return admitted[:MOST_ADDRESSES]


def is_admitted(address: Address, *, lan: bool = False) -> bool:
    """Whether an address is public, or private and `lan`. Link-local addresses never are."""
    return is_public(address) or (lan and any(address in network for network in _LAN))


def is_public(address: Address) -> bool:
    """Whether an address is global unicast by IANA's registries, and so is the IPv4 address within it, if any.

    Mapped (RFC 4291), 6to4 (RFC 3056) and NAT64 (RFC 6052) addresses lead to the IPv4 address that they contain.
    """
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast
    if address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    within = address.ipv4_mapped or address.sixtofour
    if within:
        return is_public(within)
    return address.is_global and address in _GLOBAL_UNICAST
