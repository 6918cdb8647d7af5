"""Who may do what at the proxy: what comes from handsets goes to the provider, and nothing else anywhere."""

from __future__ import annotations

import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from plain import Peer, answer, header, headers, request
from sipp import House
from standing import Standing

pytestmark = pytest.mark.usefixtures("provider")
CLAIMS = (
    "P-Asserted-Identity", "P-Preferred-Identity", "P-Asserted-Service", "Remote-Party-ID", "Diversion", "History-Info",
    "Identity", "y", "P-Charging-Vector", "P-Served-User",
)  # fmt: skip


@pytest.fixture(scope="module")
def house() -> House:
    return House()


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory, house: House) -> Iterator[Standing]:
    """A proxy at which handsets register, so that there is none that gets what is for nobody."""
    with Standing(tmp_path_factory.mktemp("house"), house, proxy_handset="") as standing:
        yield standing


@pytest.fixture
def stranger(house: House) -> Iterator[Peer]:
    with Peer(house.stranger) as stranger:
        yield stranger


def registered(house: House, phone: Peer, provider: Peer) -> str:
    """The contact under which the provider knows the phone."""
    asked = phone.send(
        request("REGISTER", f"sip:{house.provider}", phone.at, to=f"sip:100@{house.provider}"), house.proxy
    )
    register = provider.hear(asked)
    contact = header(register, "Contact")
    provider.send(answer(register, "200 OK", f"Contact: {contact};expires=300"), house.proxy)
    assert f"<sip:line@{phone.at}>" in header(phone.hear(asked), "Contact")
    return contact.strip("<>")


def test_a_registration_goes_to_the_provider_and_the_call_for_it_to_the_phone(
    house: House, phone: Peer, provider: Peer
) -> None:
    contact = registered(house, phone, provider)
    assert contact.startswith(f"sip:100@{house.proxy}:5060;rf")
    call = provider.send(request("INVITE", contact, provider.at), house.proxy)
    invite = phone.hear(call)
    assert invite.startswith(f"INVITE sip:line@{phone.at} ")
    phone.send(answer(invite, "486 Busy Here"), house.proxy)
    assert provider.final(call).startswith("SIP/2.0 486")


def test_a_call_for_a_registration_is_known_by_its_token_from_any_address_of_the_provider(
    house: House, phone: Peer, provider: Peer, stranger: Peer
) -> None:
    contact = registered(house, phone, provider)
    call = stranger.send(request("INVITE", contact, stranger.at), house.proxy)
    assert phone.hear(call).startswith("INVITE")


def test_a_call_for_nobody_is_not_found(house: House, provider: Peer) -> None:
    call = provider.send(request("INVITE", f"sip:whoever@{house.proxy}", provider.at), house.proxy)
    assert provider.final(call).startswith("SIP/2.0 404")


def test_the_provider_cannot_send_a_call_out_of_the_house(
    house: House, provider: Peer, stranger: Peer
) -> None:
    call = provider.send(request("INVITE", f"sip:x@{stranger.at}", provider.at), house.proxy)
    assert provider.final(call).startswith("SIP/2.0 404")
    assert stranger.hears_nothing(call)


def test_nor_by_way_of_a_phone_that_is_to_be_reached_elsewhere(
    house: House, provider: Peer, stranger: Peer
) -> None:
    aim = f"sip:x@{house.handset};maddr={house.stranger}"
    for method, *to in (("INVITE",), ("MESSAGE",), ("BYE", f"To: <sip:x@{house.handset}>;tag=1")):
        asked = provider.send(request(method, aim, provider.at, *to), house.proxy)
        assert provider.final(asked).startswith("SIP/2.0 403")
        assert stranger.hears_nothing(asked, 0.1)


@pytest.mark.parametrize("method", ["INVITE", "REGISTER", "OPTIONS", "MESSAGE"])
def test_a_stranger_gets_no_answer(house: House, stranger: Peer, provider: Peer, method: str) -> None:
    for domain in (house.proxy, house.provider):
        asked = stranger.send(request(method, f"sip:100@{domain}", stranger.at), house.proxy)
        assert stranger.hears_nothing(asked, 0.4)
        assert provider.hears_nothing(asked, 0.1)


