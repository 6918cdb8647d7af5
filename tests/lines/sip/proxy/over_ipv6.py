"""A phone and a provider that have addresses of IPv6 alone.

`test_proxy_over_ipv6.py` runs this file in namespaces of its own, where such addresses can be had.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from calling import called
from plain import Peer, header, request
from sipp import House
from standing import Standing

PROXY, PROVIDER, PHONE, GATEWAY, VICTIM = (f"fd00::{host}" for host in range(1, 6))


def test_a_phone_is_called_and_each_side_reaches_the_other(tmp_path: Path) -> None:
    for address in (PROXY, PROVIDER, PHONE, GATEWAY, VICTIM):
        subprocess.run(["ip", "addr", "add", f"{address}/128", "dev", "lo", "nodad"], check=True)
    house = House()
    wishes = {
        "proxy_networks": (f"{PROVIDER}/128",),
        "proxy_handsets": (f"{PHONE}/128",),
        "proxy_handset": f"[{PHONE}]:5060",
        "proxy_listen": (f"udp:{house.proxy}:5060", f"udp:[{PROXY}]:5060"),
    }
    with (
        Standing(tmp_path, house, **wishes),
        Peer(house.provider) as registrar,
        Peer(PROVIDER) as provider,
        Peer(PHONE) as phone,
        Peer(GATEWAY) as gateway,
        Peer(VICTIM) as victim,
    ):
        to = f"sip:100@{house.provider}"
        asked = phone.send(request("REGISTER", f"sip:{house.provider}", phone.at, to=to), PROXY)
        contact = header(registrar.hear(asked), "Contact").strip("<>")
        call = provider.send(request("INVITE", contact, provider.at), PROXY)
        assert phone.hear(call).startswith(f"INVITE sip:line@{phone.at} ")

        house.proxy = PROXY
        talk = called(house, phone, provider, f"<sip:far@{gateway.at}>")
        bye = request("BYE", f"sip:line@{phone.at}", provider.at, "To: <sip:x@x>;tag=1")
        assert phone.hear(provider.send(bye, PROXY)).startswith("BYE")
        assert gateway.hear(phone.send(talk.request("BYE"), PROXY)).startswith("BYE")
        away = phone.send(talk.request("INFO", f"sip:x@{victim.at}"), PROXY)
        assert registrar.hear(away).startswith("INFO")
