"""What lists say, in the formats and encodings in which they come."""

import gzip
import io
import json
import random
import re
import tracemalloc

import phonenumbers
import pytest
from compiling import keys_of
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.lines.modem.dialects import COUNTRIES
from firmware.lists import entries
from firmware.lists.entries import Entries, NotAList
from firmware.numbers import understand


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("16210123456", "16210123456$"),
        ("+8616210123456", "16210123456$"),
        ("+86 162 1012 3456", "16210123456$"),
        ("008616210123456\r", "16210123456$"),
        ("010-62345678", "01062345678$"),
        ("+86 (10) 6234-5678", "01062345678$"),
        ("+49 30 1234567", "+49301234567$"),
        ("95588", "95588$"),
        ('"13912345678"', "13912345678$"),
        ('="13912345678"', "13912345678$"),
        ("13912345678 骚扰电话", "13912345678$"),
        ("13912345678 # sells loans", "13912345678$"),
        ("13912345678; sells loans", "13912345678$"),
        ("13912345678 // sells loans", "13912345678$"),
        ("13912345678 #= Marketing", "13912345678$"),
        ("162*", "162"),
        ("+86162*", "162"),
        ("0532 8*", "05328"),
        ("^1900", "1900"),
        ("+44*", "+44"),
    ],
)
def test_a_line_gives_the_key_under_which_a_caller_is_found(line: str, key: str) -> None:
    assert keys_of(f"{line}\n13800138000\n".encode())[0].count(key) == 1


@pytest.mark.parametrize("line", ["", "  ", "# 13912345678", "; 13912345678", "// 13912345678", "\ufeff"])
def test_blank_lines_and_comments_are_not_counted(line: str) -> None:
    keys, tally = keys_of(f"{line}\n13800138000\n".encode())
    assert keys == ["13800138000$"]
    assert tally.refused == 0


@pytest.mark.parametrize(
    "line",
    [
        "0.0.0.0 ads.example.com",
        "2024-01-31",
        "2024-01-31 12:00:00",
        "hello",
        "42",
        "9" * 21,
        "9" * 5000,
        "13912345678x",
        "+86*",
        "+8*",
        "1*",
        "*",
    ],
)
def test_what_is_no_number_is_counted_and_sampled(line: str) -> None:
    keys, tally = keys_of(f"{line}\n13800138000\n".encode())
    assert keys == ["13800138000$"]
    assert (tally.entries, tally.refused, tally.samples) == (1, 1, [line[:80]])


def test_no_more_than_twenty_samples_are_kept() -> None:
    _, tally = keys_of(b"".join(b"1391234%04d\nrubbish %d\n" % (n, n) for n in range(50)))
    assert tally.refused == 50
    assert len(tally.samples) == 20


@pytest.mark.parametrize("protected", ["110", "+86110", "010110", "96110", "12345"])
def test_protected_numbers_are_counted_and_left_out(protected: str) -> None:
    keys, tally = keys_of(f"{protected}\n13800138000\n".encode())
    assert keys == ["13800138000$"]
    assert tally.protected == 1


def test_local_numbers_are_completed_by_the_lines_area_code() -> None:
    assert keys_of(b"62345678\n", area="010")[0] == ["01062345678$"]


@pytest.mark.parametrize(
    "text",
    [
        "name,phone,date\nA,13912345678,2024-01-01\nB,162*,2024-01-02\n",
        "id;rufnummer;stimmen\n1;13912345678;100\n2;162*;250\n",
        'A\t"139 1234 5678"\nB\t162*\n',
        'Phone_No,Name,Reason\n13912345678,"LAST, FIRST",spam\n162*,X,"a ""b"""\n',
        "votes,13912345678\n1000,13912345678\n2000,162*\n",
        "1704067200000,13912345678\n1704067200001,162*\n",
        "编号,号码\n10001,13912345678\n10002,162*\n",
    ],
)
def test_a_table_gives_its_column_of_numbers(text: str) -> None:
    keys, tally = keys_of(text.encode())
    assert set(keys) == {"13912345678$", "162"}
    assert tally.refused == 0


@pytest.mark.parametrize("indent", [None, 2])
def test_phoneblocks_answer_gives_what_has_votes(indent: int | None) -> None:
    numbers = [
        {"phone": "+49301234567", "rating": "G_FRAUD", "votes": 4},
        {"phone": "+390612345678", "rating": "F_GAMBLE", "votes": 10},
        {"phone": "+49301234577", "rating": "A_LEGITIMATE", "votes": 2},
        {"phone": "+49301234587", "rating": "E_ADVERTISING", "votes": 0},
    ]
    text = json.dumps({"numbers": numbers, "version": 42}, indent=indent)
    keys, tally = keys_of(text.encode(), "DE")
    assert keys == ["0301234567$", "+390612345678$"]
    assert tally.refused == 0


