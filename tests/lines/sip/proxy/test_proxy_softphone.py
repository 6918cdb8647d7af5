"""A real phone behind the proxy: baresip registers, is called, and never hears of a blocked call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from plain import Peer, answer, header, headers, request
from sipp import House
from standing import Judge, Standing
from started import ended, reachable, started

Wait = Callable[..., None]

MODULES = Path("/usr/lib/baresip/modules")
CONFIG = """module_path {modules}
sip_listen {at}:5060
audio_source aubridge,a
audio_player aubridge,a
audio_alert aubridge,b
module g711.so
module aubridge.so
module_app account.so
module_app menu.so
"""
OFFER = """v=0
o=- 1 1 IN IP4 {at}
s=-
c=IN IP4 {at}
t=0 0
m=audio 40000 RTP/AVP 0
a=rtpmap:0 PCMU/8000
""".replace("\n", "\r\n")


@pytest.fixture
def standing(tmp_path: Path, house: House) -> Iterator[Standing]:
    with Standing(tmp_path, house, proxy_handset="") as standing:
        yield standing


@pytest.fixture
def phone(tmp_path: Path, house: House, standing: Standing) -> Iterator[Path]:
    """Baresip with an account at the provider; gives its log."""
    folder = tmp_path / "baresip"
    folder.mkdir()
    (folder / "config").write_text(CONFIG.format(modules=MODULES, at=house.handset))
    (folder / "accounts").write_text(
        f'<sip:100@{house.provider}>;outbound="sip:{house.proxy}";regint=60;answermode=auto;auth_pass=x\n'
    )
    log = folder / "log"
    if not reachable():
        pytest.skip("baresip needs an address that is not the loopback's")
    process = started(["baresip", "-f", folder, "-s"], log)
    yield log
    ended(process)


def test_baresip_registers_answers_and_is_spared(
    house: House, judge: Judge, phone: Path, wait_until: Wait
) -> None:
    with Peer(house.provider) as provider:
        register = provider.any("REGISTER", 20)
        contact = header(register, "Contact")
        provider.send(answer(register, "200 OK", f"Contact: {contact};expires=60"), house.proxy)
        uri = contact.partition("<")[2].partition(">")[0]
        assert uri.startswith(f"sip:100@{house.proxy}:5060;rf")

        told = ("Content-Type: application/sdp",)
        wanted = provider.send(
            request("INVITE", uri, provider.at, *told, body=OFFER.format(at=house.provider)), house.proxy
        )
        while not (answered := provider.hear(wanted, 15)).startswith("SIP/2.0 200"):
            assert answered.startswith("SIP/2.0 1"), answered
        assert "m=audio" in answered
        routes = [f"Route: {route}" for route in reversed(headers(answered, "Record-Route"))]
        same = [f"{name}: {header(answered, name)}" for name in ("From", "To", "Call-ID")]
        target = header(answered, "Contact").partition("<")[2].partition(">")[0]
        provider.send(request("ACK", target, provider.at, *same, *routes), house.proxy)
        wait_until(lambda: judge.heard and judge.heard[0].talked is not None)
        bye = provider.send(request("BYE", target, provider.at, *same, *routes, cseq=2), house.proxy)
        assert provider.final(bye).startswith("SIP/2.0 200")

        before = phone.read_bytes().count(b"INVITE sip:100")
        unwanted = provider.send(
            request("INVITE", uri, provider.at, *told, "From: <sip:+8616210000001@x>;tag=1"), house.proxy
        )
        assert provider.final(unwanted).startswith("SIP/2.0 603")
        assert phone.read_bytes().count(b"INVITE sip:100") == before
        assert header(unwanted, "Call-ID").encode() not in phone.read_bytes()
