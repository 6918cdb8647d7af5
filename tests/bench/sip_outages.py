"""Wanted calls that pass while something is out of order: they have to be all of those that are made.

    python tests/bench/sip_outages.py [--calls 100]

Half of the calls are wanted. Beyond one box the decision is in Redis, at home it is the appliance's, which is a process
of its own. What is out of order becomes so a second after the first call, and stays so.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "lines" / "sip"))
from running import Running, free_port
from servers import RedisServer
from sipp import House, calls, handset, number
from standing import Standing

from firmware.lines.sip.published.publisher import Publisher
from firmware.screening import Policy, Rulebook, Screening, rule_from

RATE = 10
WANTED, UNWANTED = number("+8613800000001"), number("+8616210000001")
RULE = {"match": "162*", "action": "block"}


class SlowRoad:
    """A TCP port behind which another is reached, `delay` seconds later each time."""

    def __init__(self, to: int, delay: float) -> None:
        self._to, self._delay = to, delay
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            near, _ = self._listening.accept()
            far = socket.create_connection(("127.0.0.1", self._to))
            for source, sink, delay in ((near, far, self._delay), (far, near, 0.0)):
                threading.Thread(target=self._carry, args=(source, sink, delay), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket, delay: float) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                time.sleep(delay)
                sink.sendall(data)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)


def called(folder: Path, house: House, count: int, during: Callable[[], None]) -> tuple[int, int, int, int]:
    """Wanted calls made and passed, unwanted ones made and refused, while something is done a second later."""
    callers = [WANTED, UNWANTED] * (count // 2)
    with handset(folder, house.handset), calls(folder, house, callers, "-r", str(RATE), talk=1500) as caller:
        time.sleep(1.0)
        during()
        caller.wait(count / RATE + 60)
        log = caller.log
        return count // 2, log.count(f"passed {WANTED}"), count // 2, log.count(f"refused {UNWANTED}")


@contextmanager
def beyond(folder: Path, delay: float = 0.0) -> Iterator[tuple[Standing, RedisServer]]:
    """Kamailio with a Redis in which the wishes are published."""
    with RedisServer(folder / "redis") as redis:
        wishes = Screening(Rulebook(), Policy(zone=UTC))
        wishes.rules.put(1, rule_from(RULE, "CN"))
        Publisher(redis.client, "home", "proxy").publish(wishes, datetime.now(UTC))
        port = SlowRoad(redis.port, delay).port if delay else redis.port
        with Standing(folder, House(), proxy_redis=(f"redis://127.0.0.1:{port}",)) as standing:
            yield standing, redis


@contextmanager
def at_home(folder: Path) -> Iterator[tuple[Standing, Running]]:
    """Kamailio that asks the appliance."""
    house, events = House(), free_port()
    config = folder / "ringfence.toml"
    config.write_text(f'[proxy]\nprovider = "{house.provider}"\nevents = {events}\n')
    with Running(folder, "/no-modem", "--config", str(config)) as running:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with suppress(OSError, AssertionError):
                if running.request("POST", "rules", RULE)[0] == 201:
                    break
            time.sleep(0.2)
        (folder / "proxy").symlink_to(folder / "data" / "proxy")
        with Standing(folder, house, proxy_events=events) as standing:
            while "guarding" not in {line["state"] for line in running.get("status")["lines"]}:
                time.sleep(0.1)
            yield standing, running


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--calls", type=int, default=100)
    count = parser.parse_args().calls
    print("| out of order | wanted made | wanted passed | unwanted made | unwanted refused |")
    print("| --- | ---: | ---: | ---: | ---: |")

    def row(what: str, found: tuple[int, int, int, int]) -> None:
        print(f"| {what} | {' | '.join(map(str, found))} |", flush=True)

    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folders = (Path(name) / f"{place}" for place in range(100))

        def fresh() -> Path:
            folder = next(folders)
            folder.mkdir()
            return folder

        def restart(standing: Standing) -> None:
            standing.kill()
            standing.start()

        with beyond(fresh()) as (standing, redis):
            row("nothing, Redis", called(fresh(), standing.house, count, lambda: None))
            row("Redis frozen", called(fresh(), standing.house, count, redis.freeze))
            redis.thaw()
            time.sleep(2.5)
            row("Redis stopped", called(fresh(), standing.house, count, redis.stop))
        for delay in (0.05, 0.1, 1.0):
            with beyond(fresh(), delay) as (standing, _):
                row(
                    f"Redis {delay * 1000:.0f} ms slower",
                    called(fresh(), standing.house, count, lambda: None),
                )
        with at_home(fresh()) as (standing, running):
            pid = running.process.pid
            row("nothing, at home", called(fresh(), standing.house, count, lambda: None))
            row(
                "Ringfence frozen",
                called(fresh(), standing.house, count, lambda: os.kill(pid, signal.SIGSTOP)),
            )
            os.kill(pid, signal.SIGCONT)
            time.sleep(2.0)
            row(
                "Kamailio restarted in mid-call",
                called(fresh(), standing.house, count, lambda: restart(standing)),
            )
            row("Ringfence killed", called(fresh(), standing.house, count, running.process.kill))
        stack.close()


if __name__ == "__main__":
    main()
