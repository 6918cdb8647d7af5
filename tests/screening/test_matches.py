"""What a person may write as a match, and what is kept of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.screening.matches import KINDS, Sort, kept, match_from


@pytest.mark.parametrize(
    ("written", "text", "sort"),
    [
        ("16210123456", "+8616210123456", Sort.NUMBER),
        ("+86 162 1012 3456", "+8616210123456", Sort.NUMBER),
        ("008616210123456", "+8616210123456", Sort.NUMBER),
        ("(0571) 8888-1234", "+8657188881234", Sort.NUMBER),
        ("8888 1234", "+861088881234", Sort.NUMBER),
        ("+44 20 7946 0123", "+442079460123", Sort.NUMBER),
        ("95588", "95588", Sort.NUMBER),
        ("7", "7", Sort.NUMBER),
        ("162*", "162*", Sort.DIGITS),
        ("+86 170 *", "170*", Sort.DIGITS),
        ("0086 162*", "162*", Sort.DIGITS),
        ("+86 571*", "0571*", Sort.DIGITS),
        ("00441*", "+441*", Sort.DIGITS),
        ("+*", "+*", Sort.DIGITS),
        ("16210120000..16210129999", "16210120000..16210129999", Sort.DIGITS),
        ("+86 16210120000 .. +86 16210129999", "16210120000..16210129999", Sort.DIGITS),
        ("95500 ~ 95599", "95500..95599", Sort.DIGITS),
        ("95500～95599", "95500..95599", Sort.DIGITS),
        ("95500 – 95599", "95500..95599", Sort.DIGITS),
        ("95500至95599", "95500..95599", Sort.DIGITS),
        ("1621012-1621013", "1621012..1621013", Sort.DIGITS),
        ("0571-88880000..0571-88889999", "057188880000..057188889999", Sort.DIGITS),
        ("162????8888", "162????8888", Sort.DIGITS),
        ("+86 162 ???? 8888", "162????8888", Sort.DIGITS),
        ("*8888", "*8888", Sort.DIGITS),
        ("1*2*", "1*2*", Sort.DIGITS),
        (r"/^\+86162\d{4}88/", r"/^\+86162\d{4}88/", Sort.EXPRESSION),
        ("/a/b/", "/a/b/", Sort.EXPRESSION),
        ("name: 贷款 ", "name:贷款", Sort.NAME),
        ("name:a:b..c*/?", "name:a:b..c*/?", Sort.NAME),
        ("name:/x/", "name:/x/", Sort.NAME),
        ("place:广东 深圳", "place:广东 深圳", Sort.ORIGIN),
        ("operator:中国移动", "operator:中国移动", Sort.ORIGIN),
        ("kind: mvno", "kind:mvno", Sort.KIND),
        ("kind:anyone", "kind:anyone", Sort.ANYONE),
    ],
)
def test_what_is_written_is_kept_in_the_form_in_which_numbers_are_compared(
    written: str, text: str, sort: Sort
) -> None:
    match = match_from(written, "CN", "010")
    assert (match.text, match.sort) == (text, sort)
    assert kept(text) == match


def test_a_dash_between_few_digits_is_punctuation() -> None:
    assert match_from("0571-88881234", "CN").sort is Sort.NUMBER


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "empty"),
        (" ", "empty"),
        ("*", "empty"),
        ("?*?", "empty"),
        ("  - ", "empty"),
        ("name: ", "empty"),
        ("+86", "empty"),
        ("0086", "empty"),
        ("16a", "characters"),
        ("162\n110", "characters"),
        ("1\u202e62", "characters"),
        ("\ud800", "characters"),
        ("\x00", "characters"),
        ("+", "characters"),
        ("1+2*", "characters"),
        ("１６２", "characters"),
        ("１６２*", "characters"),
        ("<b>", "characters"),
        ("colour:red", "characters"),
        ("1..a", "characters"),
        ("..5", "characters"),
        ("1620..１６２９", "characters"),
        ("1..2..3", "range"),
        ("1" * 33, "too_long"),
        ("1" * 33 + ".." + "2" * 33, "too_long"),
        ("name:" + "x" * 65, "too_long"),
        ("/" + "1" * 10_000 + "/", "too_long"),
        ("19..5", "range"),
        ("29..15", "range"),
        ("+44..449", "range"),
        ("1*2*3*", "stars"),
        ("1**2", "stars"),
        ("/", "expression"),
        ("//", "expression"),
        ("/162", "expression"),
        ("/(/", "expression"),
        (r"/(1)\1/", "expression"),
        ("/1(?=2)/", "expression"),
        ("/(?<!1)2/", "expression"),
        ("/((1{1000}){1000}){1000}/", "expression"),
        ("/" + "(" * 150 + "/", "expression"),
        ("kind:nice", "kind"),
        ("kind:unknown", "kind"),
    ],
)
def test_what_is_no_match_is_refused_by_name(written: str, code: str) -> None:
    with pytest.raises(ValueError, match=f"^{code}$"):
        match_from(written, "CN")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_can_be_written(kind: str) -> None:
    assert kept(match_from(f"kind:{kind}", "CN").text).text == f"kind:{kind}"


@pytest.mark.parametrize("text", ["colour:red", "kind:nice", "name:"])
def test_a_kept_form_that_this_version_does_not_know_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"kind|empty"):
        kept(text)


@pytest.mark.parametrize(
    ("text", "digits"),
    [("162*", 3), ("162????8888", 7), ("*8888", 4), ("1000..1999", 1), ("95588..95588", 5)],
)
def test_a_match_tells_how_many_digits_it_settles(text: str, digits: float) -> None:
    assert kept(text).digits == pytest.approx(digits)


def test_the_rank_puts_numbers_before_what_is_wider() -> None:
    ordered = [
        "95588", "9558*", "9550..9559", "95*", "/95/", "name:bank", "operator:x", "kind:service", "kind:anyone"
    ]  # fmt: skip
    ranks = [kept(text).rank for text in ordered]
    assert ranks == sorted(ranks, reverse=True)


SIGNS = "0123456789+*?.~-–至 /:()[]{}|^$\\dnamekiplcoert１\n\x00\ud800贷"
WRITTEN = st.one_of(
    st.text(SIGNS, max_size=40),
    st.text(max_size=40),
    st.from_regex(r"(00|\+)?[0-9]{1,14}[*?]{0,2}[0-9]{0,4}\*?", fullmatch=True),
    st.from_regex(r"\+?[0-9]{1,14}( ?\.\. ?|~|-|至)\+?[0-9]{1,14}", fullmatch=True),
    st.builds("{}:{}".format, st.sampled_from(["name", "place", "operator", "kind"]), st.text(max_size=10)),
    st.builds("/{}/".format, st.text("01()[]*+?|{},.^$\\d", max_size=12)),
)


@given(WRITTEN, st.sampled_from(["CN", "US", "GB", "DE", "FR"]), st.sampled_from(["", "010", "0571"]))
def test_the_kept_form_is_stable_and_nothing_but_a_refusal_escapes(
    written: str, region: str, area: str
) -> None:
    try:
        match = match_from(written, region, area)
    except ValueError as error:
        assert str(error) in {"empty", "characters", "too_long", "range", "stars", "expression", "kind"}  # noqa: PT017
        return
    assert kept(match.text) == match
    assert match.sort is Sort.NUMBER or match_from(match.text, region, area) == match
