"""Emergency and public-service numbers, in every way in which a line may present them."""

import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.numbers import Standing, is_protected, standing, understand

TABLE = tomllib.loads(files("firmware.numbers").joinpath("protected.toml").read_text("utf-8"))
EVERY = [
    (region, code) for region, entry in TABLE.items() for code in entry["codes"] if region != "world"
] + [(region, code) for region in ("CN", "US", "GB", "DE", "FR") for code in TABLE["world"]["codes"]]


def protected(presented: str, region: str) -> bool:
    return is_protected(understand(presented, region), region)


@pytest.mark.parametrize(("region", "code"), EVERY)
def test_every_code_of_the_table_is_protected(region: str, code: str) -> None:
    assert protected(code, region)


@pytest.mark.parametrize("code", TABLE["CN"]["codes"])
@pytest.mark.parametrize("before", ["+86", "0086", "86", "010", "0571", "+8610", "0"])
def test_what_an_exchange_puts_before_it_changes_nothing(code: str, before: str) -> None:
    assert protected(before + code, "CN")


@pytest.mark.parametrize("presented", ["16210123456", "11012345678", "96110123", "1101", "", "12025550110"])
def test_a_number_that_only_begins_or_ends_like_one_is_not_protected(presented: str) -> None:
    assert not protected(presented, "CN")


def utility(presented: str, region: str) -> bool:
    return standing(understand(presented, region), region) is Standing.UTILITY


@pytest.mark.parametrize("code", TABLE["CN"]["utilities"])
@pytest.mark.parametrize("before", ["", "+86", "0086", "86", "010", "0571", "+8610", "0"])
def test_a_utility_is_one_whatever_an_exchange_puts_before_it(code: str, before: str) -> None:
    assert utility(before + code, "CN")
    assert not protected(before + code, "CN")


@pytest.mark.parametrize("code", TABLE["CN"]["codes"])
def test_a_protected_number_is_no_utility(code: str) -> None:
    assert not utility(code, "CN")


@pytest.mark.parametrize("presented", ["95588", "955980", "9559", "10086123", "16210095598", "", "+4495598"])
def test_a_number_that_only_begins_or_ends_like_a_utility_is_none(presented: str) -> None:
    assert not utility(presented, "CN")


@pytest.mark.parametrize("region", ["US", "GB", "DE", "FR", "JP"])
def test_chinas_utilities_are_none_elsewhere(region: str) -> None:
    assert not any(utility(code, region) for code in TABLE["CN"]["utilities"])


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_no_chinese_mobile_number_is_protected_or_a_utility(number: str) -> None:
    assert not protected(number, "CN")
    assert not utility(number, "CN")
