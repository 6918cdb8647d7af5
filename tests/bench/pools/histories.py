"""A year of calls to a household, made up from stated habits. Who calls is known, so that a blocker can be marked.

Every figure below is an assumption. None was fitted to a blocker; those that are from elsewhere name their source.

Wanted: family and friends (ten people, in the contacts, 1 call a day); couriers (0.5 a day, half of them one of fifteen
who come again, the others new; 85 % answered, 14 s of talk in the median, 5 to 40 s mostly); organisations such as a
hospital, a school or a bank (0.1 a day, each with 1 to 8 numbers within one block of a hundred; 60 s); wrong numbers
(0.05 a day, 5 s: as short as a refusal). Couriers call from 8 to 21 h, the others from 8 to 22 h.

Unwanted: platforms, each with a pool of numbers in one to twenty blocks of a hundred to ten thousand numbers, or wider
where its share of the pool would fill more than half. A number is used once before any is used again ("most campaigns
rarely use a number twice": Prasad et al., USENIX Security 2020). A platform calls for `life` days on the average, then
another with other numbers takes its place. Three unwanted calls in a hundred are from numbers of nobody's pool. They
come Monday to Saturday, 9 to 20 h, one in twenty at any other time. A household answers 70 %: two thirds of those are
over within 8 s, a tenth lasts for 30 s or more.

Where a scenario says so, others have put a share of each platform's numbers on a list, before it calls here; and who is
stopped rings again two minutes later: of the couriers more than of the platforms, which have other numbers to try.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

START = datetime(2025, 1, 6, tzinfo=ZoneInfo("Asia/Shanghai"))
DAYS = 365
SEGMENTS = ("162", "165", "167", "170", "171")
"""The virtual operators' segments, in which the newspaper's reader was called."""
MOBILE = (
    *(
        "134",
        "135",
        "136",
        "137",
        "138",
        "139",
        "150",
        "151",
        "152",
        "157",
        "158",
        "159",
        "182",
        "183",
        "187",
        "188",
    ),
    *("130", "131", "132", "155", "156", "185", "186", "133", "153", "180", "181", "189"),
)
LANDLINE = ("010", "021", "020", "0755", "0571", "025", "028")


@dataclass(frozen=True, slots=True)
class Scenario:
    """What households are called by. `size` and `blocks`: least and most numbers of a pool, and blocks it lies in.

    `near`: the share of new couriers whose number is in a block of a platform. `foreign`: the share of a platform's
    blocks that are no virtual operators'. `thin`: its numbers are anywhere, in no block at all. `talk`: whether the
    line can tell that somebody talks. `listed`: the share of each pool's numbers that are on a list. `insistent`: the
    shares of wanted and unwanted callers who ring again when they are stopped.
    """

    name: str
    unwanted: float = 7.5
    platforms: tuple[int, int] = (1, 3)
    size: tuple[int, int] = (50, 50_000)
    blocks: tuple[int, int] = (1, 20)
    life: float = 365.0
    couriers_in_segments: float = 0.5
    near: float = 0.0
    foreign: float = 0.0
    thin: bool = False
    talk: bool = True
    listed: float = 0.0
    insistent: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Ring:
    """One call. `talked`: seconds of talk if it comes through, None where nobody would answer.

    `block`: that of the platform which it comes from, for the reckoning alone.
    """

    at: datetime
    number: str
    wanted: bool
    contact: bool
    talked: float | None
    block: str | None = None


class History(NamedTuple):
    """A household's year, in order, and the numbers that others have put on a list."""

    rings: list[Ring]
    listed: list[str]


