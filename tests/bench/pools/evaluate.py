"""How many calls each way of blocking stops, wanted and unwanted, over a year of made-up calls or a recorded CSV.

    python tests/bench/pools/evaluate.py [--households 200] [--seeds testing|tuning] [--only NAME]
    python tests/bench/pools/evaluate.py --csv CALLS.csv

The firmware's parameters were chosen on the seeds for tuning; those for testing make other households, and other
platforms. The first week is left out of the shares. An interval is the middle 95 % of 2,000 means over households drawn
anew (percentile bootstrap). A household blocks the number of a call that it heard, and did not want, three times in
ten. The last row of each scenario is no blocker: it says what one could stop who knew every platform's blocks before,
and waited in each for three calls.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from statistics import fmean, median

from blockers import Blocker, ExactNumbers, ListedNumbers, Pools, Repeats, WholeSegments
from histories import START, History, Ring, Scenario, history

from firmware.call import Action, Reason
from firmware.calls.replay import from_csv, replay
from firmware.household import screening_over
from firmware.screening import Wish

SEEDS = {"tuning": 1_000_000, "testing": 2_000_000}
FIRST_DAYS = 7
MARKED = 0.3
DRAWS = 2000
NEWSPAPER = Scenario("newspaper")

SCENARIOS = (
    NEWSPAPER,
    replace(NEWSPAPER, name="newspaper, line tells no talk", talk=False),
    replace(NEWSPAPER, name="small pools: 50 to 500", size=(50, 500)),
    replace(NEWSPAPER, name="large pools: 10,000 to 50,000", size=(10_000, 50_000), blocks=(10, 20)),
    replace(NEWSPAPER, name="pools of any segment", foreign=1.0),
    replace(NEWSPAPER, name="pools move on every 60 days", life=60.0),
    replace(NEWSPAPER, name="one call in two days", unwanted=0.5, platforms=(1, 1)),
    replace(NEWSPAPER, name="1 new courier in 20 from a pool's block", near=0.05),
    replace(NEWSPAPER, name="the same, and who is stopped rings again", near=0.05, insistent=(0.6, 0.02)),
    replace(NEWSPAPER, name="newspaper, 5 % of each pool on a list", listed=0.05),
    replace(NEWSPAPER, name="newspaper, 20 % of each pool on a list", listed=0.2),
    replace(
        NEWSPAPER, name="one call in two days, 20 % on a list", unwanted=0.5, platforms=(1, 1), listed=0.2
    ),
    replace(NEWSPAPER, name="spread over all mobile numbers", thin=True),
)

LIST = "exact numbers and the list"
RINGS_AGAIN = timedelta(minutes=2)
WAYS = (
    "exact numbers",
    "whole segments",
    "repeats",
    LIST,
    "pools, blocked",
    "pools, asked",
    "blocks known beforehand",
)


@dataclass(slots=True)
class Score:
    """What became of a household's calls after the first week; `until`: unwanted calls heard before the first block."""

    unwanted: int = 0
    stopped: int = 0
    wanted: int = 0
    lost: int = 0
    until: int | None = None


def ways(scenario: Scenario) -> list[str]:
    return [way for way in WAYS if way != LIST or scenario.listed]


def blocker(way: str, history: History, seed: int) -> Blocker:
    contacts = sorted({ring.number for ring in history.rings if ring.contact})
    makers: dict[str, Callable[[], Blocker]] = {
        "exact numbers": ExactNumbers,
        "whole segments": WholeSegments,
        "repeats": Repeats,
        LIST: lambda: ListedNumbers(history.listed),
        "pools, blocked": lambda: Pools(contacts, seed, Wish.BLOCK, history.listed),
        "pools, asked": lambda: Pools(contacts, seed, Wish.ASK, history.listed),
        "blocks known beforehand": Known,
    }
    return makers[way]()


class Known:
    """Three calls of each block are heard, by somebody who knows the blocks."""

    def __init__(self) -> None:
        self._heard: Counter[str] = Counter()

    def blocks(self, ring: Ring) -> bool:
        return ring.block is not None and not ring.wanted and self._heard[ring.block] >= 3

    def heard(self, ring: Ring, talked: float | None, marked: bool) -> None:
        if ring.block is not None:
            self._heard[ring.block] += 1


def household(job: tuple[Scenario, int]) -> list[Score]:
    """A household's score by each way."""
    scenario, seed = job
    lived = history(scenario, seed)
    return [scored(blocker(way, lived, seed), lived.rings, scenario, seed) for way in ways(scenario)]


