"""The first ring, with the cadences of real lines: what the handset hears of it, by what happens when."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from exchange import CHINA, DTMF, UK, US, WITH_NAME, Exchange
from running import Running

from firmware.lines.simulator import SimulatedModem

Wait = Callable[..., None]

LIFTED_AND_PUT_DOWN = "\x10H\x10h"
"""What ends a call for a modem that sees the hook (ITU-T V.253)."""
SALES, FRIEND = "16210120000", "13810120000"
TING = 0.6
"""Seconds that may be heard before the relay opens: three cycles, and what a busy machine adds."""
LIFTED_WITHIN_NS = 500_000_000
"""The aim is 20 ms; a busy machine may take longer, and tests/bench/lift.py measures it."""


@pytest.fixture(scope="module")
def modem(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedModem]:
    modem = SimulatedModem(link=tmp_path_factory.mktemp("dev") / "ttyACM0")
    yield modem
    modem.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, modem: SimulatedModem) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("first-ring")
    config = folder / "wiring.toml"
    config.write_text("[board]\nring = true\nhook = true\nsupply = true\n")
    with Running(folder, modem.link, "--config", str(config)) as running:
        yield running


@pytest.fixture
def exchange(running: Running, modem: SimulatedModem, wait_until: Wait) -> Iterator[Exchange]:
    wait_until(running.guarding)
    rules = running.get("rules")["rules"]
    if not rules:
        running.request("POST", "rules", {"match": "162*", "action": "block"})
    with Exchange(modem, running.folder / "pins") as exchange:
        yield exchange
        modem.send(LIFTED_AND_PUT_DOWN)
        time.sleep(0.3)  # less is a longer ring, and not another
        running.request("PATCH", "settings", {"first_ring": "ring"})
        wait_until(lambda: not calling(running) and running.get("status")["relay"] == "connected")


def calling(running: Running) -> bool:
    return bool(running.get("status")["line"]["state"] == "ringing")


def wish(running: Running, mode: str, **others: Any) -> None:
    status, answer = running.request("PATCH", "settings", {"first_ring": mode, "silence_s": 6} | others)
    assert status == 200, answer


def on_guard(running: Running, exchange: Exchange, wait_until: Wait) -> None:
    exchange.prove()
    wish(running, "guard")
    wait_until(lambda: running.get("status")["relay"] == "guard")


def test_muted_a_friend_is_heard_from_the_second_ring_on(running: Running, exchange: Exchange) -> None:
    wish(running, "mute")
    exchange.call(FRIEND, cadence=CHINA)
    first, second = exchange.heard()
    assert first <= TING
    assert second == 1.0


def test_muted_a_sales_call_is_not_heard(running: Running, exchange: Exchange) -> None:
    wish(running, "mute")
    exchange.call(SALES, cadence=US, message=WITH_NAME)
    first, second = exchange.heard()
    assert first <= TING
    assert second == 0.0


def test_muted_a_call_without_caller_id_is_heard_from_the_second_ring_on(
    running: Running, exchange: Exchange
) -> None:
    wish(running, "mute")
    exchange.call(None)
    first, second = exchange.heard()
    assert first <= TING
    assert second == 1.0


def test_as_it_is_everything_is_heard_until_the_verdict(running: Running, exchange: Exchange) -> None:
    wish(running, "ring")
    exchange.call(SALES)
    assert exchange.heard() == [1.0, 0.0]


@pytest.mark.parametrize(("cadence", "message"), [(UK, 0.54), (CHINA, DTMF)])
def test_where_the_number_comes_first_nothing_of_a_sales_call_is_heard(
    running: Running, exchange: Exchange, cadence: tuple[tuple[float, float], ...], message: float
) -> None:
    wish(running, "ring")
    exchange.call(SALES, cadence=cadence, message=message, before=True)
    assert exchange.heard() == [0.0, 0.0]


def test_where_the_number_comes_first_a_friend_is_heard_whole(running: Running, exchange: Exchange) -> None:
    wish(running, "mute")
    exchange.call(FRIEND, cadence=UK, before=True)
    assert exchange.heard() == [0.4, 0.4]


def test_a_handset_that_is_lifted_while_the_ring_is_muted_is_connected(
    running: Running, exchange: Exchange, wait_until: Wait
) -> None:
    exchange.prove()
    wish(running, "mute")
    ringing = threading.Thread(target=exchange.call, args=(FRIEND,), kwargs={"bursts": 1})
    ringing.start()
    wait_until(lambda: running.edges("relay")[-1:] == [1])
    exchange.hook(lifted=True)
    wait_until(lambda: running.edges("relay")[-1:] == [0], 1.0)
    ringing.join()
    exchange.hook(lifted=False)


def test_a_handset_that_is_lifted_at_the_moment_of_the_verdict_is_connected(
    running: Running, exchange: Exchange, modem: SimulatedModem, wait_until: Wait
) -> None:
    on_guard(running, exchange, wait_until)
    for number in (SALES, FRIEND):
        modem.result("RING")
        time.sleep(0.2)
        lifting = threading.Thread(target=exchange.hook, kwargs={"lifted": True})
        lifting.start()
        modem.caller(number)
        lifting.join()
        time.sleep(0.5)
        assert running.edges("relay")[-1] == 0
        exchange.hook(lifted=False)
        modem.send(LIFTED_AND_PUT_DOWN)
        wait_until(lambda: running.get("status")["relay"] == "guard")


def test_on_guard_a_lifted_handset_is_on_the_line_at_once(
    running: Running, exchange: Exchange, wait_until: Wait
) -> None:
    on_guard(running, exchange, wait_until)
    assert running.edges("supply")[-1] == 1
    lifted = exchange.hook(lifted=True)
    wait_until(lambda: running.edges("relay")[-1] == 0)
    assert last_edge(running) - lifted < LIFTED_WITHIN_NS
    time.sleep(1.5)
    assert running.edges("relay")[-1] == 0
    exchange.hook(lifted=False)
    wait_until(lambda: running.get("status")["relay"] == "guard")


def test_on_guard_a_friend_is_heard_from_the_second_ring_on_and_not_before(
    running: Running, exchange: Exchange, wait_until: Wait
) -> None:
    on_guard(running, exchange, wait_until)
    exchange.call(FRIEND)
    assert exchange.heard() == [0.0, 1.0]


def test_on_guard_a_sales_call_is_not_heard_at_all(
    running: Running, exchange: Exchange, wait_until: Wait
) -> None:
    on_guard(running, exchange, wait_until)
    exchange.call(SALES)
    assert exchange.heard() == [0.0, 0.0]
    wait_until(lambda: running.get("status")["relay"] == "guard")


def test_a_friend_who_calls_while_a_sales_call_rings_is_heard(
    running: Running, exchange: Exchange, wait_until: Wait
) -> None:
    on_guard(running, exchange, wait_until)
    exchange.call(SALES, bursts=1)
    exchange.call(FRIEND)
    assert exchange.heard() == [0.0, 1.0]


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGSTOP])
@pytest.mark.parametrize("state", ["mute", "cut", "guard"])
def test_a_dead_or_hung_appliance_leaves_the_handset_connected(
    running: Running,
    exchange: Exchange,
    modem: SimulatedModem,
    wait_until: Wait,
    state: str,
    sign: signal.Signals,
) -> None:
    if state == "guard":
        on_guard(running, exchange, wait_until)
    else:
        wish(running, state if state == "mute" else "ring", silence_s=3)
        exchange.ring(0.3)
        if state == "cut":
            modem.caller(SALES)
        wait_until(lambda: running.edges("relay")[-1:] == [1])
    os.kill(running.process.pid, sign)
    wait_until(lambda: running.edges("relay")[-1] == 0)
    if sign == signal.SIGSTOP:
        os.kill(running.process.pid, signal.SIGCONT)
    else:
        running.process.wait()
        running.start()
    wait_until(running.guarding)


def test_a_sensor_that_has_not_proved_itself_gets_no_guard(
    running: Running, exchange: Exchange, wait_until: Wait
) -> None:
    running.__exit__()
    running.start()
    wait_until(running.guarding)
    wish(running, "guard")
    time.sleep(1.2)
    status = running.get("status")
    assert status["relay"] == "connected"
    assert status["first_ring"] == {"mode": "mute", "why": "unproved", "possible": ["ring", "mute", "guard"]}


def test_outside_the_hours_the_first_ring_is_heard(running: Running, exchange: Exchange) -> None:
    yesterday = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"][time.localtime().tm_wday - 3]
    wish(running, "mute", first_ring_hours=f"{yesterday} 12:00-13:00")
    exchange.call(FRIEND, bursts=1)
    assert exchange.heard() == [1.0]
    wish(running, "ring", first_ring_hours="")


def last_edge(running: Running) -> int:
    """CLOCK_MONOTONIC ns of the relay's last edge."""
    edges = [line.split() for line in Path(running.folder / "pins").read_text("ascii").splitlines()]
    return max(int(at) for at, name, _ in edges if name == "relay")
