"""What a recorded modem said, for people and scripts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from firmware.call import CallerId
from firmware.callerid.events import Event, Ring
from firmware.callerid.parser import Parser

MOST_WAITING = 64


def decode(chunks: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """One dict for each ring and for each caller-ID message, which stands where it began as it stood at its end.

    `{"event": "ring", "pattern", "raw"}` or `{"event": "caller_id", "number", "name", "date", "time", "absence",
    "raw"}`, as in `CallerId`.
    """
    waiting: list[Ring | CallerId] = []
    for event in _events(chunks):
        match event:
            case CallerId() if (
                waiting and isinstance(waiting[0], CallerId) and waiting[0].message == event.message
            ):
                waiting[0] = event
            case CallerId():
                yield from map(as_dict, waiting)
                waiting = [event]
            case Ring() if waiting and len(waiting) < MOST_WAITING:
                waiting.append(event)
            case Ring():
                yield from map(as_dict, (*waiting, event))
                waiting = []
    yield from map(as_dict, waiting)


def _events(chunks: Iterable[bytes]) -> Iterator[Event]:
    parser = Parser()
    for chunk in chunks:
        yield from parser.feed(chunk)
    yield from parser.idle()


def as_dict(event: Ring | CallerId) -> dict[str, Any]:
    """The event as `decode` gives it."""
    if isinstance(event, Ring):
        return {"event": "ring", "pattern": event.pattern, "raw": event.raw}
    return {
        "event": "caller_id",
        "number": event.number,
        "name": event.name,
        "date": event.date,
        "time": event.time,
        "absence": event.absence,
        "raw": event.raw,
    }
