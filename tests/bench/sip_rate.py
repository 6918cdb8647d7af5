"""How many calls a second go through the SIP proxy with its decision in Redis, beside the same Kamailio without any.

    python tests/bench/sip_rate.py [--numbers 1000000] [--seconds 6] [--pairs 2]

Half of the calls come from listed numbers and are to be refused, half are to be delivered, answered and ended. A rate
is kept when no call fails and none is decided wrongly. Both sides are searched in turns, in one run; what the decision
adds to set-up is told from the time from INVITE to 100, of calls that are delivered, at half the rate that it keeps.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "lines" / "sip"))

import sipp
from plain import Peer, header, headers, request
from servers import RedisServer
from sipp import House, Sipp
from standing import Standing

from firmware.call import Action, Number
from firmware.lines.sip.proxy import kamailio
from firmware.lines.sip.published.publisher import Publisher
from firmware.screening import Listed, Policy, Rulebook, Screening

CALLERS = 5000
FIRST_RATE, GROWTH, HALVINGS = 100, 1.5, 3
FIRST_NUMBER = 13_800_000_000
SHARED_MB = 512
"""A transaction stays for five seconds: at these rates there are thousands."""

SCENARIO = """<?xml version="1.0" encoding="ISO-8859-1"?>
<scenario name="bench">
{}</scenario>
"""
CALL = {"uri": "sip:line@[remote_ip]:[remote_port]", "caller": "<sip:[field0]@[local_ip]>"}
REFUSED = SCENARIO.format(f'{sipp.INVITED}<recv response="603"/>{sipp.REFUSED}').format(**CALL)
TALKED = f'{sipp.TAKEN}<pause milliseconds="30"/>{sipp.HUNG_UP}'
ANSWERED = '<recv response="180"/><recv response="200" rrs="true"/>'
DELIVERED = SCENARIO.format(f"{sipp.INVITED}{ANSWERED}{TALKED}").format(**CALL)
PHONE = sipp.HANDSET.format(ring=30, noted="")


class Numbers:
    """A list of `count` numbers, every second one of a row."""

    def __init__(self, count: int) -> None:
        self.count = count

    def entries(self) -> Iterator[str]:
        return (str(FIRST_NUMBER + 2 * place) for place in range(self.count))

    def callers(self, folder: Path, *, listed: bool) -> Path:
        """A file of callers for sipp."""
        path = folder / f"{'listed' if listed else 'others'}.csv"
        places = random.sample(range(self.count), min(self.count, CALLERS))
        path.write_text(
            "\n".join(
                ("RANDOM", *(f"+86{FIRST_NUMBER + 2 * n + (not listed)};X-No: none" for n in places), "")
            )
        )
        return path

    def within(self, opening: str, digits: int) -> tuple[int, float]:
        return 0, 0.0

    def find(self, number: Number) -> str | None:
        raise NotImplementedError


class Undecided(Standing):
    """The same proxy, every call of which is delivered without being looked up."""

    def start(self) -> None:
        whole = kamailio.configuration
        try:
            kamailio.configuration = lambda *given: whole(*given).replace(
                "\troute(DECIDE);", "\troute(DELIVER);"
            )
            super().start()
        finally:
            kamailio.configuration = whole


class Side:
    """One proxy with its callers. `refuses`: whether calls from listed numbers are to be refused."""

    def __init__(self, folder: Path, standing: Standing, numbers: Numbers, *, refuses: bool) -> None:
        self._folder, self._house = folder, standing.house
        self._callers = [
            (REFUSED if listed and refuses else DELIVERED, numbers.callers(folder, listed=listed))
            for listed in (True, False)
        ]
        self.rate = 0.0

    def keeps(self, rate: float, seconds: float, probe: Callable[[], None] = lambda: None) -> bool:
        """Whether every call goes as it should at `rate` a second; `probe` is called meanwhile."""
        with Sipp(self._folder, PHONE, self._house.handset):
            time.sleep(0.4)
            callers = [
                Sipp(
                    self._folder, scenario, self._house.provider, "-inf", str(path), "-r", str(round(rate / 2)),
                    "-m", str(round(rate * seconds / 2)), "-l", "15000",
                    "-timeout", f"{seconds * 3:.0f}", f"{self._house.proxy}:5060", port=5060 + place,
                )
                for place, (scenario, path) in enumerate(self._callers)
            ]  # fmt: skip
            probe()
            kept = [caller.wait(seconds * 6) for caller in callers]
        return all(kept)

    def times(self, rate: float, seconds: float) -> list[float]:
        """Of further calls that are delivered, at `rate` a second: ms from INVITE to 100, said as it is sent on."""
        took: list[float] = []

        def probe() -> None:
            until = time.monotonic() + seconds
            with Peer(self._house.provider, 5070) as peer:
                while time.monotonic() < until:
                    took.append(self._probed(peer))
                    time.sleep(0.01)

        self.keeps(rate, seconds, probe)
        return took

    def _probed(self, peer: Peer) -> float:
        uri = f"sip:line@{self._house.proxy}"
        began = time.perf_counter()
        call = peer.send(
            request("INVITE", uri, peer.at, "From: <sip:+8613000000000@x>;tag=1"), self._house.proxy
        )
        peer.hear(call)
        took = (time.perf_counter() - began) * 1e3
        while not (answered := peer.hear(call)).startswith("SIP/2.0 200"):
            pass
        routes = [f"Route: {route}" for route in reversed(headers(answered, "Record-Route"))]
        same = [f"{name}: {header(answered, name)}" for name in ("From", "To", "Call-ID")]
        for method, cseq in (("ACK", 1), ("BYE", 2)):
            peer.send(
                request(method, header(answered, "Contact").strip("<>"), peer.at, *same, *routes, cseq=cseq),
                self._house.proxy,
            )
        return took

    def search(self, seconds: float) -> float:
        """The highest rate that is kept, begun a little below the one found before."""
        low, high = 0.0, 0.0
        rate = max(FIRST_RATE, self.rate / GROWTH)
        while not high:
            if self.keeps(rate, seconds):
                low, rate = rate, rate * GROWTH
            elif low or rate < 10:
                high = rate
            else:
                rate /= GROWTH
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            if self.keeps(middle, seconds):
                low = middle
            else:
                high = middle
        self.rate = max(self.rate, low)
        return low


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--numbers", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--pairs", type=int, default=2)
    given = parser.parse_args()
    kamailio.SHARED_MB = SHARED_MB
    numbers = Numbers(given.numbers)
    with tempfile.TemporaryDirectory() as name, RedisServer(Path(name) / "redis") as redis:
        folders = [Path(name) / side for side in ("decided", "undecided")]
        for folder in folders:
            folder.mkdir()
        wishes = Screening(Rulebook(), Policy(zone=UTC), lists=(Listed(1, "list", Action.BLOCK, numbers),))
        began = time.monotonic()
        Publisher(redis.client, "home", "proxy").publish(wishes, datetime.now(UTC))
        took = time.monotonic() - began
        memory = redis.client.info("memory")["used_memory"] / 1e6
        wiring = {"proxy_redis": (redis.url,)}
        with (
            Standing(folders[0], House(), **wiring) as one,
            Undecided(folders[1], House(), **wiring) as other,
        ):
            decided = Side(folders[0], one, numbers, refuses=True)
            undecided = Side(folders[1], other, numbers, refuses=False)
            rates = [
                (undecided.search(given.seconds), decided.search(given.seconds)) for _ in range(given.pairs)
            ]
            half = statistics.median(pair[1] for pair in rates) / 2
            times: dict[Side, list[float]] = {undecided: [], decided: []}
            for _ in range(given.pairs):
                for side, found in times.items():
                    found += side.times(half, given.seconds)
    print(f"{given.numbers:,} numbers published in {took:.1f} s, {memory:.0f} MB in Redis\n")
    print("| pair | without decision, calls/s | with, half of them blocked, calls/s | ratio |")
    print("| ---: | ---: | ---: | ---: |")
    for place, (without, with_it) in enumerate(rates, 1):
        print(f"| {place} | {without:.0f} | {with_it:.0f} | {with_it / without:.2f} |")
    print(f"\nINVITE to 100 at {half:.0f} calls/s\n")
    print("| | calls | p50 ms | p99 ms |")
    print("| --- | ---: | ---: | ---: |")
    for called, side in (("without decision", undecided), ("with", decided)):
        cuts = statistics.quantiles(times[side], n=100)
        print(f"| {called} | {len(times[side])} | {cuts[49]:.2f} | {cuts[98]:.2f} |")


if __name__ == "__main__":
    main()
