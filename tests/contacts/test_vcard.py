"""vCards written as 2.1, RFC 2426 and RFC 6350 say, and as they do not."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.contacts import Contact, Reading, read_contacts

NAMES = st.text("abcXYZ 张三王é😀,;:\\'\"=", min_size=1, max_size=60).map(lambda text: " ".join(text.split()))
NUMBERS = st.lists(st.from_regex(r"\+[1-9][0-9]{4,12}", fullmatch=True), min_size=1, max_size=4)
CARDS = st.lists(st.tuples(NAMES.filter(bool), NUMBERS), min_size=1, max_size=4)


def card(*lines: bytes | str, version: str = "3.0") -> bytes:
    octets = [line.encode() if isinstance(line, str) else line for line in lines]
    return b"\r\n".join([b"BEGIN:VCARD", b"VERSION:" + version.encode(), *octets, b"END:VCARD", b""])


def contact(*lines: bytes | str, version: str = "3.0") -> Contact:
    (only,) = read_contacts(card(*lines, version=version)).contacts
    return only


def name(*lines: bytes | str, version: str = "3.0") -> str:
    return contact(*lines, "TEL:13800138000", version=version).name


def numbers(*values: str) -> tuple[str, ...]:
    return contact(*(f"TEL:{value}" for value in values)).numbers


def quoted(text: str, width: int) -> bytes:
    """`text` in quoted-printable, with a soft line break after each `width` characters or more."""
    units = [f"={octet:02X}" for octet in text.encode()]
    return "=\r\n".join("".join(units[i : i + width]) for i in range(0, len(units), width)).encode()


def escaped(text: str) -> bytes:
    return "".join(f"\\{letter}" if letter in ",;\\" else letter for letter in text).encode()


def folded(line: bytes, places: list[int]) -> bytes:
    for place in sorted({place % len(line) for place in places} - {0}, reverse=True):
        line = line[:place] + b"\r\n " + line[place:]
    return line


@given(CARDS, st.integers(1, 30))
def test_cards_of_2_1_are_read_back(cards: list[tuple[str, list[str]]], width: int) -> None:
    written = b"".join(
        card(
            b"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:" + quoted(escaped(named).decode(), width),
            *(f"TEL;CELL:{number}" for number in dialled),
            version="2.1",
        )
        for named, dialled in cards
    )
    assert pairs(read_contacts(written)) == expected(cards)


@given(CARDS, st.sampled_from(["3.0", "4.0"]), st.lists(st.integers(0, 200), max_size=8))
def test_cards_folded_anywhere_are_read_back(
    cards: list[tuple[str, list[str]]], version: str, places: list[int]
) -> None:
    telephone = "item1.TEL;TYPE=cell:" if version == "3.0" else 'TEL;VALUE=uri;TYPE="cell,voice":tel:'
    written = b"".join(
        card(
            folded(b"FN:" + escaped(named), places),
            *(folded(f"{telephone}{number}".encode(), places) for number in dialled),
            version=version,
        )
        for named, dialled in cards
    )
    assert pairs(read_contacts(written)) == expected(cards)


def pairs(reading: Reading) -> set[tuple[str, frozenset[str]]]:
    return {(contact.name, frozenset(contact.numbers)) for contact in reading.contacts}


def expected(cards: list[tuple[str, list[str]]]) -> set[tuple[str, frozenset[str]]]:
    return {(named, frozenset(dialled)) for named, dialled in cards}


@pytest.mark.parametrize("charset", ["GB2312", "GBK", "gb18030", '"GBK"'])
def test_a_cards_own_charset_wins(charset: str) -> None:
    utf8 = card("FN:这是另一种编码的名字", "TEL:13900139000")
    own = card(f"FN;CHARSET={charset}:".encode() + "鲁镇".encode("gbk"), "TEL:13800138000", version="2.1")
    assert [each.name for each in read_contacts(utf8 + own).contacts] == ["这是另一种编码的名字", "鲁镇"]


@pytest.mark.parametrize("charset", ["idna", "zlib", "unicode_escape", "undefined", "nonsense", "x" * 500])
def test_a_charset_that_is_none_is_the_files(charset: str) -> None:
    assert name(f"FN;CHARSET={charset}:张三", version="2.1") == "张三"


def test_quoted_printable_without_charset_is_decided_by_content() -> None:
    assert name("FN;QUOTED-PRINTABLE:=D5=C5=C8=FD", version="2.1") == "张三"
    assert name("FN;QUOTED-PRINTABLE:=E5=BC=A0=E4=B8=89", version="2.1") == "张三"


@pytest.mark.parametrize("cut", ["=E5=BC=A0=E4", "=E5=BC=A0=E4=B8"])
def test_a_name_cut_within_a_character_keeps_the_rest(cut: str) -> None:
    reading = read_contacts(card(f"FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:{cut}", "TEL:110"))
    assert (reading.contacts[0].name, reading.notes) == ("张\ufffd", ("undecodable",))


def test_a_charset_that_is_not_true_is_overruled_by_utf8() -> None:
    assert name("FN;CHARSET=GB2312:王小明😀", version="2.1") == "王小明😀"


def test_a_name_may_be_base64() -> None:
    assert name(b"FN;ENCODING=b:" + base64.b64encode("张三".encode())) == "张三"


def test_base64_that_is_broken_is_no_name() -> None:
    assert name("FN;ENCODING=b:A", "ORG:Example") == "Example"


def test_a_fold_within_a_character_is_undone_before_decoding() -> None:
    octets = "张三".encode()
    assert name(b"FN:" + octets[:1] + b"\r\n " + octets[1:]) == "张三"


def test_a_fold_of_2_1_keeps_its_space() -> None:
    assert name("FN:Jane\r\n Doe", version="2.1") == "Jane Doe"
    assert name("FN:Ja\r\n ne Doe", version="3.0") == "Jane Doe"


def test_what_a_note_quotes_is_no_property() -> None:
    note = "NOTE;ENCODING=QUOTED-PRINTABLE:his number is=\r\nTEL:110=\r\nFN:Police"
    assert contact("FN:Jane", note, "TEL:13800138000") == Contact("Jane", ("13800138000",), ())


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (("N:张;三;;;",), "张三"),
        (("N:Doe;Jane;Mary;Dr.;",), "Jane Mary Doe"),
        (("N:;小明;;;",), "小明"),
        (("N:张;San",), "San 张"),
        (("FN:", "N:;;;;", "ORG:某某公司;客服"), "某某公司 客服"),
        (("NICKNAME:老王",), "老王"),
        (("EMAIL:jane@example.com",), "jane@example.com"),
        (("NOTE:nobody",), "13800138000"),
    ],
)
def test_the_name_is_the_first_that_there_is(lines: tuple[str, ...], found: str) -> None:
    assert name(*lines) == found


def test_escapes_are_undone() -> None:
    assert name(r"FN:a\, b\; c\\n\nd\\") == "a, b; c\\n d\\"
    assert contact("FN:x", "TEL:110", r"CATEGORIES:a\,b,c").groups == ("a,b", "c")


def test_control_and_direction_characters_are_taken_out_of_names() -> None:
    assert name("FN:a\u202eb\u200f\u2066c\x1b[31m\x00d\u2028e") == "abc [31m d e"


def test_joined_emoji_stay() -> None:
    assert name("FN:妈妈👩\u200d🍳") == "妈妈👩\u200d🍳"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("+86 (10) 6234-5678", "+86 (10) 6234-5678"),
        ("\u202a+86 138\u00a00013\u20118000\u202c", "+86 138 0013-8000"),
        ("１３８００１３８０００", "13800138000"),
        ("010-62345678,801", "010-62345678"),
        ("010-62345678 ext. 801", "010-62345678"),
        ("010-62345678转801", "010-62345678"),
        ("tel:+86-10-62345678;ext=5", "+86-10-62345678"),
        ("110", "110"),
    ],
)
def test_a_number_stays_as_written_without_extension(written: str, read: str) -> None:
    assert numbers(written) == (read,)


@pytest.mark.parametrize(
    "written", ["", "12", "sip:1000@example.com", "1-800-FLOWERS", "1000@example.com", "1" * 21]
)
def test_what_is_no_number_is_left_out(written: str) -> None:
    assert read_contacts(card("FN:x", f"TEL:{written}")).skipped == 1


def test_numbers_are_the_same_by_their_digits() -> None:
    assert numbers("138-0013-8000", "138 0013 8000", "139") == ("138-0013-8000", "139")


def test_duplicates_are_merged_with_their_groups() -> None:
    reading = read_contacts(
        card("FN:Jane", "TEL:138 0013 8000", "TEL:110", "CATEGORIES:a")
        + card("FN:Jane", "TEL:110", "TEL:13800138000", "CATEGORIES:b,a")
        + card("FN:Jane", "TEL:119")
    )
    assert reading == Reading(
        (Contact("Jane", ("138 0013 8000", "110"), ("a", "b")), Contact("Jane", ("119",), ())), 0, ("merged",)
    )


def test_a_card_within_a_card_is_one_of_its_own() -> None:
    inner = card("FN:Agent", "TEL:119", version="2.1").decode().rstrip()
    reading = read_contacts(card("FN:Jane", f"AGENT:\r\n{inner}", "TEL:110", version="2.1"))
    assert {each.name: each.numbers for each in reading.contacts} == {"Jane": ("110",), "Agent": ("119",)}


def test_cards_without_end_are_read() -> None:
    cards = card("FN:Jane", "TEL:110") + card("FN:John", "TEL:119")
    reading = read_contacts(cards.replace(b"END:VCARD\r\n", b""))
    assert [each.name for each in reading.contacts] == ["Jane", "John"]
    assert reading.notes == ("unfinished",)


@pytest.mark.parametrize("newline", [b"\n", b"\r", b"\r\r\n"])
def test_any_line_end_is_one(newline: bytes) -> None:
    octets = card("FN:Ja\r\n ne", "TEL:110").replace(b"\r\n", newline)
    assert read_contacts(octets).contacts == (Contact("Jane", ("110",), ()),)


def test_lines_that_are_no_properties_are_passed_over() -> None:
    assert contact("rubbish", 'TEL;TYPE="x:119', ":", "FN:Jane", "TEL:110") == Contact("Jane", ("110",), ())


def test_names_of_properties_are_of_any_case() -> None:
    octets = b"begin:vcard\nversion:2.1\nfn;quoted-printable:=4A=\n=61ne\ntel;cell:110\nend:vcard\n"
    assert read_contacts(octets).contacts == (Contact("Jane", ("110",), ()),)
