"""What the pools cost: processor time for each call, beside `phonenumbers.parse` in the same run, and memory when full.

python tests/bench/pools/cost.py
"""

from __future__ import annotations

import random
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import median

import phonenumbers

from firmware.call import Number
from firmware.numbers import understand
from firmware.screening.pools import MOST_NUMBERS, Outcome, Pools

START = datetime(2026, 1, 5, 10, tzinfo=UTC)
CALLS = 5000
ROUNDS = 7
COST = 10.0


def numbers(count: int, openings: tuple[str, ...], seed: int) -> list[Number]:
    rng = random.Random(seed)
    found = []
    for _ in range(count):
        opening = rng.choice(openings)
        found.append(understand(opening + "".join(rng.choices("0123456789", k=11 - len(opening))), "CN"))
    return found


def told(pools: Pools, calls: list[Number], days: float = 0.0) -> None:
    for place, number in enumerate(calls):
        pools.ended(number, START + timedelta(days=days, minutes=place), Outcome.HUNG_UP, None)


def sought(pools: Pools, calls: list[Number]) -> None:
    for number in calls:
        pools.find(number, START + timedelta(days=31), COST)


def parsed(calls: list[Number]) -> None:
    for number in calls:
        phonenumbers.parse(number.normal, "CN")


def each(do: Callable[[], object], count: int) -> float:
    """Microseconds of this thread's processor time for each of `count`; the median of some rounds."""
    rounds = []
    for _ in range(ROUNDS):
        began = time.thread_time()
        do()
        rounds.append((time.thread_time() - began) / count * 1e6)
    return median(rounds)


def main() -> None:
    shapes = {
        "of one block of ten thousand": ("1621012",),
        "of twenty blocks": tuple(f"16{place:02}012" for place in range(20, 40)),
        "of anywhere": ("162", "165", "167", "170", "171", "13", "15", "18"),
    }
    print("| when full, with numbers | learn, µs | find, µs | both, in parses | memory, MiB |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, openings in shapes.items():
        calls = numbers(CALLS, openings, seed=1)
        tracemalloc.start()
        pools = Pools()
        told(pools, numbers(2 * MOST_NUMBERS, openings, seed=2))
        size = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        parse = each(partial(parsed, calls), CALLS)
        learn = each(partial(told, pools, calls, 30), CALLS)
        find = each(partial(sought, pools, calls), CALLS)
        print(
            f"| {name} | {learn:.1f} | {find:.1f} | {(learn + find) / parse:.1f} | {size / 2**20:.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
