"""What the wiring file may say under `[proxy]`, and what Kamailio is told."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.lines.sip.proxy.config import configuration
from firmware.lines.sip.proxy.kamailio import Refused, check, command
from firmware.lines.sip.proxy.settings import Peer, located, proxy_from
from firmware.wiring import Wiring

GOOD = {
    "proxy_provider": "127.0.0.2:5060",
    "proxy_handset": "127.0.0.3:5060",
    "proxy_card": "https://x.example/",
    "proxy_tenant": "home",
    "proxy_certificate": "/etc/own.pem",
}
"""Settings that go into Kamailio's configuration as they are."""


def told(**wishes: Any) -> str:
    proxy = proxy_from(Wiring(**{"proxy_provider": "127.0.0.2", **wishes}))
    assert proxy
    return configuration(located(proxy), "t0ken")


def test_no_provider_no_proxy() -> None:
    assert proxy_from(Wiring()) is None


def test_a_name_alone_is_enough() -> None:
    proxy = proxy_from(Wiring(proxy_provider="localhost"))
    assert proxy
    found = located(proxy)
    assert "127.0.0.1/32" in found.networks
    assert found.listen[0].transport == "udp"
    assert found.listen[0].port == 5060


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        ("sip.example.net", "sip:sip.example.net"),
        ("Sip.Example.NET:5070", "sip:sip.example.net:5070"),
        ("192.168.178.1:5070", "sip:192.168.178.1:5070"),
        ("sip.example.net:5061;transport=tls", "sip:sip.example.net:5061;transport=tls"),
        ("[2001:db8::1]:5060", "sip:[2001:db8::1]:5060"),
    ],
)
def test_a_provider_as_it_is_written(text: str, uri: str) -> None:
    proxy = proxy_from(Wiring(proxy_provider=text))
    assert proxy
    assert proxy.provider.uri == uri


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("provider", 'x"!g'),
        ("provider", "a b"),
        ("provider", "x:70000"),
        ("provider", "x;transport=udp-unchecked"),
        ("networks", ("10.0.0.0/33",)),
        ("handsets", ("house",)),
        ("handset", "x\n"),
        ("listen", ("udp:host.name:5060",)),
        ("listen", ("tls:127.0.0.1",)),
        ("listen", ("sctp:127.0.0.1",)),
        ("refuse", 404),
        ("card", "http://x/card"),
        ("card", 'https://x/"card'),
        ("card", "https://x/!g"),
        ("certificate", "/etc/x.pem"),
        ("redis", ("http://127.0.0.1",)),
        ("redis", ("redis://:secret@127.0.0.1",)),
        ("redis", ("redis://127.0.0.1:x",)),
        ("tenant", "A B"),
        ("called", ("100\n",)),
        ("called", ('100!g"',)),
    ],
)
def test_what_makes_no_sense_is_named(key: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"proxy.{key}"):
        proxy_from(Wiring(**{"proxy_provider": "127.0.0.1", f"proxy_{key}": value}))


@given(st.text(max_size=40))
def test_no_setting_gets_out_of_its_string(text: str) -> None:
    for key, good in GOOD.items():
        try:
            config = told(
                proxy_refuse=608, proxy_key="/k" * (key == "proxy_certificate"), **{key: good + text}
            )
        except (ValueError, OSError):
            assert text
            continue
        lines = [line for line in config.splitlines() if "substdef" in line]
        assert all(re.fullmatch(r'#!substdef "!RF_[A-Z]+![^"!]+!g"', line) for line in lines)


REDIS = {"proxy_redis": ("redis://127.0.0.1:6379/0", "redis://127.0.0.2:6379/0"), "proxy_tenant": "home"}


