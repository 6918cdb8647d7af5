"""The encoding of a file is found by its content."""

import codecs

import pytest

from firmware.contacts import Contact, read_contacts

VCARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:王小明😀\r\nTEL:13800138000\r\nEND:VCARD\r\n"
TABLE = "姓名,电话\r\n王小明😀,13800138000\r\n"
ENCODINGS = {
    "utf-8": b"",
    "utf-8 with mark": codecs.BOM_UTF8,
    "utf-16-le": b"",
    "utf-16-le with mark": codecs.BOM_UTF16_LE,
    "utf-16-be": b"",
    "utf-16-be with mark": codecs.BOM_UTF16_BE,
    "gb18030": b"",
}


@pytest.mark.parametrize("form", [VCARD, TABLE], ids=["vcard", "table"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_an_encoding_is_found(encoding: str, form: str) -> None:
    octets = ENCODINGS[encoding] + form.encode(encoding.split(" ")[0])
    assert read_contacts(octets).contacts == (Contact("王小明😀", ("13800138000",), ()),)


def test_a_few_broken_characters_do_not_change_the_encoding() -> None:
    octets = (TABLE + "李四的名字很长很长,13900139000\r\n").encode() + b"\xe5\xbc,110\r\n"
    reading = read_contacts(octets)
    assert [contact.name for contact in reading.contacts] == ["王小明😀", "李四的名字很长很长", "\ufffd"]
    assert reading.notes == ("undecodable",)


def test_replacement_characters_of_an_earlier_loss_are_no_damage() -> None:
    assert read_contacts("name,number\n\ufffd\ufffd,110\n".encode()).contacts[0].name == "\ufffd\ufffd"


def test_names_that_could_be_utf8_follow_the_file() -> None:
    octets = "姓名,电话\n鲁,110\n张三,119\n".encode("gb18030")
    assert [contact.name for contact in read_contacts(octets).contacts] == ["鲁", "张三"]


def test_half_a_character_at_the_end_of_utf16_is_passed_over() -> None:
    assert len(read_contacts(TABLE.encode("utf-16-le") + b"\x41").contacts) == 1
