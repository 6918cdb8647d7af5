"""Any bytes at all: hypothesis, and two million made from a seed."""

import random

import pytest
from hostile import MORSELS, RECORDINGS, check, fragments, held, mutated
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.callerid import Parser
from firmware.callerid.events import Event
from firmware.callerid.transcript import MOST_WAITING, decode

MOST_HELD = 6000
"""A line, shielded digits, a packet and a message, each with its raw text."""

bytes_of_any_kind = st.lists(
    st.one_of(
        st.binary(max_size=40),
        st.sampled_from(MORSELS),
        st.sampled_from(RECORDINGS),
        st.builds(lambda morsel, times: morsel * times, st.sampled_from(MORSELS), st.integers(2, 700)),
    ),
    max_size=12,
).map(b"".join)


def heard(parser: Parser, *chunks: bytes) -> list[Event]:
    return [event for chunk in chunks for event in parser.feed(chunk)] + parser.idle()


@settings(max_examples=120)
@given(bytes_of_any_kind)
def test_any_bytes_give_events_within_bounds(data: bytes) -> None:
    parser = Parser()
    check(heard(parser, data))
    assert held(parser) <= MOST_HELD


@settings(max_examples=60)
@given(bytes_of_any_kind, st.data())
def test_fragments_make_no_difference(data: bytes, draw: st.DataObject) -> None:
    cuts = sorted(draw.draw(st.lists(st.integers(0, len(data)), max_size=20)))
    pieces = [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]
    whole = heard(Parser(), data)
    assert heard(Parser(), *pieces) == whole
    assert heard(Parser(), *(bytes([octet]) for octet in data)) == whole


@settings(max_examples=60)
@given(st.lists(bytes_of_any_kind, max_size=4))
def test_silences_anywhere_do_no_harm(chunks: list[bytes]) -> None:
    parser = Parser()
    for chunk in chunks:
        check(heard(parser, chunk))
        assert parser.idle() == []


@settings(max_examples=60)
@given(bytes_of_any_kind.filter(lambda data: data.upper().count(b"R") < MOST_WAITING))
def test_a_decoded_message_stands_once(data: bytes) -> None:
    parser = Parser()
    last = {event.message: event for event in heard(parser, data) if hasattr(event, "message")}
    decoded = [event for event in decode([data]) if event["event"] == "caller_id"]
    assert [(event["number"], event["name"]) for event in decoded] == [
        (event.number, event.name) for event in last.values()
    ]


@pytest.mark.parametrize(
    "morsel",
    [
        b"A",
        b"1",
        b"\x10",
        b"\x10A",
        b"\x101",
        b"80 ",
        b"80\r\n",
        b"+VCIDR:80\r\n",
        b"TO:\r\n",
        b"NAME=O ",
        b"\r\n",
        b"RING ",
    ],
)
def test_endless_bytes_of_one_kind_are_not_kept(morsel: bytes) -> None:
    parser = Parser()
    data = morsel * (200_000 // len(morsel))
    for start in range(0, len(data), 4096):
        parser.feed(data[start : start + 4096])
        assert held(parser) <= MOST_HELD
    check(parser.feed(b"\r\nNMBR = 13800138000\r\n")[-1:])


def test_two_million_random_and_mutated_bytes() -> None:
    chance = random.Random(20261123)
    parser = Parser()
    fed = 0
    while fed < 2_000_000:
        for piece in fragments(chance, mutated(chance, 20_000), 400):
            check(parser.feed(piece))
            fed += len(piece)
            if chance.random() < 0.02:
                check(parser.idle())
        assert held(parser) <= MOST_HELD
    assert parser.unknown > 0
