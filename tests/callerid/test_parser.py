from dataclasses import replace

import pytest

from firmware.call import Absence, CallerId
from firmware.callerid import Parser
from firmware.callerid.events import Event, Hook, Notice, Reply, Ring, Unknown


def heard(*chunks: bytes | None) -> list[Event]:
    """What a parser makes of some chunks; None stands for a silence, and there is one at the end."""
    parser = Parser()
    events = [event for chunk in chunks for event in (parser.idle() if chunk is None else parser.feed(chunk))]
    return events + parser.idle()


def messages(events: list[Event]) -> list[CallerId]:
    """The messages in their finished state."""
    return list({event.message: event for event in events if isinstance(event, CallerId)}.values())


def numbers(*chunks: bytes | None) -> list[str | None]:
    return [message.number for message in messages(heard(*chunks))]


@pytest.mark.parametrize(
    "line",
    [
        b"NMBR = 13800138000",
        b"NMBR=13800138000",
        b"nmbr = 13800138000",
        b"  NMBR  =  13800138000  ",
        b"NMBR: 138-0013-8000",
        b"NMBR = (138) 0013 8000",
        b"DDN_NMBR= 13800138000",
        b"NBR=13800138000",
        b"FM:13800138000 TO:95588",
        b"CALLER NUMBER: 13800138000",
        b"CALLER'S NUMBER: 13800138000",
        b"CallerID: 13800138000",
        b"RING;13800138000",
        b"RING CID: 13800138000",
        b"A13800138000D",
        b"A13800138000",
        b"B13800138000C",
        b"13800138000C",
    ],
)
@pytest.mark.parametrize("end", [b"\r\n", b"\r", b"\n", b"\r\r\n", b""])
def test_a_number_in_whatever_form(line: bytes, end: bytes) -> None:
    assert numbers(end, line, end) == ["13800138000"]


def test_a_number_is_given_at_the_end_of_its_line() -> None:
    parser = Parser()
    assert not [e for e in parser.feed(b"\r\nNMBR = 13800138000") if isinstance(e, CallerId)]
    (event,) = parser.feed(b"\r")
    assert isinstance(event, CallerId)
    assert event.number == "13800138000"


def test_every_part_gives_the_message_as_it_stands() -> None:
    events = heard(b"DATE = 1123\r\nTIME = 2315\r\nNMBR = 13800138000\r\nNAME = A N OTHER\r\n")
    assert [(e.date, e.time, e.number, e.name, e.message) for e in events if isinstance(e, CallerId)] == [
        ("11-23", None, None, None, 1),
        ("11-23", "23:15", None, None, 1),
        ("11-23", "23:15", "13800138000", None, 1),
        ("11-23", "23:15", "13800138000", "A N OTHER", 1),
    ]


def test_a_name_after_the_number_belongs_to_this_call() -> None:
    (message,) = messages(heard(b"NMBR = 13800138000\r\n\r\nRING\r\n\r\nNAME = LATE\r\n"))
    assert (message.number, message.name) == ("13800138000", "LATE")


def test_a_name_two_rings_later_is_not_put_to_an_earlier_number() -> None:
    first, second = messages(heard(b"NMBR = 13800138000\r\nRING\r\nRING\r\nNAME = LATER\r\n"))
    assert (first.name, second.name, second.number) == (None, "LATER", None)


def test_blank_lines_end_nothing() -> None:
    (message,) = messages(heard(b"NMBR = 13800138000\r\n" + b"\r\n" * 50 + b"NAME = SOMEONE\r\n"))
    assert (message.number, message.name) == ("13800138000", "SOMEONE")


def test_answers_between_the_parts_end_nothing() -> None:
    events = heard(
        b"DATE = 1123\r\nOK\r\nAT+VCID?\r\nNMBR = 13800138000\r\n+VCID: 1\r\nOK\r\nNAME = SOMEONE\r\n"
    )
    (message,) = messages(events)
    assert (message.date, message.number, message.name) == ("11-23", "13800138000", "SOMEONE")
    assert [e.text for e in events if isinstance(e, Reply)] == ["OK", "AT+VCID?", "+VCID: 1", "OK"]


@pytest.mark.parametrize("between", [b"RING\r\n", None])
def test_after_a_ring_or_a_silence_a_number_is_of_another_message(between: bytes | None) -> None:
    assert numbers(b"NMBR = 110110110\r\n", between, b"NMBR = 13800138000\r\n") == [
        "110110110",
        "13800138000",
    ]


