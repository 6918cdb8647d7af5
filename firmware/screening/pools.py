"""Pools: look-alike numbers behind which one dialling platform hides, found from one call to the next.

Every call that was heard is a trial: by what became of the calls of its number it counts as unwanted, as wanted, or
as something between. How many of a prefix's callers are wanted is then estimated for every length of prefix, from a
million numbers down to a hundred, as in a beta-binomial: from what was heard, and from what has to be presumed as long
as little was heard. The share of wanted callers is

    wanted / unwanted  +  presumed / parts

`parts` counts the next longer prefixes in which somebody unwanted was heard, each once at most, as fresh and as sure as
the best of them: a block that is busy does not speak for its neighbours (the fewest tables of a hierarchical model;
Teh, ACL 2006), but a wanted caller speaks for every prefix that he is in. A prefix is a pool while its share times
`cost` is below 1: the threshold of the least expected cost where a wanted call lost is as bad as `cost` unwanted ones
heard.

What others report strengthens what was heard here, and stands for nothing by itself: where every thousand numbers of a
prefix are thick with numbers on the lists to which the house subscribes, each of its own callers counts for
1 + `Model.reported`.

A call that was stopped says nothing for or against, for nobody heard it; unless its number rings again at once, as
people do, and platforms that change their numbers do not: that one comes through. It shows that the pool still calls:
one that is silent for `Model.silent` days is over. What was heard is halved every `Model.half_life` days. So a pool
does not confirm itself by being blocked: some day its calls are heard again, and a few of them find it again, or do
not.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from math import fsum, inf, prod
from typing import NamedTuple

from firmware.call import Number

OPEN = "?"
OPEN_DIGITS = (6, 5, 4, 3, 2)
"""How many digits a prefix leaves open: those of 5 to 9 digits of a Chinese mobile number."""
LEAST_DIGITS = 9
"""Of a number that has look-alikes: shorter ones are service numbers and short codes."""
LONGEST_NUMBER = 20
MOST_NUMBERS = 5000
MOST_CALLS = 8
"""Remembered of each number."""
MOST_FOUND = 100
DAY = 86_400
EPOCH = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp())
MOST_HALVINGS = 500.0
AGAIN_SECONDS = 6 * 3600


class Outcome(StrEnum):
    """What became of a call, as far as it tells whether it was wanted.

    `untold`: nobody answered, or the line cannot tell; `marked`: the owner has said what nuisance it was; `listed`:
    stopped, for others have complained of the number; `stopped`: stopped for any other reason, and nobody knows.
    """

    UNTOLD = "untold"
    HUNG_UP = "hung_up"
    BRIEF = "brief"
    TALKED = "talked"
    MARKED = "marked"
    LISTED = "listed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Model:
    """The parameters. Ratios say how many times as often a call of a pool shows a thing as one that is wanted.

    `unwanted`: the ratio of unwanted to wanted callers where look-alikes call and nothing else is known. `hung_up`,
    `talked`: somebody hung up within `hang_up` seconds, or listened for `talk` seconds or more. `marked`: the owner has
    said what nuisance it was. `listed`: others have complained. `once`, `again`: its number was heard on one occasion,
    or on several. `working`, `odd`: it called in the `hours` of the owner's clock in which call centres work, or at
    another time once.

    `reported`: by how much more each unwanted caller counts in a prefix that lists are thick in throughout.
    `presumed`: for each of OPEN_DIGITS, the wanted callers that are presumed until they are heard: more in a wide
    prefix, in which many live, and in a hundred numbers, which one organisation may have. `fewest`: numbers without
    which nothing is called a pool. `half_life`, `silent`: days. `redial`: the seconds within which who was stopped and
    rings again comes through.
    """

    unwanted: float = 4.0
    hung_up: float = 6.0
    talked: float = 0.1
    marked: float = 50.0
    listed: float = 20.0
    once: float = 1.5
    again: float = 0.3
    working: float = 1.3
    odd: float = 0.35
    reported: float = 1.0
    presumed: tuple[float, ...] = (0.3, 0.15, 0.1, 0.1, 0.3)
    fewest: int = 3
    half_life: float = 180.0
    silent: float = 30.0
    hang_up: float = 8.0
    talk: float = 30.0
    redial: float = 300.0
    hours: range = range(8, 21)

    def outcome(
        self, talked: float | None, *, stopped: bool, listed: bool = False, marked: bool = False
    ) -> Outcome:
        """`talked`: seconds as `Call` has them; 0 is an answered call that goes on."""
        if marked:
            return Outcome.MARKED
        if stopped:
            return Outcome.LISTED if listed else Outcome.STOPPED
        if not talked:
            return Outcome.UNTOLD
        if talked < self.hang_up:
            return Outcome.HUNG_UP
        return Outcome.TALKED if talked >= self.talk else Outcome.BRIEF

    def lean(self, calls: tuple[Heard, ...]) -> float:
        """How far a number's calls speak for unwanted, up to 1, or for wanted, down to -1."""
        heard = [call for call in calls if call.outcome is not Outcome.STOPPED]
        if not heard:
            return 0.0
        ratios = {
            Outcome.HUNG_UP: self.hung_up,
            Outcome.TALKED: self.talked,
            Outcome.MARKED: self.marked,
            Outcome.LISTED: self.listed,
        }
        odds = self.unwanted * prod(ratios.get(call.outcome, 1.0) for call in heard)
        odds *= self.again if heard[-1].at - heard[0].at > AGAIN_SECONDS else self.once
        odds *= self.odd if any(call.hour not in self.hours for call in heard) else self.working
        return (odds - 1) / (odds + 1)

    def rings_again(self, before: Heard, after: Heard) -> bool:
        """Whether a number that was stopped did not leave it at that."""
        return before.outcome is Outcome.STOPPED and 0 < after.at - before.at <= self.redial

    def weight(self, at: float) -> float:
        """What evidence of the second `at` weighs, beside that of other times (forward decay; Cormode, ICDE 2009)."""
        ages = (at - EPOCH) / (self.half_life * DAY)
        return float(2.0 ** max(-MOST_HALVINGS, min(MOST_HALVINGS, ages)))


