"""One number has one normal form, however a line presents it."""

import re

import phonenumbers
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat

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


@pytest.mark.parametrize(
    ("presented", "normal"),
    [
        ("1795116210123456", "+8616210123456"),
        ("17951016210123456", "+8616210123456"),
        ("1259316210123456", "+8616210123456"),
        ("1790901088888888", "+861088888888"),
        ("1019316210123456", "+8616210123456"),
        ("10193016210123456", "+8616210123456"),
        ("17900075588888888", "+8675588888888"),
        ("075588888888", "+8675588888888"),
        ("4008123123", "+864008123123"),
        ("864008123123", "+864008123123"),
        ("8008101818", "+868008101818"),
        ("95588", "95588"),
        ("+8695588", "95588"),
        ("95013123456", "+8695013123456"),
        ("10086", "10086"),
        ("1065751234567890", "1065751234567890"),
        ("+86106575123456789012", "106575123456789012"),
        ("1410123456789", "1410123456789"),
        ("+861410123456789", "1410123456789"),
        ("0012025550123", "+12025550123"),
    ],
)
def test_what_lines_in_china_present(presented: str, normal: str) -> None:
    number = understand(presented, "CN")
    assert (number.normal, number.possible) == (normal, True)


@pytest.mark.parametrize("presented", ["14010123456", "12345678901", "0095588", "00000000"])
def test_what_no_line_in_china_can_be(presented: str) -> None:
    number = understand(presented, "CN")
    assert not number.possible


@pytest.mark.parametrize(
    ("presented", "region", "area", "normal"),
    [
        ("88888888", "CN", "010", "+861088888888"),
        ("2345678", "CN", "0936", "+869362345678"),
        ("+8688888888", "CN", "010", "+861088888888"),
        ("95588", "CN", "010", "95588"),
        ("96110", "CN", "010", "96110"),
        ("12345678", "CN", "010", "12345678"),
        ("5550123", "US", "202", "+12025550123"),
    ],
)
def test_the_area_code_completes_a_local_number(presented: str, region: str, area: str, normal: str) -> None:
    assert understand(presented, region, area).normal == normal


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_the_example_of_every_region_is_understood_at_home_and_abroad(region: str) -> None:
    example = phonenumbers.example_number(region)
    e164 = phonenumbers.format_number(example, PhoneNumberFormat.E164)
    national = phonenumbers.format_number(example, PhoneNumberFormat.NATIONAL)
    abroad = understand(e164, "CN" if region != "CN" else "US")
    assert (abroad.normal, abroad.possible) == (e164, True)
    at_home = understand(national, region)
    assert at_home.normal in (e164, at_home.national)
    assert at_home.possible


@pytest.mark.parametrize("region", ["CN", "US", "GB", "DE", "FR", "NL"])
def test_the_national_form_is_the_one_that_people_dial(region: str) -> None:
    pager = phonenumbers.PhoneNumberType.PAGER  # German ones are written without the 0 that is dialled
    for kind in phonenumbers.supported_types_for_region(region) - {pager}:
        example = phonenumbers.example_number_for_type(region, kind)
        e164 = phonenumbers.format_number(example, PhoneNumberFormat.E164)
        dialled = re.sub(r"\D", "", phonenumbers.format_number(example, PhoneNumberFormat.NATIONAL))
        number = understand(e164, region)
        assert number.national in (dialled, number.normal)


@pytest.mark.parametrize(
    ("presented", "national"),
    [("+869511234567", "09511234567"), ("+8695013123456", "95013123456"), ("+864008123123", "4008123123")],
)
def test_service_codes_that_look_like_area_codes_have_no_trunk_prefix(presented: str, national: str) -> None:
    assert understand(presented, "CN").national == national


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


@pytest.mark.parametrize(
    ("presented", "same", "region"),
    [
        ("+4930901820", "030901820", "DE"),
        ("+468123456", "08123456", "SE"),
        ("+8222123456", "022123456", "KR"),
        ("+4532123456", "32123456", "DK"),
        ("+6561234567", "61234567", "SG"),
    ],
)
def test_a_number_of_few_digits_is_the_same_with_its_country_code(
    presented: str, same: str, region: str
) -> None:
    assert understand(presented, region).normal == understand(same, region).normal == presented


@pytest.mark.parametrize("presented", ["", "O", "04xxxxxxx7", "*69", "1" * 40, "+", "٠١٢٣٤٥٦٧٨٩"])
def test_what_is_no_number_is_kept_and_marked(presented: str) -> None:
    number = understand(presented, "CN")
    assert not number.possible
    assert number.presented == presented


@given(st.text(max_size=40), st.sampled_from(["CN", "US", "GB", "DE"]))
def test_any_text_is_understood_without_an_error(text: str, region: str) -> None:
    number = understand(text, region)
    assert number.presented == text


@given(
    st.from_regex(r"\+?[0-9]{1,20}", fullmatch=True),
    st.sampled_from(
        [("CN", ""), ("CN", "010"), ("CN", "0755"), ("US", ""), ("US", "202"), ("GB", ""), ("DE", "")]
    ),
)
@example("030000", ("DE", ""))
@example("+490425225", ("DE", ""))
def test_the_normal_form_of_a_normal_form_is_itself(text: str, where: tuple[str, str]) -> None:
    normal = understand(text, *where).normal
    assert understand(normal, *where).normal == normal


@given(
    st.sampled_from(["", "0", "86", "+86", "0086"]),
    st.from_regex(r"1[3-9][0-9]{8,10}", fullmatch=True),
)
def test_a_mobile_number_that_is_read_at_once_is_what_libphonenumber_reads(before: str, digits: str) -> None:
    parsed = phonenumbers.parse(f"+86{digits}")
    number = understand(f"{before}{digits}", "CN")
    if phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.MOBILE:
        e164 = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
        assert (number.normal, number.national) == (e164, digits)
    else:
        assert phonenumbers.is_valid_number(parsed) or not (
            number.possible and number.normal == f"+86{digits}"
        )


@pytest.mark.parametrize(
    ("text", "region", "digits"),
    [
        ("162", "CN", "162"),
        ("+86162", "CN", "162"),
        ("0571", "CN", "0571"),
        ("0044 20", "CN", "+4420"),
        ("+8610", "CN", "010"),
        ("+44 20", "GB", "020"),
        ("+31 20", "NL", "020"),
    ],
)
def test_a_segment_is_national_at_home(text: str, region: str, digits: str) -> None:
    assert segment(text, region) == digits
