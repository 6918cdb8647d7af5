"""The keeper: a process of its own, and the only one that drives the relay.

Handset and line are connected unless the keeper holds them apart, and it does so only under a lease. The
appliance renews the lease while a blocked call rings. When the lease runs out, when a cut has lasted longer
than any ringing does, or when the appliance is gone (end of file on standard input), the keeper connects them.

It is a process because a dead one does not let go of its pins: Raspberry Pi kernels leave a GPIO output
driven after the file that requested it is closed (raspberrypi/linux pull requests 6117 and 6150), and because
no thread runs in an interpreter that hangs.

Standard input, one order a line:   `hold SECONDS`, `connect`, `ping`
Standard output, one line each:     `cut NS`, `connected NS CAUSE`, `pong`     (NS: CLOCK_MONOTONIC)
"""

from __future__ import annotations

import argparse
import os
import select
import signal
import sys
import time
from typing import TYPE_CHECKING

from gpiozero import OutputDevice

from firmware.board.pins import NoPins, load_board, pin_factory

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_CUT = 90.0


class Keeper:
    """Holds the relay open until a deadline that only a new order moves.

    `longest`: seconds after which a cut ends whatever is ordered; further orders to hold are then
    refused until one to connect has come.
    """

    def __init__(self, relay: OutputDevice, *, longest: float = LONGEST_CUT) -> None:
        self._relay = relay
        self._longest = longest
        self._latest = 0.0
        self._lease = 0.0
        self._exhausted = False

    def order(self, line: str, now: float) -> Iterator[str]:
        """Obey one line of standard input at the monotonic second `now`; yields the answer."""
        match line.split():
            case ["hold", seconds]:
                yield from self._hold(float(seconds), now)
            case ["connect"]:
                self._exhausted = False
                yield from self._connect("ordered")
            case ["ping"]:
                yield "pong"

    def _hold(self, seconds: float, now: float) -> Iterator[str]:
        if self._exhausted:
            return
        if not self._relay.value:
            self._relay.on()
            self._latest = now + self._longest
            yield f"cut {time.monotonic_ns()}"
        self._lease = min(now + seconds, self._latest)

    def _connect(self, cause: str) -> Iterator[str]:
        if self._relay.value:
            self._relay.off()
            yield f"connected {time.monotonic_ns()} {cause}"

    def expire(self, now: float) -> Iterator[str]:
        """Connect when the lease has run out by the monotonic second `now`."""
        if self._relay.value and not now < self._lease:
            self._exhausted = now >= self._latest
            yield from self._connect("longest cut" if self._exhausted else "lease ran out")

    def remaining(self, now: float) -> float | None:
        """Seconds until the lease runs out, or None when nothing is held."""
        return max(0.0, self._lease - now) if self._relay.value else None


def serve(keeper: Keeper, orders: int, answers: int) -> None:
    """Obey the orders read from one file descriptor, answer on the other, until end of file."""
    poll = select.poll()
    poll.register(orders, select.POLLIN)
    rest = b""
    while True:
        left = keeper.remaining(time.monotonic())
        ready = poll.poll(None if left is None else left * 1000)
        now = time.monotonic()
        said = list(keeper.expire(now))
        if ready:
            data = os.read(orders, 4096)
            if not data:
                return
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                said += keeper.order(line.decode("ascii", "replace"), now)
        if said:
            os.write(answers, "".join(f"{line}\n" for line in said).encode())


def release(pins: str) -> None:
    """Connect handset and line at once, from any process. Raises NoPins."""
    with _relay(pins):
        pass


def _relay(pins: str) -> OutputDevice:
    pin = load_board()["relay"]
    return OutputDevice(
        pin.gpio, active_high=pin.active_high, initial_value=False, pin_factory=pin_factory(pins)
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="firmware.board.keeper")
    parser.add_argument("--pins", default="auto")
    parser.add_argument("--longest", type=float, default=LONGEST_CUT)
    args = parser.parse_args()
    for stop in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(stop, signal.SIG_IGN)
    try:
        device = _relay(args.pins)
    except NoPins as error:
        sys.exit(str(error))
    with device as relay:
        try:
            os.write(sys.stdout.fileno(), b"ready\n")
            serve(Keeper(relay, longest=args.longest), sys.stdin.fileno(), sys.stdout.fileno())
        except BrokenPipeError:
            pass
        finally:
            relay.off()


if __name__ == "__main__":
    main()