class Heard(NamedTuple):
    """A call: its POSIX second, the hour on the owner's clock, and what became of it."""

    at: int
    hour: int
    outcome: Outcome


class Weighed(NamedTuple):
    """What is known of a number or a prefix: weights as of `Model.weight`, seconds, counts.

    `best`: of its calls the one that weighs most as unwanted. `parts`: the sum of that over its parts. `unwanted` and
    `wanted`: all its calls. `heard`: when it last called, or tried to. `numbers`: how many were heard; `friends`: how
    many of those are wanted.
    """

    best: float
    parts: float
    unwanted: float
    wanted: float
    heard: int
    numbers: int
    friends: int


class Reported(NamedTuple):
    """What a list has of a prefix: how many numbers, and in which share of its thousands there are many."""

    numbers: int
    share: float


Reports = Callable[[str], Reported]
"""What others report of a prefix, as rules write it."""

NOTHING = Reported(0, 0.0)


def nothing(_match: str) -> Reported:
    """What others report where there is no list."""
    return NOTHING


@dataclass(slots=True)
class Known:
    """A number with its calls, oldest first. `word`: whether the owner wants it, None where nothing was said of it."""

    number: Number
    calls: tuple[Heard, ...]
    word: bool | None
    weighed: Weighed


class Found(NamedTuple):
    """A pool, with what speaks for it; times are POSIX seconds, the others are counts.

    `match`: its numbers as rules write them (`1621012????`). `odds`: unwanted callers to expect to each wanted one.
    `hung_up`: numbers on which somebody hung up within seconds; `marked`: those that the owner has blocked or marked;
    `listed`: those that are on a list; `stopped`: calls that were blocked. `latest`: some numbers, the last first.
    `reported`: numbers of its own on the lists, whether they have called here or not.
    """

    match: str
    odds: float
    numbers: int
    calls: int
    first: int
    last: int
    hung_up: int
    marked: int
    listed: int
    wanted: int
    stopped: int
    latest: tuple[str, ...]
    reported: int


