"""Proxy mode with its real peers: sipp as provider and handset, Kamailio between them."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from plain import Peer, answer, request
from sipp import House, calls, handset, number
from standing import Judge

from firmware.call import Absence

Wait = Callable[..., None]

WANTED, UNWANTED = number("+8613800000001"), number("+8616210000001")


@pytest.fixture
def silence(house: House) -> socket.socket:
    """A handset that only listens."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listening.bind((house.handset, 5060))
    listening.settimeout(1.0)
    return listening


def test_a_wanted_call_reaches_the_handset_and_is_told_of_to_its_end(
    tmp_path: Path, house: House, judge: Judge, wait_until: Wait
) -> None:
    with handset(tmp_path, house.handset) as phone, calls(tmp_path, house, [WANTED], talk=300) as caller:
        assert caller.wait()
        assert "rang" in phone.log
    wait_until(lambda: judge.heard and judge.heard[0].talked)
    call = judge.heard[0]
    assert call.caller_id
    assert (call.caller_id.number, call.rings, call.over, call.cut) == ("+8613800000001", 1, True, False)
    assert 0.2 <= (call.talked or 0.0) < 60


def test_a_blocked_call_never_makes_the_handsets_invite(
    tmp_path: Path, house: House, judge: Judge, silence: socket.socket, wait_until: Wait
) -> None:
    with calls(tmp_path, house, [UNWANTED] * 20, "-r", "50") as caller:
        assert caller.wait()
        assert caller.log.count("SIP/2.0 603 Decline") == 20
    with pytest.raises(TimeoutError):
        silence.recv(4096)
    wait_until(lambda: len(judge.heard) == 20 and judge.heard[-1].over)
    assert all(call.cut and call.talked is None for call in judge.heard)


def test_a_call_that_rings_is_ended_when_it_is_not_wanted_any_more(
    tmp_path: Path, house: House, judge: Judge, wait_until: Wait
) -> None:
    with Peer(house.handset) as phone, Peer(house.provider) as provider:
        call = request("INVITE", f"sip:line@{house.proxy}", provider.at, f"From: {WANTED};tag=1")
        invite = phone.hear(provider.send(call, house.proxy))
        phone.send(answer(invite, "180 Ringing"), house.proxy)
        wait_until(lambda: judge.heard and judge.heard[0].rings == 1)
        judge.unwanted.add("+8613800000001")
        judge.line.reconsider()
        assert provider.final(call).startswith("SIP/2.0 603")
        while not (heard := phone.hear(call)).startswith("CANCEL"):
            assert heard.startswith("INVITE")
        phone.send(answer(heard, "200 OK"), house.proxy)
        phone.send(answer(invite, "487 Request Terminated"), house.proxy)
        wait_until(lambda: judge.heard[0].over and judge.heard[0].cut)


def test_no_length_of_a_header_keeps_a_call_from_being_judged(house: House, judge: Judge) -> None:
    long = (
        f'From: "{"贷" * 2000}" {WANTED};tag={"t" * 2000}',
        f"Call-ID: {'c' * 5000}",
        f"Privacy: {'x' * 2000}",
    )
    with Peer(house.handset) as phone, Peer(house.provider) as provider:
        asserted = f"P-Asserted-Identity: {UNWANTED}"
        call = request("INVITE", f"sip:{'l' * 900}@{house.proxy}", provider.at, *long, asserted)
        provider.send(call, house.proxy)
        assert provider.final(call).startswith("SIP/2.0 603")
        assert phone.hears_nothing(call, 0.3)


def test_each_header_of_privacy_counts(house: House, judge: Judge, wait_until: Wait) -> None:
    with Peer(house.provider) as provider:
        hidden = f"P-Asserted-Identity: {WANTED}", "Privacy: none", "Privacy: id"
        provider.send(request("INVITE", f"sip:line@{house.proxy}", provider.at, *hidden), house.proxy)
        wait_until(lambda: judge.heard)
    assert judge.heard[0].caller_id
    assert judge.heard[0].caller_id.absence is Absence.WITHHELD


def test_the_provider_may_speak_tcp(tmp_path: Path, house: House, judge: Judge) -> None:
    with handset(tmp_path, house.handset), calls(tmp_path, house, [WANTED, UNWANTED], "-t", "t1") as caller:
        assert caller.wait(), caller.errors
        assert (caller.log.count("passed"), caller.log.count("SIP/2.0 603")) == (1, 1)


def test_the_number_that_the_provider_asserts_counts_and_not_the_one_that_the_caller_writes(
    tmp_path: Path, house: House, judge: Judge, silence: socket.socket
) -> None:
    forged = WANTED, "P-Asserted-Identity: <sip:+8616210000001@provider.example>"
    with calls(tmp_path, house, [forged]) as caller:
        assert caller.wait()
        assert "603" in caller.log
    with pytest.raises(TimeoutError):
        silence.recv(4096)
