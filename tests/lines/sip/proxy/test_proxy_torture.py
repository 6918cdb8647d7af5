"""Messages that are hard to read do the proxy no harm, and the calls between them are judged as ever."""

from __future__ import annotations

from pathlib import Path

from plain import Peer, answer, request
from sipp import House
from standing import Judge, Standing
from torture import RFC4475, mutated, torture

MUTATED = 300
BETWEEN = 25


def processes(standing: Standing) -> set[int]:
    """The processes of Kamailio."""
    return {
        int(path.name)
        for path in Path("/proc").iterdir()
        if path.name.isdigit() and _group(path) == standing.process.pid
    }


def _group(path: Path) -> int | None:
    try:
        return int((path / "stat").read_text().rpartition(")")[2].split()[2])
    except OSError:
        return None


def judges_rightly(house: House, provider: Peer, phone: Peer) -> None:
    """Of two well-formed calls the wanted one reaches the phone, and the other one is refused and does not."""
    for caller, wanted in (("+8613800000001", True), ("+8616210000001", False)):
        call = request(
            "INVITE", f"sip:line@{house.proxy}", provider.at, f"From: <sip:{caller}@x.example>;tag=1"
        )
        provider.send(call, house.proxy)
        if wanted:
            phone.send(answer(phone.hear(call), "486 Busy Here"), house.proxy)
            assert provider.final(call).startswith("SIP/2.0 486")
        else:
            assert provider.final(call).startswith("SIP/2.0 603")
            assert phone.hears_nothing(call, 0.05)


def test_nothing_that_is_sent_stops_it_or_changes_a_verdict(
    house: House, standing: Standing, judge: Judge
) -> None:
    alive = processes(standing)
    with Peer(house.provider) as provider, Peer(house.handset) as phone, Peer(house.handset2) as other:
        for peer in (provider, other):
            for name in RFC4475:
                peer.send(torture(name, house.proxy, peer.at), house.proxy)
            judges_rightly(house, provider, phone)
            for place, message in enumerate(mutated(MUTATED // 2, house.proxy, peer.at), 1):
                peer.send(message, house.proxy)
                if place % BETWEEN == 0:
                    judges_rightly(house, provider, phone)
        judges_rightly(house, provider, phone)
    assert processes(standing) == alive
    assert judge.guards
