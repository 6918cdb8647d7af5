"""The certificate that the page shows: the owner's own, or one that the box makes under an authority of its own.

The authority is made once and can be kept by phones; it may speak for names and addresses of a home and for no others
(RFC 5280, clause 4.2.1.10). The page's certificate is made anew at every start, for the names the box has then.
"""

from __future__ import annotations

import hashlib
import ipaddress
import socket
import ssl
from contextlib import suppress
from pathlib import Path

from firmware.certificates import make
from firmware.wiring import Wiring

LOCAL = "local"
AUTHORITY_DAYS = 3650
PAGE_DAYS = 820
"""Apple takes no certificate for longer than 825 days, whoever signed it."""

HOME_NAMES = ("local", "lan", "home.arpa", "internal", "localhost", "ringfence")
HOME_NETWORKS = (
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "127.0.0.0/8",
    "fc00::/7",
    "fe80::/10",
)


def context(wiring: Wiring) -> ssl.SSLContext | None:
    """What the page speaks TLS with, or None where it does not. Raises OSError."""
    if not wiring.page_certificate:
        return None
    if wiring.page_certificate == LOCAL:
        certificate, key = made(wiring.data, wiring.page_hosts)
    else:
        certificate, key = Path(wiring.page_certificate), Path(wiring.page_key or wiring.page_certificate)
    found = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    found.load_cert_chain(certificate, key)
    return found


def authority(data: Path) -> Path:
    """The certificate that a phone may keep, so that it knows the page; there where the box has made one."""
    return data / "tls" / "authority.pem"


def fingerprint(certificate: Path) -> str:
    """A certificate's SHA-256, as browsers show it. Raises OSError."""
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate.read_text("ascii"))).digest().hex(":").upper()


def made(data: Path, hosts: tuple[str, ...] = ()) -> tuple[Path, Path]:
    """A certificate and its key for all that the box is called now. Raises OSError."""
    folder = data / "tls"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    here = socket.gethostname().lower()
    root, root_key = authority(data), folder / "authority.key"
    if not (root.exists() and root_key.exists()):
        home = [f"DNS:{name}" for name in (*HOME_NAMES, here, *hosts)]
        home += [
            f"IP:{net.network_address}/{net.netmask}" for net in map(ipaddress.ip_network, HOME_NETWORKS)
        ]
        permitted = ", ".join(f"permitted;{name}" for name in home)
        make(
            root,
            root_key,
            f"Ringfence {here}",
            "basicConstraints = critical, CA:TRUE, pathlen:0",
            "keyUsage = critical, keyCertSign",
            "subjectKeyIdentifier = hash",
            f"nameConstraints = critical, {permitted}",
            days=AUTHORITY_DAYS,
        )
    page, page_key = folder / "page.pem", folder / "page.key"
    names = [
        f"DNS:{name}" for name in ("ringfence.local", "ringfence", f"{here}.local", here, "localhost", *hosts)
    ]
    names += [f"IP:{address}" for address in addresses()]
    make(
        page,
        page_key,
        here,
        "basicConstraints = critical, CA:FALSE",
        "keyUsage = critical, digitalSignature",
        "extendedKeyUsage = serverAuth",
        "authorityKeyIdentifier = keyid",
        f"subjectAltName = {', '.join(names)}",
        days=PAGE_DAYS,
        options=("-CA", str(root), "-CAkey", str(root_key)),
    )
    return page, page_key


def addresses() -> list[str]:
    """The addresses at which the home reaches this machine."""
    found = ["127.0.0.1"]
    for family, elsewhere in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as looking:
            looking.connect((elsewhere, 9))  # nothing is sent by this
            found.append(looking.getsockname()[0])
    return [one for one in dict.fromkeys(found) if any(_within(one, net) for net in HOME_NETWORKS)]


def _within(address: str, network: str) -> bool:
    return ipaddress.ip_address(address) in ipaddress.ip_network(network)