def test_the_password_of_redis_is_told_for_each_server_and_no_more_than_that(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("Az09_.+/=@-\n")
    config = told(**REDIS, proxy_secret=str(secret))
    assert re.findall(r";pass=(.*)!g", config) == ["Az09_.+/=@-"] * 2
    for sign in ";!\"'\\ \n\r#é":
        secret.write_text(f"se{sign}cret")
        with pytest.raises(OSError, match="password of Redis"):
            told(**REDIS, proxy_secret=str(secret))


def test_refusals_are_those_of_the_standards() -> None:
    assert "!RF_CODE!607!" in told(proxy_refuse=607)
    assert "RF_CARD!" not in told(proxy_refuse=603, proxy_card="https://x.example/card")
    assert "RF_CARD!https://x.example/card" in told(proxy_refuse=608, proxy_card="https://x.example/card")


def test_the_provider_finds_us_at_the_listener_for_its_transport() -> None:
    listen = ("udp:127.0.0.1:5060", "tcp:127.0.0.1:5062")
    assert "RF_CONTACT!127.0.0.1:5062;transport=tcp!" in told(
        proxy_provider="127.0.0.2;transport=tcp", proxy_listen=listen
    )


@pytest.mark.parametrize(
    ("transport", "own", "way"),
    [
        ("udp", "127.0.0.1", ""),
        ("tls-unchecked", "127.0.0.1", ""),
        ("tls", "127.0.0.1", "sip:127.0.0.1:8449;transport=tls"),
        ("tls", "[::1]", "sip:[::1]:8449;transport=tls"),
    ],
)
def test_a_provider_whose_certificate_is_checked_is_reached_through_the_tunnel(
    transport: str, own: str, way: str
) -> None:
    config = told(proxy_provider=f"127.0.0.2;transport={transport}", proxy_listen=(f"udp:{own}:5060",))
    assert (f"RF_WAY!{way}!" in config) is bool(way)
    assert "RF_WAYS!sip:127.0.0.2" in config
    assert (f"listen=tls:{own}:5061" in config) == (transport != "udp")


@pytest.mark.parametrize(
    "wishes",
    [
        {},
        {"proxy_refuse": 608, "proxy_card": "https://x.example/card.json"},
        {"proxy_handset": "192.168.1.20:5062;transport=tcp"},
        {"proxy_provider": "127.0.0.2;transport=tls"},
        {"proxy_provider": "127.0.0.2;transport=tls-unchecked"},
    ],
)
def test_kamailio_accepts_every_choice(tmp_path: Path, wishes: dict[str, Any]) -> None:
    path = tmp_path / "kamailio.cfg"
    path.write_text(told(proxy_listen=("udp:127.0.0.1:5060", "tcp:127.0.0.1:5060"), **wishes))
    check(path)


def test_kamailio_is_told_addresses_where_it_can_be_told_others_and_else_the_names(tmp_path: Path) -> None:
    wishes = {"proxy_provider": "localhost", "proxy_handset": "localhost:5062;transport=tcp"}
    proxy = proxy_from(Wiring(**wishes))
    assert proxy
    running, printed = (configuration(located(proxy), "t0ken", folder) for folder in (tmp_path, None))
    assert "RF_WAYS!sip:127.0.0.1:5060" in running
    assert "RF_STATION!sip:127.0.0.1:5062;transport=tcp!" in running
    assert "RF_WAYS!sip:localhost!" in printed
    assert "RF_STATION!sip:localhost:5062;transport=tcp!" in printed


def test_what_kamailio_does_not_accept_is_refused_and_said(tmp_path: Path) -> None:
    path = tmp_path / "kamailio.cfg"
    path.write_text("#!KAMAILIO\nrequest_route { no_such_thing(); }\n")
    with pytest.raises(Refused, match="no_such_thing"):
        check(path)


def test_a_name_that_cannot_be_looked_up_leaves_the_configuration_that_was_used_last(tmp_path: Path) -> None:
    good, bad = (
        proxy_from(Wiring(proxy_provider=name, proxy_listen=("udp:127.0.0.1:5060",)))
        for name in ("127.0.0.2", "no-such-name.invalid")
    )
    assert good
    assert bad
    with pytest.raises(OSError, match="no address"):
        command(bad, tmp_path)
    assert command(good, tmp_path) == command(bad, tmp_path)


def test_a_peer_has_all_the_addresses_of_its_name() -> None:
    assert "127.0.0.1" in Peer("localhost").addresses()
