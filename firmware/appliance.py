"""The appliance: builds the parts from the settings and connects them. Nothing else knows them all."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from queue import Queue
from typing import Any, Self

from sdnotify import SystemdNotifier
from tinydb.table import Document

from firmware.board.lamps import Lamps, Shows
from firmware.board.pins import pin_factory
from firmware.board.relay import Relay
from firmware.call import Action, Call, CallerId, Number, Verdict
from firmware.calllog import CallLog
from firmware.feed import Feed, News
from firmware.lines.modem import LineState, ModemLine
from firmware.numbers import is_protected, prepare, understand
from firmware.screening import Policy, Rulebook, Screening, explain, rule_from
from firmware.settings import SETTINGS, Owner, Wiring, owner_from
from firmware.store import Store, open_store

log = logging.getLogger(__name__)

SUPERVISE_SECONDS = 0.5
STUCK_SECONDS = 12.0
LEASE_MARGIN = 0.5
HEAD_START_SECONDS = 1.0


def owner_settings(db: Store) -> Owner:
    """What the owner has set, over the defaults."""
    return owner_from(db.table("settings").get(doc_id=1) or {})


def policy_from(owner: Owner) -> Policy:
    return Policy(
        region=str(owner["region"]),
        area=str(owner["area"]),
        withheld=Action(str(owner["withheld"])),
        unavailable=Action(str(owner["unavailable"])),
    )


def screening_from(db: Store) -> Screening:
    """The screening as the store has it."""
    return Screening(Rulebook.load(db.table("rules").raw()), policy_from(owner_settings(db)))


class Appliance:
    """A phone line, a verdict, a relay, and the memory of it all."""

    def __init__(self, wiring: Wiring) -> None:
        self.started = time.monotonic()
        self.wiring = wiring
        self.data = wiring.data
        self.lamps = Lamps(pin_factory(wiring.pins))
        wiring.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.db = open_store(wiring.data / "store.journal")
        self.relay = Relay(pins=wiring.pins, longest=wiring.longest_cut, on_change=self._relay_moved)
        for damage in self.db.damage:
            log.error("the store was damaged: %s", damage)
        self._rules = self.db.table("rules")
        self._changing = threading.Lock()
        self._owner = owner_settings(self.db)
        self.screening = screening_from(self.db)
        self.feed = Feed()
        self.calls_log = CallLog(
            wiring.data / "calls.journal",
            on_write=lambda call: self.feed.publish("call", call),
            retention=self._retention,
        )
        self.line = ModemLine(
            port=wiring.modem_port,
            probe=wiring.modem_probe,
            speed=wiring.modem_speed,
            init=wiring.modem_init,
            region=str(self._owner["region"]),
            silence=float(self._owner["silence_s"]),
            on_calls=self._calls_changed,
            on_state=self._line_changed,
        )
        self._ringing: Call | None = None
        self._systemd = SystemdNotifier()
        self._settled = threading.Event()
        self._closing = threading.Event()
        self._supervisor = threading.Thread(target=self._supervise, name="supervisor", daemon=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Begin to guard. The line has a head start on whatever comes after, until it guards or has a fault."""
        prepare(self.screening.policy.region)
        self.line.start()
        self._supervisor.start()
        self._settled.wait(HEAD_START_SECONDS)

    def ready(self) -> None:
        """Tell the system that the line is guarded and every service is up."""
        self._systemd.notify("READY=1")

    def close(self) -> None:
        """Stop, with handset and line connected."""
        self._systemd.notify("STOPPING=1")
        self._closing.set()
        self.relay.close()
        self.line.close()
        self.calls_log.close()
        self.lamps.close()
        self.db.close()

    # The way of a call: on the line's own thread, nothing here waits.

    def _calls_changed(self, calls: Sequence[Call]) -> None:
        for call in calls:
            self._act(call)
        self._show()
        for call in calls:
            self.calls_log.note(call)

    def _act(self, call: Call) -> None:
        """The verdict and the relay, before anything else."""
        if call.over:
            self._ringing = None
            self.relay.connect()
            call.verdict = call.verdict or self._verdict(call)
            return
        self._ringing = call
        if call.caller_id is None:
            return
        was_blocked = self._blocked(call)
        call.verdict = self._verdict(call)
        blocked, block_action = self._blocked(call), str(self._owner["block_action"])
        if blocked and "cut" in block_action:
            self.relay.hold(self.line.ringing.silence + LEASE_MARGIN)
        elif was_blocked:
            self.relay.connect()
        if blocked and not was_blocked and "hangup" in block_action:
            self.line.hang_up()

    def _verdict(self, call: Call) -> Verdict:
        """The verdict for what is known of a call by now, whose number is understood on the way."""
        presented = call.caller_id and call.caller_id.number
        call.number = self._understood(presented) if presented else None
        return self.screening.judge(call.caller_id, call.number)

    def _understood(self, presented: str) -> Number:
        policy = self.screening.policy
        return understand(presented, policy.region, policy.area)

    def _blocked(self, call: Call) -> bool:
        """Whether the call is to be rejected; asks once more whether the number is protected."""
        if call.number and is_protected(call.number, self.screening.policy.region):
            return False
        return call.verdict is not None and call.verdict.action is Action.BLOCK

    def _relay_moved(self, cut: bool, _at: int, cause: str) -> None:
        log.info("relay %s (%s)", "cut" if cut else "connected", cause)
        call = self._ringing
        if cut and call:
            call.cut = True
            self.calls_log.note(call)
        self._show()
        self._publish_status()

    def _line_changed(self, state: LineState) -> None:
        if state.state != "starting":
            self._settled.set()
        self._systemd.notify(f"STATUS={state.state} {state.fault or ''}")
        self._show()
        self._publish_status()

    def _show(self) -> None:
        if self.relay.cut:
            shows = Shows.CUT
        elif not self.relay.ready.is_set() or self.line.state.state == "fault":
            shows = Shows.FAULT
        elif self._ringing:
            shows = Shows.RINGING
        else:
            shows = Shows(self.line.state.state)
        if self.lamps.show(shows):
            self._publish_status()

    def _supervise(self) -> None:
        """Keep every part alive; feed the system's watchdog only while the line is being read."""
        while not self._closing.wait(SUPERVISE_SECONDS):
            try:
                self.relay.check()
                if not self.line.alive:
                    log.error("the line's thread has died: starting it again")
                    self.line.start()
                if time.monotonic() - self.line.pulse < STUCK_SECONDS:
                    self._systemd.notify("WATCHDOG=1")
                else:
                    self.relay.connect()
                self._show()
            except Exception:
                log.exception("the supervisor failed, and goes on")

    # What the page and the command ask for.

    def status(self) -> dict[str, Any]:
        """What is so now: line, modem, relay, lamps, counts, version, uptime in seconds."""
        state = asdict(self.line.state)
        today, blocked = self.calls_log.today(datetime.now(UTC))
        line = {"name": self.line.name} | {key: state.pop(key) for key in ("state", "fault", "hint")}
        if not self.relay.ready.is_set():
            line |= {"state": "fault", "fault": "relay"}
        elif self._ringing and line["state"] == "guarding":
            line["state"] = "ringing"
        return {
            "line": line,
            "modem": state,
            "relay": "cut" if self.relay.cut else "connected",
            "leds": dict(self.lamps.pattern),
            "pins": "simulated" if self.wiring.pins.startswith("mock") else "real",
            "counts": {
                "calls": len(self.calls_log),
                "rules": len(self.screening.rules),
                "today": today,
                "blocked_today": blocked,
            },
            "version": version("ringfence"),
            "uptime_s": round(time.monotonic() - self.started, 1),
        }

    def calls(self, before: int | None = None, limit: int = 50) -> list[dict[str, Any]]:
        """Calls, newest first, older than the id `before`."""
        return self.calls_log.newest(before=before, limit=limit)

    def call(self, id: int) -> dict[str, Any] | None:
        return self.calls_log.get(id)

    def rules(self, before: int | None = None, limit: int = 200) -> list[dict[str, Any]]:
        """Rules, newest first, older than the id `before`."""
        return [{"id": doc.doc_id, **doc} for doc in self._rules.newest(limit, before=before)]

    def add_rule(self, match: str, action: str, note: str = "") -> dict[str, Any]:
        """Keep a rule; it is on disk and in force when this returns. Replaces one that matches the same.

        Raises ValueError as `rule_from`, OSError when the disk refuses.
        """
        policy = self.screening.policy
        rule = rule_from(match, action, note, policy.region, policy.area)
        doc = {**asdict(rule), "created": datetime.now(UTC).isoformat(timespec="seconds")}
        with self._changing:
            id = self.screening.rules.id_of(rule.match)
            if id is None:
                id = self._rules.insert(doc)
            else:
                self._rules.upsert(Document(doc, doc_id=id))
            self.screening.rules.put(id, rule.match, rule.action)
        self.feed.publish("rules", {"id": id})
        return {"id": id, **doc}

    def remove_rule(self, id: int) -> bool:
        """Drop a rule, on disk when this returns; False when there is none."""
        with self._changing:
            doc = self._rules.get(doc_id=id)
            if not isinstance(doc, Document):
                return False
            self._rules.remove(doc_ids=[id])
            self.screening.rules.drop(doc["match"])
        self.feed.publish("rules", {"id": id})
        return True

    def judge(self, presented: str) -> Verdict:
        """The verdict on a number now."""
        return self.screening.judge(CallerId(number=presented), self._understood(presented))

    def explain(self, presented: str) -> dict[str, Any]:
        """How a number would be judged now, step by step."""
        return explain(self.screening, presented)

    def settings(self) -> dict[str, Any]:
        return dict(self._owner)

    def change_settings(self, changes: dict[str, Any]) -> dict[str, Any]:
        """Keep what the owner changed, all or nothing. Raises ValueError with the name of what is wrong."""
        unknown = set(changes) - set(SETTINGS)
        if unknown:
            raise ValueError(min(unknown))
        checked = {name: SETTINGS[name].check(value) for name, value in changes.items()}
        with self._changing:
            owner = {**self._owner, **checked}
            self.db.table("settings").upsert(Document(owner, doc_id=1))
            self._owner = owner
            prepare(str(owner["region"]))
            self.screening.policy = policy_from(owner)
            self.line.region = str(owner["region"])
            self.line.ringing.silence = float(owner["silence_s"])
        self._publish_status()
        return dict(owner)

    def subscribe(self) -> AbstractContextManager[Queue[News]]:
        return self.feed.subscribe()

    def _publish_status(self) -> None:
        self.feed.publish("status", {})

    def _retention(self) -> tuple[timedelta, int]:
        return timedelta(days=int(self._owner["retention_days"])), int(self._owner["retention_calls"])
