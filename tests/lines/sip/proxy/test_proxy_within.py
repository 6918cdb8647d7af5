"""Within a call: each side reaches the other at whatever host it is there, through a restart too, and nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from calling import Talk, called, calling
from plain import Peer, answer, header, headers, request
from sipp import House
from standing import Standing


@pytest.fixture(scope="module")
def house() -> House:
    return House()


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory, house: House) -> Iterator[Standing]:
    with Standing(tmp_path_factory.mktemp("house"), house) as standing:
        yield standing


@pytest.fixture
def gateway(house: House) -> Iterator[Peer]:
    """A server of the provider of which DNS does not know."""
    with Peer(house.stranger) as gateway:
        yield gateway


@pytest.fixture
def victim(house: House) -> Iterator[Peer]:
    with Peer(f"{house.net}.9") as victim:
        yield victim


WAYS = {
    "at its contact": ("<sip:far@{gateway}>", ()),
    "by its route": ("<sip:far@{victim}>", ("<sip:{gateway};lr>",)),
    "by its next route": ("<sip:far@{victim}>", ("<sip:x@{gateway};lr>", "<sip:{victim};lr>")),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("call", [calling, called])
def test_a_phone_reaches_the_provider_where_it_is_in_this_call_and_nobody_else(
    house: House,
    phone: Peer,
    provider: Peer,
    gateway: Peer,
    victim: Peer,
    call: Callable[..., Talk],
    way: str,
) -> None:
    contact, routes = WAYS[way]
    at = {"gateway": gateway.at, "victim": victim.at}
    talk = call(house, phone, provider, contact.format(**at), [route.format(**at) for route in routes])
    bye = phone.send(talk.request("BYE"), house.proxy)
    assert gateway.hear(bye).startswith("BYE")

    ours = talk.routes[: -len(routes)] if routes else talk.routes
    hidden = f"sip:x@{house.handset2};alias={house.net}.9~5060~1"
    for target, further in (
        (f"sip:x@{victim.at}", []),
        (talk.target, [f"<sip:{victim.at};lr>"]),
        (hidden, []),
    ):
        asked = phone.send(talk.request("INFO", target, [*ours, *further]), house.proxy)
        assert provider.hear(asked).startswith("INFO")
        assert victim.hears_nothing(asked, 0.1)


def test_what_another_call_proves_counts_for_nothing(
    house: House, phone: Peer, provider: Peer, gateway: Peer
) -> None:
    talk = calling(house, phone, provider, f"<sip:far@{gateway.at}>")
    other = phone.send(
        request("BYE", talk.target, phone.at, *talk.ways(), "To: <sip:x@x>;tag=1"), house.proxy
    )
    assert phone.hear(other).startswith("SIP/2.0 403")
    assert gateway.hears_nothing(other, 0.1)


def test_nor_does_a_call_whose_name_is_that_of_a_host_in_another(
    house: House, phone: Peer, provider: Peer, victim: Peer
) -> None:
    named = phone.send(
        request("INVITE", f"sip:1@{house.provider}", phone.at, f"Call-ID: {house.net}.9 whole"), house.proxy
    )
    proof = header(provider.hear(named), "Record-Route").partition(";rf=")[2].strip(">")
    talk = calling(house, phone, provider, "<sip:far@x.invalid>", id="whole")
    (route,) = talk.routes
    forged = route.partition(";hop=")[0] + f";hop={proof}>"
    asked = phone.send(talk.request("INFO", f"sip:x@{victim.at}", [forged]), house.proxy)
    assert provider.hear(asked).startswith("INFO")
    assert victim.hears_nothing(asked, 0.1)


@pytest.mark.parametrize("call", [calling, called])
def test_a_restart_changes_nothing_of_it(
    house: House, standing: Standing, phone: Peer, provider: Peer, gateway: Peer, call: Callable[..., Talk]
) -> None:
    talk = call(house, phone, provider, f"<sip:far@{gateway.at}>")
    standing.kill()
    standing.start()
    bye = phone.send(talk.request("BYE"), house.proxy)
    assert gateway.hear(bye).startswith("BYE")


def test_a_call_from_a_server_that_dns_does_not_know_is_taken_and_ended(
    house: House, phone: Peer, provider: Peer, gateway: Peer
) -> None:
    register = phone.send(
        request("REGISTER", f"sip:{house.provider}", phone.at, to=f"sip:100@{house.provider}"), house.proxy
    )
    contact = header(provider.hear(register), "Contact").strip("<>")
    invite = gateway.send(request("INVITE", contact, gateway.at), house.proxy)
    heard = phone.hear(invite)
    phone.send(answer(heard, "200 OK", f"Contact: <sip:line@{phone.at}>"), house.proxy)
    taken = gateway.final(invite)
    routes = [f"Route: {route}" for route in reversed(headers(taken, "Record-Route"))]
    same = [f"{name}: {header(taken, name)}" for name in ("From", "To", "Call-ID")]
    for method in ("ACK", "BYE"):
        gateway.send(request(method, f"sip:line@{phone.at}", gateway.at, *same, *routes, cseq=2), house.proxy)
        while not (heard := phone.hear(invite)).startswith(method):
            assert heard.startswith("INVITE")


def test_a_phone_that_names_an_address_of_its_own_network_is_spoken_to_whence_it_answers(
    house: House, phone: Peer, provider: Peer
) -> None:
    invite = provider.send(request("INVITE", f"sip:line@{house.proxy}", provider.at), house.proxy)
    phone.send(answer(phone.hear(invite), "200 OK", "Contact: <sip:line@172.17.0.2:5060>"), house.proxy)
    taken = provider.final(invite)
    routes = [f"Route: {route}" for route in reversed(headers(taken, "Record-Route"))]
    same = [f"{name}: {header(taken, name)}" for name in ("From", "To", "Call-ID")]
    target = header(taken, "Contact").strip("<>")
    provider.send(request("ACK", target, provider.at, *same, *routes), house.proxy)
    while not (heard := phone.hear(invite)).startswith("ACK sip:line@172.17.0.2:5060 "):
        assert heard.startswith("INVITE")
