"""Where the proxy stands: what the wiring file says under `[proxy]`, checked, with names looked up."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from firmware.lines.sip.targets import SERVICES, in_uri, services, targets
from firmware.wiring import Wiring

PORT = 5060
REFUSALS = {603: "Decline", 607: "Unwanted", 608: "Rejected"}
"""RFC 3261 clause 21.6.2, RFC 8197, RFC 8688."""

_PEER = re.compile(
    r"(?P<host>[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?:;transport=(?P<transport>udp|tcp|tls)(?P<unchecked>-unchecked)?)?",
    re.ASCII,
)
_TENANT = re.compile(r"[a-z0-9-]{1,40}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Peer:
    """Where SIP messages are sent to or received at: a name or an address, a port (0: as DNS says), a transport.

    `checked`: over TLS, a certificate that is not the provider's is refused, as it is for an account.
    """

    host: str
    port: int = 0
    transport: str = "udp"
    checked: bool = True

    @property
    def bare(self) -> str:
        return self.host.strip("[]")

    @property
    def uri(self) -> str:
        port = f":{self.port}" if self.port else ""
        transport = "" if self.transport == "udp" else f";transport={self.transport}"
        return f"sip:{self.host}{port}{transport}"

    def addresses(self) -> list[str]:
        """The addresses at which it is, over whatever transport DNS says where no port is given. Raises OSError."""
        if self.port:
            return sorted({address for address, _ in targets(self.bare, self.port, self.transport)})
        found = set[str]()
        for transport in SERVICES:
            with suppress(OSError):
                found |= {address for address, _ in targets(self.bare, None, transport)}
        if not found:
            raise OSError(f"no address of {self.bare!r} is known")
        return sorted(found)

    def ways(self) -> tuple[str, ...]:
        """The URIs of its servers, which need no look-up, in the order in which they are tried. Raises OSError.

        One that is said to speak UDP speaks TCP where DNS knows it as a service of that alone.
        """
        transport = self.transport
        only_tcp = transport == "udp" and not self.port and not services(self.bare, "udp")
        if only_tcp and services(self.bare, "tcp"):
            transport = "tcp"
        found = targets(self.bare, self.port or None, transport)
        return tuple(Peer(in_uri(address), port, transport).uri for address, port in found)


@dataclass(frozen=True, slots=True)
class Redis:
    """A Redis server of the proxy: `address` is host and port, `database` its number."""

    host: str
    port: int
    database: int


@dataclass(frozen=True, slots=True)
class Proxy:
    """Where the proxy stands.

    `networks`: whence the provider's requests come, `handsets`: whence those of the handsets; both as `10.0.0.0/8`.
    `handset`: where calls go that are for none that has registered. `events`: the TCP port on which Ringfence is asked.
    `certificate`, `key`: what it speaks TLS with. `redis`: the nearest first, the one that is written to last; none:
    Ringfence itself is asked. `called`: the numbers of the tenant; none: all that are nobody else's. `ways` to the
    provider, in the order in which they are tried, and `station`, that to the handset, where they are located.
    """

    provider: Peer
    networks: tuple[str, ...]
    handsets: tuple[str, ...]
    handset: Peer | None
    listen: tuple[Peer, ...]
    refuse: int
    card: str
    certificate: str
    key: str
    events: int
    redis: tuple[Redis, ...]
    secret: Path | None
    tenant: str
    called: tuple[str, ...]
    ways: tuple[str, ...] = ()
    station: str = ""

    @property
    def over_tls(self) -> bool:
        """Whether the provider or a listener speaks TLS."""
        return "tls" in {self.provider.transport, *(peer.transport for peer in self.listen)}

    @property
    def tunnel(self) -> int:
        """The TCP port, on this machine alone, behind which the provider's certificate is checked; 0: there is none."""
        return self.events + 1 if self.provider.transport == "tls" and self.provider.checked else 0

    def password(self) -> str | None:
        """Redis's password. Raises OSError."""
        return self.secret.read_text("utf-8").strip() if self.secret else None


