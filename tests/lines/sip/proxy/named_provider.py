"""A proxy whose provider has no address of its own, but services that DNS names.

`test_proxy_named_provider.py` runs this file where /etc/resolv.conf names the DNS server of the test.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from names import Names
from plain import Peer, answer, header, request
from sipp import House
from standing import Standing

from firmware.lines.sip.proxy.addresses import Addresses
from firmware.lines.sip.proxy.settings import proxy_from


@pytest.fixture
def names(house: House) -> Iterator[Names]:
    """The first server of the provider is at `.provider`, the second one at `.stranger`."""
    with Names(
        "_sip._udp.pbx.test. SRV 1 0 5060 first.pbx.test.",
        "_sip._udp.pbx.test. SRV 2 0 5060 second.pbx.test.",
        f"first.pbx.test. A {house.provider}",
        f"second.pbx.test. A {house.stranger}",
        port=53,
    ) as names:
        yield names


@pytest.fixture
def standing(tmp_path: Path, house: House, names: Names) -> Iterator[Standing]:
    with Standing(tmp_path, house, proxy_provider="pbx.test") as standing:
        yield standing


@pytest.mark.usefixtures("standing")
def test_the_first_server_is_called_and_each_may_call(house: House) -> None:
    with Peer(house.provider) as first, Peer(house.stranger) as second, Peer(house.handset) as phone:
        call = phone.send(request("INVITE", "sip:02088886666@PBX.test", phone.at), house.proxy)
        assert first.hear(call).startswith("INVITE sip:02088886666@PBX.test ")
        for server in (first, second):
            asked = server.send(request("INVITE", f"sip:line@{house.proxy}", server.at), house.proxy)
            phone.send(answer(phone.hear(asked), "486 Busy Here"), house.proxy)
            assert server.final(asked).startswith("SIP/2.0 486")


@pytest.mark.usefixtures("standing")
def test_the_second_server_stands_in(house: House) -> None:
    with Peer(house.stranger) as second, Peer(house.handset) as phone:
        call = phone.send(request("INVITE", "sip:110@pbx.test", phone.at), house.proxy)
        invite = second.hear(call)
        assert invite.startswith("INVITE sip:110@pbx.test ")
        second.send(answer(invite, "200 OK", f"Contact: <sip:far@{second.at}>"), house.proxy)
        taken = phone.final(call)
        assert taken.startswith("SIP/2.0 200")
        assert ";hop=" in header(taken, "Record-Route")


def test_while_dns_says_nothing_calls_go_out_and_come_in(
    house: House, names: Names, standing: Standing
) -> None:
    names.silent, before = True, list(names.asked)
    with Peer(house.provider) as first, Peer(house.handset) as phone, Peer(house.handset2) as other:
        calls = [
            one.send(request("INVITE", f"sip:{number}@pbx.test", one.at), house.proxy)
            for one, number in ((other, "020"), (phone, "110"), (other, "021"), (phone, "022"))
        ]
        asked = first.send(request("INVITE", f"sip:line@{house.proxy}", first.at), house.proxy)
        assert phone.hear(asked).startswith("INVITE")
        heard = {header(first.any("INVITE"), "Call-ID") for _ in calls}
        assert heard == {header(call, "Call-ID") for call in calls}
        assert names.asked == before


def rings(house: House, server: Peer, phone: Peer) -> bool:
    """Whether a call from a server reaches the phone."""
    asked = server.send(request("INVITE", f"sip:line@{house.proxy}", server.at), house.proxy)
    if server.hears_nothing(asked, 0.3):
        return False
    phone.send(answer(phone.hear(asked), "486 Busy Here"), house.proxy)
    return server.final(asked).startswith("SIP/2.0 486")


def test_a_server_that_moves_is_known_at_its_new_address_and_at_the_old_one(
    house: House, names: Names, standing: Standing
) -> None:
    proxy = proxy_from(standing.wiring)
    assert proxy
    addresses = Addresses(proxy, standing.folder / "proxy")
    moved = f"{house.net}.9"
    with Peer(house.provider) as old, Peer(moved) as new, Peer(house.handset) as phone:
        names.zone = (*names.zone[:2], f"first.pbx.test. A {moved}", names.zone[3])
        assert not rings(house, new, phone)
        addresses.look_up()
        assert rings(house, new, phone)
        assert rings(house, old, phone)
        assert new.hear(phone.send(request("INVITE", "sip:110@pbx.test", phone.at), house.proxy))

        names.zone = ()
        addresses.look_up()
        assert rings(house, new, phone)
