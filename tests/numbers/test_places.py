"""The file of places is read as it was written, and not at all where it is damaged."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.numbers.places import DIGITS, Places, pack

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
RANGES = st.dictionaries(st.integers(1, 10**DIGITS - 1), NAMES, max_size=20).flatmap(
    lambda later: NAMES.map(lambda first: [(0, first), *sorted(later.items())])
)
SAMPLE = [(0, ""), (861300000, "广东 深圳"), (861300001, "")]


def written(folder: Path, data: bytes) -> Path:
    path = folder / "places.bin"
    path.write_bytes(data)
    return path


@given(ranges=RANGES)
def test_each_range_has_its_name(
    ranges: list[tuple[int, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    places = Places(written(tmp_path_factory.getbasetemp(), pack(ranges, {})))
    ends = [first for first, _ in ranges[1:]] + [10**DIGITS]
    for (first, name), end in zip(ranges, ends, strict=True):
        assert [places.find(f"{number:0{DIGITS}}") for number in (first, end - 1)] == [name or None] * 2


def test_digits_after_the_ninth_do_not_matter(tmp_path: Path) -> None:
    places = Places(written(tmp_path, pack(SAMPLE, {})))
    assert places.find("861300000") == places.find("8613000009999") == "广东 深圳"
    assert places.find("8613000010000") is None


def test_a_number_shorter_than_nine_digits_is_found(tmp_path: Path) -> None:
    assert Places(written(tmp_path, pack([(0, ""), (431000000, "Wien")], {}))).find("431") == "Wien"


def test_the_file_names_its_sources(tmp_path: Path) -> None:
    assert Places(written(tmp_path, pack(SAMPLE, {"phone": "0.4.5"}))).about["sources"] == {"phone": "0.4.5"}


@pytest.mark.parametrize("damage", [lambda whole: whole[:-1], lambda whole: whole[:20], lambda whole: b""])
def test_a_file_that_was_cut_short_is_refused(damage: Callable[[bytes], bytes], tmp_path: Path) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        Places(written(tmp_path, damage(pack(SAMPLE, {}))))


@given(bit=st.integers(0, 8 * len(pack(SAMPLE, {})) - 1))
def test_a_file_with_one_bit_changed_is_refused(bit: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    whole = bytearray(pack(SAMPLE, {}))
    whole[bit // 8] ^= 1 << bit % 8
    with pytest.raises(ValueError, match="not whole"):
        Places(written(tmp_path_factory.getbasetemp(), bytes(whole)))
