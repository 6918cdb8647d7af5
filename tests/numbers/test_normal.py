"""One number has one normal form, however a line presents it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.numbers import segment, understand


@pytest.mark.parametrize(
    "presented",
    ["16210123456", "+8616210123456", "008616210123456", "8616210123456", "162 1012-3456", "016210123456"],
)
def test_a_chinese_mobile_number_has_one_form(presented: str) -> None:
    number = understand(presented, "CN")
    assert (number.normal, number.national, number.possible) == ("+8616210123456", "16210123456", True)


@pytest.mark.parametrize("presented", ["01065551234", "+861065551234", "861065551234", "010-6555 1234"])
def test_a_chinese_landline_keeps_its_area_code(presented: str) -> None:
    number = understand(presented, "CN")
    assert (number.normal, number.national) == ("+861065551234", "01065551234")


@pytest.mark.parametrize("code", ["110", "96110", "12321", "10086", "95588", "65551234"])
def test_short_codes_and_local_numbers_stay_as_they_are(code: str) -> None:
    assert understand(code, "CN").normal == code
    assert understand(f"+86{code}", "CN").normal == code


@pytest.mark.parametrize(
    ("presented", "region", "normal"),
    [
        ("2025550123", "US", "+12025550123"),
        ("12025550123", "US", "+12025550123"),
        ("02079460018", "GB", "+442079460018"),
        ("00442079460018", "DE", "+442079460018"),
        ("+12025550123", "CN", "+12025550123"),
    ],
)
def test_other_countries(presented: str, region: str, normal: str) -> None:
    assert understand(presented, region).normal == normal


@pytest.mark.parametrize("presented", ["", "O", "04xxxxxxx7", "*69", "1" * 40, "+", "٠١٢٣٤٥٦٧٨٩"])
def test_what_is_no_number_is_kept_and_marked(presented: str) -> None:
    number = understand(presented, "CN")
    assert not number.possible
    assert number.presented == presented


@given(st.text(max_size=40), st.sampled_from(["CN", "US", "GB", "DE"]))
def test_any_text_is_understood_without_an_error(text: str, region: str) -> None:
    number = understand(text, region)
    assert number.presented == text


@given(st.from_regex(r"\+?[0-9]{1,16}", fullmatch=True), st.sampled_from(["CN", "US", "GB", "DE"]))
def test_the_normal_form_of_a_normal_form_is_itself(text: str, region: str) -> None:
    normal = understand(text, region).normal
    assert understand(normal, region).normal == normal


@pytest.mark.parametrize(
    ("text", "region", "digits"),
    [("162", "CN", "162"), ("+86162", "CN", "162"), ("0571", "CN", "0571"), ("0044 20", "CN", "+4420")],
)
def test_a_segment_is_national_at_home(text: str, region: str, digits: str) -> None:
    assert segment(text, region) == digits
