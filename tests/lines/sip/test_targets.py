"""Where a SIP server is reached: what DNS says, in which order, and whatever DNS says."""

from __future__ import annotations

import time

import pytest
from names import Names

from firmware.lines.sip.targets import MOST_TARGETS, targets

TELEPHONY = (
    "_sip._udp.x.example. SRV 20 0 5070 127.0.0.3.",
    "_sip._udp.x.example. SRV 10 0 5060 127.0.0.2.",
    "_sip._tcp.x.example. SRV 10 0 5065 127.0.0.4.",
    "_sips._tcp.x.example. SRV 10 0 5063 127.0.0.5.",
)
"""The hosts are called by their addresses, so that nothing but the service has to be looked up."""


@pytest.mark.parametrize(
    ("transport", "found"),
    [
        ("udp", [("127.0.0.2", 5060), ("127.0.0.3", 5070)]),
        ("tcp", [("127.0.0.4", 5065)]),
        ("tls", [("127.0.0.5", 5063)]),
    ],
)
def test_a_name_is_one_of_a_service_by_transport_and_priority(
    transport: str, found: list[tuple[str, int]]
) -> None:
    with Names(*TELEPHONY) as names:
        assert targets("x.example", None, transport, names.resolver()) == found


def test_hosts_of_one_priority_share_what_comes_by_their_weight() -> None:
    zone = ("_sip._udp.x.example. SRV 1 3 1 127.0.0.2.", "_sip._udp.x.example. SRV 1 1 2 127.0.0.3.")
    with Names(*zone) as names:
        first = [targets("x.example", None, "udp", names.resolver())[0][1] for _ in range(60)]
    assert set(first) == {1, 2}


def test_a_port_or_an_address_asks_for_no_service() -> None:
    with Names(*TELEPHONY) as names:
        assert targets("localhost", 5099, "udp", names.resolver())[0] == ("127.0.0.1", 5099)
        assert targets("127.0.0.9", None, "tls", names.resolver()) == [("127.0.0.9", 5061)]
        assert targets("::1", None, "udp", names.resolver()) == [("::1", 5060)]
        assert names.asked == []


def test_a_name_without_a_service_is_that_of_a_host() -> None:
    with Names() as names:
        assert targets("localhost", None, "tcp", names.resolver())[0] == ("127.0.0.1", 5060)
        assert names.asked == ["_sip._tcp.localhost. SRV"]


def test_a_service_that_is_decidedly_not_there_has_no_target() -> None:
    with Names("_sip._udp.localhost. SRV 0 0 0 .") as names, pytest.raises(OSError, match="localhost"):
        targets("localhost", None, "udp", names.resolver())


def test_a_host_that_cannot_be_found_leaves_the_others() -> None:
    zone = (
        "_sip._udp.x.example. SRV 1 0 1 a\\000\\255b.invalid.",
        "_sip._udp.x.example. SRV 2 0 2 127.0.0.2.",
    )
    with Names(*zone) as names:
        assert targets("x.example", None, "udp", names.resolver()) == [("127.0.0.2", 2)]


def test_of_many_hosts_only_some_are_tried() -> None:
    with Names(*(f"_sip._udp.x.example. SRV 1 0 {n} 127.0.0.{n}." for n in range(1, 40))) as names:
        assert len(targets("x.example", None, "udp", names.resolver())) == MOST_TARGETS


def test_without_an_answer_it_takes_no_more_than_seconds() -> None:
    with Names() as names:
        names.silent = True
        began = time.monotonic()
        assert targets("localhost", None, "udp", names.resolver())[0] == ("127.0.0.1", 5060)
        assert time.monotonic() - began < 10


@pytest.mark.parametrize("host", ["a" * 64, "a..b", ".", "x." * 126 + "x", "ß" * 60, "\udc80"])
def test_what_can_be_no_name_has_no_target(host: str) -> None:
    with Names() as names, pytest.raises(OSError, match="no address"):
        targets(host, None, "udp", names.resolver())
