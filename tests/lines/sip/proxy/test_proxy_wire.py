"""What Kamailio says, taken apart."""

import base64
import json
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.lines.sip.proxy.wire import Garbled, Reader, Said, netstring


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def invite(**changes: str) -> bytes:
    told = {
        "event": "invite",
        "call": "17:4711",
        **{name: b64(name) for name in ("id", "tag", "to", "asserted", "party", "privacy")},
        "cseq": b64("102"),
        "from": b64('"张三" <sip:10@x>'),
        **changes,
    }
    text = json.dumps(told).encode()
    return b"%d:%b," % (len(text), text)


def test_an_invite_has_the_headers_that_were_there() -> None:
    (said,) = Reader().feed(invite(party="", privacy=""))
    assert said == Said(
        "invite",
        "17:4711",
        ("id", "tag"),
        "102",
        "to",
        [("From", '"张三" <sip:10@x>'), ("P-Asserted-Identity", "asserted")],
    )


@given(st.lists(st.integers(0, 2000), max_size=8))
def test_it_does_not_matter_how_messages_are_cut_up(cuts: list[int]) -> None:
    whole = invite() * 3
    places = sorted({0, len(whole), *(cut % len(whole) for cut in cuts)})
    reader = Reader()
    heard = [said for start, end in pairwise(places) for said in reader.feed(whole[start:end])]
    assert heard == [*Reader().feed(whole)]
    assert len(heard) == 3


@given(st.binary(max_size=200))
def test_rubbish_is_garbled_or_waited_for(data: bytes) -> None:
    with suppress(Garbled):
        list(Reader().feed(data))


@given(st.binary(max_size=100))
def test_a_message_of_rubbish_is_garbled(data: bytes) -> None:
    with pytest.raises(Garbled):
        list(Reader().feed(b"%d:%b," % (len(data), data)))


@pytest.mark.parametrize(
    "changes",
    [{"call": "1:2\n"}, {"event": "x"}, {"id": "*"}, {"from": "Zg"}, {"to": "é"}, {"cseq": b64("1 INVITE")}],
)
def test_what_kamailio_would_not_say_is_garbled(changes: dict[str, str]) -> None:
    with pytest.raises(Garbled):
        list(Reader().feed(invite(**changes)))


@pytest.mark.parametrize("data", [b"99999999:", b"70000:{", b"2:{};", b"12345678901", b"-1:,"])
def test_sizes_are_bounded(data: bytes) -> None:
    with pytest.raises(Garbled):
        list(Reader().feed(data))


def test_what_we_say_is_a_netstring() -> None:
    assert netstring("abc HERE") == b"8:abc HERE,"
