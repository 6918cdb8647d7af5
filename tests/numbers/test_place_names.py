"""What China's places are called in English."""

import pytest

from firmware.numbers.identity import places_of_china
from firmware.numbers.place_names import called, in_english


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("北京", "Beijing"),
        ("广东 深圳", "Shenzhen, Guangdong"),
        ("深圳", "Shenzhen"),
        ("广东", "Guangdong"),
        ("陕西 西安", "Xi'an, Shaanxi"),
        ("海南 三亚", "Hainan"),
        ("California Los Angeles", "California Los Angeles"),
        ("", ""),
    ],
)
def test_a_place_and_its_parts_have_names(place: str, name: str) -> None:
    assert in_english(place) == name


def test_every_place_of_china_has_a_name_in_latin_letters() -> None:
    assert not [place for *_, place in places_of_china() if in_english(place)[0] > "z"]


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("beijing", ["北京"]),
        ("SHENZHEN, Guangdong", ["广东 深圳"]),
        ("Hainan", ["海南"]),
        ("Suzhou", ["宿州", "苏州"]),
        ("nowhere", []),
    ],
)
def test_places_are_found_by_their_names(name: str, places: list[str]) -> None:
    assert called(name) == places
