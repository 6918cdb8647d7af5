"""The appliance: builds the parts from the settings and connects them. Nothing else knows them all."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import UTC, datetime, timedelta
from queue import Queue
from typing import Any, Self

from sdnotify import SystemdNotifier
from tinydb.table import Document

from firmware.asked import Asked
from firmware.attention import Attention
from firmware.backups.folder import Backups
from firmware.board.buttons import Buttons, Gesture
from firmware.board.display import Display
from firmware.board.first_ring import FirstRing, Mode, Wishes
from firmware.board.keeper import CONNECTED, CUT
from firmware.board.lamps import Lamps, Shows
from firmware.board.pins import pin_factory
from firmware.board.relay import Relay
from firmware.board.ringer import RingDetector
from firmware.board.trials import Trials
from firmware.call import Action, Call
from firmware.calls.log import CallLog
from firmware.calls.statistics import Statistics
from firmware.complaints import Complaints
from firmware.complaints.cases import OPEN
from firmware.complaints.cases import TABLES as CASES
from firmware.feed import Feed, News
from firmware.forgetting import Forgets, forget
from firmware.household import TAKEN_BACK, Household
from firmware.lines import Line, LineState
from firmware.lines.modem import ModemLine
from firmware.lines.sip.extensions import Extensions
from firmware.lines.sip.proxy.config import token
from firmware.lines.sip.proxy.settings import Proxy, proxy_from
from firmware.lists.shelf import TOKENS, Shelf
from firmware.notices.addresses import TABLE as ADDRESSES
from firmware.notices.notices import Notices
from firmware.numbers import look_alikes, prepare, understand
from firmware.numbers.normal import LOOK_ALIKE_DIGITS
from firmware.panel import shown, worst
from firmware.pool_news import PoolNews
from firmware.presses import Presses
from firmware.store import Changes, Store, open_store
from firmware.switchboard import Switchboard
from firmware.undo import Undo
from firmware.upkeep import Upkeep
from firmware.wiring import Wiring

log = logging.getLogger(__name__)

SUPERVISE_SECONDS = 0.5
STUCK_SECONDS = 12.0
HEAD_START_SECONDS = 1.0
RESTART_SECONDS = 1.0
"""After which whoever asked for a restart has had the answer."""
OUR_LOGS = ("firmware", "web")


class Appliance(Asked):
    """A phone line, a verdict, a relay, and the memory of it all."""

    def __init__(self, wiring: Wiring, *, on_restart: Callable[[], None] = lambda: None) -> None:
        self._on_restart = on_restart
        self.started = time.monotonic()
        self.wiring = wiring
        self.data = wiring.data
        pins = pin_factory(wiring.pins)
        self.feed = Feed()
        self.display = Display() if wiring.board_display else None
        self.lamps = Lamps(pins, buzzer=wiring.board_buzzer, on_change=self._publish_status)
        wiring.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.db = open_store(wiring.data / "store.journal")
        self.relay = Relay(
            pins=wiring.pins,
            longest=wiring.longest_cut,
            hook=wiring.board_hook,
            supply=wiring.board_supply,
            on_change=self._relay_moved,
        )
        for damage in self.db.damage:
            log.error("the store was damaged: %s", damage)
        self.attention = Attention()
        self.household = Household(self.db, on_change=self._wishes_changed)
        self.pools_found = PoolNews(self.household, lambda pool: self.feed.publish("pool", pool))
        self.calls_log = CallLog(
            wiring.data / "calls.journal",
            on_write=self._call_written,
            retention=self._retention,
            on_open=self._opened,
            on_drop=lambda ids: self.complaints.calls_gone(ids),
        )
        self.complaints = Complaints(
            self.calls_log.store,
            call=self.calls_log.get,
            calls=lambda limit: self.calls_log.newest(limit=limit),
            place=self.household.place,
            zone=lambda: self.household.screening.policy.zone,
            open_digits=self._open_digits,
        )
        self.lines: dict[str, Line] = {}
        self.switchboard = Switchboard(self.household, self.lines, self.calls_log.note)
        self.statistics = Statistics(
            self.calls_log.newest,
            place=self.household.place,
            wait=self.attention.wait,
            on_whole=lambda: self.feed.publish("statistics", {}),
        )
        self.line = ModemLine(
            relay=self.relay,
            port=wiring.modem_port,
            probe=wiring.modem_probe,
            speed=wiring.modem_speed,
            init=wiring.modem_init,
            region=str(self.household.settings()["region"]),
            silence=float(self.household.settings()["silence_s"]),
            on_calls=self._calls_changed,
            on_rehearsal=self._rehearse,
            attention=self.attention,
            on_state=self._line_changed,
        )
        self.lines[self.line.name] = self.line
        if proxy := proxy_from(wiring):
            behind = self._behind(proxy)
            self.lines[behind.name] = behind
        self.extensions = Extensions(
            self.lines, on_calls=self._calls_changed, on_state=lambda state: self._line_told()
        )
        self.lists = Shelf(
            self.db,
            wiring.data / "lists",
            place=self.household.place,
            lend=self.household.borrow,
            on_change=lambda id: self.feed.publish("lists", {"id": id}),
            lan=wiring.lists_lan,
        )
        self.notices = Notices(
            self.db,
            self.feed,
            self.calls_log,
            settings=self.household.settings,
            zone=lambda: self.household.screening.policy.zone,
            faults=self.faults,
            lan=wiring.notices_lan,
        )
        self.undo = Undo(
            self.db,
            {
                TAKEN_BACK: self.household.put_back,
                ("lists", TOKENS): self.lists.put_back,
                ("remarks",): self._remarks_back,
                CASES: self.complaints.put_back,
                (ADDRESSES,): self.notices.put_back,
            },
            self._stores,
        )
        self.backups = Backups(wiring.data, wiring.backup_roots, wait=self.attention.wait)
        self.upkeep = Upkeep(
            self.backups,
            wiring.data,
            settings=self.household.settings,
            retain=self._retain,
            on_change=self._publish_status,
        )
        self._presses = Presses(
            self.household,
            current=self.switchboard.ringing,
            latest=lambda: self.switchboard.latest,
            cut=self.switchboard.silence,
            connect=self.switchboard.let_ring,
        )
        self.first_ring = FirstRing(
            self.relay,
            detector=wiring.board_ring,
            hook=wiring.board_hook and wiring.board_supply,
            wishes=self._first_ring_wishes,
            call=lambda: self.switchboard.ringing(self.line.name),
            now=lambda: datetime.now(UTC).astimezone(self.household.screening.policy.zone),
        )
        self._detector = RingDetector(pins, on_ring=self.first_ring.rang) if wiring.board_ring else None
        self.buttons = Buttons(
            pins,
            on_gesture=self._pressed,
            on_down=lambda _: self._publish_status(),
            on_jammed=lambda _: self._show(),
        )
        self.trials = Trials(self.relay, self.lamps, ringing=lambda: self.switchboard.ringing() is not None)
        self._systemd = SystemdNotifier()
        self._settled = threading.Event()
        self._closing = threading.Event()
        self._supervisor = threading.Thread(target=self._supervise, name="supervisor", daemon=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Begin to guard. The line has a head start on whatever comes after, until it guards or has a fault.

        The rules are compiled while the modem is being set up; the line is guarded when both are done.
        """
        self._tell_as_set()
        for line in list(self.lines.values()):
            line.start()
        self.extensions.keep(self.household.accounts())
        prepare(str(self.household.settings()["region"]))
        _ = self.household.screening
        self._supervisor.start()
        self._settled.wait(HEAD_START_SECONDS)
        self.calls_log.start()

    def ready(self) -> None:
        """Tell the system that the line is guarded and every service is up. What can wait begins now."""
        self.lists.start()
        self.upkeep.start()
        self.notices.start()
        self.statistics.rebuild()
        self._systemd.notify("READY=1")

    def close(self) -> None:
        """Stop, with handset and line connected."""
        self._systemd.notify("STOPPING=1")
        self._closing.set()
        self.relay.close()
        for line in list(self.lines.values()):
            line.close()
        self.buttons.close()
        if self._detector:
            self._detector.close()
        self.lists.close()
        self.notices.close()
        self.upkeep.close()
        self.statistics.close()
        self.calls_log.close()
        self.lamps.close()
        if self.display:
            self.display.close()
        self.db.close()

    def _behind(self, proxy: Proxy) -> Line:
        """The line behind a SIP proxy that asks here, or decides by what is published."""
        if proxy.redis:
            from firmware.lines.sip.published.line import PublishedLine  # most boxes have none

            return PublishedLine(
                proxy,
                screening=lambda: self.household.screening,
                written=lambda call: call.id is not None and self.calls_log.get(call.id) is not None,
                on_calls=self._calls_changed,
                on_state=self._line_changed,
            )
        from firmware.lines.sip.proxy.line import ProxyLine

        return ProxyLine(
            port=proxy.events,
            token=token(self.data / "proxy"),
            on_calls=self._calls_changed,
            on_state=self._line_changed,
        )

    def _calls_changed(self, calls: Sequence[Call]) -> None:
        """On the line's thread: decide first, and then tell."""
        self.switchboard.take(calls)
        self._show()

    def _pressed(self, gesture: Gesture) -> None:
        """On the buttons' thread: do what a press asks for, and answer it."""
        try:
            answer = self._presses.take(gesture)
        except OSError:
            log.exception("a press could not be carried out")
            answer = Shows.REFUSED
        if answer:
            self.lamps.say(answer)
        self._show()

    def _rehearse(self, call: Call) -> None:
        call.verdict = self.switchboard.verdict(call)
        self.switchboard.blocked(call)
        self.relay.touch()

    def _relay_moved(self, state: str, _at: int, cause: str) -> None:
        log.info("relay %s (%s)", state, cause)
        call = self.line.rejected
        if state == CUT and call:
            call.cut = True
            self.calls_log.note(call)
        elif state == CONNECTED and call and call.over:
            self.line.rejected = None
        self._show()
        self._publish_status()

    def _opened(self, calls: Iterable[Document]) -> None:
        """On the log's thread: what callers did before the start."""
        self._recall(calls)
        self.pools_found.look(silently=True)

    def _recall(self, calls: Iterable[Mapping[str, Any]]) -> None:
        from firmware.calls.replay import recall

        recall(calls, self.household.screening)

    def _call_written(self, call: dict[str, Any]) -> None:
        """On the log's thread: count it, tell who is looking, and know a caller with whom somebody has talked."""
        if call["over"]:
            self.statistics.take(call)
        self.feed.publish("call", self.with_who(call))
        least = int(self.household.settings()["known_s"])
        blocked = call["verdict"] and call["verdict"]["action"] == Action.BLOCK
        if least and call["number"] and not blocked and (call["talked"] or 0) >= least:
            self.household.admit(call["number"])
        if call["over"]:
            self.pools_found.look()

    def _line_changed(self, state: LineState) -> None:
        _ = self.household.screening
        if state.state != "starting":
            self._settled.set()
        self._systemd.notify(f"STATUS={state.state} {state.fault or ''}")
        self._line_told()

    def _line_told(self) -> None:
        self._show()
        self._publish_status()

    def _show(self) -> None:
        ringing, latest = self.switchboard.ringing(), self.switchboard.latest
        shows, left = shown(
            self.relay,
            self.buttons,
            worst(self.lines),
            ringing,
            self.household,
            asking=self.pools_found.asking,
        )
        self.lamps.show(shows, left)
        if self.display:
            self.display.show(shows.replace("_", " "), *_briefly(ringing or (latest and latest[0])))

    def _supervise(self) -> None:
        """Keep every part alive; feed the system's watchdog only while the line is being read."""
        while not self._closing.wait(SUPERVISE_SECONDS):
            try:
                self.relay.check()
                self.first_ring.renew()
                lines = list(self.lines.values())
                for line in lines:
                    if not line.alive:
                        log.error("the thread of line %s has died: starting it again", line.name)
                        line.start()
                if all(time.monotonic() - line.pulse < STUCK_SECONDS for line in lines):
                    self._systemd.notify("WATCHDOG=1")
                else:
                    self.relay.connect()
                self._show()
            except Exception:
                log.exception("the supervisor failed, and goes on")

    # What the page and the command want done.

    def remark(self, id: int, **changes: str | None) -> dict[str, Any] | None:
        """Keep what the owner says of a call, as `CallLog.remark`, and tell who is looking."""
        found = self.calls_log.remark(id, **changes)
        return found and self._remarked(found, marked="kind" in changes)

    def _remarked(self, call: dict[str, Any], *, marked: bool) -> dict[str, Any]:
        if marked:
            self._recall([call])
            self.pools_found.look()
        shown = self.with_who(call)
        self.feed.publish("call", shown)
        return shown

    def _remarks_back(self, changes: Changes) -> None:
        self.calls_log.put_back(changes)
        for id, (before, after) in changes["remarks"].items():
            call = self.calls_log.get(id)
            if call:
                self._remarked(call, marked="kind" in {**(before or {}), **(after or {})})

    def _stores(self) -> list[Store]:
        """The stores in which an action may change something; a call log that cannot be opened is none."""
        with suppress(OSError):
            return [self.db, self.calls_log.store()]
        return [self.db]

    def forget(self, written: str | None, *, backups: bool = False) -> dict[str, Any]:
        """Forget the caller with a number, or every caller (None), for good; with `backups` delete those too.

        Gives how much each part forgot, in `backups` how many those were, and in `wished` whether a contact or a rule
        is still about that number. Raises ValueError with the code `number`, BackupFault, OSError.
        """
        normal = None if written is None else self.household.number_from(written)
        folder = str(self.household.settings()["backup_folder"])
        dropped = self.backups.drop(folder) if backups else 0
        parts: dict[str, Forgets] = {"calls": self.calls_log.forget, "known": self.household.forget_caller}
        self.undo.clear()
        gone = forget(normal, parts, (self.db, self.calls_log.store()), self.data)
        self.switchboard.latest = None
        self.pools_found.look(silently=True)
        self.statistics.rebuild()
        self._publish_status()
        wished = normal is not None and self.household.wishes_about(normal)
        return {**gone, "backups": dropped, "wished": wished}

    def restart(self) -> None:
        """Begin anew in a moment, as after a loss of power; handset and line are connected meanwhile."""
        log.warning("restarting, as the owner asks")
        threading.Timer(RESTART_SECONDS, self._on_restart).start()

    def subscribe(self, after: str | None = None) -> AbstractContextManager[Queue[News]]:
        """The news from now on, or since the mark `after`, as `Feed.subscribe`."""
        return self.feed.subscribe(after)

    def _wishes_changed(self, kind: str, id: int) -> None:
        if kind == "sip":
            self.extensions.keep(self.household.accounts())
            self._line_told()
        for line in list(self.lines.values()):
            line.reconsider()
        if kind in ("settings", "pools"):
            self.pools_found.look()
        if kind == "settings":
            settings = self.household.settings()
            self.line.region = str(settings["region"])
            self.line.ringing.silence = float(settings["silence_s"])
            self.lists.refresh_moved()
            self._tell_as_set()
            self.upkeep.look()
            self._publish_status()
        else:
            self.feed.publish(kind, {"id": id})
            if kind == "pause":
                self._publish_status()

    def _open_digits(self, normal: str) -> int:
        """In how many digits the numbers of a caller's pool differ, or else those that look alike."""
        pool = self.household.pool_of(normal)
        if pool is not None:
            return pool.count(OPEN)
        return LOOK_ALIKE_DIGITS if look_alikes(understand(normal, *self.household.place())) else 0

    def _publish_status(self) -> None:
        self.feed.publish("status", {})

    def _tell_as_set(self) -> None:
        """Log as much as the owner wants to know."""
        for name in OUR_LOGS:
            logging.getLogger(name).setLevel(str(self.household.settings()["log_level"]).upper())

    def _first_ring_wishes(self) -> Wishes:
        settings = self.household.settings()
        return Wishes(
            Mode(str(settings["first_ring"])), str(settings["first_ring_hours"]), str(settings["region"])
        )

    def _retain(self) -> None:
        self.calls_log.retain()
        self.undo.retain()

    def _retention(self) -> tuple[timedelta, int]:
        settings = self.household.settings()
        return timedelta(days=int(settings["retention_days"])), int(settings["retention_calls"])


def _briefly(call: Call | None) -> tuple[str, ...]:
    """Who calls or called, and what became of it, for a small display."""
    if call is None:
        return ()
    who = call.number.national if call.number else "no number"
    verdict = call.verdict
    return who, f"{verdict.action} ({verdict.reason})" if verdict else "..."
