"""Messages cut out of a stream, their headers, and the session description of a call that ends at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.lines.sip.agent import sdp
from firmware.lines.sip.agent.framing import LONGEST_BODY, LONGEST_HEAD, Broken, Frames, headers_of, text_of

FIRST = b"OPTIONS sip:a SIP/2.0\r\nContent-Length: 5\r\n\r\nhello"
SECOND = b"SIP/2.0 200 OK\r\nl : 0\r\n\r\n"
OFFER = (
    "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n"
    "m=audio 7078 RTP/AVP 109 8\r\na=rtpmap:109 opus/48000\r\nm=video 0 RTP/AVP 31\r\n"
)


@given(st.lists(st.sampled_from([FIRST, SECOND]), max_size=4), st.data())
def test_messages_come_whole_however_the_stream_is_cut(messages: list[bytes], data: st.DataObject) -> None:
    stream = b"\r\n\r\n".join([b"", *messages])
    frames = Frames()
    found: list[bytes] = []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        found += frames.feed(stream[:size])
        stream = stream[size:]
    assert found == messages


@pytest.mark.parametrize(
    "endless",
    [
        b"x" * (LONGEST_HEAD + 1),
        b"A: b\r\nContent-Length: %d\r\n\r\n" % (LONGEST_BODY + 1),
        b"x" * (LONGEST_HEAD + 1) + b"\r\n\r\n",
    ],
)
def test_what_would_have_no_end_is_broken_off(endless: bytes) -> None:
    with pytest.raises(Broken):
        list(Frames().feed(endless))


@given(st.lists(st.binary(max_size=200), max_size=5))
def test_whatever_comes_is_cut_or_broken_off(parts: list[bytes]) -> None:
    frames = Frames()
    try:
        for part in parts:
            for message in frames.feed(part):
                assert b"\r\n\r\n" in message
                headers_of(text_of(message))
    except Broken:
        pass


def test_headers_are_unfolded_and_keep_their_order() -> None:
    text = "INVITE sip:a SIP/2.0\r\nSubject: one\r\n two\r\nTo: b\r\nTo: c\r\nrubbish\r\n\r\nBody: no"
    assert headers_of(text) == [("Subject", "one two"), ("To", "b"), ("To", "c")]


@pytest.mark.parametrize("end", ["\u2028", "\x85", "\x0b", "\x1e"])
def test_no_line_end_but_that_of_sip_begins_a_header(end: str) -> None:
    text = text_of(f'INVITE sip:a SIP/2.0\r\nFrom: "a{end}P-Asserted-Identity: <tel:110>"\r\n\r\n'.encode())
    assert [name for name, _ in headers_of(text)] == ["From"]
    assert len(text.splitlines()) == 3


def test_names_are_read_in_the_encodings_of_chinese_exchanges() -> None:
    assert '"推销"' in text_of('INVITE sip:a SIP/2.0\r\nFrom: "推销" <sip:1@h>\r\n\r\n'.encode("gb2312"))


def test_an_offer_of_audio_is_answered_with_its_first_format_and_no_sound() -> None:
    answer = sdp.answer(OFFER, "192.0.2.9").splitlines()
    assert answer[-4:] == [
        "m=audio 9 RTP/AVP 109",
        "a=rtpmap:109 opus/48000",
        "a=inactive",
        "m=video 0 RTP/AVP 31",
    ]
    assert "c=IN IP4 192.0.2.9" in answer


def test_without_an_offer_one_is_made() -> None:
    assert "m=audio 9 RTP/AVP 8 0\r\na=inactive\r\n" in sdp.answer(None, "fd00::9")


@given(st.none() | st.text(max_size=400), st.sampled_from(["192.0.2.9", "fd00::9"]))
def test_an_answer_is_well_formed_and_bounded_whatever_is_offered(offer: str | None, address: str) -> None:
    answer = sdp.answer(offer, address)
    assert answer.endswith("\r\n")
    assert all(line[1:2] == "=" for line in answer.split("\r\n")[:-1])
    assert len(answer) < 10_000
