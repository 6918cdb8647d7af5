"""What is compared: three ways in which people block today, and the pools, each over the same calls.

A blocker says whether a call is to be blocked, and is told of each that came through: how long somebody talked (None:
not answered, or not told), and whether the household blocked the number afterwards.
"""

from __future__ import annotations

import io
import random
from collections import defaultdict, deque
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Protocol

from histories import SEGMENTS, START, Ring

from firmware.call import Action, CallerId, Number, Verdict
from firmware.lists.compiled import NumberList, write
from firmware.numbers import understand
from firmware.screening import (
    Answer,
    Caller,
    Contacts,
    Listed,
    Pass,
    Policy,
    Rulebook,
    Says,
    Screening,
    Wish,
    rule_from,
)
from firmware.screening.pools import prefixes_of

KNOWN_SECONDS = 60.0


class Blocker(Protocol):
    """One way to block."""

    def blocks(self, ring: Ring) -> bool: ...

    def heard(self, ring: Ring, talked: float | None, marked: bool) -> None: ...


class ExactNumbers:
    """The numbers that the household has blocked, as on any telephone."""

    def __init__(self) -> None:
        self._numbers: set[str] = set()

    def blocks(self, ring: Ring) -> bool:
        return ring.number in self._numbers

    def heard(self, ring: Ring, talked: float | None, marked: bool) -> None:
        if marked:
            self._numbers.add(ring.number)


class ListedNumbers:
    """The numbers of a list to which the household subscribes, and those that it has blocked itself."""

    def __init__(self, listed: Iterable[str]) -> None:
        self._numbers = set(listed)

    def blocks(self, ring: Ring) -> bool:
        return ring.number in self._numbers

    def heard(self, ring: Ring, talked: float | None, marked: bool) -> None:
        if marked:
            self._numbers.add(ring.number)


class WholeSegments:
    """Everything from the virtual operators' segments but contacts."""

    def blocks(self, ring: Ring) -> bool:
        return not ring.contact and ring.number.startswith(SEGMENTS)

    def heard(self, ring: Ring, talked: float | None, marked: bool) -> None:
        pass


class Repeats:
    """Numbers that called three times within a week without anybody talking for half a minute, and no contacts."""

    def __init__(self) -> None:
        self._calls: defaultdict[str, deque[datetime]] = defaultdict(lambda: deque(maxlen=2))
        self._known: set[str] = set()

    def blocks(self, ring: Ring) -> bool:
        calls = self._calls[ring.number]
        bothers = len(calls) == 2 and ring.at - calls[0] <= timedelta(days=7)
        calls.append(ring.at)
        return bothers and not ring.contact and ring.number not in self._known

    def heard(self, ring: Ring, talked: float | None, marked: bool) -> None:
        if (talked or 0) >= 30:
            self._known.add(ring.number)


class Pools:
    """The firmware's own screening, with nothing but contacts, known callers, numbers blocked by hand, pools, and the
    list where there is one.

    `wish`: what the setting says. Where it is to ask, the household looks at the page, or at the lamp, on every second
    day or so, and answers all that is asked: it lets through where somebody whom it wanted has called from, and blocks
    the rest.
    """

    def __init__(
        self, contacts: list[str], seed: int, wish: Wish, listed: Collection[str] = (), cost: float = 10.0
    ) -> None:
        self._rng = random.Random(seed)
        self._day = START.date()
        self._wanted: set[str] = set()
        numbers = [understand(number, "CN").normal for number in contacts]
        self.screening = Screening(
            Rulebook(),
            Policy(zone=START.tzinfo, pools=wish, pool_cost=cost),
            contacts=Contacts([(1, {"name": "family", "numbers": numbers})]),
            lists=(Listed(1, "list", Action.BLOCK, compiled_list(listed)),) if listed else (),
        )
        self._ids = 0
        self._judged: tuple[Number, Verdict] | None = None

    def blocks(self, ring: Ring) -> bool:
        policy = self.screening.policy
        if policy.pools is Wish.ASK and ring.at.date() != self._day:
            self._day = ring.at.date()
            if self._rng.random() < 0.5:
                self._answer(ring.at)
        number = understand(ring.number, "CN")
        caller = Caller.of(CallerId(number=ring.number), number, "modem", ring.at)
        verdict = self.screening.judge(caller)
        self._judged = number, verdict
        if verdict.action is Action.BLOCK:
            self.screening.ended(number, ring.at, verdict, rings=2, talked=None)
        return verdict.action is Action.BLOCK

    def heard(self, ring: Ring, talked: float | None, marked: bool) -> None:
        if self._judged is None:
            raise RuntimeError("heard before it was judged")
        number, verdict = self._judged
        self._ids += 1
        if ring.wanted:
            self._wanted.update(prefixes_of(number.national))
        if marked:
            rule = rule_from({"match": number.normal, "action": "block", "note": ""}, "CN", "")
            self.screening.rules.put(self._ids, rule)
        elif (talked or 0) >= KNOWN_SECONDS:
            self.screening.passes.put(Pass(self._ids, (number.normal,), None))
        self.screening.ended(number, ring.at, verdict, rings=4, talked=talked)

    def _answer(self, at: datetime) -> None:
        screening = self.screening
        policy = screening.policy
        for match in screening.pools.matches(at, policy.pool_cost, screening.reported):
            if screening.standing(screening.answers.over(match, at), at) is None:
                self._ids += 1
                says = Says.ALLOW if match in self._wanted else Says.BLOCK
                friends = screening.pools.friends(match)
                screening.answers.put(Answer(self._ids, match, says, friends, at))


def compiled_list(listed: Collection[str]) -> NumberList:
    """A list of numbers as the firmware compiles it."""
    keys = sorted({f"{understand(number, 'CN').national}$\n".encode() for number in listed})
    with NamedTemporaryFile() as file:
        write(io.BytesIO(b"".join(keys)), file, {"region": "CN", "area": ""}, lambda _: None)
        file.flush()
        return NumberList(Path(file.name))
