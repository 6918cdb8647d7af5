import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from asking import Ask
from running import free_port

from firmware.appliance import Appliance
from firmware.lists.shelf import MOST_LISTS
from firmware.wiring import Wiring
from web.api.lists import REFUSALS

Wait = Callable[..., None]


@pytest.fixture
def appliance(tmp_path: Path) -> Iterator[Appliance]:
    """An appliance whose lists may come from this machine, and are being renewed."""
    wiring = Wiring(
        data=tmp_path / "data",
        pins="mock",
        modem_port=str(tmp_path / "none"),
        http=f"127.0.0.1:{free_port()}",
        lists_lan=True,
    )
    with Appliance(wiring) as appliance:
        appliance.lists.start()
        yield appliance


@pytest.fixture
def address() -> Iterator[str]:
    """Where a list with one number is published."""

    class Published(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "12")
            self.end_headers()
            self.wfile.write(b"16210000001\n")

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Published)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/list"
    server.shutdown()
    server.server_close()
    thread.join(5)


def upload(ask: Ask, text: bytes, **query: str) -> Any:
    return ask("POST", f"/api/v1/lists/upload?{urlencode(query)}", data=text, content_type="text/plain")


def verdict(ask: Ask, number: str) -> Any:
    return ask("GET", f"/api/v1/explain?number={number}").json["verdict"]


def test_a_list_is_subscribed_to_fetched_and_searched(ask: Ask, address: str, wait_until: Wait) -> None:
    answer = ask("POST", "/api/v1/lists", json={"name": "L", "url": address})
    assert (answer.status_code, answer.json["action"], answer.json["url"]) == (201, "block", address)
    wait_until(lambda: ask("GET", "/api/v1/lists").json["lists"][0]["count"] == 1)
    assert verdict(ask, "16210000001")["reason"] == "list"


def test_a_list_is_uploaded_changed_refreshed_and_dropped(ask: Ask, wait_until: Wait) -> None:
    answer = upload(ask, b"16210000001\n163*\nnonsense\n", name="U", action="block")
    assert (answer.status_code, answer.json["url"]) == (201, None)
    path = f"/api/v1/lists/{answer.json['id']}"
    wait_until(lambda: ask("GET", "/api/v1/lists").json["lists"][0]["built"])
    (found,) = ask("GET", "/api/v1/lists").json["lists"]
    assert (found["count"], found["refused"], found["samples"]) == (2, 1, ["nonsense"])
    assert verdict(ask, "16310123456")["action"] == "block"
    changed = ask("PATCH", path, json={"name": "V", "action": "allow"}).json
    assert (changed["name"], changed["action"]) == ("V", "allow")
    assert verdict(ask, "16310123456")["match"] == "V: 163*"
    assert ask("PATCH", path, json={"on": False}).json["on"] is False
    assert verdict(ask, "16310123456")["reason"] == "default"
    assert ask("POST", f"{path}/refresh").status_code == 202
    assert ask("DELETE", path).status_code == 204
    assert ask("DELETE", path).status_code == 404
    assert ask("GET", "/api/v1/lists").json["lists"] == []


def test_what_is_no_list_is_refused_with_a_code(ask: Ask, appliance: Appliance) -> None:
    url = "https://example.org/"
    refused = [
        ({"name": "", "url": url}, "name"),
        ({"name": "x" * 101, "url": url}, "name"),
        ({"name": "L", "url": url, "action": "explode"}, "action"),
        ({"name": "L", "url": "x"}, "scheme"),
        ({"name": "L", "url": "file:///etc/passwd"}, "scheme"),
        ({"name": "L", "url": "https://a:b@example.org/"}, "userinfo"),
        ({"name": "L", "url": "https://[::1"}, "url"),
        ({"name": "L", "url": "https://example.org/\n"}, "url"),
        ({"name": "L", "url": url, "token": "a b"}, "token"),
    ]
    for wish, code in refused:
        answer = ask("POST", "/api/v1/lists", json=wish)
        assert (answer.status_code, answer.json["code"]) == (422, code)
        assert code in REFUSALS
    for query in {"name": ""}, {"name": "L", "action": "explode"}, {"name": "a\nb"}, {}:
        assert upload(ask, b"162*\n", **query).status_code == 422
    assert appliance.lists.lists() == []
    assert list((appliance.data / "lists").iterdir()) == []


def test_a_port_that_is_none_of_the_webs_is_refused(ask: Ask, appliance: Appliance) -> None:
    appliance.lists._lan = False
    answer = ask("POST", "/api/v1/lists", json={"name": "L", "url": "https://example.org:22/"})
    assert (answer.status_code, answer.json["code"]) == (422, "port")


def test_there_are_no_more_lists_than_may_be(ask: Ask, appliance: Appliance) -> None:
    appliance.lists.close()
    for number in range(MOST_LISTS):
        appliance.lists.subscribe(str(number), "https://example.org/")
    answer = ask("POST", "/api/v1/lists", json={"name": "L", "url": "https://example.org/"})
    assert (answer.status_code, answer.json["code"]) == (422, "most")


def test_a_token_is_given_changed_and_taken_away_and_never_told(
    ask: Ask, program: Ask, appliance: Appliance
) -> None:
    appliance.lists.close()
    answer = ask(
        "POST", "/api/v1/lists", json={"name": "L", "url": "https://example.org/", "token": "s3cret"}
    )
    assert (answer.status_code, answer.json["has_token"]) == (201, True)
    path = f"/api/v1/lists/{answer.json['id']}"
    told = [answer.text]
    for token, has in ("s3cret2", True), (None, False), ("s3cret3", True):
        answer = ask("PATCH", path, json={"token": token})
        assert (answer.status_code, answer.json["has_token"]) == (200, has)
        told.append(answer.text)
    told += [ask("GET", "/api/v1/lists").text, program("GET", "/api/v1/backup").text]
    assert not any("s3cret" in text for text in told)
