"""Who is signed in: each session on record, so that ending one ends it wherever its cookie has gone."""

from __future__ import annotations

import hashlib
import logging
import secrets
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface

from firmware.store import Store

log = logging.getLogger(__name__)

IDLE = timedelta(days=14)
"""After so long without a request a session is over; its cookie is stamped with the time of the last one."""

ABSOLUTE = timedelta(days=90)
MOST = 32
"""Sessions of one account; of more, the oldest ends."""


class Cookie(SecureCookieSessionInterface):
    """Flask's signed cookie, for TLS alone where it was set over TLS."""

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002
        return request.is_secure


@dataclass(frozen=True, slots=True)
class Session:
    """A session: its id in the store (0 where the disk refused it), whose it is, and when it began (seconds, Unix)."""

    id: int
    account: int
    began: float

    @property
    def over(self) -> bool:
        return time.time() - self.began > ABSOLUTE.total_seconds()


class Sessions:
    """The sessions by the hashes of their keys, kept in the store's table `sessions`."""

    def __init__(self, db: Store) -> None:
        self._table = db.table("sessions")
        self._lock = threading.Lock()
        self._begun = {
            doc["key"]: Session(id, doc["account"], doc["began"])
            for id, doc in sorted(self._table.raw())
            if doc.keys() >= {"key", "account", "began"}
        }

    def begin(self, account: int) -> str:
        """The key of a new session. It holds until a restart even where the disk refuses to keep it."""
        key, began = secrets.token_urlsafe(32), time.time()
        with self._lock:
            surplus = self._of(account)[: -(MOST - 1)]
            stale = [self._begun.pop(one).id for one in {*surplus, *self._over()}]
            doc = {"key": _digest(key), "account": account, "began": began}
            try:
                (id,) = self._table.write(dict.fromkeys(filter(None, stale)), [doc])
            except OSError as error:
                log.error("the disk refused to keep a session: %s", error)
                id = 0
            self._begun[_digest(key)] = Session(id, account, began)
        return key

    def account_of(self, key: str) -> int | None:
        """The id of the account that is signed in with `key`."""
        found = self._begun.get(_digest(key))
        return None if found is None or found.over else found.account

    def count(self, account: int) -> int:
        """How many sessions an account has."""
        with self._lock:
            return len({*self._of(account)} - {*self._over()})

    def end(self, key: str) -> None:
        """End one session. Raises OSError."""
        with self._lock:
            self._drop([_digest(key)])

    def end_all(self, account: int) -> None:
        """Sign an account out everywhere. Raises OSError."""
        with self._lock:
            self._drop(self._of(account))

    def _of(self, account: int) -> list[str]:
        return [key for key, one in self._begun.items() if one.account == account]

    def _over(self) -> list[str]:
        return [key for key, one in self._begun.items() if one.over]

    def _drop(self, keys: Iterable[str]) -> None:
        ids = [self._begun.pop(key).id for key in keys if key in self._begun]
        if any(ids):
            self._table.write(dict.fromkeys(filter(None, ids)))


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
