"""A call is delivered within a second, whatever has become of Ringfence; and a call that is talked through goes on,
whatever has become of Kamailio."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from plain import Peer, answer, request
from sipp import House, calls, handset, number
from standing import Judge, Standing

from firmware.lines.sip.proxy.config import token
from firmware.lines.sip.proxy.control import ask
from firmware.lines.sip.proxy.wire import netstring

Wait = Callable[..., None]

UNWANTED = number("+8616210000001")


def rings_after(house: House, phone: Peer, provider: Peer) -> float:
    """Seconds from the provider's INVITE to the phone's, of a call that would be blocked."""
    began = time.monotonic()
    call = provider.send(
        request("INVITE", f"sip:line@{house.proxy}", provider.at, f"From: {UNWANTED};tag={began}"),
        house.proxy,
    )
    invite = phone.hear(call, 10)
    took = time.monotonic() - began
    phone.send(answer(invite, "486 Busy Here"), house.proxy)
    provider.final(call)
    return took


def rings_at_once(house: House, phone: Peer, provider: Peer) -> bool:
    """Whether of some calls one rings before the half second has passed for which somebody is waited for."""
    return any(rings_after(house, phone, provider) < 0.45 for _ in range(10))


def test_with_nobody_to_ask_a_call_rings_at_once(standing: Standing, house: House) -> None:
    with Peer(house.handset) as phone, Peer(house.provider) as provider:
        assert rings_at_once(house, phone, provider)


def test_when_no_answer_comes_a_call_rings_all_the_same_and_the_next_ones_at_once(
    standing: Standing, house: House, judge: Judge, wait_until: Wait
) -> None:
    judge.slow.set()
    with Peer(house.handset) as phone, Peer(house.provider) as provider:
        assert rings_after(house, phone, provider) > 0.45
        assert rings_at_once(house, phone, provider)
        judge.slow.clear()
        wait_until(lambda: len(judge.heard) == 1 and judge.heard[0].over, 10)
        assert not judge.heard[0].talked


def test_a_phone_that_wakes_late_has_the_time_for_it_all_the_same(
    house: House, judge: Judge, wait_until: Wait
) -> None:
    judge.slow.set()
    with Peer(house.handset) as phone, Peer(house.provider) as provider:
        call = provider.send(request("INVITE", f"sip:line@{house.proxy}", provider.at), house.proxy)
        assert phone.hear(call).startswith("INVITE")
        again = phone.hear(call)
        assert again.startswith("INVITE")
        phone.send(answer(again, "486 Busy Here"), house.proxy)
        assert provider.final(call).startswith("SIP/2.0 486")
    judge.slow.clear()
    wait_until(lambda: judge.heard and judge.heard[0].over)


def test_who_listens_again_is_asked_again(
    tmp_path: Path, standing: Standing, house: House, wait_until: Wait
) -> None:
    for _ in range(2):
        with Judge(standing, ["+8616210000001"]) as judge:
            wait_until(lambda judge=judge: judge.guards)
            with calls(tmp_path, house, [UNWANTED]) as caller:
                assert caller.wait()
                assert "603" in caller.log


def test_who_does_not_know_the_token_is_told_nothing_and_decides_nothing(
    standing: Standing, house: House
) -> None:
    with (
        socket.create_connection(("127.0.0.1", standing.events)) as spy,
        Peer(house.handset) as phone,
        Peer(house.provider) as provider,
    ):
        spy.sendall(netstring("guess HERE"))
        spy.settimeout(0.5)
        assert rings_at_once(house, phone, provider)
        with pytest.raises(TimeoutError):
            spy.recv(100)


def test_a_call_that_is_talked_through_outlives_kamailio(
    tmp_path: Path, standing: Standing, house: House, wait_until: Wait
) -> None:
    with handset(tmp_path, house.handset), calls(tmp_path, house, [UNWANTED], talk=4000) as caller:
        wait_until(lambda: ask(standing.folder / "proxy", "dlg.stats_active")["ongoing"])
        standing.kill()
        standing.start()
        assert caller.wait(), caller.errors


def test_kamailios_death_ends_the_calls_and_its_return_is_noticed(
    standing: Standing, house: House, judge: Judge, wait_until: Wait
) -> None:
    with Peer(house.handset) as phone, Peer(house.provider) as provider:
        phone.hear(provider.send(request("INVITE", f"sip:line@{house.proxy}", provider.at), house.proxy))
        standing.kill()
        wait_until(lambda: judge.heard and judge.heard[0].over)
        wait_until(lambda: judge.line.state.fault == "no_proxy")
        standing.start()
        wait_until(lambda: judge.guards, 10)


def test_the_token_stays_the_same(standing: Standing) -> None:
    assert token(standing.folder / "proxy") == token(standing.folder / "proxy")
