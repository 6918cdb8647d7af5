"""Whose certificate it is, by the names in it: RFC 5922 clauses 7.1 and 7.2, and where we go beyond them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.lines.sip.tls import is_of


@pytest.mark.parametrize(
    ("host", "names"),
    [
        ("example.com", [("URI", "sip:example.com")]),
        ("Example.com", [("URI", "SIP:EXAMPLE.com:5061;transport=tls")]),
        ("example.com", [("DNS", "other.example"), ("URI", "sip:example.com")]),
        ("example.com", [("DNS", "EXAMPLE.com")]),
        ("example.com", [("URI", "https://other.example/"), ("DNS", "example.com")]),
        ("example.com", [("URI", "sip:somebody@other.example"), ("DNS", "example.com")]),
        ("tel.example.com", [("DNS", "*.example.com")]),
        ("192.0.2.7", [("IP Address", "192.0.2.7")]),
        ("192.0.2.7", [("URI", "sip:192.0.2.7")]),
        ("2001:db8::7", [("IP Address", "2001:DB8:0:0:0:0:0:7")]),
        ("2001:db8::7", [("URI", "sip:[2001:db8::7]:5061")]),
    ],
)
def test_it_is_the_servers(host: str, names: list[tuple[str, str]]) -> None:
    assert is_of({"subjectAltName": names}, host)


@pytest.mark.parametrize(
    ("host", "names"),
    [
        ("example.com", []),
        ("example.com", [("DNS", "example.com"), ("URI", "sip:other.example")]),
        ("192.0.2.7", [("IP Address", "192.0.2.7"), ("URI", "sip:other.example")]),
        ("example.com", [("URI", "sip:somebody@example.com")]),
        ("example.com", [("URI", "sips:example.com")]),
        ("example.com", [("URI", "https://example.com")]),
        ("example.com", [("URI", "sip:example.com.evil.example")]),
        ("example.com", [("URI", "sip:example.com%00.evil.example")]),
        ("tel.example.com", [("URI", "sip:*.example.com")]),
        ("tel.example.com", [("DNS", "example.com")]),
        ("example.com", [("DNS", "*.example.com")]),
        ("a.tel.example.com", [("DNS", "*.example.com")]),
        ("tel.example.com", [("DNS", "t*.example.com")]),
        ("tel.example.com", [("DNS", "*.*.com")]),
        ("example.com", [("DNS", "*.com")]),
        ("192.0.2.7", [("DNS", "192.0.2.7")]),
        ("192.0.2.7", [("DNS", "*.0.2.7")]),
        ("192.0.2.7", [("IP Address", "192.0.2.8")]),
        ("192.0.2.7", [("IP Address", "<invalid>")]),
    ],
)
def test_it_is_that_of_another(host: str, names: list[tuple[str, str]]) -> None:
    assert not is_of({"subjectAltName": names, "subject": ((("commonName", host),),)}, host)


@given(st.lists(st.tuples(st.sampled_from(["DNS", "URI", "IP Address"]), st.text(max_size=40)), max_size=4))
def test_whatever_stands_there_it_is_not_ours(names: list[tuple[str, str]]) -> None:
    assert not is_of({"subjectAltName": names}, "sip.example.com")