@pytest.mark.parametrize("method", ["BYE", "INVITE"])
def test_nor_does_one_that_speaks_as_if_within_a_call(
    house: House, stranger: Peer, phone: Peer, method: str
) -> None:
    aim = f"sip:line@{phone.at}"
    for route in ((), (f"Route: <sip:{house.proxy};lr>",), (f"Route: <sip:{house.proxy};lr;rf=>",)):
        asked = request(method, aim, stranger.at, *route, f"To: <{aim}>;tag=1")
        stranger.send(asked, house.proxy)
        assert stranger.hears_nothing(asked, 0.2)
        assert phone.hears_nothing(asked, 0.05)


@pytest.mark.parametrize("source", ["stranger", "handset2"])
def test_sipvicious_finds_nothing(house: House, source: str) -> None:
    address = getattr(house, source)
    found = subprocess.run(
        ["svmap", "-b", address, "-x", address, "-p", "5060", "-P", "5090", house.proxy],
        capture_output=True,
        timeout=120,
        check=False,
        text=True,
    )
    assert house.proxy not in found.stdout


def test_a_phone_calls_out_through_the_provider_and_nobody_else(
    house: House, phone: Peer, provider: Peer, stranger: Peer
) -> None:
    call = phone.send(request("INVITE", f"sip:02088886666@{house.provider}", phone.at), house.proxy)
    assert provider.hear(call).startswith(f"INVITE sip:02088886666@{house.provider} ")
    call = phone.send(request("INVITE", f"sip:02088886666@{stranger.at}", phone.at), house.proxy)
    assert phone.final(call).startswith("SIP/2.0 403")
    assert stranger.hears_nothing(call, 0.3)


def test_a_number_without_a_host_is_called_at_the_provider(house: House, phone: Peer, provider: Peer) -> None:
    call = phone.send(request("INVITE", "tel:02088886666", phone.at), house.proxy)
    assert provider.hear(call).startswith("INVITE tel:02088886666 ")


@pytest.mark.parametrize("agent", ["SIPClient/2.0", "MediWare PBX", "sipcli/v1.8"])
def test_a_call_comes_through_whatever_its_program_is_called(
    house: House, phone: Peer, provider: Peer, agent: str
) -> None:
    contact = registered(house, phone, provider)
    call = provider.send(request("INVITE", contact, provider.at, f"User-Agent: {agent}"), house.proxy)
    assert phone.hear(call).startswith("INVITE")


def test_a_phone_is_no_scanner_for_a_name_like_one(house: House, phone: Peer, provider: Peer) -> None:
    for agent, answered in (("SIPClient/2.0", True), ("sipcli/v1.8", False), ("friendly-scanner", False)):
        asked = phone.send(
            request("OPTIONS", f"sip:{house.provider}", phone.at, f"User-Agent: {agent}"), house.proxy
        )
        assert provider.hears_nothing(asked, 0.3) is not answered


def test_a_phone_cannot_have_itself_taken_for_another(house: House, phone: Peer, provider: Peer) -> None:
    forged = [f"{name}: <sip:+8610000@{house.provider}>" for name in CLAIMS]
    call = phone.send(request("INVITE", f"sip:02088886666@{house.provider}", phone.at, *forged), house.proxy)
    invite = provider.hear(call)
    assert "8610000" not in invite
    provider.send(answer(invite, "200 OK", f"Contact: <sip:far@{provider.at}>"), house.proxy)
    answered = phone.final(call)
    routes = [f"Route: {route}" for route in reversed(headers(answered, "Record-Route"))]
    same = [f"{name}: {header(answered, name)}" for name in ("From", "To", "Call-ID")]
    again = request("INVITE", f"sip:far@{provider.at}", phone.at, *same, *routes, *forged, cseq=2)
    phone.send(again, house.proxy)
    while header(heard := provider.hear(call), "CSeq") != "2 INVITE":
        assert "8610000" not in heard
    assert "8610000" not in heard


def test_nor_with_its_answer(house: House, phone: Peer, provider: Peer) -> None:
    contact = registered(house, phone, provider)
    call = provider.send(request("INVITE", contact, provider.at), house.proxy)
    forged = f"P-Asserted-Identity: <sip:+8610000@{house.provider}>", f"Contact: <sip:line@{phone.at}>"
    phone.send(answer(phone.hear(call), "200 OK", *forged), house.proxy)
    assert "8610000" not in provider.final(call)


