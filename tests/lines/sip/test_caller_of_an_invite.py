"""Who calls, as the headers of an INVITE say it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.call import Absence, CallerId
from firmware.callerid.said import LONGEST_NAME, LONGEST_NUMBER, printable
from firmware.lines.sip.identity import LONGEST_RAW, address, caller_id

SOMEBODY = ("From", '"Wang Wei" <sip:02161234567@registrar.example>;tag=1')


def said(*headers: tuple[str, str], trusted: bool = True) -> CallerId:
    return caller_id(headers, trusted=trusted)


def test_from_gives_the_number_and_the_display_name():
    told = said(SOMEBODY)
    assert (told.number, told.name, told.absence) == ("02161234567", "Wang Wei", None)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("<sip:+8616210123456@host>", "+8616210123456"),
        ("<sip:+8616210123456;verstat=TN-Validation-Passed@host;user=phone>", "+8616210123456"),
        ("<sip:021-6123%204567@host>", "02161234567"),
        ("<sip:16210123456:secret@host>", "16210123456"),
        ("sip:16210123456@host;tag=x", "16210123456"),
        ("sips:16210123456@[2001:db8::1]:5061", "16210123456"),
        ("<tel:+86-162-1012-3456>", "+8616210123456"),
        ("<tel:16210123456;phone-context=+86>", "+8616210123456"),
        ("<tel:911;phone-context=example.com>", "911"),
        ("<sip:**620@fritz.box>", "**620"),
        ("王伟 <sip:16210123456@host>", "16210123456"),
        ('"a \\" <sip:110@host>" <sip:16210123456@host>', "16210123456"),
        ("<sip:door@host>", None),
        ("<sip:host>", None),
        ("<sip:110@162@host>", None),
        ("<http:16210123456@host>", None),
        ("<sip:+@host>", None),
        ("<sip:" + "1" * 33 + "@host>", None),
        ("", None),
    ],
)
def test_the_user_part_is_the_number_where_it_can_be_dialled(value, number):
    assert address(value).number == number


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ('"Zhang \\"San\\"" <sip:162@h>', 'Zhang "San"'),
        ('"王伟" <sip:162@h>', "王伟"),
        ("王伟 <sip:162@h>", "王伟"),
        ("<sip:doorbell@h>", "doorbell"),
        ('"162 1012 3456" <sip:16210123456@h>', None),
        ('"Anonymous" <sip:162@h>', None),
        ('"a\\\nb\u202ec" <sip:162@h>', "abc"),
        ('"' + "x" * 500 + '" <sip:162@h>', "x" * LONGEST_NAME),
    ],
)
def test_the_display_name_is_kept_where_it_says_more_than_the_number(value, name):
    assert said(("From", value)).name == name


def test_the_asserted_number_goes_before_what_the_caller_wrote():
    told = said(SOMEBODY, ("P-Asserted-Identity", "<tel:+8616210123456>"))
    assert (told.number, told.name) == ("+8616210123456", "Wang Wei")


def test_the_remote_party_goes_before_what_the_caller_wrote():
    told = said(SOMEBODY, ("Remote-Party-ID", '"B" <sip:16210123456@h>;party=calling;screen=yes'))
    assert (told.number, told.name) == ("16210123456", "B")


def test_an_asserted_number_from_elsewhere_is_not_believed():
    told = said(
        SOMEBODY, ("P-Asserted-Identity", "<tel:110>"), ("Remote-Party-ID", "<sip:119@h>"), trusted=False
    )
    assert told.number == "02161234567"


def test_headers_may_come_in_their_short_form_and_in_any_case():
    assert said(("F", "<sip:16210123456@h>")).number == "16210123456"
    assert said(("FROM", "<sip:16210123456@h>")).number == "16210123456"


@pytest.mark.parametrize(
    "headers",
    [
        [("From", '"Anonymous" <sip:anonymous@anonymous.invalid>')],
        [("From", "<sip:restricted@anonymous.invalid>")],
        [SOMEBODY, ("Privacy", "id")],
        [SOMEBODY, ("Privacy", "header;id")],
        [SOMEBODY, ("Privacy", "user, critical")],
        [SOMEBODY, ("P-Asserted-Identity", "<tel:+8616210123456>"), ("Privacy", "id")],
        [SOMEBODY, ("Remote-Party-ID", "<sip:16210123456@h>;privacy=full")],
    ],
)
def test_a_number_that_the_caller_withholds_is_not_told(headers):
    told = said(*headers)
    assert (told.number, told.name, told.absence) == (None, None, Absence.WITHHELD)


@pytest.mark.parametrize("privacy", ["none", "session", "history", "idle"])
def test_privacy_that_is_about_something_else_leaves_the_number(privacy):
    assert said(SOMEBODY, ("Privacy", privacy)).number == "02161234567"


@pytest.mark.parametrize("value", ["<sip:unavailable@unknown.invalid>", "<sip:host>", "", "rubbish"])
def test_a_caller_without_any_number_is_unavailable(value):
    assert said(("From", value)).absence is Absence.UNAVAILABLE


@pytest.mark.parametrize(
    ("verstat", "verified"),
    [
        ("TN-Validation-Passed", True),
        ("TN-Validation-Passed-A", True),
        ("TN-Validation-Failed", False),
        ("No-TN-Validation", None),
        ("rubbish", None),
    ],
)
def test_verstat_says_whether_the_network_vouches_for_the_number(verstat, verified):
    told = said(("From", f"<sip:+12125551234;verstat={verstat}@h;user=phone>"))
    assert told.verified is verified
    assert told.number == "+12125551234"


def test_verstat_that_the_caller_wrote_is_not_believed():
    assert said(("From", "<sip:+1212;verstat=TN-Validation-Passed@h>"), trusted=False).verified is None


WORDS = st.sampled_from(
    ['"', "\\", "<", ">", "sip:", "tel:", "@", ";", "=", "%", "%00", "verstat=", "privacy=", "\r\n", "\0", "110", "+",
     "anonymous.invalid", "phone-context=", "[", "]", ":", ",", "王", "\u202e", "\ud800"]
)  # fmt: skip
VALUES = st.lists(WORDS | st.text(max_size=8), max_size=30).map("".join)
NAMES = st.sampled_from(["From", "f", "P-Asserted-Identity", "Remote-Party-ID", "Privacy", "X"])


@given(st.lists(st.tuples(NAMES, VALUES), max_size=8), st.booleans())
def test_whatever_the_headers_say_the_caller_is_bounded_and_clean(headers, trusted):
    told = caller_id(headers, trusted=trusted)
    assert told.number is None or 0 < len(told.number) <= LONGEST_NUMBER
    assert told.number is None or set(told.number) <= set("+0123456789*#")
    assert told.name is None or (0 < len(told.name) <= LONGEST_NAME and told.name == printable(told.name))
    assert len(told.raw) <= LONGEST_RAW
    assert told.raw == printable(told.raw)
    assert bool(told.number) != bool(told.absence)
