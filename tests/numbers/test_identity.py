"""Who a number is: known numbers of several countries, and that nothing is guessed."""

import csv
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.call import Number
from firmware.lines.modem.dialects import COUNTRIES
from firmware.numbers import identity, understand
from firmware.numbers.identity import PLACES, Identity, Kind, allocated, identify
from firmware.numbers.places import Places

TABLE = files("firmware.numbers").joinpath("segments.csv").read_text("utf-8").splitlines()
SEGMENTS = list(csv.DictReader(line for line in TABLE if not line.startswith("#")))
LIKE_MOBILE = [row for row in SEGMENTS if "13" <= row["prefix"] < "2" and "11" in row["digits"]]


def known(presented: str, region: str) -> Identity:
    return identify(understand(presented, region), region)


def lengths(digits: str) -> range:
    shortest, _, longest = digits.partition("-")
    return range(int(shortest), int(longest or shortest) + 1)


@pytest.mark.parametrize(
    ("segment", "host"),
    [
        ("162", "China Telecom"),
        ("165", "China Mobile"),
        ("167", "China Unicom"),
        ("1700", "China Telecom"),
        ("1701", "China Telecom"),
        ("1702", "China Telecom"),
        ("1703", "China Mobile"),
        ("1704", "China Unicom"),
        ("1705", "China Mobile"),
        ("1706", "China Mobile"),
        ("1707", "China Unicom"),
        ("1708", "China Unicom"),
        ("1709", "China Unicom"),
        ("171", "China Unicom"),
    ],
)
def test_a_virtual_operator_has_a_host_and_no_brand(segment: str, host: str) -> None:
    who = known(segment.ljust(11, "1"), "CN")
    assert (who.kind, who.country, who.operator, who.host) == (Kind.MVNO, "CN", None, host)


@pytest.mark.parametrize(
    ("presented", "kind", "operator", "place"),
    [
        ("13800138000", Kind.MOBILE, "China Mobile", "北京"),
        ("18922812345", Kind.MOBILE, "China Telecom", "广东 深圳"),
        ("013800138000", Kind.MOBILE, "China Mobile", "北京"),
        ("19220371234", Kind.MOBILE, "China Broadnet", None),
        ("13491234567", Kind.SATELLITE, "China Telecom", None),
        ("17401234567", Kind.SATELLITE, None, None),
        ("1410123456789", Kind.M2M, "China Telecom", None),
        ("1440123456789", Kind.M2M, "China Mobile", None),
        ("1064812345678", Kind.M2M, None, None),
        ("17212345678", Kind.M2M, "China Mobile", "上海"),
        ("01065551234", Kind.LANDLINE, None, "北京"),
        ("057188888888", Kind.LANDLINE, None, "浙江 杭州"),
        ("075588888888", Kind.LANDLINE, None, "广东 深圳"),
        ("02888888888", Kind.LANDLINE, None, "四川"),
        ("65551234", Kind.LANDLINE, None, None),
        ("4008123123", Kind.SHARED_COST, None, None),
        ("8008101818", Kind.TOLL_FREE, None, None),
        ("95588", Kind.SERVICE, None, None),
        ("95013123456", Kind.SERVICE, None, None),
        ("96110", Kind.SERVICE, None, None),
        ("01096110", Kind.SERVICE, None, "北京"),
        ("10086", Kind.SERVICE, "China Mobile", None),
        ("10010", Kind.SERVICE, "China Unicom", None),
        ("12345", Kind.SERVICE, None, None),
        ("110", Kind.SERVICE, None, None),
        ("112", Kind.SERVICE, None, None),
        ("1065751234567890", Kind.SERVICE, None, None),
    ],
)
def test_numbers_of_china(presented: str, kind: Kind, operator: str | None, place: str | None) -> None:
    assert known(presented, "CN") == Identity(kind, "CN", operator, None, place)


