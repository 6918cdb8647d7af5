"""Packets built as the standards say: GR-30-CORE (SDMF, MDMF) and ETSI EN 300 659-3."""

import pytest

from firmware.call import Absence, CallerId
from firmware.callerid import Parser
from firmware.callerid.events import Event, Notice, Unknown

DATE_TIME = (0x01, b"11232315")
NUMBER = (0x02, b"16210123456")


def sealed(kind: int, body: bytes) -> bytes:
    octets = bytes([kind, len(body)]) + body
    return octets + bytes([-sum(octets) % 256])


def mdmf(*parameters: tuple[int, bytes], kind: int = 0x80) -> bytes:
    return sealed(kind, b"".join(bytes([number, len(octets)]) + octets for number, octets in parameters))


def heard(octets: bytes) -> Event:
    (event,) = Parser().feed(octets.hex().upper().encode() + b"\r\n")
    return event


def caller(octets: bytes) -> CallerId:
    event = heard(octets)
    assert isinstance(event, CallerId)
    return event


def test_sdmf() -> None:
    call = caller(sealed(0x04, b"1123231516210123456"))
    assert (call.date, call.time, call.number) == ("11-23", "23:15", "16210123456")


@pytest.mark.parametrize(
    ("reason", "absence"), [(b"P", Absence.WITHHELD), (b"O", Absence.UNAVAILABLE), (b"A", Absence.WITHHELD)]
)
def test_sdmf_without_a_number(reason: bytes, absence: Absence) -> None:
    call = caller(sealed(0x04, b"11232315" + reason))
    assert (call.number, call.absence) == (None, absence)


def test_mdmf() -> None:
    call = caller(mdmf(DATE_TIME, NUMBER, (0x07, "王小明".encode("gb2312"))))
    assert (call.date, call.time, call.number, call.name) == ("11-23", "23:15", "16210123456", "王小明")


@pytest.mark.parametrize(
    ("reason", "absence"),
    [
        (b"P", Absence.WITHHELD),
        (b"O", Absence.UNAVAILABLE),
        (b"C", Absence.UNAVAILABLE),
        (b"7", Absence.UNAVAILABLE),
    ],
)
def test_mdmf_without_a_number(reason: bytes, absence: Absence) -> None:
    call = caller(mdmf(DATE_TIME, (0x04, reason)))
    assert (call.number, call.absence) == (None, absence)


def test_the_reason_for_no_name_is_the_numbers_where_nothing_else_is_said_of_it() -> None:
    assert caller(mdmf(DATE_TIME, (0x08, b"P"))).absence is Absence.WITHHELD
    assert caller(mdmf((0x08, b"P"), NUMBER)).absence is None
    assert caller(mdmf((0x08, b"P"), (0x04, b"O"))).absence is Absence.UNAVAILABLE


def test_redirection_and_qualifier_of_class_are_no_numbers() -> None:
    call = caller(mdmf(DATE_TIME, NUMBER, (0x05, b"1"), (0x06, b"L")))
    assert (call.number, call.name, call.absence) == ("16210123456", None, None)
    assert caller(mdmf(DATE_TIME, (0x05, b"1"), (0x06, b"L"))).number is None


def test_the_line_that_was_called_is_not_the_caller() -> None:
    assert caller(mdmf((0x11, b"\x01"), NUMBER, (0x03, b"95588"))).number == "16210123456"
    withheld = caller(mdmf((0x11, b"\x01"), (0x04, b"P"), (0x03, b"95588")))
    assert (withheld.number, withheld.absence) == (None, Absence.WITHHELD)


def test_a_dialable_or_complementary_number_stands_in() -> None:
    assert caller(mdmf((0x03, b"5551212"))).number == "5551212"
    assert caller(mdmf((0x10, b"5551212"))).number == "5551212"
    assert caller(mdmf((0x10, b"5551212"), NUMBER)).number == "16210123456"


@pytest.mark.parametrize(
    "octets",
    [
        mdmf((0x0B, b"\xff"), kind=0x82),
        mdmf(DATE_TIME, (0x20, b"120"), kind=0x86),
        mdmf((0x02, b"10086"), kind=0x89),
        mdmf((0x11, b"\x81"), (0x0B, b"\xff")),
        mdmf(DATE_TIME, (0x0B, b"\x00")),
        sealed(0x06, b"BBB"),
        sealed(0x81, b"test"),
        sealed(0xF1, b"operator"),
    ],
    ids=lambda octets: octets.hex(),
)
def test_a_message_that_is_no_call(octets: bytes) -> None:
    assert heard(octets) == Notice(octets.hex().upper())


@pytest.mark.parametrize("place", range(len(mdmf(DATE_TIME, NUMBER))))
def test_a_changed_octet_gives_no_number(place: int) -> None:
    octets = bytearray(mdmf(DATE_TIME, NUMBER))
    octets[place] ^= 0x01
    parser = Parser()
    events = parser.feed(octets.hex().encode() + b"\r\n") + parser.idle()
    assert not any(isinstance(event, CallerId) for event in events)


def test_parameters_longer_than_the_message() -> None:
    octets = sealed(0x80, b"\x02\x0a5551212")
    assert heard(octets) == Unknown(octets.hex().upper())


@pytest.mark.parametrize("gap", ["", " "])
@pytest.mark.parametrize(("prefix", "width"), [("", 6), ("", 16), ("+VCIDR: ", 1), ("+VCIDR: ", 16)])
def test_a_packet_over_several_lines(prefix: str, width: int, gap: str) -> None:
    octets = mdmf(DATE_TIME, NUMBER)
    lines = [
        gap.join(f"{octet:02x}" for octet in octets[at : at + width]) for at in range(0, len(octets), width)
    ]
    parser = Parser()
    (event,) = parser.feed((prefix + "\r\n\r\n".join(lines) + "\r\n").encode())
    assert isinstance(event, CallerId)
    assert event.number == "16210123456"


def test_a_packet_that_stops_short_is_given_up_after_a_silence_or_by_the_next_line() -> None:
    short = mdmf(DATE_TIME, NUMBER)[:-4].hex().encode()
    parser = Parser()
    assert parser.feed(short + b"\r\n") == []
    assert parser.idle() == [Unknown(short.decode())]
    first, *_ = parser.feed(short + b"\r\nRING\r\n")
    assert first == Unknown(short.decode())
