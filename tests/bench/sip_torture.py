"""Thousands of SIP messages that are hard to read, at the proxy; well-formed calls in between.

    python tests/bench/sip_torture.py [--count 10000] [--seed 4475] [--redis]

The decision is that of a line that is asked, or with `--redis` that of the published wishes. Half of the messages come
from the provider, half from a handset. Shared memory is what Kamailio says of itself, when the transactions of the
messages are forgotten; after a first round, so that what is only allocated once does not count.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "lines" / "sip"))
sys.path.insert(0, str(Path(__file__).parents[1] / "lines" / "sip" / "proxy"))
from plain import Peer
from servers import RedisServer
from sipp import House
from standing import Judge, Standing
from test_proxy_torture import judges_rightly, processes
from torture import RFC4475, mutated, torture

from firmware.lines.sip.proxy.control import ask
from firmware.lines.sip.published.publisher import Publisher
from firmware.screening import Policy, Rulebook, Screening, rule_from

BETWEEN = 50
FORGOTTEN_SECONDS = 200.0
"""Longer than a call that nobody answers rings."""


def resident(standing: Standing) -> int:
    """Bytes of all processes that are theirs alone."""
    pages = [Path(f"/proc/{pid}/statm").read_text().split() for pid in processes(standing)]
    return sum(int(page[1]) - int(page[2]) for page in pages) * 4096


@contextmanager
def decided_at_home(folder: Path, house: House) -> Iterator[Standing]:
    with Standing(folder, house) as standing, Judge(standing, ["+8616210000001"]) as judge:
        while not judge.guards:
            time.sleep(0.1)
        yield standing


@contextmanager
def decided_in_redis(folder: Path, house: House) -> Iterator[Standing]:
    with RedisServer(folder / "redis") as redis:
        rules = Rulebook()
        rules.put(1, rule_from({"match": "162*", "action": "block"}, "CN"))
        Publisher(redis.client, "home", "proxy").publish(
            Screening(rules, Policy(zone=UTC)), datetime.now(UTC)
        )
        with Standing(folder, house, proxy_redis=(redis.url,)) as standing:
            yield standing


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=4475)
    parser.add_argument("--redis", action="store_true")
    given = parser.parse_args()
    print("| messages | well-formed calls | wrongly judged | processes that died | shared MB | private MB |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as name:
        house = House()
        with (decided_in_redis if given.redis else decided_at_home)(Path(name), house) as standing:
            alive = processes(standing)
            for seed in (0, given.seed):
                good = wrong = sent = 0
                with (
                    Peer(house.provider) as provider,
                    Peer(house.handset) as phone,
                    Peer(house.handset2) as other,
                ):
                    for peer in (provider, other):
                        messages = [torture(name, house.proxy, peer.at) for name in RFC4475]
                        messages += mutated(given.count // 2, house.proxy, peer.at, seed)
                        for message in messages:
                            peer.send(message, house.proxy)
                            sent += 1
                            if sent % BETWEEN == 0:
                                good += 2
                                try:
                                    judges_rightly(house, provider, phone)
                                except (AssertionError, TimeoutError):
                                    wrong += 1
                time.sleep(FORGOTTEN_SECONDS)
                shared = int(ask(standing.folder / "proxy", "core.shmmem")["used"]) / 1e6
                died = len(alive - processes(standing))
                private = resident(standing) / 1e6
                print(f"| {sent} | {good} | {wrong} | {died} | {shared:.2f} | {private:.1f} |", flush=True)


if __name__ == "__main__":
    main()
