"""Proxy mode with its real peers: sipp as provider and handset, Kamailio between them."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from sipp import House, calls, handset, number
from standing import Judge

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
    assert 0.2 <= (call.talked or 0.0) < 5


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


def test_the_number_that_the_provider_asserts_counts_and_not_the_one_that_the_caller_writes(
    tmp_path: Path, house: House, judge: Judge, silence: socket.socket
) -> None:
    forged = WANTED, "P-Asserted-Identity: <sip:+8616210000001@provider.example>"
    with calls(tmp_path, house, [forged]) as caller:
        assert caller.wait()
        assert "603" in caller.log
    with pytest.raises(TimeoutError):
        silence.recv(4096)