class Pools:
    """The numbers that called, and the pools among them. Finding needs no lock and waits for nothing.

    What it knows follows from the calls and the owner's words alone: the order in which they were told does not matter,
    as long as there are no more numbers than `most`, of which those that called last are kept.
    """

    def __init__(self, model: Model | None = None, most: int = MOST_NUMBERS) -> None:
        self.model = model or Model()
        self._most = most
        self._fewest = self.model.fewest / (1 + self.model.reported)
        self._numbers: OrderedDict[str, Known] = OrderedDict()
        self._prefixes: dict[str, Weighed] = {}
        self._parts: dict[str, dict[str, Weighed]] = {}
        self._changing = threading.Lock()

    def __len__(self) -> int:
        return len(self._numbers)

    def ended(self, number: Number, at: datetime, outcome: Outcome, word: bool | None) -> None:
        """A call that began at `at`, on the owner's clock, is over; told again, the last `outcome` is what stays.

        `word`: whether the owner wants this very number.
        """
        if not has_look_alikes(number):
            return
        call = Heard(int(at.timestamp()), at.hour, outcome)
        with self._changing:
            known = self._numbers.get(number.national)
            before = known.calls if known else ()
            calls = tuple(sorted((call, *(one for one in before if one.at != call.at))))[-MOST_CALLS:]
            self._keep(number, calls, word)
            self._numbers.move_to_end(number.national)
            while len(self._numbers) > self._most:
                self._drop(next(iter(self._numbers)))

    def reword(self, word: Callable[[Number], bool | None]) -> None:
        """Ask anew what the owner says of each number that has called."""
        for known in list(self._numbers.values()):
            said = word(known.number)
            if said is not known.word:
                with self._changing:
                    self._keep(known.number, known.calls, said)

    def forget(self, number: Number) -> None:
        """Know nothing of a number any more."""
        with self._changing:
            if number.national in self._numbers:
                self._drop(number.national)

    def clear(self) -> None:
        """Know nothing of anybody any more."""
        with self._changing:
            self._numbers.clear()
            self._prefixes.clear()
            self._parts.clear()

    def find(self, number: Number, at: datetime, cost: float, reports: Reports = nothing) -> str | None:
        """The widest pool in which a caller is, unless wanted ones call from a part of it in which he is too."""
        return self._find(number.national, at.timestamp(), cost, reports) if has_look_alikes(number) else None

    def rings_again(self, number: Number, at: datetime) -> bool:
        """Whether a caller was stopped shortly before, and tries again at once."""
        itself = self._numbers.get(number.national)
        return itself is not None and self._rings_again(itself, at.timestamp())

    def calls_lately(self, match: str, at: datetime) -> bool:
        """Whether a pool has not fallen silent."""
        found = self._prefixes.get(match)
        return found is not None and self._is_heard(found, at.timestamp())

    def friends(self, match: str) -> int:
        """How many numbers of a prefix are wanted."""
        found = self._prefixes.get(match)
        return found.friends if found else 0

    def found(self, at: datetime, cost: float, reports: Reports = nothing) -> list[Found]:
        """Every pool that calls, as `matches`, with what speaks for it."""
        return [one for match in self.matches(at, cost, reports) if (one := self.about(match, at, reports))]

    def matches(self, at: datetime, cost: float, reports: Reports = nothing) -> list[str]:
        """Every pool that calls, the one that called last first; a hundred at most."""
        now = at.timestamp()
        pools: dict[str, Weighed] = {}
        several = [one for one in list(self._prefixes.items()) if one[1].numbers >= self._fewest]
        for match, known in sorted(several, key=lambda one: -one[0].count(OPEN)):
            if self._is_pool(match, known, now, cost, reports) and pools.keys().isdisjoint(wider_than(match)):
                pools[match] = known
        return sorted(pools, key=lambda match: -pools[match].heard)[:MOST_FOUND]

    def about(self, match: str, at: datetime, reports: Reports = nothing) -> Found | None:
        """What is known of a prefix, pool or not; None where nobody called from it."""
        within = sorted(self._within(match), key=lambda one: (one.weighed.heard, one.number.national))
        known = self._prefixes.get(match)
        if known is None or not within:
            return None
        reported = reports(match)
        share = self._share(match, known, at.timestamp(), self._support(reported))
        calls = [call for one in within for call in one.calls]
        return Found(
            match,
            round(1 / share, 1) if share else 0.0,
            len(within),
            len(calls),
            min(call.at for call in calls),
            max(call.at for call in calls),
            sum(_has(one, Outcome.HUNG_UP) for one in within),
            sum(one.word is False or _has(one, Outcome.MARKED) for one in within),
            sum(_has(one, Outcome.LISTED) for one in within),
            sum(one.weighed.friends for one in within),
            sum(call.outcome in (Outcome.STOPPED, Outcome.LISTED) for call in calls),
            tuple(one.number.normal for one in within[: -MOST_CALLS - 1 : -1]),
            reported.numbers,
        )

    def _within(self, match: str) -> Iterator[Known]:
        """The numbers in a prefix."""
        for part in list(self._parts.get(match, ())):
            if part.endswith(OPEN):
                yield from self._within(part)
            elif one := self._numbers.get(part):
                yield one

    def _find(self, national: str, at: float, cost: float, reports: Reports) -> str | None:
        itself = self._numbers.get(national)
        if itself and (itself.weighed.wanted > 0 or self._rings_again(itself, at)):
            return None
        pool = None
        for match in prefixes_of(national):
            known = self._prefixes.get(match)
            if known is None:
                return pool
            if known.wanted * cost > known.unwanted:
                pool = None
            elif pool is None and self._is_pool(match, known, at, cost, reports):
                pool = match
        return pool

    def _is_pool(self, match: str, known: Weighed, at: float, cost: float, reports: Reports) -> bool:
        """Whether a prefix is a pool. Lists are asked only where it depends on them."""
        if known.numbers < self._fewest or not self._is_heard(known, at):
            return False
        if known.numbers >= self.model.fewest and self._share(match, known, at) * cost < 1:
            return True
        if self._share(match, known, at, 1 + self.model.reported) * cost >= 1:
            return False
        support = self._support(reports(match))
        return (
            known.numbers * support >= self.model.fewest and self._share(match, known, at, support) * cost < 1
        )

    def _support(self, reported: Reported) -> float:
        """How much each caller counts, with what others report."""
        return 1 + self.model.reported * reported.share

    def _share(self, match: str, known: Weighed, at: float, support: float = 1.0) -> float:
        """The share of wanted callers to expect of a prefix."""
        if not (known.unwanted and known.parts):
            return inf
        presumed = self.model.presumed[OPEN_DIGITS.index(match.count(OPEN))]
        return known.wanted / known.unwanted + presumed * self.model.weight(at) / (known.parts * support)

    def _is_heard(self, known: Weighed, at: float) -> bool:
        return at - known.heard <= self.model.silent * DAY

    def _rings_again(self, itself: Known, at: float) -> bool:
        return self.model.rings_again(itself.calls[-1], Heard(int(at), 0, Outcome.UNTOLD))

    def _keep(self, number: Number, calls: tuple[Heard, ...], word: bool | None) -> None:
        lean = self.model.lean(calls) if word is None else 1.0 - 2.0 * word
        weights = [
            self.model.weight(call.at)
            for call in calls
            if word is not None or call.outcome is not Outcome.STOPPED
        ]
        unwanted, wanted = max(0.0, lean), max(0.0, -lean)
        best, total = unwanted * weights[-1] if weights else 0.0, fsum(weights)
        weighed = Weighed(
            best, best, unwanted * total, wanted * total, calls[-1].at, int(bool(weights)), int(lean < 0)
        )
        self._numbers[number.national] = Known(number, calls, word, weighed)
        self._count(number.national, weighed)

    def _drop(self, national: str) -> None:
        del self._numbers[national]
        self._count(national, None)

    def _count(self, part: str, weighed: Weighed | None) -> None:
        """Add up anew what is known of each prefix of a number; None: nothing is known of it any more."""
        for match in reversed(prefixes_of(part)):
            parts = self._parts.setdefault(match, {})
            if weighed:
                parts[part] = weighed
            else:
                parts.pop(part, None)
            if parts:
                self._prefixes[match] = weighed = together(parts.values())
            else:
                del self._parts[match]
                self._prefixes.pop(match, None)
                weighed = None
            part = match


