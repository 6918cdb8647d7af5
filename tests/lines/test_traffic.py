from hypothesis import given
from hypothesis import strategies as st

from firmware.lines.modem.traffic import LONGEST_LINE, MOST_LINES, Traffic, printable


def texts(traffic: Traffic) -> list[str]:
    return [("> " if line.sent else "") + line.text for line in traffic.lines()]


def test_what_is_said_either_way_is_kept_line_by_line() -> None:
    traffic = Traffic()
    traffic.sent(b"AT+VCID=1\r")
    traffic.came(b"\r\nO")
    traffic.came(b"K\r\n\r\nRING\r\n")
    assert texts(traffic) == ["> AT+VCID=1", "OK", "RING"]


def test_what_is_not_whole_yet_is_shown() -> None:
    traffic = Traffic()
    traffic.came(b"NMBR = 162")
    assert texts(traffic) == ["NMBR = 162"]
    traffic.came(b"10\r\n")
    assert texts(traffic) == ["NMBR = 16210"]


def test_an_exchange_that_repeats_is_counted_and_pushes_nothing_out() -> None:
    traffic = Traffic()
    traffic.came(b"RING\r\n")
    for _ in range(1000):
        traffic.sent(b"AT+VCID?\r")
        traffic.came(b"\r\n1\r\n\r\nOK\r\n")
    assert texts(traffic)[0] == "RING"
    assert texts(traffic)[-3:] == ["> AT+VCID?", "1", "OK"]
    assert len(traffic.lines()) <= 7
    assert max(line.times for line in traffic.lines()) == 999


def test_the_same_question_with_another_answer_is_kept() -> None:
    traffic = Traffic()
    for answer in (b"OK\r\n", b"ERROR\r\n", b"OK\r\n"):
        traffic.sent(b"AT\r")
        traffic.came(answer)
    assert texts(traffic) == ["> AT", "OK", "> AT", "ERROR", "> AT", "OK"]


@given(st.lists(st.tuples(st.booleans(), st.binary(max_size=2000)), max_size=60))
def test_whatever_comes_it_stays_bounded_and_printable(pieces: list[tuple[bool, bytes]]) -> None:
    traffic = Traffic()
    for sent, data in pieces:
        (traffic.sent if sent else traffic.came)(data)
    lines = traffic.lines()
    assert len(lines) <= MOST_LINES
    assert all(0 < len(line.text) <= LONGEST_LINE and line.text.isprintable() for line in lines)


def test_a_control_character_or_an_escape_cannot_be_smuggled_out() -> None:
    assert printable(b"\x1b[31m<b>\x00\xd6\xd0") == r"\x1b[31m<b>\x00\xd6\xd0"
