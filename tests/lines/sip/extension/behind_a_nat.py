"""An account behind a NAT, and one whose registrar DNS names: in namespaces of their own, where that can be had.

`test_behind_a_nat.py` runs this file in there. The house is a network namespace behind nftables' masquerading; the
registrar is outside, at OUTSIDE, and so is the DNS server.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from house import UNWANTED, House
from names import Names
from registrar import Registrar, running, until
from started import ended, started

from firmware.lines.sip import line

OUTSIDE, FIRST, SECOND, HOME = "203.0.113.1", "203.0.113.2", "203.0.113.3", "192.168.1.2"
NAT = """table ip nat {
  chain out {
    type nat hook postrouting priority 100;
    ip saddr %s meta l4proto { tcp, udp } masquerade to :40000-40100
  }
}"""


def run(*command: str, text: str | None = None) -> None:
    subprocess.run(command, check=True, input=text, text=True)


class Home:
    """The network behind the NAT, whose outer address is FIRST."""

    def __init__(self) -> None:
        self._keeper = started(["unshare", "--net", "sleep", "600"])
        self.enter = ("nsenter", f"--net=/proc/{self._keeper.pid}/ns/net")
        own = Path("/proc/self/ns/net").readlink()
        until(lambda: Path(f"/proc/{self._keeper.pid}/ns/net").readlink() != own, "there is no namespace")
        run("ip", "link", "add", "out", "type", "veth", "peer", "name", "in", "netns", str(self._keeper.pid))
        run("ip", "addr", "add", f"{OUTSIDE}/24", "dev", "out")
        run("ip", "link", "set", "out", "up")
        for command in ("link set lo up", f"addr add {HOME}/32 dev lo", "link set in up"):
            run(*self.enter, "ip", *command.split())
        self.move(FIRST)
        run(*self.enter, "nft", "-f", "-", text=NAT % HOME)

    def move(self, address: str) -> None:
        """Have another address outside."""
        for command in ("addr flush dev in", f"addr add {address}/24 dev in"):
            run(*self.enter, "ip", *command.split())
        run(*self.enter, "ip", "route", "replace", "203.0.113.0/24", "dev", "in", "src", HOME)

    def end(self) -> None:
        ended(self._keeper)


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    home = Home()
    yield home
    home.end()


@pytest.fixture(autouse=True)
def inside(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that speaks SIP runs behind the NAT."""
    monkeypatch.setattr(line, "AGENT", (*home.enter, *line.AGENT))


@pytest.fixture
def registrar(tmp_path: Path) -> Iterator[Registrar]:
    with running(tmp_path, outside=OUTSIDE) as registrar:
        yield registrar


def test_calls_come_through_the_nat_and_still_do_when_its_address_changes(
    tmp_path: Path, home: Home, registrar: Registrar
) -> None:
    with House(tmp_path, registrar, server=f"{OUTSIDE}:{registrar.port}") as house:
        house.ready()
        assert house.caller(UNWANTED).outcome() == "taken"
        home.move(SECOND)
        house.line.register()
        until(lambda: house.caller(UNWANTED).outcome() == "taken", "no call comes")


def test_a_connection_through_the_nat_is_made_again_when_its_address_changes(
    tmp_path: Path, home: Home, registrar: Registrar
) -> None:
    with House(tmp_path, registrar, transport="tcp", server=f"{OUTSIDE}:{registrar.port}") as house:
        house.ready()
        assert house.caller(UNWANTED).outcome() == "taken"
        home.move(FIRST)
        house.line.register()
        until(lambda: any(state.fault for state in house.states), "it is not noticed", 60)
        house.ready()
        assert house.caller(UNWANTED).outcome() == "taken"


def test_the_registrars_that_dns_names_are_tried_in_turn(tmp_path: Path) -> None:
    with ExitStack() as stack:
        folders = [tmp_path / name for name in ("first", "second")]
        for folder in folders:
            folder.mkdir()
        first, second = (stack.enter_context(running(folder, outside=OUTSIDE)) for folder in folders)
        zone = [
            f"_sip._udp.pbx.test. SRV {rank} 0 {registrar.port} edge.pbx.test."
            for rank, registrar in ((1, first), (2, second))
        ]
        zone += [f"edge.pbx.test. A {OUTSIDE}", "pbx.test. A 203.0.113.99"]
        stack.enter_context(Names(*zone, address=OUTSIDE, port=53))
        house = stack.enter_context(House(tmp_path, second, server="pbx.test"))
        house.ready()
        first.stop()
        house.line.register()
        until(lambda: house.caller(UNWANTED).outcome() == "taken", "the second is not found", 60)
        assert house.states[-1].state == "guarding"
