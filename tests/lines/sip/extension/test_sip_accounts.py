"""An account as a person wishes for it, and whom it exempts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.lines.sip.account import FIELDS, account_from, place
from firmware.lines.sip.exempt import Exempt

WISH = {"name": "Home", "server": "fritz.box", "user": "620", "password": "secret"}


def test_what_is_not_wished_for_has_a_default() -> None:
    account = account_from(WISH)
    assert (account.transport, account.expiry, account.ending, account.on) == ("udp", 120, "take", True)


def test_what_is_not_changed_stays_the_password_among_it() -> None:
    account = account_from({"user": "621"}, account_from(WISH))
    assert (account.user, account.password, account.server) == ("621", "secret", "fritz.box")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 33}, "name"),
        ({"server": ""}, "server"),
        ({"server": "fritz.box:0"}, "server"),
        ({"server": "fritz.box:65536"}, "server"),
        ({"server": "a b"}, "server"),
        ({"server": "[::1"}, "server"),
        ({"server": "sip:host"}, "server"),
        ({"proxy": "host:x"}, "proxy"),
        ({"user": "a b"}, "user"),
        ({"user": "a@b"}, "user"),
        ({"user": "620\r\nX: y"}, "user"),
        ({"login": 'a"b'}, "login"),
        ({"password": "a\nb"}, "password"),
        ({"password": 5}, "password"),
        ({"transport": "ws"}, "transport"),
        ({"expiry": 59}, "expiry"),
        ({"expiry": True}, "expiry"),
        ({"wait": 121}, "wait"),
        ({"ending": "486"}, "ending"),
        ({"internal": 9}, "internal"),
        ({"exempt": "* " * 21}, "exempt"),
        ({"exempt": "*a*b*c*d*"}, "exempt"),
        ({"on": 1}, "on"),
        ({"unknown": 1}, "unknown"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_name(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ValueError, match=field):
        account_from({**WISH, **changes})


@pytest.mark.parametrize("field", ["name", "server", "user"])
def test_what_must_be_given_is_missed(field: str) -> None:
    with pytest.raises(ValueError, match=field):
        account_from({name: value for name, value in WISH.items() if name != field})


@given(
    st.dictionaries(
        st.sampled_from(list(FIELDS)), st.text("ab :.@\r\n\0王[]9*", max_size=70) | st.integers() | st.none()
    )
)
def test_nothing_but_a_refusal_escapes_whatever_is_wished(changes: dict[str, Any]) -> None:
    try:
        account = account_from({**WISH, **changes})
    except ValueError as error:
        refused = str(error)
    else:
        refused = ""
        assert account_from(account.document()) == account
        assert (account.next_hop[1] or 0) < 1 << 16
        assert "\r" not in account.domain
    assert not refused or refused in FIELDS


@pytest.mark.parametrize(
    ("server", "transport", "proxy", "domain", "hop"),
    [
        ("fritz.box", "udp", "", "fritz.box", ("fritz.box", None)),
        ("fritz.box:5060", "udp", "", "fritz.box", ("fritz.box", 5060)),
        ("fritz.box:5070", "tcp", "", "fritz.box:5070", ("fritz.box", 5070)),
        ("pbx.example", "tls", "", "pbx.example", ("pbx.example", None)),
        ("pbx.example", "tls", "edge.example:443", "pbx.example", ("edge.example", 443)),
        ("[fd00::1]:5070", "udp", "", "[fd00::1]:5070", ("fd00::1", 5070)),
    ],
)
def test_where_it_registers_and_where_it_sends(
    server: str, transport: str, proxy: str, domain: str, hop: tuple[str, int | None]
) -> None:
    account = account_from({**WISH, "server": server, "transport": transport, "proxy": proxy})
    assert (account.domain, account.next_hop) == (domain, hop)
    assert place(server)


@pytest.mark.parametrize(
    ("internal", "patterns", "headers", "spared"),
    [
        (4, "", [("From", "<sip:620@h>")], True),
        (4, "", [("From", "<sip:**620@h>")], True),
        (4, "", [("From", "<sip:**9@h>")], True),
        (4, "", [("From", "<sip:10086@h>")], False),
        (0, "", [("From", "<sip:620@h>")], False),
        (4, "", [("From", "<sip:anonymous@anonymous.invalid>")], False),
        (4, "", [("From", "<sip:doorbell@h>")], False),
        (4, "door*", [("From", "<sip:doorbell@h>")], True),
        (4, "DOOR?", [("From", "<sip:door1@h>")], True),
        (4, "domain:pbx.example", [("f", "<sip:16210123456@PBX.example:5070>")], True),
        (4, "domain:pbx.example", [("From", "<sip:16210123456@pbx.example.evil>")], False),
        (4, "alert:*internal*", [("From", "<sip:162@h>"), ("Alert-Info", "<http://pbx/internal>")], True),
        (0, "alert:*internal*", [("From", "<sip:16210123456@h>")], False),
        (0, "*", [("From", "<sip:h>")], False),
        (0, "[0-9]*", [("From", "<sip:16210123456@h>")], False),
    ],
)
def test_who_is_exempt(internal: int, patterns: str, headers: list[tuple[str, str]], spared: bool) -> None:
    assert Exempt(internal, patterns).spares(headers) is spared