def test_a_route_that_a_phone_has_laid_beforehand_is_told_to_nobody(
    house: House, phone: Peer, provider: Peer, stranger: Peer
) -> None:
    for route in (f"<sip:{house.proxy};lr>,<sip:{stranger.at};lr>", f"<sip:{stranger.at};lr>"):
        asked = request("INVITE", f"sip:02088886666@{house.provider}", phone.at, f"Route: {route}")
        call = phone.send(asked, house.proxy)
        assert header(provider.hear(call), "Route") == ""
        assert stranger.hears_nothing(call, 0.1)


@pytest.mark.parametrize("uri", ["sip:110@{stranger}", "tel:110", "sip:999@{proxy}", "URN:SERVICE:SOS"])
def test_an_emergency_call_goes_out_however_it_is_dialled(
    house: House, phone: Peer, provider: Peer, uri: str
) -> None:
    asked = uri.format(stranger=house.stranger, proxy=house.proxy)
    call = phone.send(request("INVITE", asked, phone.at, "Max-Forwards: 1"), house.proxy)
    assert provider.hear(call).startswith("INVITE ")


@pytest.mark.parametrize("digits", ["110", "119", "120", "112", "911", "999"])
def test_an_emergency_call_goes_out_untouched(house: House, phone: Peer, provider: Peer, digits: str) -> None:
    kept = f"P-Preferred-Identity: <sip:+8610000@{house.provider}>"
    call = phone.send(request("INVITE", f"sip:{digits}@{house.provider}", phone.at, kept), house.proxy)
    invite = provider.hear(call)
    assert invite.startswith(f"INVITE sip:{digits}@{house.provider} ")
    assert kept in invite


def test_an_emergency_call_by_its_service_name_goes_out(house: House, phone: Peer, provider: Peer) -> None:
    call = phone.send(
        request("INVITE", "urn:service:sos.police", phone.at, to="urn:service:sos"), house.proxy
    )
    assert provider.hear(call).startswith("INVITE urn:service:sos.police ")


def test_a_phone_that_calls_without_end_still_reaches_the_police(
    house: House, phone: Peer, provider: Peer
) -> None:
    with Peer(house.handset2) as noisy:
        for _ in range(200):
            noisy.send(request("OPTIONS", f"sip:{house.provider}", noisy.at), house.proxy)
        call = noisy.send(request("OPTIONS", f"sip:{house.provider}", noisy.at), house.proxy)
        assert provider.hears_nothing(call)
        call = noisy.send(request("INVITE", f"sip:110@{house.provider}", noisy.at), house.proxy)
        assert provider.hear(call).startswith("INVITE sip:110@")


def test_a_provider_that_keeps_no_route_ends_its_calls_all_the_same(
    house: House, phone: Peer, provider: Peer
) -> None:
    bye = request("BYE", f"sip:line@{phone.at}", provider.at, f"To: <sip:line@{phone.at}>;tag=1")
    provider.send(bye, house.proxy)
    assert phone.hear(bye).startswith("BYE")


def test_who_has_seen_the_mark_of_a_registration_gets_no_further_than_the_phones(
    house: House, phone: Peer, provider: Peer, stranger: Peer
) -> None:
    contact = registered(house, phone, provider)
    mark = contact.partition(";rf")[2].partition("=")[0]
    aim, to = f"sip:x@{stranger.at};rf{mark}=1", f"To: <sip:x@{stranger.at}>;tag=1"
    for source in (provider, stranger):
        for method in ("BYE", "INVITE"):
            way = f"Route: <sip:{house.proxy};lr;rf={mark}>"
            asked = source.send(request(method, aim, source.at, way, to), house.proxy)
            assert source.final(asked).startswith("SIP/2.0 403")
            assert stranger.hears_nothing(asked, 0.1) or source is stranger


