"""How long another phone of the house rings on a blocked call: from its INVITE to the CANCEL that silences it.

    python tests/bench/sip_ring.py [--calls 50]

The house is Kamailio as the registrar, baresip as the other phone and sipp as the caller, each a process of its own on
loopback; the times are those at which baresip tells of the call and of its end.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "lines" / "sip"))
sys.path.insert(0, str(Path(__file__).parents[1] / "lines" / "sip" / "extension"))
sys.path.insert(0, str(Path(__file__).parent))
from house import UNWANTED, House
from latency import percentile
from phones import Phone
from registrar import Registrar, running, until
from started import reachable


def rings(
    folder: Path, registrar: Registrar, phone: Phone, calls: int, **wishes: str
) -> tuple[list[float], int]:
    """Milliseconds of each call at the phone, and the KiB that the line's process holds afterwards."""
    found = []
    with House(folder, registrar, **wishes) as home:
        home.ready()
        for _ in range(calls):
            phone.events.clear()
            home.caller(UNWANTED).outcome()
            until(lambda: phone.saw("CALL_CLOSED"), "the phone goes on ringing")
            began, ended = phone.saw("CALL_INCOMING"), phone.saw("CALL_CLOSED")
            found.append(((ended or 0) - (began or 0)) * 1000)
        agent = home.line._agent
        status = Path(f"/proc/{agent.pid}/status").read_text() if agent else ""
    return found, int(status.partition("VmRSS:")[2].split()[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=50)
    calls = parser.parse_args().calls
    if not reachable():
        sys.exit("baresip needs an address that is not the loopback's")
    print("| ending | transport | median ms | p99 ms | max ms | process MiB |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with running(folder) as registrar, Phone(folder, registrar.port) as phone:
            for ending in ("take", "603"):
                for transport in ("udp", "tcp"):
                    took, held = rings(folder, registrar, phone, calls, ending=ending, transport=transport)
                    figures = statistics.median(took), percentile(took, 0.99), max(took)
                    told = " | ".join(f"{figure:.1f}" for figure in figures)
                    print(f"| {ending} | {transport} | {told} | {held / 1024:.1f} |")


if __name__ == "__main__":
    main()
