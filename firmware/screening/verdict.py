"""The order in which a verdict is found: the first step that applies decides."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from itertools import combinations
from operator import itemgetter
from typing import NamedTuple, Protocol

from firmware.call import Absence, Action, Number, Reason, Verdict
from firmware.numbers import Standing, identify, standing
from firmware.screening.answers import Answer, Answers, Says
from firmware.screening.caller import Caller
from firmware.screening.contacts import Contacts
from firmware.screening.passes import Passes
from firmware.screening.pools import NOTHING, OPEN, Pools, Reported
from firmware.screening.pools import Found as FoundPool
from firmware.screening.recent import Recent
from firmware.screening.rulebook import Found, Rulebook


class Wish(StrEnum):
    """What becomes of a pool that is found: the owner is told, or asked, or it is blocked."""

    TELL = "tell"
    ASK = "ask"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Policy:
    """What the owner wants where no rule can speak.

    `zone` is the owner's clock; None is the box's own. `redial`: how soon after a blocked call another one from the
    same number is let through; zero is never. `pools`: what becomes of look-alikes. `pool_cost`: how many unwanted
    calls are as bad as a wanted one that is lost.
    """

    region: str = "CN"
    area: str = ""
    withheld: Action = Action.ALLOW
    unavailable: Action = Action.ALLOW
    redial: timedelta = timedelta(0)
    zone: tzinfo | None = None
    pools: Wish = Wish.ASK
    pool_cost: float = 10.0


class Searchable(Protocol):
    """A list that can be searched. `find` gives what matched, or None.

    `within`: how many of its numbers begin with some digits and go on for so many others, where it is thick; and which
    share of those thousands that is. `entries` are its numbers, in their national form, and its segments, as "162*".
    """

    def find(self, number: Number) -> str | None: ...

    def within(self, opening: str, digits: int) -> tuple[int, float]: ...

    def entries(self) -> Iterator[str]: ...


class Listed(NamedTuple):
    """A list with its id in the store, its name and what it does."""

    id: int
    name: str
    action: Action
    numbers: Searchable


class Step(NamedTuple):
    """One step of the order, and the verdicts it would give: none where it does not apply, else the first decides."""

    reason: Reason
    verdicts: tuple[Verdict, ...] = ()


class Screening:
    """Judges a call in memory, on the caller's thread, without waiting for anything.

    `paused`: until when everybody comes through, whatever the rest says.
    """

    def __init__(
        self,
        rules: Rulebook,
        policy: Policy,
        *,
        contacts: Contacts | None = None,
        passes: Passes | None = None,
        recent: Recent | None = None,
        lists: tuple[Listed, ...] = (),
        pools: Pools | None = None,
        answers: Answers | None = None,
    ) -> None:
        self.rules = rules
        self.policy = policy
        self.contacts = contacts or Contacts()
        self.passes = passes or Passes()
        self.recent = recent or Recent()
        self.lists = lists
        self.pools = pools or Pools()
        self.answers = answers or Answers()
        self.paused: datetime | None = None

    def judge(self, caller: Caller) -> Verdict:
        """The verdict for what is known of a caller by now; with nothing known, the default."""
        return next(step.verdicts[0] for step in self.steps(caller) if step.verdicts)

    def steps(self, caller: Caller) -> Iterator[Step]:
        """Every step in order. The last one always has a verdict."""
        number = caller.number
        if number:
            yield from self._steps_of(number, caller)
        elif self._paused(caller.at):
            yield _open(Reason.PAUSE)
        yield _ruled(Reason.RULE, self.rules.otherwise(caller, self.traits))
        if number:
            yield self._listed(number)
            yield self._pooled(number, caller.at)
        elif caller.absence is Absence.WITHHELD:
            yield _sure(Reason.WITHHELD, self.policy.withheld)
        elif caller.absence is Absence.UNAVAILABLE:
            yield _sure(Reason.UNAVAILABLE, self.policy.unavailable)
        yield _sure(Reason.DEFAULT, Action.ALLOW)

    def _steps_of(self, number: Number, caller: Caller) -> Iterator[Step]:
        """The steps that are about the number alone."""
        policy, at = self.policy, caller.at
        public = standing(number, policy.region)
        yield _open(Reason.PROTECTED) if public is Standing.PROTECTED else NOT[Reason.PROTECTED]
        contact = self.contacts.find(number.normal)
        yield _sure(Reason.CONTACT, Action.ALLOW, *contact) if contact else NOT[Reason.CONTACT]
        if self._paused(at):
            yield _open(Reason.PAUSE)
        yield _ruled(Reason.NUMBER, self.rules.exactly(number, caller.line, at))
        yield _open(Reason.UTILITY) if public is Standing.UTILITY else NOT[Reason.UTILITY]
        admitted = self.passes.admit(number, at)
        if admitted:
            yield _sure(Reason.PASS, Action.ALLOW, admitted[0].id, admitted[1])
        else:
            yield NOT[Reason.PASS]
        if policy.redial:
            redials = self.recent.redials(number.normal, at, policy.redial)
            yield _open(Reason.REDIAL) if redials else NOT[Reason.REDIAL]

    def _paused(self, at: datetime) -> bool:
        return self.paused is not None and at < self.paused

    def traits(self, caller: Caller, wanted: Set[str]) -> Iterator[str]:
        """The kept matches over kind, place and operator that a caller fits, if those words are `wanted`."""
        yield "kind:anyone"
        if caller.verified is False:
            yield "kind:unverified"
        if caller.number is None:
            if caller.absence:
                yield f"kind:{caller.absence}"
            return
        number = caller.number
        if not number.possible:
            yield "kind:impossible"
        if self.recent.rang_once(number.normal, caller.at):
            yield "kind:ring-once"
        who = identify(number, self.policy.region)
        yield f"kind:{who.kind}"
        if who.country not in (None, self.policy.region) or number.national.startswith("+"):
            yield "kind:international"
        if who.operator:
            yield f"operator:{who.operator}"
        words = who.place.split() if who.place and "place" in wanted else ()
        for start, end in combinations(range(len(words) + 1), 2):
            yield f"place:{' '.join(words[start:end])}"

    def ended(
        self,
        number: Number,
        at: datetime,
        verdict: Verdict,
        *,
        rings: int,
        talked: float | None,
        marked: bool = False,
    ) -> None:
        """A call from `number`, which began at `at`, is over: what it means for those to come. It may be told again.

        `marked`: the owner has said what nuisance it was.
        """
        blocked = verdict.action is Action.BLOCK
        self.recent.ended(number.normal, at, blocked=blocked, rings=rings, talked=talked is not None)
        outcome = self.pools.model.outcome(
            talked, stopped=blocked, listed=verdict.reason is Reason.LIST, marked=marked
        )
        at = at.astimezone(self.policy.zone)
        self.pools.ended(number, at, outcome, self.word(number, at))

    def word(self, number: Number, at: datetime) -> bool | None:
        """Whether the owner wants this very number, where that was said."""
        if self.contacts.find(number.normal) or self.passes.said(number.normal):
            return True
        found = self.rules.exactly(number, "", at)
        return found[0].action is Action.ALLOW if found else None

    def reword(self, at: datetime) -> None:
        """Take into account what the owner says by now of the numbers that have called."""
        self.pools.reword(lambda number: self.word(number, at))

    def answer(self, number: Number, at: datetime) -> Answer | None:
        """The owner's answer about the pool of a number, where it still holds.

        A pool is blocked no longer than it calls, and as long as none of its numbers is wanted that was not then.
        """
        return self.standing(self.answers.holding(number, at), at)

    def standing(self, answer: Answer | None, at: datetime) -> Answer | None:
        """An answer, if it still holds."""
        if answer is None or answer.says is not Says.BLOCK:
            return answer
        holds = (
            self.pools.calls_lately(answer.match, at) and self.pools.friends(answer.match) <= answer.friends
        )
        return answer if holds else None

    def pool(self, number: Number, at: datetime) -> str | None:
        """The pool in which a number is, as `Pools.find`."""
        return self.pools.find(number, at, self.policy.pool_cost, self.reported)

    def found_pools(self, at: datetime) -> list[FoundPool]:
        """The pools that call, as `Pools.found`."""
        return self.pools.found(at, self.policy.pool_cost, self.reported)

    def about_pool(self, match: str, at: datetime) -> FoundPool | None:
        """What is known of a prefix, as `Pools.about`."""
        return self.pools.about(match, at, self.reported)

    def reported(self, match: str) -> Reported:
        """What the lists that block have of a prefix, as rules write it; of several that which has most of it."""
        opening = match.rstrip(OPEN)
        found = [
            one.numbers.within(opening, len(match) - len(opening))
            for one in self.lists
            if one.action is Action.BLOCK
        ]
        return Reported(*max(found, key=itemgetter(1))) if found else NOTHING

    def _pooled(self, number: Number, at: datetime) -> Step:
        """What is known of the look-alikes of a number."""
        answer = self.answer(number, at)
        if answer and answer.says is Says.BLOCK:
            if self.pools.rings_again(number, at):
                return NOT[Reason.POOL]
            return _sure(Reason.POOL, Action.BLOCK, answer.id, answer.match)
        if answer or self.policy.pools is not Wish.BLOCK:
            return NOT[Reason.POOL]
        pool = self.pool(number, at)
        return _sure(Reason.POOL, Action.BLOCK, None, pool) if pool else NOT[Reason.POOL]

    def _listed(self, number: Number) -> Step:
        """What the lists say; one that allows comes before any that blocks."""
        found = [
            Verdict(one.action, Reason.LIST, one.id, f"{one.name}: {match}")
            for one in self.lists
            if (match := one.numbers.find(number))
        ]
        found.sort(key=lambda verdict: verdict.action is not Action.ALLOW)
        return Step(Reason.LIST, tuple(found)) if found else NOT[Reason.LIST]


NOT = {reason: Step(reason) for reason in Reason}
"""The steps that do not apply."""


def _open(reason: Reason) -> Step:
    return _sure(reason, Action.ALLOW)


def _sure(reason: Reason, action: Action, id: int | None = None, match: str | None = None) -> Step:
    return Step(reason, (Verdict(action, reason, id, match),))


def _ruled(reason: Reason, found: list[Found]) -> Step:
    if not found:
        return NOT[reason]
    return Step(
        reason, tuple([Verdict(rule.action, reason, rule.id, rule.match, rule.how) for rule in found])
    )
