"""The call log: written by one thread of its own, so that no call ever waits for the disk."""

from __future__ import annotations

import itertools
import logging
import queue
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from tinydb.table import Document

from firmware.call import Call
from firmware.store import Store, retain

log = logging.getLogger(__name__)

RETAIN_EVERY = 100
MOST_UNWRITTEN = 1000


def as_document(call: Call) -> dict[str, Any]:
    """A call as the log keeps it and the API shows it, without its id."""
    caller, number, verdict = call.caller_id, call.number, call.verdict
    return {
        "line": call.line,
        "started": call.started.isoformat(timespec="seconds"),
        "number": number.normal if number else None,
        "presented": caller.number if caller else None,
        "name": caller.name if caller else None,
        "absence": caller.absence if caller else None,
        "rings": call.rings,
        "duration": round(call.duration, 1),
        "over": call.over,
        "cut": call.cut,
        "verdict": {
            "action": verdict.action,
            "reason": verdict.reason,
            "rule": verdict.rule,
            "match": verdict.match,
        }
        if verdict
        else None,
    }


class CallLog:
    """Calls in the table `calls`, newest first. `on_write` hears of each call once it is on disk."""

    def __init__(
        self,
        db: Store,
        *,
        on_write: Callable[[dict[str, Any]], None],
        retention: Callable[[], tuple[timedelta, int]],
    ) -> None:
        self._table = db.table("calls")
        self._on_write = on_write
        self._retention = retention
        self._waiting: queue.SimpleQueue[tuple[int, dict[str, Any]] | None] = queue.SimpleQueue()
        self._close_interrupted()
        newest = self.newest(limit=1)
        self._ids = itertools.count(newest[0]["id"] + 1 if newest else 1)
        self._thread = threading.Thread(target=self._run, name="call log", daemon=True)
        self._thread.start()

    def __len__(self) -> int:
        return len(self._table)

    def note(self, call: Call) -> None:
        """Write down how a call stands now. Returns at once; the last state noted is what stays."""
        if call.id is None:
            call.id = next(self._ids)
        self._waiting.put((call.id, as_document(call)))

    def newest(self, *, before: int | None = None, limit: int = 50) -> list[dict[str, Any]]:
        """The calls before the id `before`, newest first, each with its id."""
        return [{"id": doc.doc_id, **doc} for doc in self._table.newest(limit, before=before)]

    def get(self, id: int) -> dict[str, Any] | None:
        doc = self._table.get(doc_id=id)
        return {"id": id, **doc} if isinstance(doc, Document) else None

    def close(self) -> None:
        """Write what waits, and stop."""
        self._waiting.put(None)
        self._thread.join(10.0)

    def _run(self) -> None:
        states: dict[int, dict[str, Any]] = {}
        closing = False
        written = 0
        while not closing:
            for item in self._arrived():
                closing = closing or item is None
                if item:
                    states[item[0]] = item[1]
            try:
                written += self._write(states)
                if written >= RETAIN_EVERY:
                    written = 0
                    age, most = self._retention()
                    retain(self._table, max_age=age, max_count=most, now=datetime.now(UTC))
            except Exception:
                log.exception("calls could not be written down, and wait for the next: %s", list(states))
                for id in list(states)[:-MOST_UNWRITTEN]:
                    del states[id]

    def _write(self, states: dict[int, dict[str, Any]]) -> int:
        """Write each state and take it out of `states`; returns how many."""
        count = 0
        for id, doc in list(states.items()):
            self._table.upsert(Document(doc, doc_id=id))
            del states[id]
            count += 1
            self._on_write({"id": id, **doc})
        return count

    def _arrived(self) -> Iterator[tuple[int, dict[str, Any]] | None]:
        """What was noted: waits for the first, and takes all that has gathered behind it."""
        yield self._waiting.get()
        while not self._waiting.empty():
            yield self._waiting.get()

    def _close_interrupted(self) -> None:
        """Calls that rang when the power went are over."""
        open_ids = [doc["id"] for doc in self.newest(limit=10) if not doc["over"]]
        if open_ids:
            self._table.update({"over": True}, doc_ids=open_ids)
