"""Look-up in compiled lists, and files that are none."""

import io
import tempfile
from pathlib import Path

import pytest
from compiling import compiled_list
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.call import Number
from firmware.lists import compiled
from firmware.lists.compiled import ListDamaged, NumberList
from firmware.numbers import segment, understand

digits = st.text("0123456789", min_size=3, max_size=12)
close = st.builds(lambda opening, rest: opening + rest, st.sampled_from(("16", "162", "1621", "010")), digits)
numbers = st.one_of(
    close, digits, st.builds("+86162{:08d}".format, st.integers(0, 300)), digits.map("+4{}".format)
)
segments = st.one_of(close, st.text("12", min_size=2, max_size=9), digits.map("+4{}".format))


def caller(presented: str) -> Number:
    return understand(presented, "CN")


def test_a_number_is_found_in_each_form_in_which_a_line_presents_it(tmp_path: Path) -> None:
    found = compiled_list(tmp_path / "list", "16210123456\n+493012345678\n95588\n")
    assert found.find(caller("16210123456")) == "+8616210123456"
    assert found.find(caller("+8616210123456")) == "+8616210123456"
    assert found.find(caller("00493012345678")) == "+493012345678"
    assert found.find(caller("95588")) == "95588"


def test_what_is_not_listed_is_not_found(tmp_path: Path) -> None:
    found = compiled_list(tmp_path / "list", "16210123456\n95588\n171*\n")
    for presented in (
        "16210123457",
        "1621012345",
        "162101234567",
        "9558",
        "955880",
        "17",
        "",
        "号",
        "\udc80",
    ):
        assert found.find(caller(presented)) is None, presented


def test_the_longest_segment_is_named_and_the_number_itself_before_any(tmp_path: Path) -> None:
    found = compiled_list(tmp_path / "list", "162*\n16210*\n16210123456\n+44*\n010*\n")
    assert found.find(caller("16210123456")) == "+8616210123456"
    assert found.find(caller("16210123457")) == "16210*"
    assert found.find(caller("+8616211123456")) == "162*"
    assert found.find(caller("+442071234567")) == "+44*"
    assert found.find(caller("01062345678")) == "010*"


@settings(max_examples=150)
@given(st.lists(numbers, max_size=30), st.lists(segments, max_size=12), st.lists(numbers, max_size=20))
def test_look_up_agrees_with_a_set_and_a_scan_of_prefixes(
    listed: list[str], openings: list[str], others: list[str]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "TRIE_BYTES", 40)
        check(listed, openings, others)


def check(listed: list[str], openings: list[str], others: list[str]) -> None:
    exact = {caller(number).national for number in listed}
    prefixes = {segment(opening, "CN") for opening in openings}
    keys = sorted({f"{number}$" for number in exact} | prefixes)
    out = io.BytesIO()
    lines = io.BytesIO("".join(f"{key}\n" for key in keys).encode())
    count = compiled.write(lines, out, {"region": "CN", "area": ""}, lambda count: None)
    with tempfile.NamedTemporaryFile() as file:
        file.write(out.getvalue())
        file.flush()
        found = NumberList(Path(file.name))
    assert len(found) == count == len(keys)
    for number in map(caller, [*listed, *others]):
        matching = [opening for opening in prefixes if number.national.startswith(opening)]
        longest = f"{max(matching, key=len)}*" if matching else None
        assert found.find(number) == (number.normal if number.national in exact else longest)


def test_a_segment_is_found_however_many_tries_lie_behind_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "TRIE_BYTES", 200)
    text = "162*\n16210*\n" + "".join(f"162{n:08}\n" for n in range(0, 20_000_000, 20_000))
    found = compiled_list(tmp_path / "list", text)
    assert found.find(caller("16210000001")) == "16210*"
    assert found.find(caller("16219999999")) == "162*"
    assert found.find(caller("16220000000")) == "162*"


def test_a_list_without_entries_finds_nothing(tmp_path: Path) -> None:
    out = tmp_path / "list"
    with out.open("wb") as file:
        compiled.write(io.BytesIO(), file, {"region": "CN", "area": ""}, lambda count: None)
    found = NumberList(out)
    assert len(found) == 0
    assert found.find(caller("16210123456")) is None


def test_a_list_tells_for_which_line_it_was_compiled(tmp_path: Path) -> None:
    found = compiled_list(tmp_path / "list", "16210123456\n")
    assert (len(found), found.region, found.area) == (1, "CN", "")


def test_a_closed_list_finds_nothing(tmp_path: Path) -> None:
    found = compiled_list(tmp_path / "list", "16210123456\n")
    found.close()
    assert found.find(caller("16210123456")) is None


def test_a_list_that_is_replaced_goes_on_finding_what_it_had(tmp_path: Path) -> None:
    old = compiled_list(tmp_path / "list", "16210123456\n")
    compiled_list(tmp_path / "new", "16210123457\n")
    (tmp_path / "new").replace(tmp_path / "list")
    assert old.find(caller("16210123456")) == "+8616210123456"
    assert NumberList(tmp_path / "list").find(caller("16210123456")) is None


def test_every_truncated_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list"
    compiled_list(path, "16210123456\n162*\n")
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        with pytest.raises(ListDamaged):
            NumberList(path)


def test_every_flipped_byte_is_noticed_before_the_trie_sees_it(tmp_path: Path) -> None:
    path = tmp_path / "list"
    compiled_list(path, "16210123456\n162*\n")
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])
        with pytest.raises(ListDamaged):
            NumberList(path).verify()


def test_a_damaged_part_is_noticed_by_the_call_that_needs_it(tmp_path: Path) -> None:
    path = tmp_path / "list"
    compiled_list(path, "16210123456\n")
    whole = bytearray(path.read_bytes())
    whole[100] ^= 1
    path.write_bytes(whole)
    with pytest.raises(ListDamaged):
        NumberList(path).find(caller("16210123456"))


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_any_other_file_is_refused(data: bytes) -> None:
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        with pytest.raises(ListDamaged):
            NumberList(Path(file.name))


def test_a_missing_file_is_an_oserror(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        NumberList(tmp_path / "none")


def test_every_entry_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "TRIE_BYTES", 64)
    entries = {"162*", "1621*", "+44*", "95588", *(f"1621012{digits:04}" for digits in range(200))}
    numbers = compiled_list(tmp_path / "list", "".join(f"{entry}\n" for entry in entries))
    told = list(numbers.entries())
    assert set(told) == entries
    assert len(told) == len(entries) == len(numbers)
