"""The lines behind proxies that decide by Redis: what is wished goes there, and the calls come back."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from firmware.call import Call
from firmware.lines import LineState
from firmware.lines.attended import AttendedLine
from firmware.lines.sip.proxy.settings import Proxy
from firmware.lines.sip.published.publisher import PREFIX, Publisher
from firmware.lines.sip.published.records import Garbled, call_from
from firmware.screening import Screening

log = logging.getLogger(__name__)

READ_MS = 200
REDIS_SECONDS = 5.0
LOOK_SECONDS = 1.0
SHARE = 0.02
"""Of the time, at most, goes into compiling wishes of which it is not known that they have changed."""
GROUP, READER = "ringfence", "log"
MOST_AT_ONCE = 100
MOST_LATELY = 1000
"""Records among which one that comes twice is known: Kamailio writes again what a frozen Redis did not confirm."""


class PublishedLine(AttendedLine[LineState]):
    """Publishes wishes and takes in calls.

    `screening` gives what is wished now; `written` tells whether a call is in the log on the disk: before that it stays
    in the stream.
    `left`: the matches of the rules that cannot be expressed in Redis.
    """

    def __init__(
        self,
        proxy: Proxy,
        *,
        name: str = "proxy",
        screening: Callable[[], Screening],
        written: Callable[[Call], bool],
        on_calls: Callable[[Sequence[Call]], None],
        on_state: Callable[[LineState], None] = lambda state: None,
    ) -> None:
        super().__init__(name, LineState(), on_calls, on_state)
        self.left: list[str] = []
        self._proxy = proxy
        self._screening = screening
        self._written = written
        self._stream = f"{PREFIX}{proxy.tenant}:calls"
        self._waiting: dict[bytes, Call] = {}
        self._lately: deque[bytes] = deque(maxlen=MOST_LATELY)

    def reject(self, call: Call, how: str, *, again: bool = False) -> None:
        """It was decided where it came in; what is told of here is over."""

    def admit(self, call: Call, /) -> None:
        """As `reject`."""

    def _attend(self) -> None:
        from redis import RedisError  # only who has several boxes needs it

        try:
            with connected(self._proxy) as redis:
                self._keep_up(redis)
        except RedisError as error:
            raise ConnectionError(str(error)) from error

    def _lost(self, error: Exception) -> None:
        self._publish(LineState(state="fault", fault="no_redis"), error)

    def _keep_up(self, redis: Any) -> None:
        publisher = Publisher(redis, self._proxy.tenant, self.name, self._proxy.called)
        self._join(redis)
        cursor, again = "0", 0.0
        while not self._closing.is_set():
            self._beat()
            if self._to_reconsider() or time.monotonic() >= again:
                began = time.monotonic()
                screening = self._screening()
                at = datetime.now(UTC).astimezone(screening.policy.zone)
                self.left = publisher.publish(screening, at, self._beat)
                took = time.monotonic() - began
                again = time.monotonic() + max(LOOK_SECONDS, took / SHARE)
                self._publish(LineState(state="guarding", hint="left_out" if self.left else None))
            cursor = self._take_in(redis, cursor)
            self._acknowledge(redis)

    def _join(self, redis: Any) -> None:
        from redis import ResponseError

        try:
            redis.xgroup_create(self._stream, GROUP, id="0", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    def _take_in(self, redis: Any, cursor: str) -> str:
        """Read what was read before and is not in the log yet, from "0" on, then what is new, ">"."""
        found = redis.xreadgroup(GROUP, READER, {self._stream: cursor}, count=MOST_AT_ONCE, block=READ_MS)
        records = found[0][1] if found else []
        calls = []
        for id, fields in records:
            if id in self._waiting:
                continue
            record = fields.get(b"v", b"")
            if record in self._lately:
                redis.xack(self._stream, GROUP, id)
                continue
            try:
                call = call_from(record, self.name, self._screening())
            except Garbled as error:
                log.warning("line %s: no record of a call: %s", self.name, error)
                redis.xack(self._stream, GROUP, id)
                continue
            self._waiting[id] = call
            self._lately.append(record)
            calls.append(call)
        self._tell(calls)
        if cursor == ">":
            return cursor
        return records[-1][0].decode() if records else ">"

    def _acknowledge(self, redis: Any) -> None:
        done = [id for id, call in self._waiting.items() if self._written(call)]
        if done:
            redis.xack(self._stream, GROUP, *done)
            redis.xdel(self._stream, *done)
            for id in done:
                del self._waiting[id]

    def _beat(self) -> None:
        self.pulse = time.monotonic()

    def _told(self) -> str:
        return f"{self.state.state}, {len(self.left)} rules cannot be expressed"


def connected(proxy: Proxy) -> Any:
    """A client of the Redis that is written to: the last that is named. Raises OSError where the password cannot be
    read."""
    from redis import Redis

    server = proxy.redis[-1]
    return Redis(
        server.host,
        server.port,
        server.database,
        password=proxy.password(),
        socket_timeout=REDIS_SECONDS,
        socket_connect_timeout=REDIS_SECONDS,
    )