class Platform:
    """A pool of numbers, drawn from one after the other."""

    def __init__(self, rng: random.Random, scenario: Scenario, ends: float) -> None:
        self.ends = ends
        self._rng = rng
        self._thin = scenario.thin
        size = round(math.exp(rng.uniform(*(math.log(bound) for bound in scenario.size))))
        count = min(rng.randint(*scenario.blocks), size // 10)
        least = max(2, math.ceil(math.log10(2 * size / count)))
        self._open = rng.randint(least, max(least, 4))
        self.blocks = [self._block(scenario) for _ in range(count)]
        self._numbers = [
            f"{block}{ending:0{self._open}}"
            for block in self.blocks
            for ending in rng.sample(range(10**self._open), size // count)
        ]
        self._left: list[str] = []

    def _block(self, scenario: Scenario) -> str:
        rng = self._rng
        start = rng.choice((*MOBILE, *LANDLINE) if rng.random() < scenario.foreign else SEGMENTS)
        return start + digits(rng, 11 - len(start) - self._open)

    def number(self) -> tuple[str, str | None]:
        """Its next number, and the block in which that is."""
        if self._thin:
            return self._rng.choice((*SEGMENTS, *MOBILE)) + digits(self._rng, 8), None
        if not self._left:
            self._left = self._rng.sample(self._numbers, len(self._numbers))
        number = self._left.pop()
        return number, number[: -self._open]

    def listed(self, rng: random.Random, share: float) -> list[str]:
        """Those of its numbers that others know."""
        return rng.sample(self._numbers, round(share * len(self._numbers)))

    def neighbour(self) -> str:
        """A number in one of its blocks, which may be one of its own."""
        return self._rng.choice(self.blocks) + digits(self._rng, self._open)


def digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def history(scenario: Scenario, seed: int) -> History:
    """A household's year."""
    others = random.Random(seed)
    rng = random.Random(f"{scenario.name} {seed}")
    busy = rng.uniform(0.7, 1.3)
    """Households differ: in how much they are called by either."""
    people = [rng.choice(MOBILE) + digits(rng, 8) for _ in range(10)]
    couriers = [_courier(rng, scenario, []) for _ in range(15)]
    offices = [_office(rng) for _ in range(5)]
    platforms = [
        Platform(rng, scenario, rng.expovariate(1 / scenario.life))
        for _ in range(rng.randint(*scenario.platforms))
    ]
    listed = [number for platform in platforms for number in platform.listed(others, scenario.listed)]
    rings: list[Ring] = []
    for day in range(DAYS):
        date = START + timedelta(days=day)
        for place, platform in enumerate(platforms):
            if platform.ends <= day:
                platforms[place] = Platform(rng, scenario, day + rng.expovariate(1 / scenario.life))
                listed += platforms[place].listed(others, scenario.listed)
        for _ in range(_poisson(rng, busy * scenario.unwanted * 7 / 6 if date.weekday() < 6 else 0)):
            rings.append(_sale(rng, date, platforms))
        for _ in range(_poisson(rng, 1.0)):
            rings.append(
                Ring(_moment(rng, date, 8, 22), rng.choice(people), True, True, _talk(rng, 0.9, 90, 1.2))
            )
        for _ in range(_poisson(rng, 0.5 * busy)):
            number = rng.choice(couriers) if rng.random() < 0.5 else _courier(rng, scenario, platforms)
            rings.append(Ring(_moment(rng, date, 8, 21), number, True, False, _talk(rng, 0.85, 14, 0.6)))
        for _ in range(_poisson(rng, 0.1)):
            number = rng.choice(rng.choice(offices))
            rings.append(Ring(_moment(rng, date, 8, 22), number, True, False, _talk(rng, 0.85, 60, 0.8)))
        for _ in range(_poisson(rng, 0.05)):
            number = rng.choice(MOBILE) + digits(rng, 8)
            rings.append(Ring(_moment(rng, date, 8, 22), number, True, False, _talk(rng, 0.85, 5, 0.4)))
    rings.sort(key=lambda ring: ring.at)
    return History(rings, listed)


def _sale(rng: random.Random, date: datetime, platforms: list[Platform]) -> Ring:
    if rng.random() < 0.03:
        number, block = rng.choice((*SEGMENTS, *MOBILE)) + digits(rng, 8), None
    else:
        number, block = rng.choice(platforms).number()
    at = _moment(rng, date, 0, 24) if rng.random() < 0.05 else _moment(rng, date, 9, 20)
    kind = rng.random()
    talked = None
    if kind < 0.7 * 0.65:
        talked = rng.uniform(1.5, 8)
    elif kind < 0.7 * 0.9:
        talked = rng.uniform(8, 30)
    elif kind < 0.7:
        talked = rng.uniform(30, 120)
    return Ring(at, number, False, False, talked and round(talked, 1), block)


def _courier(rng: random.Random, scenario: Scenario, platforms: list[Platform]) -> str:
    if platforms and rng.random() < scenario.near:
        return rng.choice(platforms).neighbour()
    return rng.choice(SEGMENTS if rng.random() < scenario.couriers_in_segments else MOBILE) + digits(rng, 8)


def _office(rng: random.Random) -> list[str]:
    area = rng.choice(LANDLINE)
    block = area + rng.choice("2345678") + digits(rng, 5)
    return [block + ending for ending in rng.sample([f"{n:02}" for n in range(100)], rng.randint(1, 8))]


def _talk(rng: random.Random, answered: float, median: float, spread: float) -> float | None:
    return (
        round(max(1.5, rng.lognormvariate(math.log(median), spread)), 1) if rng.random() < answered else None
    )


def _moment(rng: random.Random, date: datetime, first: int, last: int) -> datetime:
    return date + timedelta(seconds=rng.randrange(first * 3600, last * 3600))


def _poisson(rng: random.Random, mean: float) -> int:
    """Knuth, The Art of Computer Programming 2, 3.4.1."""
    least, product, count = math.exp(-mean), rng.random(), 0
    while product > least:
        product *= rng.random()
        count += 1
    return count
