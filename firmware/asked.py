"""What the page and the command ask the appliance. Nothing here changes anything."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from firmware.attention import Attention
from firmware.board.buttons import Buttons
from firmware.board.first_ring import FirstRing
from firmware.board.lamps import Lamps
from firmware.board.relay import Relay
from firmware.calls.log import CallLog, as_document
from firmware.calls.statistics import Statistics
from firmware.household import Household
from firmware.lines import Line
from firmware.lines.modem import ModemLine
from firmware.lines.modem.traffic import printable
from firmware.lines.sip.account import without_password
from firmware.lines.sip.extensions import Extensions
from firmware.numbers import identify, look_alikes, understand
from firmware.numbers.normal import LOOK_ALIKE_DIGITS
from firmware.panel import present
from firmware.store import Store
from firmware.switchboard import Switchboard
from firmware.upkeep import Upkeep
from firmware.wiring import Wiring

MOST_RELATED = 200
"""How many calls of a number, and how many of its look-alikes, are told of it."""


class Asked:
    """The answers, from the parts that the appliance has."""

    attention: Attention
    buttons: Buttons
    calls_log: CallLog
    db: Store
    extensions: Extensions
    first_ring: FirstRing
    household: Household
    lamps: Lamps
    line: ModemLine
    lines: dict[str, Line]
    relay: Relay
    started: float
    statistics: Statistics
    switchboard: Switchboard
    upkeep: Upkeep
    wiring: Wiring

    def status(self) -> dict[str, Any]:
        """What is so now: line, modem, relay, lamps, counts, version, uptime in seconds."""
        from importlib.metadata import version

        modem = {
            key: value
            for key, value in asdict(self.line.state).items()
            if key not in ("state", "fault", "hint")
        }
        mode, why = self.first_ring.state
        today, blocked = self.calls_log.today(datetime.now(UTC))
        line = self._line(present(self.lines)[0])
        if not self.relay.ready.is_set():
            line |= {"state": "fault", "fault": "relay"}
        elif self.switchboard.ringing() and line["state"] == "guarding":
            line["state"] = "ringing"
        return {
            "line": line,
            "lines": [self._line(line) for line in list(self.lines.values())],
            "modem": modem,
            "relay": self.relay.state,
            "first_ring": {
                "mode": str(mode),
                "why": why,
                "possible": [str(possible) for possible in self.first_ring.possible],
            },
            "leds": dict(self.lamps.pattern),
            "shows": str(self.lamps.shows),
            "paused": self.household.paused(),
            "lifted": self.relay.lifted,
            "pressed": sorted(self.buttons.down),
            "jammed": sorted(self.buttons.jammed),
            "faults": sorted(self.faults()),
            "pins": "simulated" if self.wiring.pins.startswith("mock") else "real",
            "counts": {
                "calls": len(self.calls_log),
                "rules": len(self.household.screening.rules),
                "today": today,
                "blocked_today": blocked,
            },
            "version": version("ringfence"),
            "uptime_s": round(time.monotonic() - self.started, 1),
        }

    def faults(self) -> set[str]:
        """What does not work as it should now, by the codes of lines and parts."""
        lines = {line.state.fault for line in present(self.lines) if line.state.fault}
        parts = {"relay": not self.relay.ready.is_set(), "store": bool(self.db.fault)}
        return lines | self.upkeep.faults() | {part for part, fails in parts.items() if fails}

    def accounts(self) -> list[dict[str, Any]]:
        """The accounts at SIP registrars, without their passwords, each with what is known of its line."""
        found = []
        for id, account in self.household.accounts().items():
            line = self.extensions.line(id)
            state = None
            if line:
                state = asdict(line.state)
                state["state"] = self._state(line.name, state["state"])
            known = without_password(account.document())
            found.append({"id": id, **known, "has_password": bool(account.password), "line": state})
        return found

    def calls(self, before: int | None = None, limit: int = 50) -> list[dict[str, Any]]:
        """Calls, newest first, older than the id `before`; `who` is what the number tells."""
        return [self.with_who(call) for call in self.calls_log.newest(before=before, limit=limit)]

    def search(
        self,
        wanted: Callable[[dict[str, Any]], bool],
        *,
        before: int | None = None,
        down_to: int = 1,
        since: datetime | None = None,
        limit: int = 50,
    ) -> tuple[list[dict[str, Any]], int | None]:
        """Calls as `CallLog.search` gives them, with `who`; makes way for a call that comes."""
        found, more = self.calls_log.search(
            wanted, before=before, down_to=down_to, since=since, limit=limit, wait=self.attention.wait
        )
        return list(map(self.with_who, found)), more

    def call(self, id: int) -> dict[str, Any] | None:
        found = self.calls_log.get(id)
        return found and self.with_who(found)

    def who(self, number: str | None) -> dict[str, Any] | None:
        """What a call's number tells."""
        if not number:
            return None
        policy = self.household.screening.policy
        return asdict(identify(understand(number, policy.region, policy.area), policy.region))

    def with_who(self, call: dict[str, Any]) -> dict[str, Any]:
        """A call of the log, and in `who` what its number tells."""
        return {**call, "who": self.who(call["number"])}

    def alike(self, number: str | None) -> dict[str, str | None]:
        """What a call's number shares with others: its `segment` as rules write it, and its `pool` as it is named."""
        if not number:
            return {"segment": None, "pool": None}
        segment = look_alikes(understand(number, *self.household.place()))
        return {"segment": segment, "pool": self.household.pool_of(number)}

    def history(self, presented: str) -> dict[str, Any]:
        """A number's calls and its look-alikes', the latest of all that are kept, newest first.

        And their `segment` as rules write it.
        """
        understood = understand(presented, *self.household.place())
        number, segment = understood.normal, look_alikes(understood)
        own = self.calls_log.of(number, most=MOST_RELATED)
        alike = self.calls_log.like(number, LOOK_ALIKE_DIGITS, most=MOST_RELATED) if segment else []
        return {
            "segment": segment,
            "own": list(map(self.with_who, own)),
            "alike": list(map(self.with_who, alike)),
        }

    def heard(self) -> dict[str, Any] | None:
        """The call that rings, else the last since the start, with its caller ID `raw`, line by line as it came."""
        latest = self.switchboard.latest
        call = self.switchboard.ringing() or (latest and latest[0])
        if call is None:
            return None
        raw = call.caller_id.raw if call.caller_id else ""
        lines = [printable(line.encode("latin-1", "replace")) for line in raw.splitlines()]
        return {**self.with_who(as_document(call)), "raw": lines}

    def figures(self) -> dict[str, Any]:
        """What the last days came to, by the owner's clock, as `Statistics.figures`."""
        return self.statistics.figures(datetime.now(UTC), self.household.screening.policy.zone)

    def preview(self, wishes: Iterable[Mapping[str, Any]], days: int = 30) -> dict[str, Any]:
        """What rules would have changed in the last days, as `compare` tells. Raises ValueError as `rule_from`."""
        from firmware.calls.replay import compare, from_log

        before, after = self.household.trial(wishes)
        since = datetime.now(UTC) - timedelta(days=days)
        return compare(map(from_log, reversed(self.calls_log.since(since))), before, after)

    def _line(self, line: Line) -> dict[str, Any]:
        known = line.state
        state = self._state(line.name, known.state)
        return {"name": line.name, "state": state, "fault": known.fault, "hint": known.hint}

    def _state(self, name: str, state: str) -> str:
        """The state of a line, which is said to ring while it does."""
        return "ringing" if state == "guarding" and self.switchboard.ringing(name) else state
