"""News as they happen (server-sent events; WHATWG HTML, clause 9.2). A stream begins with what is so now."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import ExitStack, suppress
from typing import Any

from flask import Blueprint, Flask, Response, current_app, json, render_template, stream_with_context
from werkzeug.wrappers import Response as AnyResponse

from firmware.feed import News
from web import problems
from web.guard import admitted
from web.pages import call_log
from web.within import appliance

MOST_LISTENERS = 6
HEARTBEAT_SECONDS = 5.0
"""A listener that has gone is noticed at the next thing sent to it."""

GATHER_SECONDS = 0.05
"""How long news are gathered, so that of many about one thing only the last is sent."""

HANDOVER_SECONDS = 2.0
LATER = "retry: 60000\n\n"
OVER = News(0, "over", {})

blueprint = Blueprint("live", __name__)


class Places:
    """As many listeners as may listen. A new one takes the place of the one that has listened longest."""

    def __init__(self, most: int) -> None:
        self._free = threading.BoundedSemaphore(most)
        self._lock = threading.Lock()
        self._taken: list[queue.Queue[News]] = []

    def take(self, news: queue.Queue[News]) -> bool:
        """Whether there was a place, if need be after another listener has left."""
        if not self._free.acquire(blocking=False):
            with self._lock, suppress(IndexError, queue.Full):
                self._taken.pop(0).put_nowait(OVER)
            if not self._free.acquire(timeout=HANDOVER_SECONDS):
                return False
        with self._lock:
            self._taken.append(news)
        return True

    def leave(self, news: queue.Queue[News]) -> None:
        with self._lock, suppress(ValueError):
            self._taken.remove(news)
        self._free.release()


def init_app(app: Flask) -> None:
    app.extensions["places"] = Places(MOST_LISTENERS)


@blueprint.get("/live")
def page_news() -> AnyResponse:
    """News as pieces of the page."""

    def status() -> str:
        return event("status", render_template("_status.html", status=appliance().status()))

    def calls() -> str:
        return event("calls", render_template("_calls.html", **call_log()))

    def nothing() -> str:
        return ""

    pieces = {
        "status": status,
        "lists": nothing,
        "pool": nothing,
    }  # of a list that is being built, only its own page tells

    def piece(news: News) -> str:
        return pieces.get(news.kind, calls)()

    def about(news: News) -> Hashable:
        return pieces.get(news.kind, calls)

    return stream(lambda: status() + calls(), piece, about)


def program_news() -> AnyResponse:
    """News as JSON: a call, the status, or the id of the rule that changed."""

    def status() -> str:
        return event("status", json.dumps(appliance().status()))

    def piece(news: News) -> str:
        return status() if news.kind == "status" else event(news.kind, json.dumps(news.payload))

    def about(news: News) -> Hashable:
        return news.kind, news.payload.get("id", news.payload.get("match"))

    return stream(status, piece, about)


def stream(
    beginning: Callable[[], str], piece: Callable[[News], str], about: Callable[[News], Hashable]
) -> AnyResponse:
    """An answer that goes on: `beginning`, then a `piece` for the last news `about` each thing. 503 without a place."""
    places: Places = current_app.extensions["places"]
    listening = ExitStack()
    waiting = listening.enter_context(appliance().subscribe())
    if not places.take(waiting):
        listening.close()
        response = problems.problem(503, "As many listen as may. Try again later.")
        response.headers["Retry-After"] = "30"
        return response
    listening.callback(places.leave, waiting)

    def text() -> Iterator[str]:
        yield "retry: 2000\n\n" + beginning()
        while True:
            news = gathered(waiting)
            if OVER in news:
                yield LATER
                return
            if not admitted():
                return
            yield "".join(map(piece, {about(one): one for one in news}.values())) or ": still here\n\n"

    response = Response(stream_with_context(text()), mimetype="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    response.call_on_close(listening.close)
    return response


def gathered(waiting: queue.Queue[News]) -> list[News]:
    """The next news and what follows them at once; nothing when there is none for a while."""
    news: list[News] = []
    with suppress(queue.Empty):
        news.append(waiting.get(timeout=HEARTBEAT_SECONDS))
        while True:
            news.append(waiting.get(timeout=GATHER_SECONDS))
    return news


def event(name: str, data: str) -> str:
    """A message as it goes over the wire."""
    lines: Any = data.splitlines() or [""]
    return f"event: {name}\n" + "".join(f"data: {line}\n" for line in lines) + "\n"