def test_phoneblocks_personal_list_is_read_too() -> None:
    numbers = [{"phone": "+49301234567", "label": "030 1234567", "comment": None, "rating": "G_FRAUD"}]
    assert keys_of(json.dumps({"numbers": numbers}).encode(), "DE")[0] == ["0301234567$"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings_are_told_apart(encoding: str) -> None:
    text = "号码,说明\n13912345678,骚扰电话\n162*,推销\n"
    assert keys_of(text.encode(encoding))[0] == ["13912345678$", "162"]


@pytest.mark.parametrize("text", [b"13912345678\r162*\r", b"13912345678\r\n162*", b"13912345678\n162*\n"])
def test_any_line_ends_will_do(text: bytes) -> None:
    assert set(keys_of(text)[0]) == {"13912345678$", "162"}


def test_gzip_is_unpacked_also_in_several_members() -> None:
    packed = gzip.compress(b"13912345678\n") + gzip.compress(b"162*\n")
    assert set(keys_of(packed)[0]) == {"13912345678$", "162"}


@pytest.mark.parametrize(
    "packed", [gzip.compress(b"13912345678\n" * 99, mtime=0)[:-9], b"\x1f\x8b\x08 rubbish"]
)
def test_a_broken_gzip_is_refused(packed: bytes) -> None:
    assert code_of(packed) == "gzip"


def test_a_gzip_bomb_is_refused_while_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "MOST_BYTES", 4 << 20)
    assert code_of(gzip.compress(b"13912345678\n" * 1_000_000)) == "too_large"


def test_a_text_that_is_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "MOST_BYTES", 4 << 20)
    text = io.BytesIO(b"13912345678\n" * 1_000_000)
    file = io.BufferedReader(text)  # type: ignore[arg-type]
    with pytest.raises(NotAList, match="too_large"):
        list(Entries("CN").keys(file))
    assert file.tell() < 6 << 20


def test_more_entries_than_a_list_may_have_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "MOST_ENTRIES", 1000)
    assert code_of(b"13912345678\n" * 1001) == "too_many"


@pytest.mark.parametrize("text", [b"", b"\n\n", b"# nothing\n", b"110\n"])
def test_a_list_without_numbers_is_refused(text: bytes) -> None:
    assert code_of(text) == "no_numbers"


@pytest.mark.parametrize(
    "text",
    [
        b"<!DOCTYPE html>\n<html>\n<body>404</body>\n",
        random.Random(1).randbytes(100_000),
        b"hello\nworld\n13912345678\n",
        b"0.0.0.0 a.example\n" * 50,
        b"{}",
        b'["+8613912345678"]',
    ],
)
def test_a_file_of_which_less_than_half_is_numbers_is_refused(text: bytes) -> None:
    assert code_of(text) == "no_list"


def test_a_line_without_end_takes_no_memory() -> None:
    text = b"9" * (40 << 20) + b"\n13912345678\n"
    file = io.BufferedReader(io.BytesIO(text))  # type: ignore[arg-type]
    entries = Entries("CN")
    tracemalloc.start()
    keys = b"".join(entries.keys(file))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (keys, entries.tally.refused) == (b"13912345678$\n", 1)
    assert most < 16 << 20


@pytest.mark.parametrize("region", sorted(COUNTRIES))
def test_mobile_numbers_in_bulk_become_what_understand_makes_of_them(region: str) -> None:
    code = phonenumbers.country_code_for_region(region)
    pattern = phonenumbers.PhoneMetadata.metadata_for_region(region).mobile.national_number_pattern
    drawn = (f"{random.Random(seed).randrange(10**11)}" for seed in range(20_000))
    openings = ("", "13", "16", "6", "7", "9", "04", "01", "4")
    rng = random.Random(region)
    numbers = [(rng.choice(openings) + digits)[: rng.choice((8, 9, 10, 11))] for digits in drawn]
    lines = [f"+{code}{number}" for number in numbers if re.fullmatch(pattern, number)][:200]
    lines += [f"00{code}{line.removeprefix(f'+{code}')}" for line in lines[:50]]
    lines += [understand(line, region).national for line in lines[:50]]
    assert len(lines) > 10
    keys, _ = keys_of("".join(f"{line}\n" for line in lines).encode(), region)
    assert set(keys) == {f"{understand(line, region).national}$" for line in lines}


@settings(max_examples=150)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(max_size=200).map(lambda text: text.encode("utf-16")),
        st.text(alphabet='0123456789+*,;\t\n\r"{}[]:# -phone号', max_size=300).map(str.encode),
        st.binary(max_size=100).map(gzip.compress),
    )
)
def test_any_bytes_give_keys_of_digits_or_are_refused(text: bytes) -> None:
    try:
        keys, tally = keys_of(text)
    except NotAList:
        return
    assert len(keys) == tally.entries
    assert all(re.fullmatch(r"\+?[0-9]{2,24}\$?", key) for key in keys)


def code_of(text: bytes) -> str:
    with pytest.raises(NotAList) as refused:
        keys_of(text)
    return refused.value.code
