"""Contacts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from firmware.numbers import understand, without_punctuation

if TYPE_CHECKING:
    from firmware.contacts import Contact

from firmware.household.kept import Doc, Kept, is_plain, now_as_text, with_ids

MOST_NUMBERS = 20


class KeptContacts(Kept):
    """The people whom the owner knows."""

    def contacts(self, before: int | None = None, limit: int = 200) -> list[Doc]:
        """Contacts, newest first, older than the id `before`."""
        return with_ids(self._table("contacts").newest(limit, before=before))

    def contact(self, id: int) -> Doc | None:
        """The contact with this id, if there is one."""
        return self._found("contacts", id)

    def find_contacts(self, search: str, before: int | None = None, limit: int = 200) -> list[Doc]:
        """Contacts as `contacts` gives them, of those that have `search` in their name or in a number."""
        digits = without_punctuation(search).lstrip("0")
        found = self.screening.contacts.search(search.casefold(), digits)
        ids = sorted((id for id in found if before is None or id < before), reverse=True)
        documents = (self._found("contacts", id) for id in ids)
        return list(islice(filter(None, documents), limit))

    def add_contact(self, name: str, numbers: Iterable[str], groups: Iterable[str] = ()) -> Doc:
        """Keep a contact. Raises ValueError with the code `name`, `numbers` or `groups`, OSError."""
        doc = self._contact(name, numbers, groups)
        with self._changing:
            doc = self._keep("contacts", None, doc)
            self.screening.contacts.put(doc["id"], doc)
        self._on_change("contacts", doc["id"])
        return doc

    def change_contact(self, id: int, changes: Mapping[str, Any]) -> Doc | None:
        """Change some of a contact's `name`, `numbers` and `groups`; None where there is no such contact.

        Raises ValueError as `add_contact`, OSError.
        """
        with self._changing:
            before = self.contact(id)
            if before is None:
                return None
            wish = {**before, **changes}
            doc = self._contact(wish["name"], wish["numbers"], wish["groups"])
            doc = self._keep("contacts", id, doc | {"created": before["created"]})
            self.screening.contacts.change(id, before, doc)
        self._on_change("contacts", id)
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
                    doc = self._contact(contact.name, contact.numbers, contact.groups, whole=False)
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

    def _contact(
        self, name: str, numbers: Iterable[str], groups: Iterable[str], *, whole: bool = True
    ) -> Doc:
        """The document of a contact; of one that is not `whole`, numbers that cannot exist are left out."""
        name = name.strip()
        if not is_plain(name):
            raise ValueError("name")
        policy = self.screening.policy
        written = [number for number in islice(numbers, MOST_NUMBERS) if number.strip()]
        given = [understand(number, policy.region, policy.area) for number in written]
        normal = list(dict.fromkeys(number.normal for number in given if number.possible))
        if not normal or (whole and not all(number.possible for number in given)):
            raise ValueError("numbers")
        groups = list(islice(groups, MOST_NUMBERS))
        if not all(map(is_plain, groups)):
            raise ValueError("groups")
        return {"name": name, "numbers": normal, "groups": groups, "created": now_as_text()}
