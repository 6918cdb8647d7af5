"""Lists as the owner keeps them: fetched from a real server, built by a real process, looked up by the screening."""

import io
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from firmware.backups.backup import read, written
from firmware.household import Household
from firmware.lists.saving import Texts
from firmware.lists.shelf import LARGEST_UPLOAD, TOKENS, Shelf
from firmware.store import Store, open_store

Wait = Callable[..., None]
TOKEN = "pb-s3cret._~+/="
LISTED, OTHER = "16210123456", "16210123457"


class Server:
    """Serves `text` under every path, with its length as its ETag."""

    def __init__(self) -> None:
        self.text = b""
        self.asked: list[str | None] = []
        self.bearers: list[str | None] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                tag = f'"{len(outer.text)}"'
                outer.asked.append(self.headers["If-None-Match"])
                outer.bearers.append(self.headers["Authorization"])
                if self.headers["If-None-Match"] == tag:
                    self.send_response(304)
                    self.end_headers()
                    return
                self.send_response(200)
                self.send_header("ETag", tag)
                self.send_header("Content-Length", str(len(outer.text)))
                self.end_headers()
                self.wfile.write(outer.text)

            def log_message(self, *_: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/list.txt"
        threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "store.journal") as db:
        yield db


@pytest.fixture
def household(db: Store) -> Household:
    return Household(db)


@pytest.fixture
def shelf(db: Store, household: Household, tmp_path: Path) -> Iterator[Shelf]:
    shelf = opened(db, household, tmp_path)
    yield shelf
    shelf.close()


def opened(db: Store, household: Household, folder: Path, *, lan: bool = True) -> Shelf:
    shelf = Shelf(db, folder / "lists", place=household.place, lend=household.borrow, lan=lan)
    shelf.start()
    return shelf


def state(shelf: Shelf) -> dict[str, Any]:
    return shelf.lists()[0]


def blocked(household: Household, number: str) -> bool:
    verdict = household.judge(number)
    return verdict.action == "block" and verdict.reason == "list"


def test_a_subscribed_list_is_fetched_built_and_asked(
    shelf: Shelf, household: Household, server: Server, wait_until: Wait
) -> None:
    server.text = f"{LISTED}\n# a comment\n170*\n".encode()
    shelf.subscribe("社区", server.url)
    wait_until(lambda: state(shelf)["built"])
    assert blocked(household, LISTED)
    assert blocked(household, "17012345678")
    assert not blocked(household, OTHER)
    assert household.judge(LISTED).match == "社区: +8616210123456"
    assert (state(shelf)["count"], state(shelf)["fault"], state(shelf)["progress"]) == (2, None, None)


def test_an_unchanged_list_is_not_fetched_again_and_a_changed_one_is(
    shelf: Shelf, household: Household, server: Server, wait_until: Wait
) -> None:
    server.text = f"{LISTED}\n".encode()
    id = shelf.subscribe("社区", server.url)["id"]
    wait_until(lambda: state(shelf)["built"])
    shelf.refresh(id)
    wait_until(lambda: server.asked == [None, '"12"'])
    server.text += f"{OTHER}\n".encode()
    shelf.refresh(id)
    wait_until(lambda: blocked(household, OTHER))


def test_a_broken_download_leaves_the_good_list(
    shelf: Shelf, household: Household, server: Server, wait_until: Wait
) -> None:
    server.text = f"{LISTED}\n".encode()
    id = shelf.subscribe("社区", server.url)["id"]
    wait_until(lambda: state(shelf)["built"])
    server.text = bytes(range(256)) * 100
    shelf.refresh(id)
    wait_until(lambda: state(shelf)["fault"])
    assert blocked(household, LISTED)
    assert state(shelf)["count"] == 1


def test_a_list_that_was_uploaded_is_asked_and_outlives_a_restart(
    db: Store, household: Household, tmp_path: Path, wait_until: Wait
) -> None:
    shelf = opened(db, household, tmp_path)
    shelf.take_in("我的", io.BytesIO(f"{LISTED}\n".encode()))
    wait_until(lambda: state(shelf)["built"])
    shelf.close()
    again = Household(db)
    other = opened(db, again, tmp_path)
    assert blocked(again, LISTED)
    other.close()


def test_a_list_that_allows_spares_what_another_blocks(
    shelf: Shelf, household: Household, wait_until: Wait
) -> None:
    shelf.take_in("blocks", io.BytesIO(b"162*\n"))
    shelf.take_in("allows", io.BytesIO(f"{LISTED}\n".encode()), "allow")
    wait_until(lambda: all(one["built"] for one in shelf.lists()))
    assert household.judge(LISTED).action == "allow"
    assert blocked(household, OTHER)