@pytest.mark.parametrize(
    ("presented", "region", "expected"),
    [
        ("+12135551234", "US", Identity(Kind.UNKNOWN, "US", place="California Los Angeles")),
        ("+13105551234", "US", Identity(Kind.UNKNOWN, "US", place="California")),
        ("+14165551234", "US", Identity(Kind.UNKNOWN, "CA", place="Ontario")),
        ("+18005550123", "US", Identity(Kind.TOLL_FREE, "US")),
        ("+18005550123", "CA", Identity(Kind.TOLL_FREE, "CA")),
        ("+18005550123", "CN", Identity(Kind.TOLL_FREE)),
        ("02083612345", "GB", Identity(Kind.LANDLINE, "GB", place="London")),
        ("07400123456", "GB", Identity(Kind.MOBILE, "GB")),
        ("09012345678", "GB", Identity(Kind.PREMIUM, "GB")),
        ("01805123456", "DE", Identity(Kind.SHARED_COST, "DE")),
        ("05612345678", "GB", Identity(Kind.VOIP, "GB")),
        ("089123456", "DE", Identity(Kind.LANDLINE, "DE", place="München")),
        ("+4930123456", "CN", Identity(Kind.LANDLINE, "DE", place="Berlin")),
        ("+81312345678", "GB", Identity(Kind.LANDLINE, "JP", place="東京")),
        ("+41223456789", "GB", Identity(Kind.LANDLINE, "CH", place="Genève")),
        ("+5511987654321", "GB", Identity(Kind.MOBILE, "BR", place="São Paulo")),
        ("+919876543210", "GB", Identity(Kind.MOBILE, "IN")),
        ("+8616212345678", "US", Identity(Kind.MVNO, "CN", host="China Telecom", place="重庆")),
        ("+870773111632", "GB", Identity(Kind.SATELLITE)),
        ("988", "US", Identity(Kind.SERVICE, "US")),
        ("116123", "GB", Identity(Kind.SERVICE, "GB")),
    ],
)
def test_numbers_of_other_countries(presented: str, region: str, expected: Identity) -> None:
    assert known(presented, region) == expected


@pytest.mark.parametrize("presented", ["1008611", "98765", "0266555123", "99999"])
def test_what_the_allocation_does_not_say_is_unknown(presented: str) -> None:
    assert known(presented, "CN").kind is Kind.UNKNOWN


@pytest.mark.parametrize(
    ("presented", "region"), [("12345678901", "CN"), ("+999123", "US"), ("hello", "GB"), ("", "DE")]
)
def test_a_number_that_cannot_be_is_nobodys(presented: str, region: str) -> None:
    number = understand(presented, region)
    assert identify(Number(number.presented, number.normal, number.national, False), region) == Identity()


@pytest.mark.parametrize("row", SEGMENTS, ids=lambda row: row["prefix"])
def test_every_segment_is_found_at_each_of_its_lengths(row: dict[str, str]) -> None:
    for length in lengths(row["digits"]):
        segment = allocated(of_segment(row["prefix"], length))
        assert segment
        assert (segment.kind, segment.network or "") == (row["kind"], row["operator"])


@pytest.mark.parametrize("row", SEGMENTS, ids=lambda row: row["prefix"])
def test_a_number_longer_than_its_segments_is_of_none(row: dict[str, str]) -> None:
    around = [other for other in SEGMENTS if row["prefix"].startswith(other["prefix"])]
    longest = max(lengths(other["digits"])[-1] for other in around)
    assert allocated(of_segment(row["prefix"], longest + 1)) is None


def of_segment(prefix: str, length: int) -> str:
    """A number that opens with `prefix` and with no longer segment's."""
    longer = tuple(
        row["prefix"] for row in SEGMENTS if row["prefix"].startswith(prefix) and row["prefix"] != prefix
    )
    fillings = (prefix.ljust(length, digit) for digit in "73512")
    return next(digits for digits in fillings if not digits.startswith(longer))


@pytest.mark.parametrize("row", LIKE_MOBILE, ids=lambda row: row["prefix"])
def test_the_shipped_places_agree_with_the_segments(row: dict[str, str]) -> None:
    places = Places(PLACES)
    rest = 7 - len(row["prefix"])
    numbers = [f"{row['prefix']}{number:0{rest}}0000" for number in range(10**rest)]
    placed = any(places.find(f"86{number}") for number in numbers if is_placed(number))
    assert placed == (row["kind"] in ("mobile", "mvno", "m2m"))


def is_placed(number: str) -> bool:
    segment = allocated(number)
    return segment is not None and segment.is_placed(number)


def test_without_its_file_the_places_alone_are_unknown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    damaged = tmp_path / "places.bin"
    damaged.write_bytes(PLACES.read_bytes()[:-1])
    monkeypatch.setattr(identity, "PLACES", damaged)
    identity._places.cache_clear()
    try:
        assert known("16212345678", "CN") == Identity(Kind.MVNO, "CN", host="China Telecom")
    finally:
        identity._places.cache_clear()


@given(
    presented=st.one_of(st.text(max_size=24), st.from_regex(r"\+?[0-9]{0,24}", fullmatch=True)),
    region=st.sampled_from(sorted(COUNTRIES)),
)
def test_whatever_a_line_presents_is_identified(presented: str, region: str) -> None:
    assert isinstance(known(presented, region).kind, Kind)


@given(
    normal=st.one_of(st.text(max_size=300), st.from_regex(r"(\+|\+86|\+1|\+44)?[0-9]{0,24}", fullmatch=True)),
    region=st.sampled_from(["CN", "US", "", "XX", "001"]),
)
def test_whatever_a_number_holds_is_identified(normal: str, region: str) -> None:
    assert isinstance(identify(Number(normal, normal, normal, True), region).kind, Kind)
