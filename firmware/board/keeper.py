"""The keeper: a process of its own, and the only one that drives the relay.

Handset and line are connected unless the keeper holds them apart, and it does so only under a lease. The
appliance renews the lease while a blocked call rings. When the lease runs out, when a cut has lasted longer
than any ringing does, or when the appliance is gone (end of file on standard input), the keeper connects them.

Where there is a hook sensor that has proved itself today, a handset that is lifted is connected at once, and nothing is
switched while it is in use. Then, and only then, the handset may also stand apart while nothing rings, on the local
supply: on guard.

It is a process because a dead one does not let go of its pins: Raspberry Pi kernels leave a GPIO output
driven after the file that requested it is closed (raspberrypi/linux pull requests 6117 and 6150), and because
no thread runs in an interpreter that hangs.

Standard input, one order a line:   `hold SECONDS`, `guard SECONDS`, `connect`, `ping`
Standard output, one line each:     `cut NS`, `guard NS`, `connected NS CAUSE`, `lifted NS`, `down NS`, `pong`
                                    (NS: CLOCK_MONOTONIC)
"""

from __future__ import annotations

import math
import os
import select
import signal
import sys
import time
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any, Self

from gpiozero import DigitalInputDevice, OutputDevice

from firmware.board.hook import Hook
from firmware.board.pins import NoPins, load_board, pin_factory

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_CUT = 90.0
LONGEST_GUARD_LEASE = 5.0
CONNECTED, CUT, GUARD = "connected", "cut", "guard"


class Keeper:
    """Holds the relay open until a deadline that only a new order moves.

    `longest`: seconds after which a cut ends whatever is ordered; further orders to hold are then
    refused until one to connect has come. `supply`: what puts a handset that stands apart on the local supply.
    """

    def __init__(
        self,
        relay: OutputDevice,
        *,
        longest: float = LONGEST_CUT,
        supply: OutputDevice | None = None,
        hook: Hook | None = None,
    ) -> None:
        self._relay = relay
        self._supply = supply
        self._longest = longest
        self._hook = hook
        self._state = CONNECTED
        self._latest = 0.0
        self._lease = 0.0
        self._exhausted = False

    def order(self, line: str, now: float) -> Iterator[str]:
        """Obey one line of standard input at the monotonic second `now`; yields the answer."""
        match line.split():
            case ["hold", seconds]:
                if not self._exhausted:
                    yield from self._part(CUT, float(seconds), now)
            case ["guard", seconds]:
                if self._supply and self._hook and self._hook.believed(now):
                    yield from self._part(GUARD, min(float(seconds), LONGEST_GUARD_LEASE), now)
            case ["connect"]:
                self._exhausted = False
                yield from self._connect("ordered")
            case ["ping"]:
                yield "pong"

    def hooked(self, raw: bool, now: float) -> Iterator[str]:
        """The hook sensor's level has changed."""
        if self._hook and self._hook.edge(raw, now, quiet=self._state != CONNECTED):
            yield from self._moved(now)

    def expire(self, now: float) -> Iterator[str]:
        """Connect when the lease has run out by the monotonic second `now`, or the handset turns out to be lifted."""
        if self._hook and self._hook.tick(now):
            yield from self._moved(now)
        if self._state != CONNECTED and not now < self._lease:
            self._exhausted = self._state == CUT and now >= self._latest
            yield from self._connect("longest cut" if self._exhausted else "lease ran out")

    def remaining(self, now: float) -> float | None:
        """Seconds until `expire` has something to do, or None when nothing is held or awaited."""
        times = [self._lease] if self._state != CONNECTED else []
        if self._hook and self._hook.next_at is not None:
            times.append(self._hook.next_at)
        return max(0.0, min(times) - now) if times else None

    def let_go(self) -> None:
        """Connect for good."""
        self._relay.off()
        if self._supply:
            self._supply.off()

    def _part(self, state: str, seconds: float, now: float) -> Iterator[str]:
        if self._in_use(now):
            return
        if self._state != state:
            if self._supply:
                self._supply.on()
            self._relay.on()
            self._state = state
            self._latest = now + self._longest if state == CUT else math.inf
            yield f"{state} {time.monotonic_ns()}"
        self._lease = min(now + seconds, self._latest)

    def _connect(self, cause: str) -> Iterator[str]:
        if self._state != CONNECTED:
            self._state = CONNECTED
            self.let_go()
            yield f"{CONNECTED} {time.monotonic_ns()} {cause}"

    def _moved(self, now: float) -> Iterator[str]:
        """The handset was lifted or put down."""
        if self._in_use(now):
            yield from self._connect("lifted")
        yield f"{'lifted' if self._hook and self._hook.lifted else 'down'} {time.monotonic_ns()}"

    def _in_use(self, now: float) -> bool:
        return self._hook is not None and self._hook.lifted and self._hook.believed(now)


