"""Where a SIP server is to be reached, as DNS says (RFC 3263)."""

from __future__ import annotations

import contextlib
import socket
import time
from ipaddress import ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import dns.resolver

Target = tuple[str, int]
"""An address, IPv6 without brackets, and a port."""

SERVICES = {"udp": ("_sip._udp", 5060), "tcp": ("_sip._tcp", 5060), "tls": ("_sips._tcp", 5061)}
MOST_TARGETS = 8
LOOK_UP_SECONDS = 3.0


def targets(
    host: str, port: int | None, transport: str, resolver: dns.resolver.Resolver | None = None
) -> list[Target]:
    """The targets in the order in which they are to be tried: one at least, MOST_TARGETS at most.

    A name without a port is one of a service (SRV, RFC 2782), and of a host where there is no such service. NAPTR would
    choose the transport, which is chosen here. Raises OSError where there is no target.
    """
    until = time.monotonic() + 2 * LOOK_UP_SECONDS
    usual = SERVICES[transport][1]
    hosts = [(host, port or usual)]
    if port is None:
        hosts = services(host, transport, resolver) or hosts
    found: dict[Target, None] = {}
    for name, at in hosts:
        with contextlib.suppress(OSError, UnicodeError):
            found |= dict.fromkeys(_addresses(name, at))
        if len(found) >= MOST_TARGETS or time.monotonic() > until:
            break
    if not found:
        raise OSError(f"no address of {host!r} is known")
    return list(found)[:MOST_TARGETS]


def in_uri(host: str) -> str:
    """A host, an IPv6 address perhaps, as it stands in a URI (RFC 3986 clause 3.2.2)."""
    return f"[{host}]" if ":" in host else host


def services(
    host: str, transport: str, resolver: dns.resolver.Resolver | None = None
) -> list[tuple[str, int]]:
    """The hosts of a service with their ports, by priority and weight; none where there is no such record."""
    if _is_address(host):
        return []
    import dns.exception  # a third of the time to start, and most houses have no such line
    import dns.resolver
    from dns.rdtypes.IN.SRV import SRV

    try:
        resolver = resolver or dns.resolver.Resolver()
        answer = resolver.resolve(
            f"{SERVICES[transport][0]}.{host}.", "SRV", lifetime=LOOK_UP_SECONDS, search=False
        )
        records = answer.rrset.processing_order() if answer.rrset else []
    except (dns.exception.DNSException, OSError, ValueError):
        return []
    found = [record for record in records if isinstance(record, SRV)][:MOST_TARGETS]
    return [(record.target.to_text(omit_final_dot=True), record.port) for record in found]


def _addresses(host: str, port: int) -> list[Target]:
    """IPv4 first: what stays the same leaves no dead contact behind. Raises OSError, UnicodeError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    families = sorted({(family, str(address[0])) for family, _, _, _, address in found})
    return [(address, port) for _, address in families]


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
