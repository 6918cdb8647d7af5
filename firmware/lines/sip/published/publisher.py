"""The wishes in Redis: written beside what is there, then made to count at once, and kept up by what changes.

ringfence:<tenant>                 the tenant: how numbers are understood, which hash and which sets count
ringfence:<tenant>:rules:<fresh>   a hash of look-ups, as `compiled.py` has them
ringfence:<tenant>:list:<fresh>    a set of numbers (`13800138000$`) and segments (`162`) in national form
ringfence:lines                    a hash: number called → tenant; `*` for the others
ringfence:<tenant>:calls           a stream of calls, as `records.py` has them
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from itertools import islice
from typing import Any

from firmware.lines.sip.published.compiled import compiled
from firmware.screening import Listed, Screening

PREFIX = "ringfence:"
BATCH = 1000
MOST_CHANGES = 5000
"""More at once are written beside what is there: a transaction keeps every call waiting."""


@dataclass
class Standing:
    """What Redis has of a tenant: which hash counts, what is in it and in the tenant's own, the set of each list."""

    hash: str = ""
    rules: dict[str, str] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)
    lists: dict[int, tuple[object, str]] = field(default_factory=dict)


class Publisher:
    """Keeps the wishes of one tenant in the Redis behind the client `redis`. One thread uses it.

    `called`: the numbers that are the tenant's; without any, all that are nobody else's. `line`: the line in whose name
    rules are compiled.
    """

    def __init__(self, redis: Any, tenant: str, line: str, called: Iterable[str] = ()) -> None:
        self._redis = redis
        self._tenant = f"{PREFIX}{tenant}"
        self._line = line
        self._lines = dict.fromkeys((*called,) or ("*",), tenant)
        self._standing = Standing()

    def publish(
        self, screening: Screening, at: datetime, alive: Callable[[], None] = lambda: None
    ) -> list[str]:
        """Have Redis decide by what holds at `at`; gives the matches of the rules that cannot be expressed there.

        `alive` is called again and again meanwhile. Raises redis.RedisError; then it is to be called again.
        """
        made = compiled(screening, self._line, at)
        if self._redis.hget(self._tenant, "rules") != self._standing.hash.encode():
            self._standing = Standing()
            self._redis.function_load(
                files(__package__).joinpath("verdict.lua").read_text("utf-8"), replace=True
            )
        before, fresh = self._standing, Standing(self._standing.hash, made.rules)
        fresh.lists = {one.id: self._written_list(one, alive) for one in screening.lists}
        changes, gone = _differences(before.rules, fresh.rules)
        if not before.hash or len(changes) + len(gone) > MOST_CHANGES:
            fresh.hash, changes, gone = self._written_rules(made.rules, alive), {}, []
        ordered = sorted(screening.lists, key=lambda one: (one.action != "allow", one.id))
        spoken = " ".join(f"{one.id} {one.action} {fresh.lists[one.id][1]}" for one in ordered)
        fresh.about = {**made.about, "rules": fresh.hash, "lists": spoken}
        if fresh.about != before.about or changes or gone:
            self._have_it_count(fresh, changes, gone)
        self._standing = fresh
        return made.left

    def _have_it_count(self, fresh: Standing, changes: dict[str, str], gone: list[str]) -> None:
        """All at once, for every call from then on."""
        with self._redis.pipeline(transaction=True) as both:
            if changes:
                both.hset(fresh.hash, mapping=changes)
            if gone:
                both.hdel(fresh.hash, *gone)
            both.hset(self._tenant, mapping=fresh.about)
            both.hset(f"{PREFIX}lines", mapping=self._lines)
            both.execute()
        if (fresh.hash, fresh.lists) != (self._standing.hash, self._standing.lists):
            self._drop_others({fresh.hash, *(key for _, key in fresh.lists.values())})

    def _written_list(self, one: Listed, alive: Callable[[], None]) -> tuple[object, str]:
        numbers, key = self._standing.lists.get(one.id, (None, ""))
        if numbers is one.numbers:
            return numbers, key
        key = self._fresh("list")
        members = (
            entry.removesuffix("*") if entry.endswith("*") else f"{entry}$" for entry in one.numbers.entries()
        )
        for batch in _batches(members):
            self._redis.sadd(key, *batch)
            alive()
        return one.numbers, key

    def _written_rules(self, rules: dict[str, str], alive: Callable[[], None]) -> str:
        key = self._fresh("rules")
        self._redis.hset(key, ".", "")
        for batch in _batches(rules.items()):
            self._redis.hset(key, mapping=dict(batch))
            alive()
        return key

    def _fresh(self, kind: str) -> str:
        return f"{self._tenant}:{kind}:{secrets.token_hex(6)}"

    def _drop_others(self, kept: set[str]) -> None:
        """Take away what counts no more, also what an interrupted building has left."""
        for kind in ("rules", "list"):
            keys = (key.decode() for key in self._redis.scan_iter(f"{self._tenant}:{kind}:*", count=BATCH))
            for key in keys:
                if key not in kept:
                    self._redis.unlink(key)


def _differences(before: dict[str, str], after: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    changed = {name: rule for name, rule in after.items() if before.get(name) != rule}
    return changed, [name for name in before if name not in after]


def _batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch
