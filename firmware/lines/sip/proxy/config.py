"""Kamailio's configuration: `kamailio.cfg` behind what differs from house to house."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from firmware.lines.sip.proxy.settings import REFUSALS, Peer, Proxy, Redis
from firmware.screening.pools import Model

WORKERS, WORKERS_WITH_REDIS = 2, 8
"""For each listener. One that waits for Redis leaves the others to go on."""
MOST, MOST_WITH_REDIS = 60, 4000
"""Requests of one handset, or of a PBX, in two seconds."""

NEXT_SERVER_MS = 2000
"""Without an answer to an INVITE, sent three times by then, before the provider's next server is asked."""


def token(folder: Path) -> str:
    """What Kamailio knows Ringfence by; made once and kept. Raises OSError.

    The mark of the calls and registrations that came about through this proxy is made of it, and tells nothing of it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "token"
    try:
        return path.read_text("ascii")
    except FileNotFoundError:
        fresh = secrets.token_hex(16)
        with path.with_suffix(".new").open("w", encoding="ascii") as file:
            file.write(fresh)
            file.flush()
            os.fsync(file.fileno())
        path.with_suffix(".new").replace(path)
        return fresh


def configuration(proxy: Proxy, token: str, folder: Path | None = None) -> str:
    """The whole configuration of a `located` proxy. Raises OSError.

    With a control socket where there is a `folder`: then it is told of names that move. Without, it looks them up.
    """
    own = files("firmware.lines.sip.proxy").joinpath("kamailio.cfg").read_text("utf-8")
    return "\n".join(("#!KAMAILIO", *_listeners(proxy), *_defined(proxy, token, folder), "", own))


def _listeners(proxy: Proxy) -> Iterator[str]:
    for peer in proxy.listen:
        yield f"listen={peer.transport}:{peer.host}:{peer.port}"
    yield f"children={WORKERS_WITH_REDIS if proxy.redis else WORKERS}"
    yield f"#!define RF_MOST {MOST_WITH_REDIS if proxy.redis else MOST}"
    if proxy.over_tls:
        yield "#!define WITH_TLS"
        yield "enable_tls=yes"


def _defined(proxy: Proxy, token: str, folder: Path | None) -> Iterator[str]:
    values = {
        "TOKEN": token,
        "MARK": hashlib.sha256(token.encode()).hexdigest()[:24],
        "PROVIDERS": ",".join(proxy.networks),
        "HANDSETS": ",".join(proxy.handsets),
        "WAYS": " ".join(proxy.ways) if folder else proxy.provider.uri,
        "DOMAIN": proxy.provider.host,
        "CONTACT": _contact(proxy),
        "EMERGENCY": "|".join(_emergency_numbers()),
        "CODE": str(proxy.refuse),
        "REASON": REFUSALS[proxy.refuse],
    }
    if proxy.tunnel:
        way, own = _tunnel(proxy), _fitting(proxy)
        values |= {"WAY": way.uri, "TUNNEL": f"{way.bare}:{way.port}"}
        values["SOCKET"] = f"tls:{own.host}:{own.port}"
    if len(proxy.ways) > 1:
        values["NEXT"] = str(NEXT_SERVER_MS)
    if proxy.handset:
        values["STATION"] = proxy.station if folder else proxy.handset.uri
    if proxy.card and proxy.refuse == 608:
        values["CARD"] = proxy.card
    if proxy.certificate:
        values |= {"CERTIFICATE": proxy.certificate, "KEY": proxy.key}
    if folder:
        values["CONTROL"] = str(folder / "control")
    if proxy.redis:
        near, far = proxy.redis[0], proxy.redis[-1]
        values |= {
            "TENANT": proxy.tenant,
            "REDIAL": f"{Model().redial:.0f}",
            "FAR": _server("far", far, proxy.password()),
        }
        if near != far:
            values["NEAR"] = _server("near", near, proxy.password())
    else:
        values["EVENTS"] = f"127.0.0.1:{proxy.events}"
    for name, value in values.items():
        yield f'#!substdef "!RF_{name}!{value}!g"'


def _server(name: str, server: Redis, password: str | None) -> str:
    """Raises OSError where the password cannot stand in a configuration."""
    if password and not re.fullmatch(r"[\w.+/=@-]{1,128}", password, re.ASCII):
        raise OSError("the password of Redis has signs other than letters, digits and _.+/=@-")
    secret = f";pass={password}" if password else ""
    return f"name={name};addr={server.host};port={server.port};db={server.database}{secret}"


def _contact(proxy: Proxy) -> str:
    """Where the provider finds us: the listener for its transport, or the first."""
    return _fitting(proxy).uri.removeprefix("sip:")


def _tunnel(proxy: Proxy) -> Peer:
    """Where it begins, in the address family in which Kamailio speaks TLS."""
    return Peer("[::1]" if ":" in _fitting(proxy).host else "127.0.0.1", proxy.tunnel, "tls")


def _fitting(proxy: Proxy) -> Peer:
    fitting = [peer for peer in proxy.listen if peer.transport == proxy.provider.transport]
    return (fitting or list(proxy.listen))[0]


def _emergency_numbers() -> list[str]:
    """Those of every region: wherever the line is, none of them waits for anything."""
    table = tomllib.loads(files("firmware.numbers").joinpath("protected.toml").read_text("utf-8"))
    return sorted({code for region in table.values() for code in region.get("codes", ())})
