import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.client import HTTPConnection

import pytest
from browsing import Http, Stream
from visiting import Visitor

from firmware.appliance import Appliance
from web import LARGEST_REQUEST, connections
from web.account import setup_code
from web.server import page


@pytest.fixture
def http(appliance: Appliance) -> Iterator[Http]:
    with page(appliance):
        yield Http(appliance.wiring.address)


def test_the_page_is_served_while_open_and_not_after(appliance: Appliance) -> None:
    with page(appliance):
        assert Http(appliance.wiring.address).get("/claim")[0] == 200
    with pytest.raises(ConnectionRefusedError):
        Http(appliance.wiring.address).get("/claim")
    with page(appliance):
        assert Http(appliance.wiring.address).get("/claim")[0] == 200


def test_no_thread_of_it_is_left(appliance: Appliance) -> None:
    before = set(threading.enumerate())
    with page(appliance):
        Http(appliance.wiring.address).get("/claim")
    assert set(threading.enumerate()) <= before


def test_an_address_that_is_taken_is_an_error(appliance: Appliance) -> None:
    with (
        socket.create_server(appliance.wiring.address),
        pytest.raises(OSError, match="in use"),
        page(appliance),
    ):
        pass


def test_it_ends_at_once_while_somebody_listens(
    appliance: Appliance,
    stranger: Visitor,
    wait_until: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("web.live.HEARTBEAT_SECONDS", 60.0)
    before = set(threading.enumerate())
    with page(appliance):
        browser = Http(appliance.wiring.address)
        browser.sign_in()
        stream = Stream(browser)
        wait_until(lambda: stream.named("calls"))
        serving = {one for one in threading.enumerate() if one.name.startswith("waitress")} - before
    assert stream.over.wait(3)
    wait_until(lambda: not any(thread.is_alive() for thread in serving))


def test_the_address_and_the_set_up_code_are_announced_until_the_claim(
    appliance: Appliance, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "web.server")
    with page(appliance):
        said = caplog.text
        assert f"http://127.0.0.1:{appliance.wiring.address[1]}/" in said
        assert str(setup_code(appliance.data)) in said


def test_a_body_that_is_announced_too_large_is_refused_unread(http: Http) -> None:
    connection = HTTPConnection(*http.address, timeout=30)
    connection.putrequest("POST", "/claim")
    connection.putheader("Content-Length", str(1 << 30))
    connection.endheaders(b"x" * 1000)
    assert connection.getresponse().status == 413


def test_a_body_without_end_is_refused(http: Http) -> None:
    connection = HTTPConnection(*http.address, timeout=30)
    connection.putrequest("POST", "/claim")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    sent = 0
    with suppress(OSError), connection.sock as sock:
        while sent < 64 * LARGEST_REQUEST:
            sock.sendall(b"1000\r\n" + b"x" * 0x1000 + b"\r\n")
            sent += 0x1000
    assert sent < 64 * LARGEST_REQUEST
    assert http.get("/claim")[0] == 200


def test_what_is_not_http_is_answered_and_harms_nothing(http: Http) -> None:
    for noise in (b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/9.9\r\n\r\n", b"\0" * 5000, b"A" * 400_000):
        with socket.create_connection(http.address, 5) as connection, suppress(OSError):
            connection.sendall(noise + b"\r\n\r\n")
            connection.shutdown(socket.SHUT_WR)
            connection.recv(1000)
    assert http.get("/claim")[0] == 200


def test_who_asks_is_answered_while_others_hold_connections_and_ask_for_nothing(http: Http) -> None:
    held: list[socket.socket] = []

    def hold(count: int) -> None:
        for _ in range(count):
            held.append(socket.create_connection(http.address, 5))
            held[-1].sendall(b"GET /claim HTTP/1.1\r\nX: ")

    hold(connections.MOST - 1)
    kept = http.connect()
    kept.request("GET", "/claim")
    assert kept.getresponse().read()
    for connection in held:
        connection.sendall(b"x")
    hold(connections.MOST - 1)
    kept.request("GET", "/claim")
    assert kept.getresponse().status == 200
    hold(connections.MOST)
    assert http.get("/claim")[0] == 200
    held[0].settimeout(5)
    assert held[0].recv(1) == b""
    for connection in (kept, *held):
        connection.close()


def test_the_server_does_not_name_itself(http: Http) -> None:
    assert http.open("GET", "/claim").getheader("Server") is None
