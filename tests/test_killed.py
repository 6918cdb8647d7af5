"""SIGKILL at random moments while calls arrive and rules change: `--kills 200` for the long run."""

import itertools
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPException
from pathlib import Path

import pytest
from running import Running

from firmware.lines.simulator import Cadence, SimulatedModem

Wait = Callable[..., None]
CUT = "162*"
"""The rule by which calls are cut, which stays."""


@pytest.fixture
def modem(tmp_path: Path) -> Iterator[SimulatedModem]:
    """A modem on which blocked callers never stop ringing."""
    modem = SimulatedModem(link=tmp_path / "ttyACM0", seed=3)
    over = threading.Event()

    def ring() -> None:
        for number in itertools.count(16210000000):
            modem.call(str(number), rings=1, caller_id="dtmf", cadence=Cadence(0, 0.05))
            if over.wait(0.05):
                return

    thread = threading.Thread(target=ring)
    thread.start()
    yield modem
    over.set()
    thread.join()
    modem.close()


class Changes:
    """Rules as they must be: what was acknowledged, and what was asked when the answer never came."""

    def __init__(self, running: Running, rng: random.Random) -> None:
        self._running = running
        self._random = rng
        self._numbers = itertools.count(17000000000)
        self._acknowledged: dict[str, int] = {}
        self._asked: str | None = None
        self.count = 0

    def verify(self) -> None:
        found = {rule["match"]: rule["id"] for rule in self._running.get("rules?limit=200")["rules"]}
        differs = set(found.items()) ^ set(self._acknowledged.items())
        assert {match for match, _ in differs} <= {self._asked}, self._running.log()[-2000:]
        self._acknowledged, self._asked = found, None

    def make_one(self) -> None:
        if len(self._acknowledged) > 20 or (len(self._acknowledged) > 1 and self._random.random() < 0.4):
            removable = [rule for rule in sorted(self._acknowledged.items()) if rule[0] != CUT]
            self._asked, id = self._random.choice(removable)
            status, _ = self._running.request("DELETE", f"rules/{id}")
            assert status == 204
            del self._acknowledged[self._asked]
        else:
            self._asked = f"+86{next(self._numbers)}"
            body = {"match": self._asked, "action": "block"}
            status, answer = self._running.request("POST", "rules", body)
            assert status == 201
            self._acknowledged[self._asked] = answer["id"]
        self._asked = None
        self.count += 1


def test_what_was_acknowledged_survives_sigkill(
    tmp_path: Path, modem: SimulatedModem, wait_until: Wait, request: pytest.FixtureRequest
) -> None:
    kills = request.config.getoption("--kills")
    rng = random.Random(kills)
    with Running(tmp_path / "appliance", modem.link) as running:
        changes = Changes(running, rng)
        wait_until(running.guarding)
        assert running.request("POST", "rules", {"match": CUT, "action": "block"})[0] == 201
        changes._acknowledged[CUT] = running.get("rules")["rules"][0]["id"]
        for _ in range(kills):
            killer = threading.Timer(rng.uniform(0.0, 4.0), running.process.kill)
            killer.start()
            verified = False
            while running.process.poll() is None:
                try:
                    if not verified:
                        changes.verify()
                        verified = True
                    changes.make_one()
                except (OSError, HTTPException):
                    if verified:
                        break  # nothing more is asked, so that one change at most may be there or not
                    time.sleep(0.01)
            killer.join()
            running.process.wait(10)
            assert running.process.returncode == -signal.SIGKILL, running.log()[-2000:]
            wait_until(lambda: running.edges("relay")[-1:] != [1])
            running.start()
        wait_until(running.guarding)
        changes.verify()
        wait_until(lambda: 1 in running.edges("relay"))
        cuts = running.edges("relay").count(1)
    print(f"{kills} kills, {changes.count} changes acknowledged, {cuts} cuts")
    assert changes.count > kills
