"""What both readers fill: contacts, merged and within bounds, and what was odd about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from firmware.contacts import wording

MAX_CONTACTS = 50_000
MAX_NUMBERS = 20
MAX_GROUPS = 20
MAX_NAME = 100
MAX_LINES = 1_000_000


class Unreadable(ValueError):
    """No contacts can be read; the reason's code is the only argument."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A name, its telephone numbers as they were written, and the groups it was in."""

    name: str
    numbers: tuple[str, ...]
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """The contacts in the order of the file; how many entries had no telephone number (a
    card that only lists the members of a group is none); codes of what was odd.

    "columns_guessed": a table without a known heading; "cut": more than the bounds allow was left out; "merged":
    there were duplicates; "rounded": a spreadsheet lost digits of numbers (1.38E+10); "undecodable": characters of
    a name or group were lost; "unfinished": a card without its end, or a quotation mark that
    is never closed: what stands behind it may be missing.
    """

    contacts: tuple[Contact, ...]
    skipped: int
    notes: tuple[str, ...]


@dataclass(slots=True)
class Entry:
    """A contact while the file is being read: groups may come later."""

    name: str
    numbers: tuple[str, ...]
    groups: dict[str, None] = field(default_factory=dict)


class Book:
    """Collects entries; those with the same name and the same numbers become one."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, frozenset[str]], Entry] = {}
        self._added = 0
        self._skipped = 0
        self._notes: set[str] = set()

    def add(self, names: Iterable[str], numbers: Iterable[str], groups: Iterable[str]) -> Entry | None:
        """Take one entry, called by the first of `names` that is any; None where it has no number.

        Raises Unreadable "too_many".
        """
        self._added += 1
        if self._added > MAX_CONTACTS:
            raise Unreadable("too_many")
        dialled: dict[str, str] = {}
        for number in filter(None, map(wording.dialled, numbers)):
            dialled.setdefault(wording.digits(number), number)
        if not dialled:
            self._skipped += 1
            return None
        kept = tuple(dialled.values())[:MAX_NUMBERS]
        if len(dialled) > MAX_NUMBERS:
            self.note("cut")
        name = next(filter(None, map(self._plain, names)), kept[0])
        key = name, frozenset(map(wording.digits, kept))
        if key in self._entries:
            self.note("merged")
        entry = self._entries.setdefault(key, Entry(name, kept))
        for group in groups:
            self.put_in(entry, group)
        return entry

    def put_in(self, entry: Entry, group: str) -> None:
        """Add `entry` to a group."""
        name = self._plain(group)
        if not name or name in entry.groups:
            return
        if len(entry.groups) < MAX_GROUPS:
            entry.groups[name] = None
        else:
            self.note("cut")

    def note(self, code: str) -> None:
        self._notes.add(code)

    def reading(self) -> Reading:
        contacts = (
            Contact(entry.name, entry.numbers, tuple(entry.groups)) for entry in self._entries.values()
        )
        return Reading(tuple(contacts), self._skipped, tuple(sorted(self._notes)))

    def _plain(self, text: str) -> str:
        plain = wording.plain(text[: 10 * MAX_NAME])
        if len(plain) > MAX_NAME:
            self.note("cut")
        if "\ufffd" in plain:
            self.note("undecodable")
        return plain[:MAX_NAME].rstrip()