def test_off_and_removed_lists_are_not_asked(shelf: Shelf, household: Household, wait_until: Wait) -> None:
    id = shelf.take_in("我的", io.BytesIO(f"{LISTED}\n".encode()))["id"]
    wait_until(lambda: blocked(household, LISTED))
    shelf.change(id, {"on": False})
    assert not blocked(household, LISTED)
    shelf.change(id, {"on": True})
    assert blocked(household, LISTED)
    assert shelf.remove(id)
    assert not blocked(household, LISTED)
    assert not shelf.remove(id)
    assert shelf.lists() == []


def test_a_moved_line_has_its_lists_built_anew(shelf: Shelf, household: Household, wait_until: Wait) -> None:
    shelf.take_in("我的", io.BytesIO(b"65551234\n16210123456\n16210123457\n"))
    wait_until(lambda: state(shelf)["built"])
    assert not blocked(household, "01065551234")
    household.change_settings({"area": "010"})
    shelf.refresh_moved()
    wait_until(lambda: blocked(household, "01065551234"))


def test_a_damaged_list_finds_nothing_and_is_built_again(
    db: Store, household: Household, tmp_path: Path, wait_until: Wait
) -> None:
    shelf = opened(db, household, tmp_path)
    id = shelf.take_in("我的", io.BytesIO(f"{LISTED}\n".encode()))["id"]
    wait_until(lambda: state(shelf)["built"])
    shelf.close()
    compiled = tmp_path / "lists" / f"{id}.list"
    spoiled = bytearray(compiled.read_bytes())
    spoiled[12] ^= 0xFF
    compiled.write_bytes(spoiled)
    again = Household(db)
    other = opened(db, again, tmp_path)
    assert again.judge(LISTED).reason in ("default", "list")
    wait_until(lambda: blocked(again, LISTED))
    other.close()


@pytest.mark.parametrize(
    ("name", "url", "action", "code"),
    [
        ("", "http://127.0.0.1/", "block", "name"),
        ("a\nb", "http://127.0.0.1/", "block", "name"),
        ("a", "file:///etc/passwd", "block", "scheme"),
        ("a", "http://user@127.0.0.1/", "block", "userinfo"),
        ("a", "http://127.0.0.1/", "sing", "action"),
    ],
)
def test_what_is_no_subscription_is_refused(
    shelf: Shelf, name: str, url: str, action: str, code: str
) -> None:
    with pytest.raises(ValueError, match=code):
        shelf.subscribe(name, url, action)
    assert shelf.lists() == []


def test_addresses_of_the_house_are_refused_unless_the_settings_admit_them(
    db: Store, household: Household, tmp_path: Path, server: Server, wait_until: Wait
) -> None:
    shelf = opened(db, household, tmp_path, lan=False)
    try:
        shelf.subscribe("a", server.url)
    except ValueError:
        pass
    else:
        wait_until(lambda: state(shelf)["fault"])
    assert server.asked == []
    shelf.close()


