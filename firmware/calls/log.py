"""The call log: written by one thread of its own, so that no call ever waits for the disk."""

from __future__ import annotations

import itertools
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tinydb.table import Document

from firmware.call import Action, Call, Reason, Verdict
from firmware.calls.by_number import ByNumber
from firmware.store import Changes, JournalTable, Store, open_store, stale

log = logging.getLogger(__name__)

RETAIN_EVERY = 100
MOST_UNWRITTEN = 1000
RULED = {Reason.NUMBER, Reason.RULE}
MOST_LATELY = 1000
MOST_RECALLED = 5000
"""As many as the pools remember numbers."""
LONGEST_REMARKS = {"note": 500, "kind": 40, "said": 500}
"""What the owner may add to a call, and the characters that it may have."""

UNREMARKED = dict.fromkeys((*LONGEST_REMARKS, "marked"))
"""What is kept of that: `marked` is when a kind was first given, as ISO 8601."""

MOST_SEARCHED = 500
RUN = 50
GATHER_SECONDS = 0.1
"""A call that begins changes several times in a row: the card is written, and the interpreter kept busy, once."""


def as_document(call: Call) -> dict[str, Any]:
    """A call as the log keeps it and the API shows it, without its id."""
    caller, number, verdict = call.caller_id, call.number, call.verdict
    return {
        "line": call.line,
        "started": _text(call.started),
        "number": number.normal if number else None,
        "presented": caller.number if caller else None,
        "name": caller.name if caller else None,
        "absence": caller.absence if caller else None,
        "rings": call.rings,
        "duration": round(call.duration, 1),
        "over": call.over,
        "cut": call.cut,
        "talked": call.talked,
        "answered": call.answered,
        "verdict": asdict(verdict) if verdict else None,
    }


def verdict_of(call: Mapping[str, Any]) -> Verdict:
    """The verdict on a call of the log; one that nobody made, or that this version does not know, let it through."""
    found = call["verdict"] or {}
    try:
        return Verdict(Action(str(found.get("action"))), Reason(str(found.get("reason"))))
    except ValueError:
        return Verdict(Action.ALLOW, Reason.DEFAULT)