def test_a_repeated_field_begins_another_message() -> None:
    first, second = messages(heard(b"DATE=1123\r\nNMBR=10010\r\nDATE=1124\r\nNMBR=10011\r\n"))
    assert (first.date, first.number, second.date, second.number) == ("11-23", "10010", "11-24", "10011")


def test_a_number_followed_by_o_keeps_the_number() -> None:
    (message,) = messages(heard(b"NMBR = 13800138000\r\nNMBR = O\r\nNMBR = O\r\n"))
    assert (message.number, message.absence) == ("13800138000", None)


@pytest.mark.parametrize(
    ("value", "absence"),
    [
        (b"P", Absence.WITHHELD),
        (b"p", Absence.WITHHELD),
        (b"PRIVATE", Absence.WITHHELD),
        (b"A", Absence.WITHHELD),
        (b"O", Absence.UNAVAILABLE),
        (b"OUT OF AREA", Absence.UNAVAILABLE),
        (b"OUT-OF-AREA", Absence.UNAVAILABLE),
        (b"UNKNOWN", Absence.UNAVAILABLE),
        (b"", Absence.UNAVAILABLE),
    ],
)
def test_private_is_not_out_of_area(value: bytes, absence: Absence) -> None:
    (message,) = messages(heard(b"NMBR = " + value + b"\r\n"))
    assert (message.number, message.absence) == (None, absence)


def test_no_reason_is_given_for_a_number_that_may_still_come() -> None:
    events = heard(b"NAME = O\r\nMESG = 08014F\r\nDDN_NMBR= 13800138000\r\n")
    assert [e.absence for e in events if isinstance(e, CallerId)] == [None] * 3


def test_the_reason_for_no_name_is_the_numbers_once_no_number_came() -> None:
    parser = Parser()
    parser.feed(b"DATE = 1123\r\nNAME = P\r\n")
    (event,) = parser.idle()
    assert isinstance(event, CallerId)
    assert (event.absence, event.date, event.message) == (Absence.WITHHELD, "11-23", 1)
    assert parser.idle() == []


def test_a_name_cannot_pose_as_a_number() -> None:
    (message,) = messages(heard(b"NMBR = 13800138000\r\nNAME = BANK NMBR=110\r\n"))
    assert (message.number, message.name) == ("13800138000", "BANK NMBR=110")
    (message,) = messages(heard(b"NMBR = 13800138000 NAME = BANK NMBR=110\r\n"))
    assert (message.number, message.name) == ("13800138000", "BANK NMBR=110")


def test_the_number_that_was_called_is_not_the_callers() -> None:
    assert numbers(b"NMBR = 13800138000\r\nNDID = 95588\r\n") == ["13800138000"]
    assert numbers(b"NDID = 95588\r\nNMBR = 13800138000\r\n") == ["13800138000"]
    assert numbers(b"CALLED NUMBER: 95588\r\n") == [None]


@pytest.mark.parametrize(
    "line",
    [
        "OK", "ERROR", "NO CARRIER", "BUSY", "CONNECT 115200", "+CME ERROR: 3", "RINGING",
        "1", "144", "5601", "14400", "56000", "13800138000", "00000000", "24 08 91", "D400", "(0-2)",
        "+GCI: 26", "+VCID: 1", "AT+VCID=1", "AT#CID=1", "AT*ID1",
        "CX93001-EIS_V0.2013-V92", "V1.2.23", "3.10-V90_2M_DLS", "Product name: modem", "Build time: 12:00:00",
    ],
)  # fmt: skip
def test_an_answer_is_an_answer(line: str) -> None:
    assert heard(f"\r\n{line}\r\n".encode()) == [Reply(line)]


def test_digits_that_end_by_silence_are_dtmf() -> None:
    assert numbers(b"16210123456", None) == ["16210123456"]
    assert numbers(b"\r\n95588", None, b"\r\nRING\r\n") == ["95588"]


def test_digits_with_a_code_are_dtmf_though_they_look_like_a_packet() -> None:
    assert numbers(b"8613800138000C\r\n") == ["8613800138000"]
    assert numbers(b"861380013800", None) == ["861380013800"]