def test_an_upload_without_an_end_is_refused_and_leaves_nothing(shelf: Shelf, tmp_path: Path) -> None:
    class Endless(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            return b"1" * size

    with pytest.raises(ValueError, match="too_large"):
        shelf.take_in("a", Endless())  # type: ignore[arg-type]
    assert list((tmp_path / "lists").iterdir()) == []
    assert LARGEST_UPLOAD < 1 << 26


def test_what_is_kept_of_a_list_is_plain(shelf: Shelf, db: Store) -> None:
    shelf.take_in("我的", io.BytesIO(b"16210123456\n"))
    assert json.loads(json.dumps(dict(db.table("lists").get(doc_id=1))))["name"] == "我的"


def test_uploaded_lists_come_back_from_a_backup(
    shelf: Shelf, db: Store, household: Household, tmp_path: Path, wait_until: Wait
) -> None:
    shelf.take_in("我的", io.BytesIO(f"{LISTED}\n170*\n".encode()))
    wait_until(lambda: state(shelf)["built"])
    lines = list(written(db, lists=tmp_path / "lists"))
    shelf.remove(state(shelf)["id"])
    assert not blocked(household, LISTED)
    with Texts(tmp_path / "lists") as texts:
        tables, _ = read(lines, texts=texts)
        assert shelf.restore(tables["lists"], texts) == 1
    wait_until(lambda: state(shelf)["built"])
    assert blocked(household, LISTED)
    assert blocked(household, "17012345678")


def test_a_list_without_its_numbers_goes_on_saying_so(shelf: Shelf, wait_until: Wait) -> None:
    shelf.restore({1: {"name": "U", "url": None, "action": "block"}})
    id = shelf.take_in("V", io.BytesIO(f"{LISTED}\n".encode()))["id"]
    wait_until(lambda: state(shelf)["built"])
    assert [(one["id"] == id, one["fault"]) for one in shelf.lists()] == [(True, None), (False, "left_out")]


def test_a_token_is_sent_with_a_subscription_and_told_to_nobody(
    shelf: Shelf,
    db: Store,
    server: Server,
    tmp_path: Path,
    wait_until: Wait,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.text = f"{LISTED}\n".encode()
    id = shelf.subscribe("P", server.url, token=TOKEN)["id"]
    wait_until(lambda: state(shelf)["built"])
    assert server.bearers == [f"Bearer {TOKEN}"]
    assert state(shelf)["has_token"] is True
    told = [
        *map(str, shelf.lists()),
        str(shelf.change(id, {"name": "Q"})),
        *written(db, lists=tmp_path / "lists"),
    ]
    assert not any(TOKEN in text for text in (*told, caplog.text))
    shelf.change(id, {"token": None})
    assert state(shelf)["has_token"] is False
    shelf.refresh(id)
    wait_until(lambda: len(server.bearers) == 2)
    assert server.bearers[1] is None


def test_a_new_list_is_fetched_once_though_the_thread_looks_just_then(
    shelf: Shelf, server: Server, wait_until: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    refresh = shelf.refresh

    def late(id: int | None = None) -> None:
        shelf.refresh_moved()
        time.sleep(0.3)
        refresh(id)

    monkeypatch.setattr(shelf, "refresh", late)
    server.text = f"{LISTED}\n".encode()
    for name in "PQR":
        shelf.subscribe(name, f"{server.url}?{name}")
        wait_until(lambda: all(one["built"] for one in shelf.lists()))
    assert server.asked == [None] * 3


def test_a_token_goes_with_its_list(shelf: Shelf, db: Store, server: Server) -> None:
    id = shelf.subscribe("P", server.url, token=TOKEN)["id"]
    shelf.remove(id)
    assert len(db.table(TOKENS)) == 0
    shelf.subscribe("P", server.url, token=TOKEN)
    shelf.restore({1: {"name": "P", "url": server.url, "action": "block"}})
    assert len(db.table(TOKENS)) == 0
    assert state(shelf)["has_token"] is False


def test_wherever_the_power_goes_a_list_is_kept_with_its_token_or_not_at_all(
    db: Store, household: Household, tmp_path: Path
) -> None:
    shelf = Shelf(db, tmp_path / "lists", place=household.place, lend=household.borrow)
    journal = tmp_path / "store.journal"
    before = journal.stat().st_size
    shelf.subscribe("P", "https://lists.invalid/", token=TOKEN)
    whole = journal.read_bytes()
    torn = tmp_path / "torn.journal"
    for end in range(before, len(whole) + 1):
        torn.write_bytes(whole[:end])
        with open_store(torn, read_only=True) as found:
            assert len(found.table("lists")) == len(found.table(TOKENS)) == (end == len(whole))


def test_a_list_is_fetched_anew_with_the_token_that_it_is_given(
    shelf: Shelf, server: Server, wait_until: Wait
) -> None:
    server.text = f"{LISTED}\n".encode()
    id = shelf.subscribe("P", server.url)["id"]
    wait_until(lambda: state(shelf)["built"])
    shelf.change(id, {"token": TOKEN})
    wait_until(lambda: server.bearers == [None, f"Bearer {TOKEN}"])


@pytest.mark.parametrize("token", ["a b", "a\r\nCookie: x", "é", "x" * 501, "=", 5, ["x"]])
def test_what_is_no_token_is_refused(shelf: Shelf, server: Server, token: Any) -> None:
    with pytest.raises(ValueError, match="token"):
        shelf.subscribe("P", server.url, token=token)
    id = shelf.subscribe("P", server.url)["id"]
    with pytest.raises(ValueError, match="token"):
        shelf.change(id, {"token": token})
    assert state(shelf)["has_token"] is False


def test_a_token_is_kept_for_a_secure_address_alone(db: Store, household: Household, tmp_path: Path) -> None:
    shelf = Shelf(db, tmp_path / "lists", place=household.place, lend=household.borrow)
    with pytest.raises(ValueError, match="token"):
        shelf.subscribe("P", "http://lists.invalid/", token=TOKEN)
    assert shelf.subscribe("P", "https://lists.invalid/", token=TOKEN)
    id = shelf.take_in("U", io.BytesIO(b"162*\n"))["id"]
    with pytest.raises(ValueError, match="token"):
        shelf.change(id, {"token": TOKEN})
