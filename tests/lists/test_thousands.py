"""Where a list is thick: counts of its thousands, as a scan of all its numbers counts them."""

import io
from collections import Counter
from pathlib import Path

import pytest
from compiling import compiled_list
from hypothesis import given
from hypothesis import strategies as st

from firmware.lists import compiled
from firmware.lists.compiled import NumberList
from firmware.lists.thousands import LEAST, LENGTHS, OPEN_DIGITS, Counting, Thousands

openings = st.sampled_from(["1621012", "16210123", "162101", "16210", "+44207123", "+4420", "021605", "12"])
endings = st.lists(st.integers(0, 40), max_size=41, unique=True)
blocks = st.lists(st.tuples(openings, st.integers(2, 5), endings), max_size=8)


def in_thousands(listed: set[str], opening: str, digits: int) -> tuple[int, float]:
    """The same by a scan."""
    whole = len(opening) + digits
    within = [one for one in listed if one.startswith(opening) and len(one) == whole and whole in LENGTHS]
    counts = Counter(one[:-OPEN_DIGITS] for one in within)
    thick = [count for count in counts.values() if count >= LEAST]
    return (sum(thick), len(thick) / 10 ** (digits - OPEN_DIGITS)) if digits >= OPEN_DIGITS else (0, 0.0)


@given(blocks, st.integers(1, 30))
def test_thick_thousands_are_counted_as_a_scan_counts_them(
    spoken: list[tuple[str, int, list[int]]], at_once: int
) -> None:
    listed = {
        f"{opening}{ending * 7 % 10**digits:0{digits}}"
        for opening, digits, endings in spoken
        for ending in endings
    }
    keys = [f"{number}$".encode() for number in sorted(listed)]
    counting = Counting()
    for start in range(0, len(keys), at_once):
        part = keys[start : start + at_once]
        counting.add(part, part[-1])
    written, count = counting.written()
    thousands = Thousands(memoryview(written), count)
    for number in listed:
        for digits in (2, 3, 4, 5, 6):
            opening = number[:-digits]
            if opening.removeprefix("+"):
                assert thousands.within(opening, digits) == in_thousands(listed, opening, digits)


def test_a_list_tells_where_it_is_thick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "TRIE_BYTES", 500)
    text = "".join(f"1621012{place * 47 % 10_000:04}\n" for place in range(213)) + "162101*\n13800138000\n"
    found = compiled_list(tmp_path / "list", text)
    assert found.within("1621012", 4) == (213, 1.0)
    assert found.within("162101", 5) == (213, 0.1)
    assert found.within("1621013", 4) == found.within("1380013", 4) == (0, 0.0)
    found.close()
    assert found.within("1621012", 4) == (0, 0.0)


def test_numbers_scattered_thinly_are_counted_nowhere(tmp_path: Path) -> None:
    found = compiled_list(tmp_path / "list", "".join(f"162{place * 10_007:08}\n" for place in range(9000)))
    assert found.within("1620", 7) == (0, 0.0)


def test_a_list_of_segments_alone_is_thick_nowhere(tmp_path: Path) -> None:
    found = compiled_list(tmp_path / "list", "".join(f"162101{place:03}*\n" for place in range(1000)))
    assert found.within("162101", 5) == (0, 0.0)


def test_an_empty_list_is_thick_nowhere(tmp_path: Path) -> None:
    with (tmp_path / "list").open("wb") as file:
        compiled.write(io.BytesIO(), file, {"region": "CN", "area": ""}, lambda count: None)
    found = NumberList(tmp_path / "list")
    found.verify()
    assert found.within("1621012", 4) == (0, 0.0)