def test_an_answer_that_nobody_waits_for_goes_nowhere(
    house: House, provider: Peer, phone: Peer, stranger: Peer
) -> None:
    asked = request("INVITE", f"sip:x@{house.proxy}", phone.at)
    vias = (
        f"Via: SIP/2.0/UDP {house.proxy}:5060;branch=z9hG4bK1\r\nVia: SIP/2.0/UDP {phone.at};branch=z9hG4bK2"
    )
    stranger.send(answer(asked, "200 OK").replace(f"Via: {header(asked, 'Via')}", vias), house.proxy)
    assert phone.hears_nothing(asked)


@pytest.mark.parametrize("method", ["SUBSCRIBE", "REFER", "PUBLISH", "REGISTER", "UPDATE", "INFO"])
def test_the_provider_can_ask_nothing_else_of_a_phone(
    house: House, phone: Peer, provider: Peer, method: str
) -> None:
    contact = registered(house, phone, provider)
    asked = provider.send(request(method, contact, provider.at), house.proxy)
    assert provider.final(asked).startswith("SIP/2.0 405")
    assert phone.hears_nothing(asked, 0.1)


def test_what_goes_round_in_circles_comes_to_an_end(house: House, phone: Peer, provider: Peer) -> None:
    for source in (phone, provider):
        asked = request("INVITE", f"sip:1@{house.provider}", source.at, "Max-Forwards: 0")
        assert source.final(source.send(asked, house.proxy)).startswith("SIP/2.0 483")


@pytest.mark.parametrize("route", ["<sip:{proxy};lr>", "<sip:{proxy};lr;rf=guess>"])
def test_a_route_that_somebody_made_up_leads_nowhere(
    house: House, phone: Peer, provider: Peer, stranger: Peer, route: str
) -> None:
    for source in (phone, provider, stranger):
        made_up = (f"Route: {route.format(proxy=house.proxy)}", f"To: <sip:x@{stranger.at}>;tag=1")
        asked = source.send(request("BYE", f"sip:x@{stranger.at}", source.at, *made_up), house.proxy)
        if source is not stranger:
            assert source.hear(asked).startswith("SIP/2.0 403")
        assert stranger.hears_nothing(asked, 0.3)


def test_a_number_that_is_withheld_is_not_told_to_the_phone(
    house: House, phone: Peer, provider: Peer
) -> None:
    contact = registered(house, phone, provider)
    number = "<sip:+8613800000001@x>"
    hidden = "Privacy: none", "Privacy: id", f"P-Asserted-Identity: {number}", f"Remote-Party-ID: {number}"
    call = provider.send(request("INVITE", contact, provider.at, *hidden), house.proxy)
    assert "8613800000001" not in phone.hear(call)


def test_a_caller_who_gives_up_stops_the_ringing(house: House, phone: Peer, provider: Peer) -> None:
    contact = registered(house, phone, provider)
    call = provider.send(request("INVITE", contact, provider.at), house.proxy)
    phone.send(answer(phone.hear(call), "180 Ringing"), house.proxy)
    via, start = f"Via: {header(call, 'Via')}", f"From: {header(call, 'From')}"
    same = via, start, f"To: {header(call, 'To')}", f"Call-ID: {header(call, 'Call-ID')}"
    provider.send(request("CANCEL", contact, provider.at, *same), house.proxy)
    while not (heard := phone.hear(call)).startswith("CANCEL"):
        assert heard.startswith("INVITE")


def test_who_speaks_tls_is_answered_over_tls(tmp_path: Path) -> None:
    own = House()
    certificate, key = tmp_path / "proxy.pem", tmp_path / "proxy.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=proxy", "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    listen = (f"udp:{own.proxy}:5060", f"tls:{own.proxy}:5061")
    tls = {"proxy_listen": listen, "proxy_certificate": str(certificate), "proxy_key": str(key)}
    context = ssl.create_default_context(cafile=str(certificate))
    context.check_hostname = False
    with (
        Standing(tmp_path, own, **tls),
        socket.create_connection((own.proxy, 5061), 10, (own.provider, 0)) as plain,
        context.wrap_socket(plain) as provider,
    ):
        asked = request(
            "OPTIONS", f"sip:{own.proxy}", f"{own.provider}:5061", "Via: SIP/2.0/TLS x;branch=z9hG4bK1"
        )
        provider.sendall(asked.encode())
        assert provider.recv(4096).startswith(b"SIP/2.0 200")
