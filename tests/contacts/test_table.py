"""Address books as CSV, with every heading or none."""

import pytest

from firmware.contacts import Contact, Unreadable, read_contacts


def read(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(contact.name, contact.numbers) for contact in read_contacts(text.encode()).contacts]


@pytest.mark.parametrize(
    "text",
    [
        "name,number\n张三,13800138000\n",
        "number,name\n13800138000,张三\n",
        "张三,13800138000\n",
        "13800138000;张三\n",
        "张三\t13800138000",
        "Wer;Wohin\n张三;13800138000\n",
        "序号,姓名,联系电话（手机）\n1,张三,13800138000\n",
        "联系人,手机号码\r\n张三,13800138000\r\n",
        "姓,名,移动电话\n张,三,13800138000\n",
        '\n\n"name","number"\r"张三","13800138000"\r',
        "\ufeffname,phone\n,\n张三,13800138000\n",
    ],
)
def test_name_and_number_are_found(text: str) -> None:
    assert read(text) == [("张三", ("13800138000",))]


def test_guessed_columns_are_noted() -> None:
    assert read_contacts("张三,13800138000".encode()).notes == ("columns_guessed",)
    assert read_contacts("姓名,电话\n张三,13800138000".encode()).notes == ()


def test_row_numbers_are_no_telephone_numbers() -> None:
    rows = "".join(f"{index},某人{index},1380013{index:04}\n" for index in range(100, 140))
    assert read(rows)[0] == ("某人100", ("13800130100",))


def test_a_name_that_is_a_heading_does_not_make_one() -> None:
    assert read("手机,13800138000\n") == [("手机", ("13800138000",))]


def test_numbers_alone_are_their_own_names() -> None:
    assert read("13800138000\n110\n") == [("13800138000", ("13800138000",)), ("110", ("110",))]


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ('"=""13800138000"""', ("13800138000",)),
        ('="13800138000"', ("13800138000",)),
        ("'+8613800138000", ("+8613800138000",)),
        ("+8613800138000", ("+8613800138000",)),
        ("13800138000.0", ("13800138000",)),
        ("13800138000 ::: 110", ("13800138000", "110")),
        ('"13800138000,13900139000"', ("13800138000", "13900139000")),
        ('"010-62345678,801"', ("010-62345678",)),
        ("13800138000/13900139000", ("13800138000", "13900139000")),
        ("030/123456", ("030/123456",)),
        ("13800138000、13900139000", ("13800138000", "13900139000")),
    ],
)
def test_what_a_cell_holds(cell: str, numbers: tuple[str, ...]) -> None:
    assert read(f"name,number\nx,{cell}\n") == [("x", numbers)]


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "-x", "+x", '=HYPERLINK("x")'])
def test_a_formula_is_a_name_like_any_other(name: str) -> None:
    quoted = name.replace('"', '""')
    assert read(f'name,number\n"{quoted}",110\n') == [(name, ("110",))]


def test_groups_are_listed_in_their_cell() -> None:
    (contact,) = read_contacts("姓名,电话,分组\n张三,110,* 家人 ::: 邻居；同事\n".encode()).contacts
    assert contact == Contact("张三", ("110",), ("家人", "邻居", "同事"))


def test_rows_without_a_number_are_skipped() -> None:
    reading = read_contacts(b"name,number\nJane,\n,,,\nJohn,110\nMary\n")
    assert (len(reading.contacts), reading.skipped) == (1, 2)


def test_a_quotation_mark_that_is_never_closed_loses_a_piece_and_no_more() -> None:
    rows = 'name,number\nbefore,110\n"open,119\n' + "x,12345\n" * 40_000 + "behind,120\n"
    reading = read_contacts(rows.encode())
    assert {"before", "behind"} <= {contact.name for contact in reading.contacts}
    assert "unfinished" in reading.notes


def test_a_name_of_many_lines_is_noted() -> None:
    reading = read_contacts(b'name,number\nJane,110\n"John,119\n' + b"x,12345\n" * 4)
    assert (len(reading.contacts), reading.notes) == (1, ("unfinished",))


@pytest.mark.parametrize(
    "octets",
    [
        b"a,b\nc,d\n",
        b"<!doctype html><html><body>110</body></html>",
        b"BEGIN:VCALENDAR\r\nDTSTART:20200101T000000Z\r\nEND:VCALENDAR\r\n",
        b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"PK\x03\x04\x14\x00\x06\x00\x08\x00",
        b",,,\n",
    ],
)
def test_what_is_no_address_book_is_refused(octets: bytes) -> None:
    with pytest.raises(Unreadable, match="not_contacts"):
        read_contacts(octets)