def proxy_from(wiring: Wiring) -> Proxy | None:
    """What the wiring says, without looking a name up; None where it has no proxy. Raises ValueError with the key."""
    if not wiring.proxy_provider:
        return None
    if wiring.proxy_refuse not in REFUSALS:
        raise ValueError("proxy.refuse")
    card = wiring.proxy_card
    if card and not (re.fullmatch(r"https://[\x21\x23-\x3b\x3d\x3f-\x7e]{1,300}", card) and "!" not in card):
        raise ValueError("proxy.card")
    if not _TENANT.fullmatch(wiring.proxy_tenant):
        raise ValueError("proxy.tenant")
    tls = (wiring.proxy_certificate, wiring.proxy_key)
    if any(not re.fullmatch(r"(/[\w.@-]+)*", path, re.ASCII) for path in tls) or bool(tls[0]) != bool(tls[1]):
        raise ValueError("proxy.certificate")
    return Proxy(
        provider=_peer("provider", wiring.proxy_provider),
        networks=_networks("networks", wiring.proxy_networks),
        handsets=_networks("handsets", wiring.proxy_handsets),
        handset=_peer("handset", wiring.proxy_handset) if wiring.proxy_handset else None,
        listen=tuple(_listener(text, tls=bool(tls[0])) for text in wiring.proxy_listen),
        refuse=wiring.proxy_refuse,
        card=card,
        certificate=tls[0],
        key=tls[1],
        events=wiring.proxy_events,
        redis=tuple(map(_redis, wiring.proxy_redis)),
        secret=Path(wiring.proxy_secret) if wiring.proxy_secret else None,
        tenant=wiring.proxy_tenant,
        called=tuple(map(_called, wiring.proxy_called)),
    )


def located(proxy: Proxy) -> Proxy:
    """With listeners, and with the addresses of the names among the networks. Raises OSError."""
    addresses = proxy.provider.addresses()
    listen = proxy.listen
    if not listen:
        own = _facing(addresses[0])
        listen = (Peer(own, PORT), Peer(own, PORT, "tcp"))
    if proxy.provider.transport == "tls" and all(peer.transport != "tls" for peer in listen):
        listen = (*listen, Peer(listen[0].host, PORT + 1, "tls"))
    station = proxy.handset.addresses() if proxy.handset else []
    return replace(
        proxy,
        networks=_with(proxy.networks, addresses),
        ways=proxy.provider.ways(),
        station=proxy.handset.ways()[0] if proxy.handset else "",
        handsets=_with(proxy.handsets, station),
        listen=listen,
    )


def _with(networks: tuple[str, ...], addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*networks, *(str(ip_network(address)) for address in addresses))))


def _facing(address: str) -> str:
    """The address of this machine from which `address` is reached. Nothing is sent."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect((address, PORT))
        return in_uri(str(probe.getsockname()[0]))


def _peer(key: str, text: str) -> Peer:
    found = _PEER.fullmatch(text)
    if not found or int(found["port"] or 0) > 0xFFFF:
        raise ValueError(f"proxy.{key}")
    port, transport = int(found["port"] or 0), found["transport"] or "udp"
    if found["unchecked"] and transport != "tls":
        raise ValueError(f"proxy.{key}")
    return Peer(found["host"].lower(), port, transport, checked=not found["unchecked"])


def _listener(text: str, *, tls: bool) -> Peer:
    """Of `udp:192.168.1.5:5060`."""
    transport, colon, rest = text.partition(":")
    peer = _peer("listen", rest)
    try:
        ip_address(peer.bare)
    except ValueError as error:
        raise ValueError("proxy.listen") from error
    if not colon or transport not in ("udp", "tcp", "tls") or (transport == "tls" and not tls):
        raise ValueError("proxy.listen")
    return Peer(peer.host, peer.port or (PORT + (transport == "tls")), transport)


def _networks(key: str, texts: Iterable[str]) -> tuple[str, ...]:
    try:
        return tuple(str(ip_network(text)) for text in texts)
    except ValueError as error:
        raise ValueError(f"proxy.{key}") from error


def _called(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9+._-]{1,64}", text, re.ASCII):
        raise ValueError("proxy.called")
    return text


def _redis(text: str) -> Redis:
    """Of `redis://192.168.1.7:6379/0`. A password belongs in the file that `secret` names."""
    parts = urlsplit(text)
    try:
        address, database = ip_address(parts.hostname or ""), int(parts.path.strip("/") or 0)
        port = parts.port or 6379
    except ValueError as error:
        raise ValueError("proxy.redis") from error
    if parts.scheme != "redis" or parts.username or parts.password or not 0 <= database < 16:
        raise ValueError("proxy.redis")
    return Redis(str(address), port, database)
