"""Tells the owner what happens, on a thread of its own that nobody waits for."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from tinydb.table import Document

from firmware.calls.log import CallLog
from firmware.feed import Feed, News
from firmware.notices.addresses import Address, Addresses
from firmware.notices.events import Calls, Faults, digest_is_due
from firmware.notices.outbox import Outbox
from firmware.notices.sending import Unsent, send
from firmware.notices.wording import Words
from firmware.settings import Owner
from firmware.store import Changes, Store

log = logging.getLogger(__name__)

STATE = "notices"
LOOK_SECONDS = 1.0
START_SECONDS = 1.0
DAY = timedelta(days=1)

Doc = dict[str, Any]


class Notices:
    """Sends what the owner wants to know to the addresses in `db`.

    `settings` and `zone` are the owner's; `faults` gives what ails the box now. What waits to be sent is in memory
    alone: it is lost with the power.
    """

    def __init__(
        self,
        db: Store,
        feed: Feed,
        calls: CallLog,
        *,
        settings: Callable[[], Owner],
        zone: Callable[[], tzinfo | None],
        faults: Callable[[], Collection[str]],
        lan: bool = False,
    ) -> None:
        self._state = db.table(STATE)
        self._addresses = Addresses(db, lan=lan)
        self._feed = feed
        self._calls = calls
        self._settings = settings
        self._zone = zone
        self._present_faults = faults
        self._lan = lan
        self._faults = Faults()
        self._outboxes: dict[int, Outbox] = {}
        self._sending = threading.Lock()
        self._listening = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="notices", daemon=True)

    def start(self) -> None:
        """Tell of what happens from now on."""
        self._thread.start()
        self._listening.wait(START_SECONDS)

    def close(self) -> None:
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(5.0)

    # What the owner does.

    def addresses(self) -> list[Doc]:
        """Each address without its URL; `fault` is why the last message was not sent, `waiting` how many lines wait."""
        return [
            {
                "id": address.id,
                "name": address.name,
                "service": address.service,
                "fault": box.fault if (box := self._outboxes.get(address.id)) else None,
                "waiting": len(box) if box else 0,
            }
            for address in self._addresses.all()
        ]

    def add(self, name: str, url: str) -> Doc:
        """Keep an address, as `Addresses.add`."""
        id = self._addresses.add(name, url)
        return next(one for one in self.addresses() if one["id"] == id)

    def remove(self, id: int) -> bool:
        """Drop an address; False where there is none. Raises OSError."""
        self._outboxes.pop(id, None)
        return self._addresses.remove(id)

    def put_back(self, changes: Changes) -> None:
        """Take changes of addresses back, as `Addresses.put_back`."""
        self._addresses.put_back(changes)

    def test(self, id: int) -> bool:
        """Send a test at once; False where there is no such address. Raises Unsent."""
        address = next((one for one in self._addresses.all() if one.id == id), None)
        if address is None:
            return False
        words = self._words()
        with self._sending:
            send(
                address.url,
                words.title,
                words.say("test"),
                lan=self._lan,
                cancelled=self._closing,
            )
        return True

    # What the thread does.

    def _run(self) -> None:
        with self._feed.subscribe() as news:
            calls = Calls(self._latest_call())
            self._listening.set()
            while not self._closing.is_set():
                try:
                    self._listen(news, calls)
                    self._look()
                    self._send()
                except Exception:
                    log.exception("notices failed, and go on")

    def _listen(self, news: queue.Queue[News], calls: Calls) -> None:
        """Take the news of the next seconds."""
        until = time.monotonic() + LOOK_SECONDS
        while not self._closing.is_set() and (left := until - time.monotonic()) > 0:
            try:
                one = news.get(timeout=left)
            except queue.Empty:
                return
            if one.kind == "call":
                self._tell_call(calls, one.payload)
            elif one.kind == "pool" and self._wanted("pool"):
                self._tell(self._words().pool(one.payload))

    def _tell_call(self, calls: Calls, call: Mapping[str, Any]) -> None:
        kind, days = calls.take(call, datetime.now(UTC))
        if days and self._wanted("silence"):
            self._tell(self._words().call("silence", call, days=days))
        elif kind and self._wanted(kind):
            self._tell(self._words().call(kind, call))

    def _look(self) -> None:
        """Tell faults and, once a day, the digest."""
        fresh, mended = self._faults.take(self._present_faults(), time.monotonic())
        words = self._words()
        for code in fresh if self._wanted("fault") else ():
            self._tell(words.fault(code))
        for code in mended if self._wanted("fault") else ():
            self._tell(words.say("mended", what=words.fault(code)))
        if self._digest_is_due():
            counted = [kind for kind in ("blocked", "unknown") if self._settings()[f"tell_{kind}"] == "daily"]
            calls = self._calls.since(datetime.now(UTC) - DAY)
            if counted and calls:
                self._tell(words.digest(calls))

    def _digest_is_due(self) -> bool:
        """Whether it is time; that it was is on disk, so that a restart sends no second one."""
        kept = self._state.get(doc_id=1)
        last = datetime.fromisoformat(kept["digest"]) if isinstance(kept, Document) else None
        now = datetime.now(UTC)
        due = digest_is_due(last, int(self._settings()["tell_hour"]), now.astimezone(self._zone()))
        if due or last is None:
            self._state.upsert(Document({"digest": now.isoformat(timespec="seconds")}, doc_id=1))
        return due

    def _tell(self, line: str) -> None:
        for address in self._addresses.all():
            self._outboxes.setdefault(address.id, Outbox()).put(line, time.monotonic())

    def _send(self) -> None:
        for address in self._addresses.all():
            box = self._outboxes.get(address.id)
            if box and box.due(time.monotonic()) and not self._closing.is_set():
                self._send_all(address, box)

    def _send_all(self, address: Address, box: Outbox) -> None:
        message = box.message
        lines, left_out = message
        words = self._words()
        more = [words.say("more", count=left_out)] if left_out else []
        try:
            with self._sending:
                body = "\n".join(lines + more)
                send(address.url, words.title, body, lan=self._lan, cancelled=self._closing)
        except Unsent as unsent:
            log.warning("notices to %r were not sent: %s", address.name, unsent.code)
            box.failed(unsent.code, time.monotonic())
        else:
            box.sent(message, time.monotonic())

    def _wanted(self, kind: str) -> bool:
        return self._settings()[f"tell_{kind}"] == "now"

    def _words(self) -> Words:
        settings = self._settings()
        return Words(str(settings["tell_language"]), str(settings["region"]), self._zone())

    def _latest_call(self) -> datetime | None:
        latest = self._calls.newest(limit=1)
        return datetime.fromisoformat(latest[0]["started"]) if latest else None