def _has(known: Known, outcome: Outcome) -> bool:
    return any(call.outcome is outcome for call in known.calls)


def together(parts: Collection[Weighed]) -> Weighed:
    """What is known of a prefix by its parts; the same in whatever order they are."""
    best, _, unwanted, wanted, heard, numbers, friends = zip(*parts, strict=True)
    return Weighed(
        max(best), fsum(best), fsum(unwanted), fsum(wanted), max(heard), sum(numbers), sum(friends)
    )


def has_look_alikes(number: Number) -> bool:
    """Whether there can be look-alikes of a number."""
    digits = number.national
    return (
        number.possible
        and LEAST_DIGITS <= len(digits) <= LONGEST_NUMBER
        and digits.removeprefix("+").isdecimal()
    )


def wider_than(match: str) -> list[str]:
    """A prefix, as rules write it, after those in which it lies, the widest first."""
    return [
        wider for wider in prefixes_of(match.replace(OPEN, "0")) if wider.count(OPEN) >= match.count(OPEN)
    ]


def is_match(text: str) -> bool:
    """Whether a text is a prefix under which numbers are counted, as rules write it."""
    start = text.rstrip(OPEN)
    return (
        LEAST_DIGITS <= len(text) <= LONGEST_NUMBER
        and len(text) - len(start) in OPEN_DIGITS
        and start.isascii()
        and start.removeprefix("+").isdecimal()
    )


def prefixes_of(national: str) -> list[str]:
    """The prefixes under which a number is counted, the shortest first."""
    return [f"{national[:-digits]}{OPEN * digits}" for digits in OPEN_DIGITS]
