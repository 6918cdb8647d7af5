"""The relay with its keeper as a process of its own, its edges read from the trace of gpiozero's mock pins."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from firmware.board.keeper import release
from firmware.board.relay import Relay

Wait = Callable[..., None]
Level = Callable[[str], int | None]

HOLDER = """
import sys, time
from firmware.board.relay import Relay
relay = Relay(pins=sys.argv[1])
relay.ready.wait(10)
relay.hold(60)
time.sleep(60)
"""


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[Relay]:
    relay = Relay(pins=f"mock:{tmp_path / 'pins'}", longest=1.0)
    assert relay.ready.wait(10)
    yield relay
    relay.close()


def keeper_pid(relay: Relay) -> int:
    assert relay._keeper is not None
    return relay._keeper.pid


def test_hold_cuts_and_connect_connects(relay: Relay, level: Level, wait_until: Wait) -> None:
    relay.hold(10)
    wait_until(lambda: relay.cut)
    assert level("relay") == 1
    relay.connect()
    wait_until(lambda: not relay.cut)
    assert level("relay") == 0


def test_a_lease_that_nobody_renews_runs_out(relay: Relay, level: Level, wait_until: Wait) -> None:
    relay.hold(0.1)
    wait_until(lambda: level("relay") == 1)
    wait_until(lambda: level("relay") == 0)


def test_the_longest_cut_ends_a_hold_that_is_renewed(relay: Relay, level: Level, wait_until: Wait) -> None:
    until = time.monotonic() + 1.5
    while time.monotonic() < until:
        relay.hold(10)
        time.sleep(0.05)
    assert level("relay") == 0


def test_a_killed_keeper_is_replaced_and_the_new_one_connects(
    relay: Relay, level: Level, wait_until: Wait
) -> None:
    relay.hold(10)
    wait_until(lambda: relay.cut)
    os.kill(keeper_pid(relay), signal.SIGKILL)
    wait_until(lambda: level("relay") == 0)
    wait_until(relay.ready.is_set)
    relay.hold(10)
    wait_until(lambda: level("relay") == 1)


def test_a_hung_keeper_is_replaced(relay: Relay, level: Level, wait_until: Wait) -> None:
    relay.hold(10)
    wait_until(lambda: relay.cut)
    os.kill(keeper_pid(relay), signal.SIGSTOP)

    def checked() -> bool:
        relay.check()
        return level("relay") == 0

    wait_until(checked)


def test_a_keeper_that_is_told_to_stop_still_connects_when_the_appliance_goes(
    relay: Relay, level: Level, wait_until: Wait
) -> None:
    relay.hold(10)
    wait_until(lambda: relay.cut)
    os.kill(keeper_pid(relay), signal.SIGTERM)
    assert level("relay") == 1
    relay.close()
    assert level("relay") == 0


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
def test_the_relay_connects_when_the_process_that_held_it_dies(
    tmp_path: Path, level: Level, wait_until: Wait, sign: signal.Signals
) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, f"mock:{tmp_path / 'pins'}"]) as holder:
        wait_until(lambda: level("relay") == 1)
        holder.send_signal(sign)
    wait_until(lambda: level("relay") == 0)


def test_release_connects_whatever_state_the_pin_was_left_in(tmp_path: Path, level: Level) -> None:
    (tmp_path / "pins").write_text("1 relay 1\n")
    release(f"mock:{tmp_path / 'pins'}")
    assert level("relay") == 0
