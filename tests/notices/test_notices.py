"""The whole way: news on the feed, and a message at a real server."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from listening import Web
from test_wording import call
from tinydb.table import Document

from firmware.backups.backup import written
from firmware.calls.log import CallLog
from firmware.feed import Feed
from firmware.notices import notices as sending_notices
from firmware.notices import outbox
from firmware.notices.addresses import MOST
from firmware.notices.notices import STATE, Notices
from firmware.settings import owner_from
from firmware.store import Changed, Store, open_store

Wait = Callable[..., None]


class House:
    """A feed, a store and settings over which notices are sent."""

    def __init__(self, folder: Path) -> None:
        self.feed = Feed()
        self.faults: set[str] = set()
        self.settings = owner_from({"tell_language": "en", "tell_blocked": "now"})
        self.db: Store = open_store(folder / "store.journal")
        self.calls = CallLog(
            folder / "calls.journal",
            on_write=lambda call: None,
            retention=lambda: (timedelta(days=1), 100),
        )

    def open(self) -> Notices:
        return Notices(
            self.db,
            self.feed,
            self.calls,
            settings=lambda: self.settings,
            zone=lambda: UTC,
            faults=lambda: self.faults,
            lan=True,
        )

    def ring(self, id: int, **changes: Any) -> None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self.feed.publish("call", call(id=id, started=now, **changes))


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the pauses that people are spared many messages by."""
    monkeypatch.setattr(sending_notices, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(outbox, "GATHER_SECONDS", 0.3)
    monkeypatch.setattr(outbox, "PACE_SECONDS", 0.3)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.calls.close()
    house.db.close()


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as web:
        yield web


@pytest.fixture
def notices(house: House, web: Web) -> Iterator[Notices]:
    notices = house.open()
    notices.add("Phone", f"ntfy://{web.place}/s3cret")
    notices.start()
    yield notices
    notices.close()


def lines(web: Web) -> list[str]:
    return [line for body in web.bodies for line in json.loads(body)["message"].splitlines()]


def test_blocked_calls_are_told_together(house: House, notices: Notices, web: Web, wait_until: Wait) -> None:
    house.ring(1)
    house.ring(2, name="a\nb")
    wait_until(lambda: web.bodies)
    assert len(web.bodies) == 1
    assert [line.partition("blocked ")[2] for line in lines(web)] == [
        "16210123456: your rule 162＊",
        "16210123456 “a b”: your rule 162＊",
    ]


def test_what_the_owner_does_not_want_to_know_is_not_told(
    house: House, notices: Notices, web: Web, wait_until: Wait
) -> None:
    house.settings |= {"tell_blocked": "daily"}
    house.ring(1)
    house.settings |= {"tell_unknown": "now"}
    house.ring(2, verdict={"action": "allow", "reason": "default", "match": None})
    wait_until(lambda: web.bodies)
    assert ["unknown caller" in line for line in lines(web)] == [True]


def test_a_pool_about_which_the_owner_is_asked_is_told(
    house: House, notices: Notices, web: Web, wait_until: Wait
) -> None:
    house.feed.publish("pool", {"match": "1621012????", "numbers": 11, "calls": 14})
    wait_until(lambda: web.bodies)
    assert lines(web)[0].startswith("1621012？？？？ looks like one dialling platform: 11 numbers, 14 calls.")


def test_a_message_that_failed_is_told_with_its_fault_and_sent_later(
    house: House, notices: Notices, web: Web, wait_until: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "PAUSES", (1.0,))
    web.status = 503
    house.ring(1)
    wait_until(lambda: notices.addresses()[0]["fault"] == "denied")
    assert notices.addresses()[0]["waiting"] == 1
    web.status = 200
    wait_until(lambda: notices.addresses()[0]["fault"] is None)
    assert len(web.bodies) == 2


def test_the_day_is_told_at_its_hour_and_not_again_after_a_restart(
    house: House, web: Web, wait_until: Wait
) -> None:
    now = datetime.now(UTC)
    house.settings |= {"tell_blocked": "daily", "tell_hour": now.hour}
    started = now.isoformat(timespec="seconds")
    house.calls.store().table("calls").insert(call(started=started, talked=None))
    notices = house.open()
    notices.add("Phone", f"ntfy://{web.place}/topic")
    house.db.table(STATE).upsert(Document({"digest": (now - timedelta(days=1)).isoformat()}, doc_id=1))
    notices.start()
    wait_until(lambda: web.bodies)
    notices.close()
    assert lines(web)[0] == "In the last day 1 calls, of which 1 were blocked."
    again = house.open()
    again.start()
    house.settings |= {"tell_blocked": "now"}
    house.ring(1)
    wait_until(lambda: len(web.bodies) == 2)
    again.close()
    assert "In the last day" not in web.bodies[1]


def test_no_url_is_told_anywhere(
    house: House, notices: Notices, caplog: pytest.LogCaptureFixture, web: Web, wait_until: Wait
) -> None:
    web.status = 403
    house.ring(1)
    wait_until(lambda: notices.addresses()[0]["fault"])
    told = [str(notices.addresses()), caplog.text, *written(house.db)]
    assert "Phone" in caplog.text
    assert not any("s3cret" in text for text in told)


def test_a_test_is_sent_at_once(notices: Notices, web: Web) -> None:
    id = notices.addresses()[0]["id"]
    assert notices.test(id)
    assert lines(web) == ["This is a test: Ringfence can reach you here."]
    assert not notices.test(id + 1)


def test_addresses_are_kept_few_and_removed(house: House) -> None:
    notices = house.open()
    ids = [notices.add(f"A{n}", "ntfy://example.org/t")["id"] for n in range(2)]
    assert [one["service"] for one in notices.addresses()] == ["ntfy", "ntfy"]
    for name, url, code in (("", "ntfy://a/b", "name"), ("a\nb", "ntfy://a/b", "name"), ("A", "x", "url")):
        with pytest.raises(ValueError, match=code):
            notices.add(name, url)
    assert notices.remove(ids[0])
    assert not notices.remove(ids[0])
    assert [one["id"] for one in notices.addresses()] == ids[1:]
    kept = {"name": "A", "service": "ntfy", "url": "ntfy://example.org/t"}
    house.db.table("notice_addresses").insert_multiple([kept] * (MOST - 1))
    with pytest.raises(ValueError, match="most"):
        notices.add("A", "ntfy://a/b")


def test_an_address_comes_back_as_long_as_there_is_room(house: House) -> None:
    notices = house.open()
    for number in range(MOST):
        notices.add(f"A{number}", "ntfy://example.org/t")
    first, second, *_ = (one["id"] for one in notices.addresses())
    with house.db.noting() as noted:
        notices.remove(first)
    notices.add("in its place", "ntfy://example.org/t")
    with pytest.raises(Changed):
        notices.put_back(noted)
    notices.remove(second)
    notices.put_back(noted)
    assert [one["name"] for one in notices.addresses()][:2] == ["A0", "A2"]
