"""Kamailio decides by what is published in Redis, and its calls come back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import pytest
from servers import RedisServer
from sipp import House, calls, handset, number
from standing import Standing

from firmware.call import Action, Call
from firmware.lines.sip.proxy.settings import proxy_from
from firmware.lines.sip.published import line
from firmware.lines.sip.published.line import PublishedLine
from firmware.numbers import understand
from firmware.screening import Policy, Rulebook, Screening, rule_from
from firmware.screening.answers import Answer, Says
from firmware.screening.pools import Outcome

Wait = Callable[..., None]

WANTED, UNWANTED = number("+8613800000001"), number("+8616210000001")


class Household:
    """Wishes with a line that publishes them. `log`: the calls that came back; `kept`: whether they are written."""

    def __init__(self, standing: Standing) -> None:
        self.screening = Screening(Rulebook(), Policy(zone=UTC))
        self.log: list[Call] = []
        self.kept = threading.Event()
        self.kept.set()
        proxy = proxy_from(standing.wiring)
        assert proxy
        self.line = PublishedLine(
            proxy,
            screening=lambda: self.screening,
            written=lambda _: self.kept.is_set(),
            on_calls=self._calls,
        )
        self.line.start()

    def _calls(self, calls: Sequence[Call]) -> None:
        self.log += calls

    def wish(self, match: str, action: str = "block") -> None:
        self.screening.rules.put(1, rule_from({"match": match, "action": action}, "CN"))
        self.line.reconsider()

    @property
    def publishes(self) -> bool:
        return self.line.state.state == "guarding"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.line.close()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    with RedisServer(tmp_path / "redis") as server:
        yield server


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def standing(tmp_path: Path, house: House, redis: RedisServer) -> Iterator[Standing]:
    with Standing(tmp_path, house, proxy_redis=(redis.url,)) as standing:
        yield standing


@pytest.fixture
def household(standing: Standing, wait_until: Wait) -> Iterator[Household]:
    with Household(standing) as household:
        wait_until(lambda: household.publishes)
        yield household


def refused(folder: Path, house: House, *callers: str) -> int:
    """How many of these calls were refused; the others were talked through."""
    with calls(folder, house, callers) as caller:
        assert caller.wait(), caller.errors
        return caller.log.count("SIP/2.0 603")


def stopped(folder: Path, house: House, callers: Iterable[str]) -> str:
    """The first of the callers who is refused: a Redis that is slow for once lets calls through."""
    return next(caller for caller in callers if refused(folder, house, caller))


def test_a_change_is_in_force_before_wishes_are_looked_at_again(
    tmp_path: Path,
    house: House,
    standing: Standing,
    redis: RedisServer,
    wait_until: Wait,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(line, "LOOK_SECONDS", 3600.0)
    with Household(standing) as household, handset(tmp_path, house.handset):
        wait_until(lambda: household.publishes)
        assert refused(tmp_path, house, WANTED, UNWANTED) == 0
        household.wish("162*")
        wait_until(lambda: redis.verdict("+8616210000001")[1] == "block")
        wait_until(lambda: refused(tmp_path, house, WANTED, UNWANTED) == 1)


def test_calls_come_back_with_their_verdict_and_their_talk(
    tmp_path: Path, house: House, household: Household, redis: RedisServer, wait_until: Wait
) -> None:
    household.wish("162*")
    wait_until(lambda: redis.verdict("+8616210000001")[1] == "block")
    with handset(tmp_path, house.handset):
        wait_until(lambda: refused(tmp_path, house, UNWANTED) == 1)
        with calls(tmp_path, house, [WANTED], talk=400) as caller:
            assert caller.wait()
    wait_until(lambda: household.log and household.log[-1].caller_id.number == "+8613800000001")
    blocked, talked = household.log[-2:]
    assert blocked.verdict
    assert (blocked.verdict.reason, blocked.verdict.rule, blocked.verdict.match) == ("rule", 1, "162*")
    assert (blocked.cut, blocked.over, blocked.talked) == (True, True, None)
    assert blocked.number
    assert blocked.number.normal == "+8616210000001"
    assert talked.rings == 1
    assert 0.3 <= (talked.talked or 0) < 60
    assert abs((datetime.now(UTC) - talked.started).total_seconds()) < 120


def test_who_is_stopped_for_a_pool_and_rings_again_comes_through(
    tmp_path: Path, house: House, household: Household, redis: RedisServer, wait_until: Wait
) -> None:
    now = datetime.now(UTC)
    for last in range(2, 10):
        number_of_it = understand(f"1621000000{last}", "CN")
        household.screening.pools.ended(number_of_it, now - timedelta(days=last), Outcome.HUNG_UP, None)
    household.screening.answers.put(Answer(1, "1621000????", Says.BLOCK, 0, now))
    household.line.reconsider()
    wait_until(lambda: redis.verdict("+8616210000001")[1:3] == ["block", "pool"])
    with handset(tmp_path, house.handset):
        who = stopped(tmp_path, house, (number(f"+861621000000{last}") for last in range(1, 10)))
        digits = who.removeprefix("<sip:").partition("@")[0]
        assert 0 < redis.client.ttl(f"ringfence:home:stopped:{digits}") <= 300

        def comes_through() -> bool:
            assert refused(tmp_path, house, who) == 0
            return any(call.verdict and call.verdict.action is Action.ALLOW for call in household.log)

        wait_until(comes_through)
        household.wish("162*")
        wait_until(lambda: redis.verdict(digits)[2] == "rule")
        wait_until(lambda: refused(tmp_path, house, who) == 1)


def test_a_call_stays_in_the_stream_until_it_is_on_the_disk(
    tmp_path: Path,
    house: House,
    standing: Standing,
    redis: RedisServer,
    household: Household,
    wait_until: Wait,
) -> None:
    household.kept.clear()
    household.wish("162*")
    wait_until(lambda: redis.verdict("+8616210000001")[1] == "block")
    assert refused(tmp_path, house, UNWANTED) == 1
    wait_until(lambda: len(household.log) == 1)
    household.line.close()
    assert redis.client.xlen("ringfence:home:calls") == 1
    with Household(standing) as after:
        wait_until(lambda: len(after.log) == 1)
        wait_until(lambda: redis.client.xlen("ringfence:home:calls") == 0)


@pytest.mark.parametrize("what", ["stopped", "frozen"])
def test_without_redis_every_call_is_delivered_within_a_second_and_logged_when_it_is_back(
    tmp_path: Path, house: House, redis: RedisServer, household: Household, wait_until: Wait, what: str
) -> None:
    household.wish("162*")
    wait_until(lambda: redis.verdict("+8616210000001")[1] == "block")
    if what == "stopped":
        redis.stop()
    else:
        redis.freeze()
    with handset(tmp_path, house.handset), calls(tmp_path, house, [UNWANTED] * 20, "-r", "20") as caller:
        assert caller.wait(), caller.errors
        assert caller.log.count("passed") == 20
    if what == "stopped":
        redis.start()
    else:
        redis.thaw()
    wait_until(lambda: len(household.log) == 20, 20)
    wait_until(lambda: redis.verdict("+8616210000001")[1] == "block", 20)
    with handset(tmp_path, house.handset):
        wait_until(lambda: refused(tmp_path, house, UNWANTED) == 1, 60)


def test_a_redis_that_was_emptied_is_filled_again(
    household: Household, redis: RedisServer, wait_until: Wait
) -> None:
    household.wish("162*")
    wait_until(lambda: redis.verdict("+8616210000001")[1] == "block")
    redis.client.flushall()
    redis.client.function_flush()
    wait_until(lambda: household.publishes, 10)

    def blocks() -> bool:
        try:
            return redis.verdict("+8616210000001")[1] == "block"
        except Exception:
            return False

    wait_until(blocks, 10)


def test_any_one_of_two_proxies_and_two_redis_may_die(tmp_path: Path, wait_until: Wait) -> None:
    with ExitStack() as stack:
        first = stack.enter_context(RedisServer(tmp_path / "first"))
        replica = stack.enter_context(RedisServer(tmp_path / "replica", replica_of=first))
        houses, nodes = [House(), House()], []
        for place, house in enumerate(houses):
            folder = tmp_path / f"node{place}"
            folder.mkdir()
            near = (replica.url, first.url) if place else (first.url,)
            nodes.append(stack.enter_context(Standing(folder, house, proxy_redis=near)))
            stack.enter_context(handset(folder, house.handset))
        household = stack.enter_context(Household(nodes[0]))
        household.wish("162*")

        def published(server: RedisServer) -> bool:
            try:
                return server.verdict("+8616210000001")[1] == "block"
            except Exception:
                return False

        wait_until(lambda: published(first) and published(replica), 20)
        first.stop()
        assert refused(nodes[1].folder, houses[1], WANTED, UNWANTED) == 1
        assert refused(nodes[0].folder, houses[0], WANTED, UNWANTED) == 0
        first.start()
        wait_until(lambda: published(first), 20)
        replica.stop()
        assert refused(nodes[1].folder, houses[1], WANTED, UNWANTED) == 1
        wait_until(lambda: len(household.log) == 6, 20)
        nodes[1].kill()
        wait_until(lambda: refused(nodes[0].folder, houses[0], WANTED, UNWANTED) == 1, 60)
        wait_until(lambda: len(household.log) >= 7, 20)


def test_rubbish_in_the_stream_is_passed_over(
    household: Household, redis: RedisServer, wait_until: Wait
) -> None:
    rubbish: list[dict[str, Any]] = [
        {"v": "x"},
        {"v": "{}"},
        {"w": "1"},
        {"v": '{"call": 1}'},
        {"v": "[" * 100_000},
    ]
    for fields in rubbish:
        redis.client.xadd("ringfence:home:calls", fields)
    wait_until(lambda: redis.client.xpending("ringfence:home:calls", "ringfence")["pending"] == 0)
    assert household.log == []
    assert household.publishes
