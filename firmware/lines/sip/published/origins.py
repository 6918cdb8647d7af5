"""Rules over places, operators and some kinds of China's numbers, as look-ups by how a number begins.

Which numbers there are is in `firmware/numbers`; who they are is asked there, with one number of each block. A segment
(号段) has no place: its blocks have.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations

from firmware.call import Action
from firmware.numbers import Identity, identify, understand
from firmware.numbers.identity import Kind, allocations, places_of_china
from firmware.screening.rulebook import segments_of

REGION = "CN"
KINDS = {f"kind:{kind}" for kind in (Kind.MVNO, Kind.M2M)}
"""Of the kinds, those that are China's alone."""
FILLING = "1"
"""What the one number of a block goes on with: zeros would make 10800 of Beijing's 1080."""
LOCAL_LENGTHS, LOCAL_BEGINS = (7, 8), "2345678"


@dataclass(frozen=True, slots=True)
class Speaking:
    """A rule: its match as kept, its rank among all rules, what it does, its id."""

    match: str
    rank: float
    action: Action
    id: int

    @property
    def standing(self) -> tuple[float, bool, int]:
        """The greater decides."""
        return self.rank, self.action is Action.ALLOW, -self.id


def by_beginning(rules: Sequence[Speaking]) -> dict[tuple[int, str], Speaking | None]:
    """Which rule speaks about the numbers of a length that begin so, as they are dialled at home, if any does.

    Of several beginnings of a number the longest counts.
    """
    by_match = dict[str, Speaking]()
    for rule in sorted(rules, key=lambda rule: rule.standing):
        by_match[rule.match] = rule
    wanted = {match.partition(":")[2] for match in by_match if match.startswith("place:")}
    found = dict[tuple[int, str], Speaking | None]()
    for beginnings, placed in ((_allocated(), False), (_placed(frozenset(wanted)), True)):
        for length, prefix in beginnings:
            who = identify(understand(prefix.ljust(length, FILLING), REGION), REGION)
            traits = _traits(who if placed else replace(who, place=None))
            fitting = [by_match[trait] for trait in traits if trait in by_match]
            found[length, prefix] = max(fitting, key=lambda rule: rule.standing, default=None)
    return found


def _traits(who: Identity) -> Iterator[str]:
    yield f"kind:{who.kind}"
    if who.operator:
        yield f"operator:{who.operator}"
    if who.place:
        yield from (f"place:{part}" for part in _parts(who.place))


def _parts(place: str) -> Iterator[str]:
    """The names that a place goes by: each word, and what stands together."""
    words = place.split()
    return (" ".join(words[start:end]) for start, end in combinations(range(len(words) + 1), 2))


def _allocated() -> Iterator[tuple[int, str]]:
    for prefix, segment in allocations().items():
        for length in segment.lengths:
            dialled = understand(prefix.ljust(length, FILLING), REGION).national
            zero = len(dialled) - length
            yield length + zero, dialled[: len(prefix) + zero]


@lru_cache(maxsize=8)
def _placed(wanted: frozenset[str]) -> tuple[tuple[int, str], ...]:
    """The mobile numbers and the landlines of the places that are `wanted` by any of their names."""
    if not wanted:
        return ()
    found: list[tuple[int, str]] = []
    services = [
        (prefix, length)
        for prefix, segment in allocations().items()
        if segment.kind is Kind.SERVICE
        for length in segment.lengths
    ]
    for low, high, place in places_of_china():
        if wanted.isdisjoint(_parts(place)):
            continue
        for prefix in segments_of(low, high):
            if prefix.startswith("1") and not prefix.startswith("10"):
                found.append((11, prefix))
                continue
            for area in _area_codes(prefix):
                begins = [f"{area}{begin}" for begin in LOCAL_BEGINS]
                begins += [prefix for prefix in allocations() if prefix.startswith(area)]
                lengths = [1 + len(area) + length for length in LOCAL_LENGTHS]
                found += ((length, f"0{begin}") for length in lengths for begin in begins)
                found += ((1 + len(area) + length, f"0{area}{service}") for service, length in services)
    return tuple(found)


def _area_codes(prefix: str) -> list[str]:
    """The area codes that a beginning of landline numbers stands for."""
    length = 2 if prefix[0] in "12" else 3
    missing = length - len(prefix)
    return [f"{prefix}{last:0{missing}}" for last in range(10**missing)] if missing > 0 else [prefix[:length]]
