import pytest

from firmware.callerid import said
from firmware.callerid.said import Said


@pytest.mark.parametrize(
    ("octets", "name"),
    [
        (b"A N OTHER", "A N OTHER"),
        ("王小明".encode(), "王小明"),
        ("王小明".encode("gb2312"), "王小明"),
        ("朱镕基".encode("gbk"), "朱镕基"),
        ("MÜLLER".encode("latin-1"), "MÜLLER"),
        ("JOSÉ GARCÍA".encode("latin-1"), "JOSÉ GARCÍA"),
        (b"<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        (b"A\x1b[2JB\x07\x00C\x9b", "A[2JBC"),
        ("A\u202eB\u200bC".encode(), "ABC"),
        (b"X" * 500, "X" * 64),
        (b"\x01\x02", None),
    ],
)
def test_a_name_as_it_was_meant(octets: bytes, name: str | None) -> None:
    assert said.name(octets.decode("latin-1")) == Said(name=name)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+86 138-0013-8000", "+8613800138000"),
        ("(507) 123.4567", "5071234567"),
        ("04xxxxxxx7", "04xxxxxxx7"),
        ("0207####123", "0207####123"),
        ('"95588"', "95588"),
    ],
)
def test_a_number_without_its_punctuation(text: str, number: str) -> None:
    assert said.number(text) == Said(number=number)


@pytest.mark.parametrize(
    "text", ["SOMEONE", "1' OR '1'='1", "<b>1</b>", "1" * 33, "##########", "1\x0010", "１３８"]
)
def test_what_is_no_number(text: str) -> None:
    assert said.number(text) is None


@pytest.mark.parametrize(
    ("text", "date", "time"),
    [
        ("1123", "11-23", None),
        ("990305", "03-05", None),
        ("20261123", "11-23", None),
        ("11/23", "11-23", None),
        ("11232315", "11-23", "23:15"),
        ("11/23 23:15", "11-23", "23:15"),
        ("11232460", "11-23", None),
        ("1332", None, None),
        ("MM-DD", None, None),
        ("", None, None),
    ],
)
def test_a_date(text: str, date: str | None, time: str | None) -> None:
    assert said.date(text) == Said(date=date, time=time)


@pytest.mark.parametrize(
    ("text", "date", "time"),
    [
        ("2315", None, "23:15"),
        ("23:15", None, "23:15"),
        ("23:15:59", None, "23:15"),
        ("11-23 23:15", "11-23", "23:15"),
        ("2400", None, None),
        ("2360", None, None),
    ],
)
def test_a_time(text: str, date: str | None, time: str | None) -> None:
    assert said.time(text) == Said(date=date, time=time)
