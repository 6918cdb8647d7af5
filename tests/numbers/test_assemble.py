"""The generator of places, over samples of what it reads; and what the shipped file holds."""

import struct
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.numbers.assemble import abroad, china, english, ranges
from firmware.numbers.identity import PLACES
from firmware.numbers.places import DIGITS, Places, pack

RECORDS = (
    "广东|深圳|518000|0755",
    "北京|北京|100000|010",
    "四川|成都|610000|028",
    "四川|眉山|620000|028",
    "甲|子|000000|0999",
    "乙|丑|000000|0999",
    "内蒙古|锡林郭勒|152500|00479",
)
GEOCODING = {
    "1213": {"en": "Los Angeles, CA"},
    "1310": {"en": "California"},
    "1310203": {"en": "Long Beach, CA"},
    "1310205": {"en": "Beverly Hills, CA"},
    "1902": {"en": "Nova Scotia/Prince Edward Island"},
    "1902422": {"en": "Halifax, NS"},
    "4122": {"de": "Genf", "en": "Geneva", "fr": "Genève"},
    "4144": {"de": "Zürich", "en": "Zurich", "fr": "Zurich"},
    "5561": {"en": "Federal District", "pt": "Distrito Federal"},
    "55613301": {"en": "Brasília - DF", "pt": "Brasília - DF"},
    "61241": {"en": "Clarence Town/Dungog/Eccleston/East Gresford/Maitland"},
    "88671": {"en": "Kaohsiung", "zh": "高雄"},
    "9111": {"en": "New Delhi"},
    "911465": {"en": "Thanaghazi, Rajasthan"},
    "7495": {"en": "Moscow"},
}
PREFIXES = st.dictionaries(
    st.text("0123456789", min_size=1, max_size=DIGITS), st.sampled_from(["", "甲", "乙", "丙"]), max_size=20
)


def phone_table(rows: dict[int, int]) -> bytes:
    """A table in the format of `phone`, where seven digits have the record at a position of RECORDS."""
    texts = [f"{record}\0".encode() for record in RECORDS]
    offsets = [8 + sum(map(len, texts[:at])) for at in range(len(texts))]
    head = struct.pack("<4si", b"2312", 8 + sum(map(len, texts)))
    return (
        head
        + b"".join(texts)
        + b"".join(struct.pack("<iiB", prefix, offsets[at], 1) for prefix, at in rows.items())
    )


@pytest.mark.parametrize(
    ("prefix", "place"),
    [("86755", "广东 深圳"), ("8610", "北京"), ("8628", "四川"), ("86999", ""), ("861621234", "广东 深圳")],
)
def test_china_by_area_code_and_by_seven_digits(prefix: str, place: str) -> None:
    assert china(phone_table({1621234: 0}))[prefix] == place


@pytest.mark.parametrize("prefix", [1349123, 1740123, 1410123, 1543123, 1060123])
def test_numbers_that_are_not_handed_out_by_place_have_none(prefix: int) -> None:
    assert f"86{prefix}" not in china(phone_table({prefix: 0}))


def test_a_malformed_area_code_is_left_out() -> None:
    assert not [prefix for prefix in china(phone_table({})) if "479" in prefix]


@pytest.mark.parametrize(
    ("prefix", "place"),
    [
        ("1213", "California Los Angeles"),
        ("1310", "California"),
        ("1902422", "NS Halifax"),
        ("4122", "Genève"),
        ("4144", "Zürich"),
        ("55613301", "Distrito Federal Brasília"),
        ("61241", ""),
        ("9111", "New Delhi"),
        ("911465", "Rajasthan Thanaghazi"),
    ],
)
def test_abroad_as_people_there_write_it(prefix: str, place: str) -> None:
    assert abroad(GEOCODING, ["1", "41", "55", "61", "91", "886"])[prefix] == place


@pytest.mark.parametrize("prefix", ["88671", "7495"])
def test_a_name_in_another_script_or_of_another_country_is_left_out(prefix: str) -> None:
    assert prefix not in abroad(GEOCODING, ["1", "886"])


@given(places=PREFIXES, digits=st.text("0123456789", min_size=DIGITS, max_size=DIGITS))
def test_the_longest_prefix_wins(places: dict[str, str], digits: str) -> None:
    opening = [prefix for prefix in places if digits.startswith(prefix)]
    expected = places[max(opening, key=len)] if opening else ""
    found = [name for first, name in ranges(places) if first <= int(digits)]
    assert found[-1] == expected


@given(places=PREFIXES)
def test_neighbouring_ranges_have_different_names(places: dict[str, str]) -> None:
    names = [name for _, name in ranges(places)]
    assert all(one != other for one, other in pairwise(names))


def test_the_same_places_give_the_same_bytes() -> None:
    places = china(phone_table({1621234: 0})) | abroad(GEOCODING, ["1", "41"])
    turned = dict(reversed(places.items()))
    assert pack(ranges(places), {}) == pack(ranges(turned), {})


def test_a_sample_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "places.bin"
    path.write_bytes(pack(ranges(china(phone_table({1621234: 0, 1621236: 1}))), {}))
    places = Places(path)
    assert [places.find(f"8616212{digit}0000") for digit in (34, 35, 36)] == ["广东 深圳", None, "北京"]
    assert places.find("8628") == "四川"


def test_places_in_english_are_what_most_of_their_numbers_have_or_the_province(tmp_path: Path) -> None:
    path = tmp_path / "places.bin"
    names = {
        86100: "江苏 淮安",
        86200: "江苏 新城",
        86300: "江苏",
        86400: "北京",
        86500: "江苏 清河",
        86600: "江苏 无锡",
    }
    path.write_bytes(pack(ranges({str(prefix): name for prefix, name in names.items()}), {}))
    said = dict.fromkeys(range(861000, 861010), "HuaiAn, Jiangsu")
    said |= dict.fromkeys(range(861010, 861013), "Yancheng, Jiangsu")
    said |= dict.fromkeys(range(861020, 861060), "HuaiAn/Yancheng, Jiangsu")
    said |= dict.fromkeys(range(865000, 865002), "HuaiAn, Jiangsu")
    said |= dict.fromkeys(range(866000, 866010), "Wuxi, Jiangsu")
    said |= {862000: "Wuxi, Jiangsu", 863000: "Wuxi, Jiangsu", 864000: "Beijing"}
    geocoding = {str(prefix): {"en": name} for prefix, name in said.items()} | {"861070": {"zh": "淮安"}}
    assert english(geocoding, Places(path), names.values()) == {
        "北京": "Beijing",
        "江苏": "Jiangsu",
        "江苏 新城": "Jiangsu",
        "江苏 无锡": "Wuxi, Jiangsu",
        "江苏 清河": "Jiangsu",
        "江苏 淮安": "Huai'an, Jiangsu",
    }


def test_the_shipped_file_says_where_it_comes_from() -> None:
    sources = Places(PLACES).about["sources"]
    assert sources["phone"] == "phone-0.4.5.tar.gz, table 2312, MIT"
    assert sources["phonenumbers"].endswith(", Apache-2.0")


def test_the_shipped_file_knows_every_province_of_mainland_china() -> None:
    places = Places(PLACES)
    found = Counter(
        (places.find(f"86{digits}") or "").partition(" ")[0] for digits in range(1380000, 1390000)
    )
    assert len(found - Counter([""])) == 31
