"""A recorded year: what the appliance makes of it as it comes, and what replay and restart make of it afterwards."""

from __future__ import annotations

import io
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from firmware.appliance import Appliance
from firmware.call import Action, Call, CallerId, Reason
from firmware.calls.replay import from_log, replay
from firmware.household import screening_from
from firmware.wiring import Wiring

Wait = Callable[..., None]
DAYS = 365
GONE = 200
"""Of its days these lie behind, so that what the owner does now, by the clock, is done in the middle of it."""
BLOCKS = ("1621012", "1653321", "17021550", "171299", "02160551")
MARKED = "1652299"
"""A block of which somebody listened to three calls, and then said what they had been."""
REPORTED = "17166"
"""Blocks of which the list has every fiftieth number, and that call twice each."""
COURIERS = [f"1391002{place:04}" for place in range(6)]


def calls() -> Iterator[Call]:
    """Two calls a day and some more: platforms that take turns, couriers, and strangers."""
    random_ = random.Random(11)
    start = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=GONE)

    def call(day: int, hour: int, number: str, talked: float | None) -> Call:
        at = start + timedelta(days=day, hours=hour, seconds=random_.randrange(3600))
        return Call("modem", at, CallerId(number=number), rings=2, talked=talked, duration=8.0)

    for day in range(DAYS):
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
            yield call(day, hour, number, talked)
        if GONE - 20 <= day < GONE + 20 and day % 5 == 0:
            yield call(day, 9, f"{MARKED}{day * 47 % 10_000:04}", 40.0)
        if day % 3 == 0 and day > 250:
            yield call(day, 10, f"{REPORTED}{day // 12:02}{day * 3331 % 10_000 // 50 * 50 + 1:04}", 3.0)


def guarding(folder: Path) -> Appliance:
    return Appliance(Wiring(data=folder / "data", pins="mock", modem_port=str(folder / "none")))


@pytest.fixture
def lived(tmp_path: Path, wait_until: Wait) -> Path:
    """The folder of an appliance through whose switchboard a year of calls went."""
    listed = (f"{REPORTED}{place:06}\n" for place in range(0, 10**6, 50))
    with guarding(tmp_path) as appliance:
        appliance.household.change_settings({"pools": "block", "known_s": 0, "zone": "Asia/Shanghai"})
        appliance.household.add_contact("Mum", ["13910020001"])
        appliance.lists.start()
        appliance.lists.take_in("others", io.BytesIO("".join(listed).encode()))
        wait_until(lambda: appliance.household.screening.lists)
        year, now = list(calls()), datetime.now(UTC)
        behind = [call for call in year if call.started <= now]
        went(appliance, behind)
        wait_until(lambda: len(appliance.calls_log) == len(behind))
        for call in appliance.calls_log.newest(limit=100):
            if call["presented"].startswith(MARKED):
                appliance.remark(call["id"], kind="loans")
        went(appliance, year[len(behind) :])
        wait_until(lambda: len(appliance.calls_log) == len(year))
    return tmp_path


def went(appliance: Appliance, calls: list[Call]) -> None:
    for call in calls:
        talked, call.talked = call.talked, None
        appliance.switchboard.take([call])
        call.over = True
        if call.verdict and call.verdict.action is Action.ALLOW:
            call.talked = talked
        appliance.switchboard.take([call])


def test_a_year_is_judged_in_a_replay_as_it_was_live_and_a_restart_knows_what_was_known(lived: Path) -> None:
    with guarding(lived) as appliance:
        log = appliance.calls_log.since(datetime(2000, 1, 1, tzinfo=UTC))[::-1]
        verdicts = [call["verdict"] for call in log]
        screening = screening_from(appliance.db)
        screening.lists = appliance.household.screening.lists
        replayed = [verdict for _, verdict in replay(map(from_log, log), screening)]
        assert [(one.action, one.reason, one.match) for one in replayed] == [
            (one["action"], one["reason"], one["match"]) for one in verdicts
        ]
        counted = Counter(one.reason for one in replayed)
        assert counted[Reason.POOL] > 200
        assert counted[Reason.DEFAULT] > 50
        end = datetime.now(UTC) + timedelta(days=DAYS - GONE)
        pools = screening.found_pools(end)
        assert len(pools) > 1
        assert appliance.household.screening.found_pools(end) == pools


def test_a_replay_knows_a_mark_from_when_it_was_made_and_the_lists(lived: Path) -> None:
    with guarding(lived) as appliance:
        log = appliance.calls_log.since(datetime(2000, 1, 1, tzinfo=UTC))[::-1]

        def blocked(block: str, *, marks: bool = True, lists: bool = True) -> list[bool]:
            screening = screening_from(appliance.db)
            screening.lists = appliance.household.screening.lists if lists else ()
            calls = (from_log(call if marks else {**call, "marked": None}) for call in log)
            return [
                verdict.action is Action.BLOCK
                for call, verdict in replay(calls, screening)
                if call.number and call.number.startswith(block)
            ]

        marked = blocked(MARKED)
        assert marked == sorted(marked)
        assert 3 <= marked.count(False) < len(marked)
        assert not any(blocked(MARKED, marks=False))
        assert sum(blocked(REPORTED)) > sum(blocked(REPORTED, lists=False))