def serve(keeper: Keeper, orders: int, answers: int, edges: int | None = None) -> None:
    """Obey the orders read from one file descriptor, answer on the other, until end of file.

    `edges`: where the hook sensor's levels can be read, a byte each, 1 or 0.
    """
    poll = select.poll()
    for source in (orders, edges):
        if source is not None:
            poll.register(source, select.POLLIN)
    rest = b""
    while True:
        left = keeper.remaining(time.monotonic())
        ready = [source for source, _ in poll.poll(None if left is None else left * 1000)]
        now = time.monotonic()
        said = list(keeper.expire(now))
        if edges is not None and edges in ready:
            for raw in os.read(edges, 64):
                said += keeper.hooked(bool(raw), now)
        if orders in ready:
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
    with output("relay", pin_factory(pins)):
        pass


def output(name: str, factory: Any) -> OutputDevice:
    """The output of that name, at rest."""
    pin = load_board()[name]
    return OutputDevice(pin.gpio, active_high=pin.active_high, initial_value=False, pin_factory=factory)


def main() -> None:
    import argparse  # for the process alone: the appliance imports this module for its words

    parser = argparse.ArgumentParser(prog="firmware.board.keeper")
    parser.add_argument("--pins", default="auto")
    parser.add_argument("--longest", type=float, default=LONGEST_CUT)
    parser.add_argument("--hook", action="store_true", help="there is a hook sensor")
    parser.add_argument("--supply", action="store_true", help="there is a local supply")
    args = parser.parse_args()
    for stop in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(stop, signal.SIG_IGN)
    try:
        factory = pin_factory(args.pins)
    except NoPins as error:
        sys.exit(str(error))
    with ExitStack() as devices:
        relay = devices.enter_context(output("relay", factory))
        supply = devices.enter_context(output("supply", factory)) if args.supply else None
        sensor = devices.enter_context(_Sensor(factory)) if args.hook else None
        keeper = Keeper(
            relay, longest=args.longest, supply=supply, hook=Hook(raw=sensor.raw) if sensor else None
        )
        devices.callback(keeper.let_go)
        with suppress(BrokenPipeError):
            os.write(sys.stdout.fileno(), b"ready\n")
            serve(keeper, sys.stdin.fileno(), sys.stdout.fileno(), sensor.edges if sensor else None)


class _Sensor:
    """The hook sensor's pin, its levels in a pipe: gpiozero calls back on a thread of its own."""

    def __init__(self, factory: Any) -> None:
        pin = load_board()["hook"]
        self.edges, write = os.pipe()
        self._device = DigitalInputDevice(pin.gpio, pull_up=pin.pull == "up", pin_factory=factory)
        self._device.when_activated = lambda: os.write(write, b"\1")
        self._device.when_deactivated = lambda: os.write(write, b"\0")
        self.raw = bool(self._device.is_active)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._device.close()


if __name__ == "__main__":
    main()
