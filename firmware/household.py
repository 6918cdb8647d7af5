"""What the household wants: rules, contacts, passes and settings, kept in the store and in force in the screening.

Whatever a method here has returned for is on disk. Judging never waits for it.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tinydb.table import Document

from firmware.call import Action, CallerId, Verdict
from firmware.numbers import prepare, segment, understand
from firmware.screening import (
    Caller,
    Contacts,
    Listed,
    Pass,
    Passes,
    Policy,
    Recent,
    Rule,
    Rulebook,
    Screening,
    explain,
    rule_from,
)
from firmware.screening.matches import Sort
from firmware.screening.remarks import Remark, remarks
from firmware.screening.sets import ready_made
from firmware.settings import SETTINGS, Owner, owner_from
from firmware.store import JournalTable, Store

if TYPE_CHECKING:
    from firmware.contacts import Contact

log = logging.getLogger(__name__)

LONGEST_NAME = 100
MOST_NUMBERS = 20
MOST_MINUTES = 24 * 60
ASSUMED_LINE = "modem"
NONSENSE = (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, RecursionError)
"""What a document of a backup can be refused with, whatever it has in it."""

_SEGMENT = re.compile(r"\+?\d{0,15}\*", re.ASCII)

Doc = dict[str, Any]


def owner_settings(db: Store) -> Owner:
    """What the owner has set, over the defaults."""
    return owner_from(db.table("settings").get(doc_id=1) or {})


def policy_from(owner: Owner) -> Policy:
    zone = str(owner["zone"])
    return Policy(
        region=str(owner["region"]),
        area=str(owner["area"]),
        withheld=Action(str(owner["withheld"])),
        unavailable=Action(str(owner["unavailable"])),
        redial=timedelta(seconds=int(owner["redial_s"])),
        zone=ZoneInfo(zone) if zone else None,
    )


def screening_from(db: Store) -> Screening:
    """The screening as the store has it, without its lists."""
    return Screening(
        Rulebook.load(db.table("rules").raw()),
        policy_from(owner_settings(db)),
        contacts=Contacts(_whole(db.table("contacts").raw(), "name", "numbers")),
        passes=Passes(Pass.of(id, doc) for id, doc in _whole(db.table("passes").raw(), "segments", "until")),
    )


def _whole(
    documents: Iterable[tuple[int, Mapping[str, Any]]], *fields: str
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The documents that have these fields: those of a version that knows others are left out."""
    for id, doc in documents:
        if all(field in doc for field in fields):
            yield id, doc
        else:
            log.error("document %d makes no sense here: it has no %s", id, " or ".join(fields))


def screening_over(tables: Mapping[str, Mapping[int, Mapping[str, Any]]]) -> Screening:
    """The screening as a backup has it, without its lists."""
    return Screening(
        Rulebook.load(tables.get("rules", {}).items()),
        policy_from(owner_from(tables.get("settings", {}).get(1, {}))),
        contacts=Contacts(_whole(tables.get("contacts", {}).items(), "name", "numbers")),
        passes=Passes(
            Pass.of(id, doc) for id, doc in _whole(tables.get("passes", {}).items(), "segments", "until")
        ),
    )


def caller_at(
    screening: Screening, presented: str, line: str = ASSUMED_LINE, at: datetime | None = None
) -> Caller:
    """Who presents the number `presented` on `line` at a moment, or now."""
    policy = screening.policy
    number = understand(presented, policy.region, policy.area)
    return Caller.of(
        CallerId(number=presented), number, line, (at or datetime.now(UTC)).astimezone(policy.zone)
    )


