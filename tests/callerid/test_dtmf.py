import pytest

from firmware.call import Absence
from firmware.callerid import dtmf
from firmware.callerid.said import Said


@pytest.mark.parametrize("start", ["A", "B", "D"])
@pytest.mark.parametrize("stop", ["#", "C", "D"])
@pytest.mark.parametrize("number", ["110", "95588", "16210123456", "008613800138000"])
def test_a_number_between_codes(start: str, number: str, stop: str) -> None:
    assert dtmf.decode(start + number + stop) == Said(number=number)


@pytest.mark.parametrize("digits", ["A95588", "95588#", "95588C", "95588D"])
def test_one_code_is_enough_for_five_digits(digits: str) -> None:
    assert dtmf.decode(digits) == Said(number="95588")


@pytest.mark.parametrize("more", ["D87654321C", "D87654321B10C", "D87654321D11223344B04C", "B04C", "DB10#"])
def test_redirecting_numbers_and_information_are_not_the_callers(more: str) -> None:
    assert dtmf.decode("A0701234567" + more) == Said(number="0701234567")


@pytest.mark.parametrize(
    ("digits", "absence"),
    [
        ("D1#", Absence.WITHHELD),
        ("B10C", Absence.WITHHELD),
        ("D2#", Absence.UNAVAILABLE),
        ("D3#", Absence.UNAVAILABLE),
        ("B00C", Absence.UNAVAILABLE),
    ],
)
def test_no_number_and_why(digits: str, absence: Absence) -> None:
    assert dtmf.decode(digits) == Said(absence=absence)


@pytest.mark.parametrize(
    "digits", ["56000", "1", "D400", "144C", "A", "ABCD", "A12", "1" * 21 + "#", "A1B2C3", "A123 45D"]
)
def test_what_is_no_caller_id_on_a_line_of_its_own(digits: str) -> None:
    assert dtmf.decode(digits) is None


@pytest.mark.parametrize("digits", ["110", "56000", "*95588#", "C95588C", "D400"])
def test_silence_stands_for_the_codes(digits: str) -> None:
    assert dtmf.decode(digits, silence=True) == Said(number=digits.strip("*#CD"))


@pytest.mark.parametrize("digits", ["1", "12", "1" * 21, "1*2*3", "OK"])
def test_silence_makes_no_number_of_anything(digits: str) -> None:
    assert dtmf.decode(digits, silence=True) is None
