"""What modems really printed, played into a pseudo-terminal in fragments; every second one's last caller is blocked."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from running import Running
from transcripts import CASES, Case

from firmware.lines.simulator import SimulatedModem

APPLIANCES = 8
QUIET_SECONDS = 0.6
OVER_WITHIN = 40.0


@dataclass
class Outcome:
    """What was seen of a recording: the calls, oldest first, and the relay's levels."""

    blocked: str | None
    calls: list[dict[str, Any]]
    relay: list[int]


def numbers(case: Case) -> list[str]:
    """The numbers that a recording presents, in order, each once."""
    return list(dict.fromkeys(event["number"] for event in case.expected if "number" in event))


def rings(case: Case) -> int:
    """How often a recording rings."""
    return sum(event["event"] != "caller_id" for event in case.expected)


def play(folder: Path, cases: list[tuple[int, Case]]) -> dict[str, Outcome]:
    modem = SimulatedModem(link=folder / "ttyACM0", seed=len(cases))
    outcomes = {}
    with Running(folder / "appliance", modem.link) as running:
        while not running.guarding():
            time.sleep(0.05)
        running.request("PATCH", "settings", {"silence_s": 3})
        for place, case in cases:
            outcomes[case.name] = observe(running, modem, case, block=place % 2 == 0)
    modem.close()
    return outcomes


def observe(running: Running, modem: SimulatedModem, case: Case, *, block: bool) -> Outcome:
    blocked = (
        next((number for number in reversed(numbers(case)) if number.isdigit()), None) if block else None
    )
    id = None
    if blocked:
        status, rule = running.request("POST", "rules", {"match": blocked, "action": "block"})
        assert status == 201, rule
        id = rule["id"]
    edges = len(running.edges("relay"))
    before = max((call["id"] for call in running.get("calls?limit=1")["calls"]), default=0)
    modem.send(case.bytes)
    time.sleep(QUIET_SECONDS)
    until = time.monotonic() + OVER_WITHIN
    while True:
        calls = [call for call in running.get("calls")["calls"] if call["id"] > before]
        connected = not blocked or running.edges("relay")[edges:][-1:] == [0]
        heard = {call["presented"] for call in calls} >= set(numbers(case))
        heard = heard and sum(call["rings"] for call in calls) >= rings(case)
        if (heard and connected and all(call["over"] for call in calls)) or time.monotonic() > until:
            break
        time.sleep(0.05)
    if id is not None:
        running.request("DELETE", f"rules/{id}")
    return Outcome(blocked, calls[::-1], running.edges("relay")[edges:])


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Outcome]]:
    places = list(enumerate(CASES))
    folders = [tmp_path_factory.mktemp(f"line{number}") for number in range(APPLIANCES)]
    with ThreadPoolExecutor(APPLIANCES) as pool:
        shares = [places[number::APPLIANCES] for number in range(APPLIANCES)]
        yield {name: seen for share in pool.map(play, folders, shares) for name, seen in share.items()}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_recorded_call_ends_as_it_must(case: Case, outcomes: dict[str, Outcome]) -> None:
    seen = outcomes[case.name]
    callers = [event for event in case.expected if event["event"] == "caller_id"]
    assert [call["presented"] for call in seen.calls if call["presented"]] == numbers(case)
    assert sum(call["rings"] for call in seen.calls) == rings(case)
    assert {call["name"] for call in seen.calls} - {None} == {
        event["name"] for event in callers if "name" in event
    }
    assert all(call["over"] for call in seen.calls)
    if not numbers(case):
        said = [event["absence"] for event in callers if "absence" in event]
        assert [call["absence"] for call in seen.calls][-1:] == (said[-1:] or [None][: len(seen.calls)])
    if seen.blocked:
        assert seen.relay == [1, 0]
        assert [call["presented"] for call in seen.calls if call["cut"]] == [seen.blocked]
    else:
        assert seen.relay == []
        assert not any(call["cut"] for call in seen.calls)