class Household:
    """The owner's wishes over the store `db`. `on_change` is told the kind and id of what has changed.

    The screening is compiled when it is first used; whoever needs it meanwhile waits.
    """

    def __init__(self, db: Store, *, on_change: Callable[[str, int], None] = lambda kind, id: None) -> None:
        self._db = db
        self._on_change = on_change
        self._changing = threading.RLock()
        self._owner = owner_settings(db)
        self._lists: tuple[Listed, ...] = ()
        self._screening: Screening | None = None
        self.recent = Recent()

    @property
    def screening(self) -> Screening:
        """What the wishes come to, in force."""
        if self._screening is None:
            with self._changing:
                if self._screening is None:
                    self._screening = self._compiled()
        return self._screening

    def _compiled(self) -> Screening:
        screening = screening_from(self._db)
        screening.recent, screening.lists = self.recent, self._lists
        return screening

    # Rules.

    def rules(self, before: int | None = None, limit: int = 200) -> list[Doc]:
        """Rules, newest first, older than the id `before`."""
        return _with_ids(self._table("rules").newest(limit, before=before))

    def rule(self, id: int) -> Doc | None:
        return self._found("rules", id)

    def rule_from(self, wish: Mapping[str, Any]) -> Rule:
        """The rule that a wish comes to here. Raises ValueError as the screening's `rule_from`."""
        policy = self.screening.policy
        return rule_from(wish, policy.region, policy.area)

    def add_rule(self, wish: Mapping[str, Any]) -> Doc:
        """Keep a rule. It replaces the one with the same match and terms. Raises ValueError, OSError."""
        rule = self.rule_from(wish)
        with self._changing:
            return self._keep_rule(self.screening.rules.same(rule), rule)

    def change_rule(self, id: int, changes: Mapping[str, Any]) -> Doc | None:
        """Change some of a rule's fields; None where there is no such rule. Raises ValueError, OSError."""
        with self._changing:
            doc = self.rule(id)
            if doc is None:
                return None
            return self._keep_rule(id, self.rule_from({**doc, **changes}))

    def remove_rule(self, id: int) -> bool:
        """Drop a rule; False when there is none. Raises OSError."""
        with self._changing:
            doc = self._remove("rules", id)
            if doc is not None:
                self.screening.rules.drop(id, doc["match"])
        if doc is not None:
            self._on_change("rules", id)
        return doc is not None

    def _keep_rule(self, id: int | None, rule: Rule) -> Doc:
        before = None if id is None else self.rule(id)
        created = before["created"] if before else _now()
        doc = self._keep("rules", id, {**rule.document(), "created": created})
        self.screening.rules.put(doc["id"], rule)
        if before and before["match"] != rule.match.text:
            self.screening.rules.leave(doc["id"], before["match"])
        self._on_change("rules", doc["id"])
        return doc

    def remarks(self, wish: Mapping[str, Any], id: int | None = None) -> list[Doc]:
        """How the rule of a wish stands to the others, as `{"code", "id", "match"}`; `id`: the rule that it changes.

        Raises ValueError as `rule_from`.
        """
        rule = self.rule_from(wish)
        found = remarks(rule, self._table("rules").raw(), self.screening.policy.region, id)
        if rule.match.sort is Sort.NUMBER and rule.action is Action.BLOCK:
            contact = self.screening.contacts.find(rule.match.text)
            if contact:
                found.insert(0, Remark("contact", *contact))
        return [remark._asdict() for remark in found]

    def trial(self, wishes: Iterable[Mapping[str, Any]]) -> tuple[Screening, Screening]:
        """The screening as it is, and as it would be with these rules; neither has seen a call. Raises ValueError."""
        rules = [self.rule_from(wish) for wish in wishes]
        before, after = screening_from(self._db), screening_from(self._db)
        before.lists = after.lists = self._lists
        for place, rule in enumerate(rules, 1):
            after.rules.put(after.rules.same(rule) or -place, rule)
        return before, after

    # Ready-made sets.

    def sets(self) -> list[Doc]:
        """Each ready-made set with whether it is on: whether all of its rules are kept and on."""
        kept = {(doc.get("of"), doc["match"]) for _, doc in self._table("rules").raw() if doc.get("on", True)}
        return [
            {
                "name": name,
                "on": all((name, rule.match.text) in kept for rule in self.set_rules(name)),
                "rules": list(wishes),
            }
            for name, wishes in ready_made(self.screening.policy.region).items()
        ]

    def set_rules(self, name: str) -> list[Rule]:
        """The rules of a set. Raises KeyError."""
        return [self.rule_from(wish) for wish in ready_made(self.screening.policy.region)[name]]

    def turn_set(self, name: str, *, on: bool) -> None:
        """Turn a ready-made set on or off; what the owner changed in it goes with it. Raises KeyError, OSError."""
        rules = self.set_rules(name)
        with self._changing:
            old = {id: doc for id, doc in self._table("rules").raw() if doc.get("of") == name}
            fresh = [{**rule.document(), "created": _now()} for rule in rules] if on else []
            ids = self._table("rules").write(dict.fromkeys(old), fresh)
            for id, doc in old.items():
                self.screening.rules.drop(id, doc["match"])
            for id, rule in zip(ids, rules, strict=False):
                self.screening.rules.put(id, rule)
        self._on_change("rules", 0)

    # Contacts.

    def contacts(self, before: int | None = None, limit: int = 200) -> list[Doc]:
        """Contacts, newest first, older than the id `before`."""
        return _with_ids(self._table("contacts").newest(limit, before=before))

    def add_contact(self, name: str, numbers: Iterable[str], groups: Iterable[str] = ()) -> Doc:
        """Keep a contact. Raises ValueError with the code `name`, `numbers` or `groups`, OSError."""
        doc = self._contact(name, numbers, groups)
        with self._changing:
            doc = self._keep("contacts", None, doc)
            self.screening.contacts.put(doc["id"], doc)
        self._on_change("contacts", doc["id"])
        return doc

    def import_contacts(self, contacts: Iterable[Contact]) -> tuple[int, int]:
        """Keep many contacts, all or none: how many are new, and how many were there already. Raises OSError.

        One that has the name of a kept contact and one of its numbers is that contact, and brings its other numbers.
        """
        with self._changing:
            table = self._table("contacts")
            kept = {place: dict(doc) for place, doc in table.raw()}
            known = {(doc["name"], number): doc for doc in kept.values() for number in doc["numbers"]}
            touched: set[int] = set()
            fresh: list[Doc] = []
            same = 0
            for contact in contacts:
                try:
                    doc = self._contact(contact.name, contact.numbers, contact.groups)
                except ValueError:
                    continue
                keys = [(doc["name"], number) for number in doc["numbers"]]
                old = next((known[key] for key in keys if key in known), None)
                if old is None:
                    old = doc
                    fresh.append(doc)
                else:
                    same += 1
                    touched.add(id(old))
                    for field in ("numbers", "groups"):
                        old[field] = list(dict.fromkeys([*old[field], *doc[field]]))[:MOST_NUMBERS]
                known |= dict.fromkeys(keys, old)
            changed = {place: doc for place, doc in kept.items() if id(doc) in touched}
            ids = table.write(changed, fresh)
            for place, doc in (*changed.items(), *zip(ids, fresh, strict=True)):
                self.screening.contacts.put(place, doc)
        self._on_change("contacts", 0)
        return len(fresh), same

    def remove_contact(self, id: int) -> bool:
        """Drop a contact; False when there is none. Raises OSError."""
        with self._changing:
            doc = self._remove("contacts", id)
            if doc is not None:
                self.screening.contacts.drop(id, doc)
        if doc is not None:
            self._on_change("contacts", id)
        return doc is not None

    def _contact(self, name: str, numbers: Iterable[str], groups: Iterable[str]) -> Doc:
        name = name.strip()
        if not _is_plain(name):
            raise ValueError("name")
        policy = self.screening.policy
        given = [understand(number, policy.region, policy.area) for number in islice(numbers, MOST_NUMBERS)]
        normal = list(dict.fromkeys(number.normal for number in given if number.possible))
        if not normal:
            raise ValueError("numbers")
        groups = list(islice(groups, MOST_NUMBERS))
        if not all(map(_is_plain, groups)):
            raise ValueError("groups")
        return {"name": name, "numbers": normal, "groups": groups, "created": _now()}

    # Passes.

    def passes(self) -> list[Doc]:
        """The passes that are open, newest first."""
        now = _now()
        found = [{"id": id, **doc} for id, doc in self._table("passes").raw() if not _expired(doc, now)]
        return found[::-1]

    def open_pass(self, minutes: int | None = None, segments: Iterable[str] | None = None) -> Doc:
        """Expect a courier: let numbers in `segments` through for `minutes`, which a courier pass that is open gains.

        What is not given is as the owner has set it. Raises ValueError with the code `minutes` or `segments`, OSError.
        """
        minutes = int(self._owner["courier_minutes"]) if minutes is None else minutes
        if isinstance(minutes, bool) or not 0 < minutes <= MOST_MINUTES:
            raise ValueError("minutes")
        chosen = self._segments(
            str(self._owner["courier_segments"]).split() if segments is None else segments
        )
        with self._changing:
            now = datetime.now(UTC)
            same = next((doc for doc in self.passes() if doc["segments"] == chosen and doc["until"]), None)
            start = max(now, datetime.fromisoformat(same["until"])) if same else now
            until = min(start + timedelta(minutes=minutes), now + timedelta(minutes=MOST_MINUTES))
            return self._keep_pass(same["id"] if same else None, chosen, until)

    def admit(self, normal: str) -> None:
        """Let a number through from now on, by a pass without an end: its caller is known. Raises OSError."""
        with self._changing:
            if not self.screening.passes.knows(normal):
                self._keep_pass(None, [normal], None)

    def end_pass(self, id: int) -> bool:
        """End a pass; False when there is none. Raises OSError."""
        with self._changing:
            doc = self._remove("passes", id)
            self.screening.passes.drop(id)
        if doc is not None:
            self._on_change("passes", id)
        return doc is not None

    def _keep_pass(self, id: int | None, segments: list[str], until: datetime | None) -> Doc:
        """Keep a pass, and throw those away that have expired."""
        now = _now()
        doc: Doc = {
            "segments": segments,
            "until": until and until.isoformat(timespec="seconds"),
            "created": now,
        }
        expired = [place for place, old in self._table("passes").raw() if place != id and _expired(old, now)]
        changes: dict[int, Doc | None] = dict.fromkeys(expired)
        if id is None:
            (id,) = self._table("passes").write(changes, [doc])
        else:
            self._table("passes").write({**changes, id: doc})
        for place in expired:
            self.screening.passes.drop(place)
        self.screening.passes.put(Pass.of(id, doc))
        self._on_change("passes", id)
        return {"id": id, **doc}

    def _segments(self, written: Iterable[str]) -> list[str]:
        region = self.screening.policy.region
        segments = {f"{segment(text.removesuffix('*'), region)}*" for text in written}
        if not 0 < len(segments) <= MOST_NUMBERS or not all(map(_SEGMENT.fullmatch, segments)):
            raise ValueError("segments")
        return sorted(segments)

    # Lists, which others keep.

    def place(self) -> tuple[str, str]:
        """The region and the area code of the line."""
        return self.screening.policy.region, self.screening.policy.area

    def borrow(self, lists: tuple[Listed, ...]) -> None:
        """Have the screening look callers up in these lists from now on."""
        with self._changing:
            self._lists = lists
            if self._screening is not None:
                self._screening.lists = lists

    # Settings.

    def settings(self) -> Owner:
        return dict(self._owner)

    def change_settings(self, changes: Mapping[str, Any]) -> Owner:
        """Keep what the owner changed, all or nothing. Raises ValueError with the name of what is wrong, OSError."""
        unknown = set(changes) - set(SETTINGS)
        if unknown:
            raise ValueError(min(unknown))
        checked = {name: SETTINGS[name].check(value) for name, value in changes.items()}
        with self._changing:
            owner = {**self._owner, **checked}
            self._table("settings").upsert(Document(owner, doc_id=1))
            self._owner = owner
            prepare(str(owner["region"]))
            self.screening.policy = policy_from(owner)
        self._on_change("settings", 1)
        return dict(owner)

    # The whole.

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

    def _sensible(self, tables: Mapping[str, Mapping[int, Mapping[str, Any]]]) -> dict[str, dict[int, Doc]]:
        def rule(doc: Mapping[str, Any]) -> Doc:
            return {**self.rule_from(doc).document(), "created": _moment(doc.get("created"))}

        def contact(doc: Mapping[str, Any]) -> Doc:
            found = self._contact(str(doc["name"]), map(str, doc["numbers"]), map(str, doc["groups"]))
            return {**found, "created": _moment(doc.get("created"))}

        def one_pass(doc: Mapping[str, Any]) -> Doc:
            found = Pass.of(0, {"segments": map(str, doc["segments"]), "until": doc["until"]})
            if not 0 < len(found.segments) <= MOST_NUMBERS or not all(map(_is_plain, found.segments)):
                raise ValueError("segments")
            until = found.until and found.until.astimezone(UTC).isoformat(timespec="seconds")
            return {
                "segments": list(found.segments),
                "until": until,
                "created": _moment(doc.get("created")),
            }

        readers: dict[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {
            "rules": rule,
            "contacts": contact,
            "passes": one_pass,
            "settings": owner_from,
        }
        fresh: dict[str, dict[int, Doc]] = {table: {} for table in readers}
        for table, read in readers.items():
            for id, doc in tables.get(table, {}).items():
                with suppress(*NONSENSE):
                    fresh[table][id] = dict(read(doc))
        return fresh

    # Verdicts on numbers.

    def judge(self, presented: str) -> Verdict:
        """The verdict on a number now."""
        return self.screening.judge(caller_at(self.screening, presented))

    def explain(self, presented: str, line: str = ASSUMED_LINE, at: datetime | None = None) -> Doc:
        """How a number would be judged at a moment, or now, step by step."""
        return explain(self.screening, caller_at(self.screening, presented, line, at))

    # The store.

    def _table(self, name: str) -> JournalTable:
        return self._db.table(name)

    def _found(self, table: str, id: int) -> Doc | None:
        doc = self._table(table).get(doc_id=id)
        return {"id": id, **doc} if isinstance(doc, Document) else None

    def _keep(self, table: str, id: int | None, doc: Doc) -> Doc:
        if id is None:
            (id,) = self._table(table).write({}, [doc])
        else:
            self._table(table).write({id: doc})
        return {"id": id, **doc}

    def _remove(self, table: str, id: int) -> Doc | None:
        doc = self._found(table, id)
        if doc is not None:
            self._table(table).remove(doc_ids=[id])
        return doc


def _with_ids(documents: Iterable[Document]) -> list[Doc]:
    return [{"id": doc.doc_id, **doc} for doc in documents]


def _is_plain(text: str) -> bool:
    return 0 < len(text) <= LONGEST_NAME and text.isprintable()


def _moment(text: object) -> str:
    """A moment as a backup has it, or now where it has none. Raises ValueError, OverflowError."""
    if text is None:
        return _now()
    return datetime.fromisoformat(str(text)).astimezone(UTC).isoformat(timespec="seconds")


def _expired(doc: Mapping[str, Any], now: str) -> bool:
    return doc["until"] is not None and doc["until"] <= now


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
