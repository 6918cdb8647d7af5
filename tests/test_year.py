"""A recorded year: what the appliance makes of it as it comes, and what replay and restart make of it afterwards."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from firmware.appliance import Appliance
from firmware.call import Action, Call, CallerId, Reason
from firmware.household import screening_from
from firmware.replay import from_log, replay
from firmware.settings import Wiring

Wait = Callable[..., None]
BLOCKS = ("1621012", "1653321", "17021550", "171299", "02160551")
COURIERS = [f"1391002{place:04}" for place in range(6)]


def calls(days: int = 365) -> Iterator[Call]:
    """Two calls a day until today: platforms that take turns, couriers, and strangers."""
    random_ = random.Random(11)
    start = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days)
    for day in range(days):
        for hour in (1, 7):
            kind = random_.random()
            if kind < 0.7:
                block = BLOCKS[(day // 120 + random_.randrange(3)) % len(BLOCKS)]
                number = block + "".join(random_.choices("0123456789", k=11 - len(block)))
                talked = random_.choice([None, None, 2.5, 4.0, 12.0, 40.0])
            elif kind < 0.9:
                number, talked = random_.choice(COURIERS), random_.choice([None, 14.0, 35.0])
            else:
                number, talked = f"138{random_.randrange(10**8):08}", random_.choice([None, 90.0])
            yield Call(
                "modem",
                start + timedelta(days=day, hours=hour, seconds=random_.randrange(3600)),
                CallerId(number=number),
                rings=2,
                talked=talked,
                duration=8.0,
            )


def guarding(folder: Path) -> Appliance:
    return Appliance(Wiring(data=folder / "data", pins="mock", modem_port=str(folder / "none")))


@pytest.fixture
def lived(tmp_path: Path, wait_until: Wait) -> Path:
    """The folder of an appliance through whose switchboard a year of calls went."""
    with guarding(tmp_path) as appliance:
        appliance.household.change_settings({"pools": "block", "known_s": 0, "zone": "Asia/Shanghai"})
        appliance.household.add_contact("Mum", ["13910020001"])
        for call in calls():
            talked, call.talked = call.talked, None
            appliance.switchboard.take([call])
            call.over = True
            if call.verdict and call.verdict.action is Action.ALLOW:
                call.talked = talked
            appliance.switchboard.take([call])
        wait_until(lambda: len(appliance.calls_log) == 2 * 365, 30)
    return tmp_path


def test_a_year_is_judged_in_a_replay_as_it_was_live_and_a_restart_knows_what_was_known(lived: Path) -> None:
    with guarding(lived) as appliance:
        log = appliance.calls_log.since(datetime(2000, 1, 1, tzinfo=UTC))[::-1]
        verdicts = [call["verdict"] for call in log]
        screening = screening_from(appliance.db)
        replayed = [verdict for _, verdict in replay(map(from_log, log), screening)]
        assert [(one.action, one.reason, one.match) for one in replayed] == [
            (one["action"], one["reason"], one["match"]) for one in verdicts
        ]
        counted = Counter(one.reason for one in replayed)
        assert counted[Reason.POOL] > 200
        assert counted[Reason.DEFAULT] > 50
        now = datetime.now(UTC)
        cost = screening.policy.pool_cost
        pools = screening.pools.found(now, cost)
        assert len(pools) > 1
        assert appliance.household.screening.pools.found(now, cost) == pools
