"""News as they happen (server-sent events; WHATWG HTML, clause 9.2)."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from flask import Blueprint, Response, json, render_template, request, stream_with_context
from werkzeug.wrappers import Response as AnyResponse

from firmware.feed import News
from web import problems
from web.pages import appliance, with_offer

MOST_LISTENERS = 6
HEARTBEAT_SECONDS = 5.0
"""A listener that has gone is noticed at the next thing sent to it."""

blueprint = Blueprint("live", __name__)
_places = threading.BoundedSemaphore(MOST_LISTENERS)


@blueprint.get("/live")
def page_news() -> AnyResponse:
    """News as pieces of the page: `seen` is the newest call that the page shows already."""
    seen = request.args.get("seen", 0, type=int)

    def pieces(news: News) -> str:
        nonlocal seen
        if news.kind == "status":
            return _event(news, render_template("_status.html", status=appliance().status()))
        if news.kind == "call":
            fresh, seen = news.payload["id"] > seen, max(seen, news.payload["id"])
            return _event(news, render_template("_news.html", call=with_offer(news.payload), fresh=fresh))
        return _event(news, "")

    return stream(pieces)


def stream(as_text: Callable[[News], str]) -> AnyResponse:
    """A response that never ends, or 503 when as many as may listen already do."""
    if not _places.acquire(blocking=False):
        response = problems.problem(503, f"{MOST_LISTENERS} listeners are connected already.")
        response.headers["Retry-After"] = "30"
        return response
    response = Response(stream_with_context(_events(as_text)), mimetype="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    response.call_on_close(_places.release)
    return response


def as_json(news: News) -> str:
    """News for a program: its payload as JSON, and for `status` the status itself."""
    return _event(news, json.dumps(appliance().status() if news.kind == "status" else news.payload))


def _events(as_text: Callable[[News], str]) -> Iterator[str]:
    with appliance().subscribe() as waiting:
        yield "retry: 2000\n\n"
        while True:
            news: list[News] = []
            try:
                news.append(waiting.get(timeout=HEARTBEAT_SECONDS))
                while True:
                    news.append(waiting.get_nowait())
            except queue.Empty:
                pass
            yield from map(as_text, _last_states(news))
            if not news:
                yield ": still here\n\n"
            time.sleep(0.05)


def _last_states(news: list[News]) -> list[News]:
    """Of several pieces about the same thing, the last."""
    about: dict[tuple[str, Any], News] = {}
    for piece in news:
        key = (piece.kind, piece.payload.get("id"))
        about.pop(key, None)
        about[key] = piece
    return list(about.values())


def _event(news: News, data: str) -> str:
    lines = "".join(f"data: {line}\n" for line in data.splitlines() or [""])
    return f"id: {news.id}\nevent: {news.kind}\n{lines}\n"
