import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection, HTTPResponse

import pytest
from asking import Ask
from browsing import Http

from firmware.appliance import Appliance
from firmware.backups import backup
from firmware.contacts import MAX_BYTES
from firmware.lists.shelf import LARGEST_UPLOAD
from web import LARGEST_REQUEST
from web.alone import alone
from web.api.archive import LARGEST_CSV
from web.scopes import SCOPES
from web.server import page
from web.tokens import issue

LARGE = {
    "contacts/import": MAX_BYTES,
    "lists/upload?name=L": LARGEST_UPLOAD,
    "replay": LARGEST_CSV,
    "restore": backup.LARGEST,
}
SMALL = ("rules", "rules/preview", "contacts", "passes", "lists", "lists/1/refresh")


@pytest.fixture
def http(appliance: Appliance) -> Iterator[Http]:
    with page(appliance):
        yield Http(appliance.wiring.address)


@pytest.fixture
def bearer(appliance: Appliance) -> dict[str, str]:
    return {"Authorization": f"Bearer {issue(appliance.data, 'tests', SCOPES)}"}


def announced(http: Http, path: str, headers: dict[str, str], length: int) -> HTTPResponse:
    """What is answered to the head of a request, with no more than the beginning of its body."""
    connection = HTTPConnection(*http.address, timeout=30)
    connection.putrequest("POST", f"/api/v1/{path}")
    for name, value in headers.items() | {"Content-Length": str(length)}.items():
        connection.putheader(name, value)
    connection.endheaders(b"x" * 1000)
    return connection.getresponse()


def refused(answer: HTTPResponse, status: int) -> bool:
    document = json.loads(answer.read())
    assert answer.getheader("Content-Type") == "application/problem+json"
    assert document["status"] == answer.status
    return answer.status == status and answer.getheader("Connection") == "close"


@pytest.mark.parametrize(("path", "most"), [*LARGE.items(), *((path, LARGEST_REQUEST) for path in SMALL)])
def test_a_body_over_the_bound_of_its_endpoint_is_refused_unread(
    http: Http, bearer: dict[str, str], path: str, most: int
) -> None:
    assert refused(announced(http, path, bearer, most + 1), 413)


@pytest.mark.parametrize("path", LARGE)
def test_who_is_not_let_in_is_turned_away_before_the_body(http: Http, path: str) -> None:
    for headers in ({}, {"Authorization": "Bearer rf_x"}, {"Cookie": "ringfence=x"}):
        assert refused(announced(http, path, headers, LARGEST_REQUEST + 1), 401)


def test_a_client_that_asks_first_is_not_told_to_go_on(http: Http, bearer: dict[str, str]) -> None:
    expect = bearer | {"Expect": "100-continue"}
    assert refused(announced(http, "replay", expect, LARGEST_CSV + 1), 413)


@pytest.mark.parametrize(
    "head", [b"Host: \xff", b"Host: [", b"Cookie: \xff=\xff", b"Authorization: Bearer \xff"]
)
def test_a_hostile_head_is_refused_and_harms_nothing(http: Http, head: bytes) -> None:
    with socket.create_connection(http.address, 5) as connection:
        request = b"POST /api/v1/restore?\xff HTTP/1.1\r\n%s\r\nContent-Length: 70000\r\n\r\n"
        connection.sendall(request % head)
        assert connection.recv(1000).split(b" ")[1] in (b"400", b"401", b"413", b"421")
    assert http.get("/claim")[0] == 200


def test_a_body_without_end_is_refused_where_its_bound_is(http: Http, bearer: dict[str, str]) -> None:
    connection = HTTPConnection(*http.address, timeout=30)
    connection.putrequest("POST", "/api/v1/rules")
    connection.putheader("Authorization", bearer["Authorization"])
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    sent = 0
    with suppress(OSError):
        while sent <= LARGEST_REQUEST:
            connection.sock.sendall(b"1000\r\n" + b"x" * 0x1000 + b"\r\n")
            sent += 0x1000
    assert refused(connection.getresponse(), 413)


def test_what_comes_after_a_refused_head_is_no_request(http: Http, bearer: dict[str, str]) -> None:
    second = f"DELETE /api/v1/rules/1 HTTP/1.1\r\nAuthorization: {bearer['Authorization']}\r\n\r\n"
    with socket.create_connection(http.address, 5) as connection:
        head = "POST /api/v1/rules HTTP/1.1\r\nContent-Length: 100000\r\n\r\n"
        connection.sendall((head + second).encode())
        answer = b""
        with suppress(ConnectionResetError):
            while piece := connection.recv(65536):
                answer += piece
    assert answer.count(b"HTTP/1.1 ") == 1


def test_a_large_body_is_taken_where_it_may_be(
    http: Http, bearer: dict[str, str], appliance: Appliance
) -> None:
    rows = "".join(f"{16210000000 + number}\n" for number in range(200_000)).encode()
    answer = http.open("POST", "/api/v1/lists/upload?name=L", rows, bearer)
    assert answer.status == 201
    answer.read()
    (kept,) = (appliance.data / "lists").glob("*.text")
    assert kept.read_bytes() == rows


def test_a_body_in_pieces_is_taken_where_it_may_be(http: Http, bearer: dict[str, str]) -> None:
    table = ["time,number\n", *(f"2026-03-01T00:00,{number}\n" for number in range(5000))]
    connection = HTTPConnection(*http.address, timeout=30)
    body = (row.encode() for row in table)
    connection.request("POST", "/api/v1/replay", body, bearer, encode_chunked=True)
    answer = connection.getresponse()
    assert answer.status == 200
    assert len(json.loads(answer.read())["calls"]) == 5000


def test_only_one_large_thing_is_worked_on_at_a_time(program: Ask) -> None:
    with alone():
        for answer in (
            *(
                program("POST", f"/api/v1/{path}", data=b"x")
                for path in ("contacts/import", "replay", "restore")
            ),
            program("POST", "/api/v1/rules/preview", json={"rules": [{"match": "162*", "action": "block"}]}),
            program("POST", "/api/v1/forget", json={"number": "16210123456"}),
            program("GET", "/api/v1/sets?preview=1"),
            program("GET", "/api/v1/doctor"),
        ):
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
            assert answer.mimetype == "application/problem+json"
    assert program("POST", "/api/v1/replay", data=b"time,number\n").status_code == 200
