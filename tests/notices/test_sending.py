"""A message leaves through a real child process for real servers, and nothing else leaves with it."""

import json
import threading
import time
from collections.abc import Iterator
from email import message_from_string
from email.policy import default

import pytest
from listening import Web, mail

from firmware.notices.sending import LONGEST_URL, Unsent, send, service_of


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with Web() as web:
        yield web


@pytest.fixture(autouse=True)
def _afresh(web: Web) -> None:
    web.bodies.clear()
    web.status = 200


def fault(url: str, *, lan: bool = False) -> str:
    with pytest.raises(Unsent) as unsent:
        send(url, "title", "body", lan=lan)
    return unsent.value.code


def test_a_text_is_sent_as_it_is(web: Web) -> None:
    body = "拦截 16210123456\n<b>&amp; *x* [a](b)"
    send(f"ntfy://{web.place}/topic", "铃盾", body, lan=True)
    assert [json.loads(body) for body in web.bodies] == [{"topic": "topic", "title": "铃盾", "message": body}]


def test_a_letter_is_sent() -> None:
    with mail() as (port, letters):
        send(f"mailto://127.0.0.1:{port}?from=box@example.org&to=me@example.org", "铃盾", "拦截", lan=True)
        (letter,) = [message_from_string(letter, policy=default) for letter in letters]
    assert "铃盾" in letter["Subject"]
    assert letter["To"] == "me@example.org"
    text = letter.get_body(("plain", "html"))
    assert text is not None
    assert "拦截" in text.get_content()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_private_address_is_refused_however_it_is_named(web: Web, host: str) -> None:
    assert fault(f"ntfy://{host}:{web.place.rpartition(':')[2]}/topic") == "address"
    assert web.bodies == []


def test_a_link_local_address_is_refused_even_on_the_lan() -> None:
    assert fault("json://169.254.169.254/latest/meta-data", lan=True) == "address"


def test_no_proxy_of_the_environment_is_asked(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    send(f"ntfy://{web.place}/topic", "title", "body", lan=True)
    assert len(web.bodies) == 1


def test_a_redirection_is_not_followed(web: Web) -> None:
    web.status = 307
    assert fault(f"ntfy://{web.place}/topic", lan=True) == "denied"
    assert len(web.bodies) == 1


def test_what_went_wrong_is_told(web: Web) -> None:
    web.status = 403
    assert fault(f"ntfy://{web.place}/topic", lan=True) == "denied"
    assert fault("ntfy://nowhere.invalid/topic") == "name"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x" * (LONGEST_URL + 1),
        "ntfy://a b",
        "ntfy://a\nb",
        "ntfy://example.org/topic\r\nX:y",
        "ntfy://example.org/topic\0",
        "file:///etc/passwd",
        "nothing",
        "syslog://",
        "dbus://",
    ],
)
def test_what_is_no_address_of_a_service_is_refused(url: str) -> None:
    with pytest.raises(Unsent, match="url"):
        service_of(url)


def test_the_services_that_people_in_china_use_are_known() -> None:
    assert service_of("barks://api.day.app/KEY") == "Bark"
    assert service_of("dingtalk://" + "a" * 40) == "DingTalk"


def test_a_sending_ends_when_it_is_called_off() -> None:
    cancelled = threading.Event()
    cancelled.set()
    began = time.monotonic()
    with pytest.raises(Unsent, match="timeout"):
        send("ntfy://nowhere.invalid/topic", "title", "body", cancelled=cancelled)
    assert time.monotonic() - began < 30
