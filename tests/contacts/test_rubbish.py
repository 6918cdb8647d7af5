"""Whatever is uploaded: contacts within bounds, or a refusal, in bounded time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.contacts import MAX_BYTES, Reading, Unreadable, book, read_contacts

CODES = {"empty", "too_large", "not_contacts", "too_many"}
CARD = b"BEGIN:VCARD\nFN:%d\nTEL:110\nEND:VCARD\n"
PIECES = st.sampled_from(
    (
        "BEGIN:VCARD\n|END:VCARD\n|VERSION:2.1\n|FN:a\n|TEL:13800138000\n|N:a;b\n|KIND:group\n|MEMBER:u\n|UID:u\n"
        "|;ENCODING=QUOTED-PRINTABLE:|;ENCODING=b:|;CHARSET=GBK|=E5|=\n|\n |FN|TEL|name,number\n|a,110\n"
        '|\xff\xfe|\xd5\xc5|\0|\r|"|\\|,|;|\t|:'
    )
    .encode("latin-1")
    .split(b"|")
)


def within_bounds(octets: bytes) -> Reading | None:
    try:
        reading = read_contacts(octets)
    except Unreadable as refusal:
        if refusal.args[0] not in CODES:
            raise
        return None
    for contact in reading.contacts:
        assert 1 <= len(contact.name) <= book.MAX_NAME
        assert 1 <= len(contact.numbers) <= book.MAX_NUMBERS
        assert len(contact.groups) <= book.MAX_GROUPS
        assert not set("\r\n\0\x1b\u202e") & set(contact.name + "".join(contact.groups))
    return reading


@given(st.binary(max_size=400))
def test_any_bytes_are_contacts_or_refused(octets: bytes) -> None:
    within_bounds(octets)


@given(st.lists(PIECES | st.binary(max_size=6), max_size=40).map(b"".join))
def test_any_pieces_of_an_address_book_are_contacts_or_refused(octets: bytes) -> None:
    within_bounds(octets)


@given(st.lists(PIECES | st.binary(max_size=6), max_size=30).map(b"".join))
def test_any_pieces_in_a_card_are_contacts(octets: bytes) -> None:
    assert within_bounds(b"BEGIN:VCARD\n" + octets) is not None


@given(st.text(max_size=200))
def test_any_name_is_made_plain(text: str) -> None:
    within_bounds(b"BEGIN:VCARD\nTEL:110\nFN:" + text.encode("utf-8", "surrogatepass") + b"\nEND:VCARD")


@pytest.mark.parametrize("octets", [b"", b" \r\n\t"])
def test_nothing_is_empty(octets: bytes) -> None:
    with pytest.raises(Unreadable, match="empty"):
        read_contacts(octets)


def test_more_than_the_most_bytes_are_refused() -> None:
    with pytest.raises(Unreadable, match="too_large"):
        read_contacts(bytes(MAX_BYTES + 1))


def test_as_many_contacts_as_allowed_are_read_and_one_more_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "MAX_CONTACTS", 300)
    cards = b"".join(CARD % index for index in range(300))
    assert len(read_contacts(cards).contacts) == 300
    for more in (cards + CARD % 300, b"name,number\n" + b"x,110\n" * 301):
        with pytest.raises(Unreadable, match="too_many"):
            read_contacts(more)


@pytest.mark.parametrize(
    "octets", [CARD + b"X\n" * book.MAX_LINES, b"BEGIN:VCARD\n" * (book.MAX_CONTACTS + 1)]
)
def test_endless_lines_and_cards_are_refused(octets: bytes) -> None:
    with pytest.raises(Unreadable, match="too_many"):
        read_contacts(octets)


def test_what_is_beyond_a_contacts_bounds_is_cut_and_noted() -> None:
    lines = [b"BEGIN:VCARD", b"FN:" + b"x" * 101, *(b"TEL:%d" % (1000 + index) for index in range(21))]
    lines += [b"CATEGORIES:" + b",".join(b"g%d" % index for index in range(21)), b"END:VCARD"]
    reading = within_bounds(b"\n".join(lines))
    assert reading
    (contact,) = reading.contacts
    assert (len(contact.name), len(contact.numbers), len(contact.groups)) == (100, 20, 20)
    assert reading.notes == ("cut",)


@pytest.mark.parametrize(
    "octets",
    [
        b"FN" + b";a" * 500_000,
        b"FN;" + b"QUOTED-PRINTABLE" * 60_000,
        b"FN" + b';"' * 500_000,
        b"FN;ENCODING=QUOTED-PRINTABLE:" + b"=\n" * 500_000,
        b"FN:" + b"\\" * 1_000_000,
        b"N:" + b";" * 1_000_000,
        b"NOTE:" + b"\n " * 500_000,
        b"a." * 500_000,
        b" " * 1_000_000,
        b"BEGIN" + b" " * 1_000_000,
        b"name,phone,group\n" + (b"x,1" + b" " * 30_000 + b"2,g" + b" " * 30_000 + b"h\n") * 15,
        b"phone\n" + (b"1/" * 30_000 + b"\n") * 15,
        b"phone\n" + b"(" * 1_000_000,
    ],
)
@pytest.mark.parametrize("before", [b"", b"BEGIN:VCARD\nTEL:110\n"])
def test_no_line_takes_more_than_linear_time(octets: bytes, before: bytes) -> None:
    within_bounds(before + octets + b"\nEND:VCARD\n")