def scored(one: Blocker, rings: list[Ring], scenario: Scenario, seed: int) -> Score:
    habits, insistence, score, unwanted = random.Random(seed), random.Random(seed + 1), Score(), 0
    for called in rings:
        ring = called
        marks = habits.random() < MARKED
        blocked = one.blocks(ring)
        if blocked and insistence.random() < scenario.insistent[not ring.wanted]:
            ring = replace(ring, at=ring.at + RINGS_AGAIN)
            blocked = one.blocks(ring)
        if not blocked:
            one.heard(ring, ring.talked if scenario.talk else None, marks and not ring.wanted)
        if not ring.wanted:
            if blocked and score.until is None:
                score.until = unwanted
            unwanted += 1
        if (ring.at - START).days < FIRST_DAYS:
            continue
        if ring.wanted:
            score.wanted += 1
            score.lost += blocked
        else:
            score.unwanted += 1
            score.stopped += blocked
    return score


def interval(values: list[tuple[int, int]], scale: float, places: int) -> str:
    """The mean share and its 95 % interval; of the calls of all households together."""
    draw = random.Random(1)

    def share(chosen: list[tuple[int, int]]) -> float:
        whole = sum(of for _, of in chosen)
        return scale * sum(part for part, _ in chosen) / whole if whole else 0.0

    means = sorted(share(draw.choices(values, k=len(values))) for _ in range(DRAWS))
    low, high = means[int(0.025 * DRAWS)], means[int(0.975 * DRAWS) - 1]
    return f"{share(values):.{places}f} ({low:.{places}f} to {high:.{places}f})"


def table(scenario: Scenario, scores: list[list[Score]]) -> None:
    for way, of_way in zip(ways(scenario), zip(*scores, strict=True), strict=True):
        stopped = interval([(one.stopped, one.unwanted) for one in of_way], 100, 1)
        lost = interval([(one.lost, one.wanted) for one in of_way], 1000, 2)
        first = [one.until for one in of_way if one.until is not None]
        until = f"{median(first):.0f} ({len(first)} of {len(of_way)})" if first else "never"
        print(f"| {scenario.name} | {way} | {stopped} | {lost} | {until} |", flush=True)


def evaluate(households: int, seeds: str, only: str | None) -> None:
    print(f"{households} households, seeds for {seeds}\n")
    print(
        "| scenario | blocker | unwanted stopped, % | wanted lost, ‰ | unwanted calls before the first block |"
    )
    print("| --- | --- | ---: | ---: | ---: |")
    with ProcessPoolExecutor(os.cpu_count()) as processes:
        for scenario in SCENARIOS:
            if only is None or only == scenario.name:
                jobs = [(scenario, SEEDS[seeds] + place) for place in range(households)]
                table(scenario, list(processes.map(household, jobs, chunksize=4)))


def recorded(path: Path) -> None:
    """What the pools would have blocked of recorded calls, beside their crude rivals."""
    screening = screening_over({"settings": {1: {"pools": "block"}}})
    with path.open(encoding="utf-8-sig", newline="") as lines:
        calls = list(from_csv(lines, screening.policy.zone))
    exact, repeats, segments = Counter[str](), Repeats(), WholeSegments()
    counts: Counter[str] = Counter()
    judged = list(replay(calls, screening))
    talks: list[float] = []
    for call, verdict in judged:
        ring = Ring(call.at, call.number or "", False, False, call.talked)
        counts["number seen before"] += exact[ring.number] > 0
        counts["whole segments"] += segments.blocks(ring)
        counts["repeats"] += repeats.blocks(ring)
        repeats.heard(ring, call.talked, False)
        exact[ring.number] += 1
        if verdict.action is Action.BLOCK and verdict.reason is Reason.POOL:
            counts["pools"] += 1
            talks.append(call.talked or 0.0)
    out = csv.writer(sys.stdout)
    out.writerow(("blocker", "calls", "blocked"))
    for way in ("number seen before", "whole segments", "repeats", "pools"):
        out.writerow((way, len(calls), counts[way]))
    if talks:
        print(f"mean talk in what the pools would have blocked, as recorded: {fmean(talks):.1f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--households", type=int, default=200)
    parser.add_argument("--seeds", choices=SEEDS, default="testing")
    parser.add_argument("--only")
    parser.add_argument("--csv", type=Path)
    given = parser.parse_args()
    if given.csv:
        recorded(given.csv)
    else:
        evaluate(given.households, given.seeds, given.only)
