"""News as they happen (server-sent events; WHATWG HTML, clause 9.2). A stream begins with what is so now."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, json, request, stream_with_context
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from firmware.feed import GAP, News
from web import problems
from web.guard import admitted
from web.pages import board, calls, home
from web.within import appliance

MOST_LISTENERS = 24
MOST_OF_ONE = 4
"""Streams of one browser, whose tabs share six connections over HTTP/1.1, and need some to ask and to act."""

HEARTBEAT_SECONDS = 5.0
"""A listener that has gone is noticed at the next thing sent to it."""

GATHER_SECONDS = 0.05
"""How long news are gathered, so that of many about one thing only the last is sent."""

HANDOVER_SECONDS = 2.0
LATER = "retry: 60000\n\n"
OVER = News(0, "over", {})

TOUCHES = {
    "status": ("status", "board", "heard"),
    "call": ("status", "figures", "calls", "heard"),
    "statistics": ("figures",),
    "pause": ("moment",),
    "passes": ("moment", "calls"),
    "settings": ("status", "moment", "figures", "calls"),
    "lists": ("status",),
    "pool": (),
}
"""Which pieces of a page news of a kind are about; all others are about what can be done with calls."""


blueprint = Blueprint("live", __name__)


class Places:
    """As many listeners as may listen, `of_one` of them in one browser.

    A new one takes the place of the one that has listened longest.
    """

    def __init__(self, most: int, of_one: int = MOST_OF_ONE) -> None:
        self._free = threading.BoundedSemaphore(most)
        self._of_one = of_one
        self._lock = threading.Lock()
        self._taken: dict[queue.Queue[News], str | None] = {}

    def take(self, news: queue.Queue[News], browser: str | None = None) -> bool:
        """Whether there was a place, if need be after another listener has left. `browser`: None for a program."""
        with self._lock:
            own = [one for one, whose in self._taken.items() if browser and whose == browser]
            self._send_away(own[: max(0, len(own) - self._of_one + 1)])
        if not self._free.acquire(blocking=False):
            with self._lock:
                self._send_away(list(self._taken)[:1])
            if not self._free.acquire(timeout=HANDOVER_SECONDS):
                return False
        with self._lock:
            self._taken[news] = browser
        return True

    def leave(self, news: queue.Queue[News]) -> None:
        with self._lock:
            self._taken.pop(news, None)
        self._free.release()

    def clear(self) -> None:
        """Let every listener leave."""
        with self._lock:
            self._send_away(list(self._taken))

    def _send_away(self, listeners: Iterable[queue.Queue[News]]) -> None:
        for news in listeners:
            del self._taken[news]
            with suppress(queue.Full):
                news.put_nowait(OVER)


def init_app(app: Flask) -> None:
    app.extensions["places"] = Places(MOST_LISTENERS)


@blueprint.get("/live")
def page_news() -> AnyResponse:
    """News as pieces of the page that asks."""
    pieces = _pieces()

    def told(names: Iterable[str]) -> str:
        return "".join(event(name, pieces[name]()) for name in names)

    def piece(news: Sequence[News]) -> str:
        touched = {name for one in news for name in TOUCHES.get(one.kind, ("calls",))}
        return told(name for name in pieces if name in touched)

    return stream(lambda: told(pieces), piece, event("beat", "."))


@blueprint.get("/live/<name>")
def page_piece(name: str) -> str:
    """One piece of the page that asks, for one whose stream does not come through."""
    piece = _pieces().get(name)
    return piece() if piece else abort(404)


def _pieces() -> dict[str, Callable[[], str]]:
    match request.args.get("page"):
        case "calls":
            return calls.pieces(request.args)
        case "board":
            return board.PIECES
    return home.PIECES


def program_news() -> AnyResponse:
    """News as JSON: a call, the status, or the id of the rule that changed."""

    def status() -> str:
        return json.dumps(appliance().status())

    def piece(news: Sequence[News]) -> str:
        last = {(one.kind, one.payload.get("id", one.payload.get("match"))): one for one in news}
        return "".join(
            event(one.kind, status() if one.kind == "status" else json.dumps(one.payload))
            for one in last.values()
        )

    return stream(lambda: event("status", status()), piece, ": still here\n\n")


def stream(beginning: Callable[[], str], piece: Callable[[Sequence[News]], str], beat: str) -> AnyResponse:
    """An answer that goes on: `beginning`, then a `piece` for each bundle of news, a `beat` where there are none.

    Who comes again and says which news were the last (`Last-Event-ID`) hears those that came since, or begins anew
    where they are not known any more. 503 without a place.
    """
    places: Places = current_app.extensions["places"]
    feed = appliance().feed
    seen = request.headers.get("Last-Event-ID")
    listening = ExitStack()
    waiting = listening.enter_context(feed.subscribe(seen))
    if not places.take(waiting, current_user.get_id()):
        listening.close()
        response = problems.problem(503, "As many listen as may. Try again later.")
        response.headers["Retry-After"] = "30"
        return response
    listening.callback(places.leave, waiting)

    def text() -> Iterator[str]:
        yield "retry: 2000\n\n"
        if seen is None:
            mark = feed.last
            yield beginning() + _mark(mark)
        while True:
            news = gathered(waiting)
            if OVER in news:
                yield LATER
                return
            if not admitted():
                return
            appliance().attention.wait()
            known = beginning() if any(one.kind == GAP for one in news) else piece(news)
            yield known + _mark(feed.mark(news[-1].id)) if known else beat

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


def _mark(mark: str) -> str:
    """What a listener says when it comes again."""
    return f"id: {mark}\n\n"
