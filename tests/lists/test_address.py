"""Which URLs and addresses a list may come from."""

import socket
from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.lists.address import Refused, addresses, is_admitted, target


def code_of(url: str) -> str:
    try:
        place = target(url)
        addresses(place.host, place.port)
    except Refused as refused:
        return refused.code
    return "admitted"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("file:///etc/passwd", "scheme"),
        ("ftp://example.com/list", "scheme"),
        ("gopher://example.com/", "scheme"),
        ("//example.com/list", "scheme"),
        ("list.txt", "scheme"),
        ("http://user@example.com/", "userinfo"),
        ("https://user:secret@example.com/", "userinfo"),
        ("http://@example.com/", "userinfo"),
        ("http://example.com:22/", "port"),
        ("http://example.com:6379/", "port"),
        ("http://example.com:0/", "port"),
        ("http://example.com:99999/", "url"),
        ("http://example.com:port/", "url"),
        ("http:///list", "url"),
        ("http://[::1/", "url"),
        ("http://exa mple.com/", "url"),
        ("http://example.com/\r\nHost: other", "url"),
        ("http://example.com\\@127.0.0.1/", "url"),
        ("http://example.com/" + "x" * 3000, "url"),
        ("http://" + "a" * 64 + ".com/", "url"),
    ],
)
def test_a_url_that_will_not_do_is_refused_with_why(url: str, code: str) -> None:
    assert code_of(url) == code


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "0x7f000001",
        "2130706433",
        "017700000001",
        "0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fd00::1]",
        "[ff02::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a9fe:a9fe]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b::c0a8:101]",
        "[64:ff9b:1::7f00:1]",
        "[2002:7f00:1::]",
        "[2002:c0a8:101::1]",
        "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
    ],
)
def test_a_host_that_is_not_public_is_refused_however_it_is_written(host: str) -> None:
    assert code_of(f"http://{host}/list") == "address"


@pytest.mark.parametrize(
    "text", ["8.8.8.8", "2606:4700::1", "64:ff9b::808:808", "::ffff:8.8.8.8", "2002:808:808::1"]
)
def test_a_public_address_is_admitted(text: str) -> None:
    assert is_admitted(ip_address(text))


@pytest.mark.parametrize("text", ["127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.0.7", "::1", "fd12::1"])
def test_a_private_address_is_admitted_on_the_lan_alone(text: str) -> None:
    assert not is_admitted(ip_address(text))
    assert is_admitted(ip_address(text), lan=True)


@pytest.mark.parametrize(
    "text", ["169.254.169.254", "0.0.0.0", "fe80::1", "224.0.0.1", "255.255.255.255", "::"]
)
def test_some_addresses_are_admitted_nowhere(text: str) -> None:
    assert not is_admitted(ip_address(text), lan=True)


def resolving(monkeypatch: pytest.MonkeyPatch, *found: str) -> None:
    def resolve(host: str, port: int, **hints: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


def test_a_name_that_leads_into_the_house_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, "192.168.1.1", "fe80::1%eth0")
    assert code_of("http://lists.example.com/") == "address"


def test_of_a_names_addresses_only_the_public_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, "127.0.0.1", "8.8.8.8", "10.0.0.1")
    assert addresses("lists.example.com", 443) == [ip_address("8.8.8.8")]


def test_a_name_that_does_not_resolve_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*wanted: Any, **hints: Any) -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert code_of("http://lists.example.com/") == "name"


def test_a_url_is_taken_apart() -> None:
    place = target("HTTPS://Lists.Example.com:8443/号码 list?a=b c&d=%20#top".replace(" ", "%20"))
    assert (place.scheme, place.host, place.port) == ("https", "lists.example.com", 8443)
    assert place.netloc == "lists.example.com:8443"
    assert place.request == "/%E5%8F%B7%E7%A0%81%20list?a=b%20c&d=%20"
    assert target("http://例子.com").host == "xn--fsqu00a.com"
    assert target("http://[2606:4700::1]:8080/").netloc == "[2606:4700::1]:8080"


@settings(max_examples=200)
@given(st.one_of(st.text(max_size=60), st.text(max_size=40).map("http://{}".format)))
def test_any_text_is_taken_apart_or_refused(text: str) -> None:
    try:
        place = target(text)
    except Refused:
        return
    request = f"{place.netloc}{place.request}"
    assert request.isascii()
    assert request.isprintable()
    assert " " not in request