def test_dtmf_is_a_message_of_its_own() -> None:
    first, second = messages(heard(b"NAME = EARLIER\r\nA13800138000D\r\n"))
    assert (first.name, second.number, second.name) == ("EARLIER", "13800138000", None)


def test_a_silence_ends_an_unfinished_line() -> None:
    assert numbers(b"NMBR = 13800138000", None) == ["13800138000"]
    assert heard(b"O", b"K", None) == [Reply("OK")]


@pytest.mark.parametrize(
    ("line", "ring"),
    [
        (b"RING", Ring("RING")),
        (b"ring", Ring("ring")),
        (b"CID RING", Ring("CID RING")),
        (b"RING B", Ring("RING B", "B")),
        (b"RING 2", Ring("RING 2", "2")),
        (b"\x10R", Ring("<DLE>R")),
    ],
)
def test_a_ring_and_its_pattern(line: bytes, ring: Ring) -> None:
    assert heard(b"\r\n" + line + b"\r\n") == [ring]


def test_shielded_events() -> None:
    events = heard(b"\x10R\x10X\r\nDATE=1123\r\nNMBR=13800138000\r\n\x10.\x10XNAME=SOMEONE\r\n\x10.")
    assert events[0] == Ring("<DLE>R")
    (message,) = messages(events)
    assert (message.date, message.number, message.name) == ("11-23", "13800138000", "SOMEONE")


def test_shielded_digits_are_dtmf() -> None:
    shielded = b"".join(b"\x10/\x10%c\x10~" % digit for digit in b"A13800138000")
    assert numbers(shielded, None) == ["13800138000"]
    assert numbers(shielded, b"\x10R") == ["13800138000"]
    parser = Parser()
    (event,) = parser.feed(shielded + b"\x10C")
    assert isinstance(event, CallerId)


def test_tones_and_voice_data_say_nothing() -> None:
    assert heard(b"\x10b\x10s\x10q\x10d\x10\x10\x10\x03") == []


def test_the_handset_is_lifted_and_put_down() -> None:
    assert heard(b"\x10H\x10h") == [Hook(lifted=True), Hook(lifted=False)]


def test_an_unknown_shielded_code_is_kept_and_counted() -> None:
    parser = Parser()
    assert parser.feed(b"\x10\xff") == [Unknown("<DLE>\xff")]
    assert parser.unknown == 1


def test_a_line_too_long_is_kept_in_part_and_counted() -> None:
    parser = Parser()
    events = parser.feed(b"NMBR = " + b"1" * 1_000_000 + b"\r\nRING\r\n")
    assert events == [Unknown(("NMBR = " + "1" * 256)[:256]), Ring("RING")]
    assert parser.unknown == 1


def test_a_message_that_waits_rings_nobody() -> None:
    assert heard(b"MESG = 110181\r\n") == [Notice("MESG = 110181")]
    assert heard(b"MESG = 0B01FF\r\n") == [Notice("MESG = 0B01FF")]


def test_odd_white_space_in_hexadecimal_is_no_packet() -> None:
    assert heard(b"+VCIDR: 80 20\xa001 08\r\n") == [Unknown("+VCIDR: 80 20\xa001 08")]
    assert heard(b"8020\x1f01083035313131383532\r\n") == [Unknown("8020\x1f01083035313131383532")]


def test_the_raw_text_of_a_message_is_bounded() -> None:
    events = heard(b"".join(b"TO: %d\r\n" % count for count in range(5000)))
    assert max(len(e.raw) for e in events if isinstance(e, CallerId)) == 2048


@pytest.mark.parametrize("tag", ["NMBR", "DATE", "TIME"])
@pytest.mark.parametrize("number", ["110", "1123", "16210123456", "12345678901234567890", "12", "1" * 21])
@pytest.mark.parametrize("before", [b"", b"RING\r\n", b"DATE = 1123\r\n", b"NAME = X\r\n", b"\x10/\x105"])
def test_the_usual_line_is_read_as_any_other_that_says_the_same(tag: str, number: str, before: bytes) -> None:
    usual = heard(before + f"\r\n{tag} = {number}\r\n".encode())
    other = heard(before + f"\r\n{tag} =  {number}\r\n".encode())
    assert list(map(unraw, usual)) == list(map(unraw, other))


def unraw(event: Event) -> Event:
    """The event without what was printed."""
    return replace(event, raw="") if isinstance(event, CallerId | Unknown) else event
