"""How the appliance is wired: one TOML file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from firmware.lines.modem.ports import PROBE

HOME_NETWORKS = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fe80::/10")


@dataclass(frozen=True, slots=True)
class Wiring:
    """What the wiring file says; its tables and keys are joined by an underscore here (`[modem] port`)."""

    data: Path = Path("/var/lib/ringfence")
    http: str = "0.0.0.0:8080"
    page_hosts: tuple[str, ...] = ()
    page_proxy: str = ""
    page_certificate: str = ""
    page_key: str = ""
    pins: str = "auto"
    longest_cut: float = 90.0
    modem_port: str = "auto"
    modem_probe: tuple[str, ...] = PROBE
    modem_speed: int = 115200
    modem_init: tuple[str, ...] = ()
    lists_lan: bool = False
    notices_lan: bool = False
    backup_roots: tuple[str, ...] = ("/media", "/mnt")
    board_ring: bool = False
    board_hook: bool = False
    board_supply: bool = False
    board_buzzer: bool = False
    board_display: bool = False
    proxy_provider: str = ""
    proxy_networks: tuple[str, ...] = ()
    proxy_handsets: tuple[str, ...] = HOME_NETWORKS
    proxy_handset: str = ""
    proxy_listen: tuple[str, ...] = ()
    proxy_refuse: int = 603
    proxy_card: str = ""
    proxy_certificate: str = ""
    proxy_key: str = ""
    proxy_events: int = 8448
    proxy_redis: tuple[str, ...] = ()
    proxy_secret: str = ""
    proxy_tenant: str = "home"
    proxy_called: tuple[str, ...] = ()

    @property
    def address(self) -> tuple[str, int]:
        """Host and TCP port of the page. Raises ValueError."""
        host, _, port = self.http.rpartition(":")
        if not port.isdecimal() or int(port) > 0xFFFF:
            raise ValueError(f"http: HOST:PORT is wanted, not {self.http!r}")
        return host.strip("[]") or "127.0.0.1", int(port)


def load_wiring(path: Path | None, **given: Any) -> Wiring:
    """The wiring file at `path`, over the defaults, under what the command line has `given` (None: not given).

    Raises ValueError naming the key that is unknown or has the wrong type, or what is wrong with the TOML.
    """
    wiring = Wiring()
    types = {field.name: type(getattr(wiring, field.name)) for field in fields(Wiring)}
    table = tomllib.loads(path.read_text("utf-8")) if path else {}
    flat: dict[str, Any] = {}
    for key, value in table.items():
        flat |= (
            {f"{key}_{inner}": v for inner, v in value.items()} if isinstance(value, dict) else {key: value}
        )
    for key, value in {**flat, **{k: v for k, v in given.items() if v is not None}}.items():
        if key not in types:
            raise ValueError(f"unknown setting {key.replace('_', '.', 1)!r}")
        kind = types[key]
        if kind is tuple and not (isinstance(value, list) and all(isinstance(v, str) for v in value)):
            raise ValueError(f"{key}: a list of strings is wanted")
        if kind in (bool, int, float, str) and not isinstance(value, (int, kind) if kind is float else kind):
            raise ValueError(f"{key}: {kind.__name__} is wanted, not {value!r}")
        wiring = replace(wiring, **{key: kind(value)})
    _ = wiring.address
    return wiring
