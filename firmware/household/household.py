"""The household: all of its wishes, the settings among them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from tinydb.table import Document

from firmware.call import Absence, CallerId, Reason, Verdict
from firmware.household.accounts import KeptAccounts
from firmware.household.compiled import ASSUMED_LINE, caller_at, enter, owner_settings, policy_from
from firmware.household.contacts import KeptContacts
from firmware.household.kept import Doc, is_plain, now_as_text
from firmware.household.passes import MOST_SEGMENTS, KeptPasses
from firmware.household.pause import KeptPause
from firmware.household.pools import KeptPools
from firmware.household.rules import KeptRules
from firmware.numbers import prepare, understand
from firmware.screening import Caller, Listed, Says, explain, path
from firmware.screening.pools import is_match
from firmware.settings import SETTINGS, Owner, owner_from
from firmware.store import Changes

TAKEN_BACK = ("rules", "contacts", "passes", "pools", "pause", "settings", "sip")
"""The tables of which changes are taken back."""

NONSENSE = (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError)
"""What a document of a backup can be refused with, whatever it has in it."""


class Household(KeptRules, KeptContacts, KeptPasses, KeptPause, KeptPools, KeptAccounts):
    """The owner's wishes over the store `db`, as `Kept`."""

    def place(self) -> tuple[str, str]:
        """The region and the area code of the line."""
        return self.screening.policy.region, self.screening.policy.area

    def borrow(self, lists: tuple[Listed, ...]) -> None:
        """Have the screening look callers up in these lists from now on."""
        with self._changing:
            self._lists = lists
            if self._screening is not None:
                self._screening.lists = lists

    def settings(self) -> Owner:
        return dict(self._owner)

    def change_settings(self, changes: Mapping[str, Any]) -> Owner:
        """Keep what the owner changed, all or nothing. Raises ValueError with the name of what is wrong, OSError."""
        unknown = set(changes) - set(SETTINGS)
        if unknown:
            raise ValueError(min(unknown))
        checked = {name: SETTINGS[name].check(value) for name, value in changes.items()}
        with self._changing:
            kept = dict(self._table("settings").get(doc_id=1) or {})
            changed = {
                name: value
                for name, value in checked.items()
                if kept.get(name, SETTINGS[name].default) != value
            }
            if changed:
                self._table("settings").upsert(Document(changed, doc_id=1))
            self._settle()
        self._on_change("settings", 1)
        return self.settings()

    def _settle(self) -> None:
        """Have the settings of the store in force."""
        self._owner = owner_settings(self._db)
        prepare(str(self._owner["region"]))
        self.screening.policy = policy_from(self._owner)

    def restore(self, tables: Mapping[str, Mapping[int, Mapping[str, Any]]]) -> dict[str, int]:
        """Put the wishes of a backup in the place of all that there are, all or none. Raises OSError.

        Gives how many documents of each table were kept; one that makes no sense here is left out.
        """
        fresh = self._sensible(tables)
        with self._changing:
            kept = {
                table: {id: None for id, _ in self._table(table).raw()} | documents
                for table, documents in fresh.items()
            }
            self._db.replace(kept)
            self._owner = owner_settings(self._db)
            self._screening = self._compiled()
        for kind in fresh:
            self._on_change(kind, 0)
        return {table: len(documents) for table, documents in fresh.items()}

    def put_back(self, changes: Changes) -> None:
        """Take changes of TAKEN_BACK back, all or none.

        Raises Changed where one of them has been changed since, or its place is taken; OSError.
        """
        with self._changing:
            self._refuse_twins(changes.get("rules", {}))
            self._refuse_lines(changes.get("sip", {}))
            for table, documents in self._db.put_back(changes).items():
                for id, (before, after) in documents.items():
                    enter(self.screening, table, id, before, after)
            if "settings" in changes:
                self._settle()
        for table in changes:
            self._on_change(table, 0)

    def _sensible(self, tables: Mapping[str, Mapping[int, Mapping[str, Any]]]) -> dict[str, dict[int, Doc]]:
        def rule(doc: Mapping[str, Any]) -> Doc:
            return {**self.rule_from(doc).document(), "created": _moment(doc.get("created"))}

        def contact(doc: Mapping[str, Any]) -> Doc:
            found = self._contact(str(doc["name"]), map(str, doc["numbers"]), map(str, doc["groups"]))
            return {**found, "created": _moment(doc.get("created"))}

        def one_pass(doc: Mapping[str, Any]) -> Doc:
            segments, until = doc["segments"], doc["until"]
            if not (isinstance(segments, list) and 0 < len(segments) <= MOST_SEGMENTS):
                raise ValueError("segments")
            if not all(isinstance(text, str) and is_plain(text) for text in segments):
                raise ValueError("segments")
            return {
                "segments": segments,
                "until": None if until is None else _moment(until),
                "created": _moment(doc.get("created")),
                **({"said": True} if doc.get("said") is True else {}),
            }

        def answer(doc: Mapping[str, Any]) -> Doc:
            if not is_match(str(doc["match"])):
                raise ValueError("match")
            kept = {
                "match": str(doc["match"]),
                "answer": str(Says(doc["answer"])),
                "friends": int(doc["friends"]),
            }
            return {**kept, "created": _moment(doc.get("created"))}

        readers: dict[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {
            "rules": rule,
            "contacts": contact,
            "passes": one_pass,
            "pools": answer,
            "settings": owner_from,
        }
        fresh: dict[str, dict[int, Doc]] = {table: {} for table in readers}
        for table, read in readers.items():
            for id, doc in tables.get(table, {}).items():
                with suppress(*NONSENSE):
                    fresh[table][id] = dict(read(doc))
        fresh["sip"] = {}
        for id, doc in tables.get("sip", {}).items():
            with suppress(*NONSENSE):
                fresh["sip"][id] = self.account_of(id, doc)
        return fresh

    def forget_caller(self, normal: str | None) -> int:
        """Forget what a caller, or every caller (None), did, and know them no more; gives how many were known.

        Raises OSError.
        """
        with self._changing:
            screening = self.screening
            known = [
                one["id"]
                for one in self.known(limit=sys.maxsize)
                if normal is None or one["segments"] == [normal]
            ]
            for id in known:
                self.forget(id)
            screening.recent.forget(normal)
            if normal is None:
                screening.pools.clear()
            else:
                screening.pools.forget(understand(normal, *self.place()))
            return len(known)

    def wishes_about(self, normal: str) -> bool:
        """Whether a contact or a rule is about the caller with this very number."""
        steps = self.explain(normal)["steps"]
        return any(step["matched"] for step in steps if step["step"] in (Reason.CONTACT, Reason.NUMBER))

    def judge(self, presented: str) -> Verdict:
        """The verdict on a number now, as if there were no pause."""
        steps = self.screening.steps(caller_at(self.screening, presented))
        return next(step.verdicts[0] for step in steps if step.verdicts and step.reason is not Reason.PAUSE)

    def why(self, call: Mapping[str, Any]) -> list[Doc]:
        """How a call of the log would be judged if it came now, step by step."""
        policy = self.screening.policy
        presented = call["presented"]
        caller = Caller.of(
            CallerId(
                number=presented, name=call["name"], absence=call["absence"] and Absence(call["absence"])
            ),
            understand(presented, policy.region, policy.area) if presented else None,
            call["line"],
            datetime.now(UTC).astimezone(policy.zone),
        )
        return path(self.screening, caller)

    def explain(self, presented: str, line: str = ASSUMED_LINE, at: datetime | None = None) -> Doc:
        """How a number would be judged at a moment, or now, step by step."""
        return explain(self.screening, caller_at(self.screening, presented, line, at))


def _moment(text: object) -> str:
    """A moment as a backup has it, or now where it has none. Raises ValueError, OverflowError."""
    if text is None:
        return now_as_text()
    return datetime.fromisoformat(str(text)).astimezone(UTC).isoformat(timespec="seconds")
