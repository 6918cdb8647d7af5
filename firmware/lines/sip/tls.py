"""TLS to a SIP server, which has to prove whose server it is.

A SIP URI in its certificate counts, and where there is one no DNS name does (RFC 5922 clause 7.1). The name is the one
that the owner knows the server by, entire and in any case (clause 7.2). Two things go beyond that clause: an address
may stand for a server that has no name, and the first label of a DNS name may be `*`. It forbids the latter, but
large providers show such certificates (pjproject's #2328 and #3113).
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Any

from firmware.callerid.said import printable
from firmware.trust import trusting

LONGEST_TOLD = 200
_DOMAIN = re.compile(r"sip:([a-z0-9.-]+|\[[0-9a-f:.]+\])(?:[:;?][^@]*)?\Z", re.IGNORECASE | re.ASCII)
_ANY_HOST = re.compile(r"\*(\.[^.*]+){2,}\Z")


def context(*, checked: bool = True) -> ssl.SSLContext:
    """Refuses what no authority vouches for, where that is `checked`; `prove` tells whose certificate it is."""
    context = trusting()
    context.check_hostname = False
    if not checked:
        context.verify_mode = ssl.CERT_NONE
    return context


def wrapped(connection: socket.socket, host: str, *, checked: bool = True) -> ssl.SSLSocket:
    """TLS over a TCP connection to `host`. Raises OSError, SSLCertVerificationError of them where it is not `host`."""
    secured = context(checked=checked).wrap_socket(connection, server_hostname=host)
    try:
        if checked:
            prove(secured, host)
    except OSError:
        secured.close()
        raise
    return secured


def prove(connection: ssl.SSLSocket | ssl.SSLObject, host: str) -> None:
    """Raises SSLCertVerificationError where the certificate that was shown is not that of `host`, without brackets."""
    shown: Mapping[str, Any] = connection.getpeercert() or {}
    if not is_of(shown, host):
        names = ", ".join(f"{kind}:{name}" for kind, name in shown.get("subjectAltName", ()))
        raise ssl.SSLCertVerificationError(
            1, f"the certificate is not that of {host}, but of {printable(names)[:LONGEST_TOLD] or 'nobody'}"
        )


def is_of(certificate: Mapping[str, Any], host: str) -> bool:
    """Whether a certificate, as `getpeercert` has it, is that of `host`."""
    names: dict[str, list[str]] = {}
    for kind, name in certificate.get("subjectAltName", ()):
        names.setdefault(kind, []).append(name)
    host = host.lower()
    domains = list(_domains(names.get("URI", [])))
    if domains:
        return host in domains
    if address := _address(host):
        return any(_address(name.strip()) == address for name in names.get("IP Address", ()))
    return any(_fits(name.lower(), host) for name in names.get("DNS", ()))


def _domains(uris: list[str]) -> Iterator[str]:
    """The domains of SIP URIs; one with a user is that of a person (RFC 5922 clause 7.1)."""
    for uri in uris:
        if found := _DOMAIN.match(uri):
            yield found[1].strip("[]").lower()


def _fits(name: str, host: str) -> bool:
    return name == host or bool(_ANY_HOST.match(name) and host.partition(".")[2] == name[2:])


def _address(text: str) -> object:
    try:
        return ip_address(text)
    except ValueError:
        return None