class CallLog:
    """Calls in a store of their own at `path`, which is opened and written on the log's own thread.

    It is opened by `start`, or when it is first used. `on_write` hears of each call once it is on disk, `on_open` of
    the latest five thousand from before, oldest first, `on_drop` of calls that are about to be removed; `retention`
    gives the greatest age and number. A store that cannot be opened is logged and tried again with the next call: until
    then there are no calls to read.
    """

    def __init__(
        self,
        path: Path,
        *,
        on_write: Callable[[dict[str, Any]], None],
        retention: Callable[[], tuple[timedelta, int]],
        on_open: Callable[[Iterator[Document]], None] = lambda calls: None,
        on_drop: Callable[[Collection[int]], None] = lambda ids: None,
    ) -> None:
        self._path = path
        self._on_write = on_write
        self._on_open = on_open
        self._on_drop = on_drop
        self._retention = retention
        self._waiting: queue.SimpleQueue[tuple[Call, dict[str, Any]] | None] = queue.SimpleQueue()
        self._db: Store | None = None
        self._tried = threading.Event()
        self._ids = itertools.count(1)
        self._lately: dict[int, tuple[str, bool]] = {}
        self._counted: deque[int] = deque(maxlen=MOST_UNWRITTEN)
        self._starting = threading.Lock()
        self._changing = threading.Lock()
        self._by_number = ByNumber(self._numbered)
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Open the log, on its own thread."""
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="call log", daemon=True)
                self._thread.start()

    def __len__(self) -> int:
        table = self._table()
        return 0 if table is None else len(table)

    def note(self, call: Call) -> None:
        """Write down how a call stands now. Returns at once; the last state noted is what stays."""
        self._waiting.put((call, as_document(call)))
        self.start()

    def hits(self, rule: int) -> dict[str, Any]:
        """How often a rule has decided: `{"count", "last"}`, the time of the last call in ISO 8601 or None."""
        found = self._db.table("hits").get(doc_id=rule) if self._db is not None else None
        return dict(found) if isinstance(found, Document) else {"count": 0, "last": None}

    def newest(self, *, before: int | None = None, limit: int = 50) -> list[dict[str, Any]]:
        """The calls before the id `before`, newest first, each with its id."""
        table = self._table()
        found = [] if table is None else table.newest(limit, before=before)
        return [self._shown(doc.doc_id, doc) for doc in found]

    def since(self, moment: datetime, most: int = 10_000) -> list[dict[str, Any]]:
        """The calls that began at `moment` or later, newest first, and of them no more than `most`."""
        found: list[dict[str, Any]] = []
        before = None
        while len(found) < most:
            page = self.newest(before=before, limit=200)
            found += [call for call in page if call["started"] >= _text(moment)]
            if not page or page[-1]["started"] < _text(moment):
                break
            before = page[-1]["id"]
        return found[:most]

    def search(
        self,
        wanted: Callable[[dict[str, Any]], bool],
        *,
        before: int | None = None,
        down_to: int = 1,
        since: datetime | None = None,
        limit: int = 50,
        most: int = MOST_SEARCHED,
        wait: Callable[[], None] = lambda: None,
    ) -> tuple[list[dict[str, Any]], int | None]:
        """The calls that are `wanted`, before the id `before`, newest first: up to `limit`, of up to `most` looked at.

        And the id before which the search is to go on, which is None where it has come to the log's end, to the id
        `down_to`, or to calls that began earlier than `since`. `wait` is called between runs.
        """
        earliest = _text(since) if since else ""
        found: list[dict[str, Any]] = []
        for _ in range(0, most, RUN):
            wait()
            run = self.newest(before=before, limit=RUN)
            for call in run:
                if call["id"] < down_to or call["started"] < earliest:
                    return found, None
                before = call["id"]
                if wanted(call):
                    found.append(call)
                    if len(found) == limit:
                        return found, before
            if len(run) < RUN:
                return found, None
        return found, before

    def first_since(self, moment: datetime) -> int:
        """The id of the first call that began at `moment` or later, as far as the clock was right."""
        table = self._table()
        low, high = 1, 1 if table is None else (table.newest(1) or [Document({}, 0)])[0].doc_id + 1
        while table is not None and low < high:
            middle = (low + high) // 2
            (last,) = table.newest(1, before=middle + 1) or [Document({"started": ""}, 0)]
            if last["started"] >= _text(moment):
                high = min(middle, last.doc_id)
            else:
                low = middle + 1
        return high

    def of(self, number: str, *, most: int) -> list[dict[str, Any]]:
        """The latest calls from a number, newest first."""
        return [call for call in map(self.get, self._by_number.of(number, most=most)) if call]

    def like(self, number: str, open_digits: int, *, most: int) -> list[dict[str, Any]]:
        """The latest calls from others whose numbers differ in the last `open_digits`, newest first."""
        return [call for call in map(self.get, self._by_number.like(number, open_digits, most=most)) if call]

    def _numbered(self) -> Iterator[tuple[int, str | None]]:
        table = self._table()
        return iter(()) if table is None else ((id, call["number"]) for id, call in table.raw())

    def get(self, id: int) -> dict[str, Any] | None:
        table = self._table()
        doc = None if table is None else table.get(doc_id=id)
        return self._shown(id, doc) if isinstance(doc, Document) else None

    def remark(self, id: int, **changes: str | None) -> dict[str, Any] | None:
        """Keep what the owner says of a call: its `note`, `kind` or what was `said`; None or nothing takes it away.

        Gives the call as it is now, or None where there is none. Raises ValueError with the name of what is too long
        or no plain text, OSError.
        """
        for name, text in changes.items():
            if text and not (len(text) <= LONGEST_REMARKS[name] and text.isprintable()):
                raise ValueError(name)
        with self._changing:
            call = self.get(id)
            if call is None or self._db is None:
                return None
            call |= {name: text or None for name, text in changes.items()}
            call["marked"] = call["kind"] and (call["marked"] or _text(datetime.now(UTC)))
            said = {name: call[name] for name in UNREMARKED if call[name]}
            self._db.table("remarks").write({id: said or None})
            return call

    def put_back(self, changes: Changes) -> None:
        """Take changes of remarks back. Raises Changed, OSError."""
        with self._changing:
            self.store().put_back(changes)

    def drop(self, ids: Iterable[int]) -> int:
        """Remove calls with all that was said of them, all or none; gives how many there were. Raises OSError."""
        table = self._table()
        if table is None or self._db is None:
            return 0
        ids = list(ids)
        self._on_drop(ids)
        with self._changing:
            gone = {id: None for id in ids if table.contains(doc_id=id)}
            self._db.replace({"calls": gone, "remarks": gone})
            return len(gone)

    def forget(self, normal: str | None) -> int:
        """Drop the calls from a number, or all (None); gives how many. Raises OSError."""
        table = self._table()
        calls = [] if table is None else table.raw()
        gone = [id for id, call in calls if normal is None or call["number"] == normal]
        for id in gone:
            self._lately.pop(id, None)
        dropped = self.drop(gone)
        self._by_number.clear()
        return dropped

    def store(self) -> Store:
        """The store that has the calls, for what is kept beside them. Raises OSError where it cannot be opened."""
        self._table()
        if self._db is None:
            raise OSError("there is no call log")
        return self._db

    def today(self, now: datetime) -> tuple[int, int]:
        """How many calls came in the 24 hours before `now`, and how many of them were blocked."""
        since = _text(now - timedelta(days=1))
        lately = [blocked for started, blocked in list(self._lately.values()) if started >= since]
        return len(lately), sum(lately)

    def close(self) -> None:
        """Write what waits, and stop."""
        self.start()
        self._waiting.put(None)
        if self._thread:
            self._thread.join(10.0)

    def _table(self) -> JournalTable | None:
        self.start()
        self._tried.wait()
        return None if self._db is None else self._db.table("calls")

    def _run(self) -> None:
        self._open()
        states: dict[int, dict[str, Any]] = {}
        closing = False
        written = 0
        while not closing:
            for item in self._arrived():
                closing = closing or item is None
                if item:
                    call, doc = item
                    call.id = call.id or next(self._ids)
                    states[call.id] = doc
            try:
                written += self._write(states)
                if written >= RETAIN_EVERY:
                    written = 0
                    self.retain()
            except Exception:
                log.exception("calls could not be written down, and wait for the next: %s", list(states))
                for id in list(states)[:-MOST_UNWRITTEN]:
                    del states[id]
        if self._db is not None:
            self._db.close()

    def _open(self) -> None:
        try:
            db = open_store(self._path)
        except OSError:
            log.exception("the call log cannot be opened")
        else:
            for damage in db.damage:
                log.error("the call log was damaged: %s", damage)
            self._take_up(db)
        finally:
            self._tried.set()

    def _take_up(self, db: Store) -> None:
        """Go on where the log ended; calls that rang when the power went are over."""
        interrupted: list[int] = []
        calls = self._recalled(db, interrupted)
        try:
            self._on_open(calls)
        except Exception:
            log.exception("a listener of the call log failed")
        deque(calls, maxlen=0)  # what nobody heard of
        table = db.table("calls")
        if interrupted:
            table.update({"over": True}, doc_ids=interrupted)
        last = next((doc.doc_id for doc in table.newest(1)), 0)
        self._ids = itertools.count(max(last + 1, next(self._ids)))
        self._db = db

    def _recalled(self, db: Store, interrupted: list[int]) -> Iterator[Document]:
        """The latest calls, oldest first, with what was said of them; notes the ids of those that are not over."""
        said = dict(db.table("remarks").raw())
        for doc in db.table("calls").latest(MOST_RECALLED):
            self._remember(doc.doc_id, doc)
            if not doc["over"]:
                interrupted.append(doc.doc_id)
            yield Document({**_complete(doc), **said.get(doc.doc_id, {})}, doc.doc_id)

    def _write(self, states: dict[int, dict[str, Any]]) -> int:
        """Write each state and take it out of `states`; returns how many."""
        if states and self._db is None:
            self._open()
        table = self._table()
        if table is None:
            raise OSError("there is no call log")
        count = 0
        for id, doc in list(states.items()):
            table.upsert(Document(doc, doc_id=id))
            if doc["over"]:
                self._count(id, doc)
            self._remember(id, doc)
            self._by_number.add(id, doc["number"])
            del states[id]
            count += 1
            self._on_write(self._shown(id, doc))
        return count

    def _count(self, id: int, doc: dict[str, Any]) -> None:
        """Count a call for the rule that decided it, once."""
        verdict = doc["verdict"]
        if self._db is None or id in self._counted or not verdict or verdict["reason"] not in RULED:
            return
        self._counted.append(id)
        hits = self._db.table("hits")
        before = hits.get(doc_id=verdict["rule"])
        count = before["count"] + 1 if isinstance(before, Document) else 1
        hits.upsert(Document({"count": count, "last": doc["started"]}, doc_id=verdict["rule"]))

    def _remember(self, id: int, doc: dict[str, Any]) -> None:
        self._lately[id] = doc["started"], bool(doc["verdict"] and doc["verdict"]["action"] == Action.BLOCK)
        if len(self._lately) > MOST_LATELY:
            del self._lately[next(iter(self._lately))]

    def retain(self) -> None:
        """Drop calls that are too old or too many, some at a time. Raises OSError."""
        table = self._table()
        if table is not None:
            age, most = self._retention()
            self.drop(stale(table, max_age=age, max_count=most, now=datetime.now(UTC)))

    def _shown(self, id: int, doc: Mapping[str, Any]) -> dict[str, Any]:
        """A call as it is read: with its id, and with what was said of it."""
        said = self._db.table("remarks").get(doc_id=id) if self._db is not None else None
        return {"id": id, **_complete(doc), **UNREMARKED, **(said if isinstance(said, Document) else {})}

    def _arrived(self) -> Iterator[tuple[Call, dict[str, Any]] | None]:
        """What was noted: waits for the first, and takes all that gathers behind it for a moment."""
        first = self._waiting.get()
        yield first
        if first:
            time.sleep(GATHER_SECONDS)
        while not self._waiting.empty():
            yield self._waiting.get()


def _complete(doc: Mapping[str, Any]) -> dict[str, Any]:
    """A document with what an earlier version did not know."""
    if "answered" in doc:
        return dict(doc)
    verdict = doc["verdict"] and {"how": None, **doc["verdict"]}
    return {"talked": None, "answered": False, **doc, "verdict": verdict}


def _text(when: datetime) -> str:
    """A UTC time as the log keeps it, so that times sort as text."""
    return when.isoformat(timespec="seconds")
