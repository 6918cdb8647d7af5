"""The cases: which calls of the log each is about, what the owner answered, and how far it has come."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from itertools import islice
from typing import Any

from tinydb.table import Document

from firmware.call import Action
from firmware.complaints.filling import Case, Filled, by_itself, fill, short_message, takes_answer
from firmware.complaints.forms import Form, find_form, forms_for
from firmware.store import Changed, Changes, JournalTable, Store, back

Doc = dict[str, Any]

TABLE, OWN_TABLE = TABLES = "complaints", "complainant"
MOST_CASES = 1000
MOST_CALLS = 200
OPEN = "?"
LOOKED_THROUGH = 1000
"""Calls of the log, from the newest on, among which others of the same caller are looked for."""

LATELY = 200
"""Calls among which the last descriptions are looked for."""

LONGEST_REFERENCE = 100
LONGEST_REPLY = 2000
LONGEST_OWN = 200
OWN = ("mobile", "line", "name", "street", "email", "provider")
"""What forms ask of the owner."""

CHANGES = ("form", "answers", "state", "reference", "answer", "calls")
_NO_TEXT = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class State(StrEnum):
    """How far a case has come."""

    PREPARED = "prepared"
    FILED = "filed"
    ANSWERED = "answered"


class Complaints:
    """Cases over calls, kept in their `store`, which may be one that cannot be opened (OSError).

    `call` and `calls` read the log, `place` gives the line's region and area. `open_digits`: in how many of their last
    digits the numbers of one dialling platform differ, by one of them in its normal form. A case is about such numbers
    (`+861621012????`), and goes with the last of its calls. Every change is on disk when its method returns.
    """

    def __init__(
        self,
        store: Callable[[], Store],
        *,
        call: Callable[[int], Mapping[str, Any] | None],
        calls: Callable[[int], Sequence[Mapping[str, Any]]],
        place: Callable[[], tuple[str, str]],
        zone: Callable[[], tzinfo | None],
        open_digits: Callable[[str], int],
    ) -> None:
        self._store = store
        self._call = call
        self._calls = calls
        self._place = place
        self._zone = zone
        self._open_digits = open_digits
        self._changing = threading.RLock()
        self._case_of: dict[int, int] | None = None

    def cases(self, before: int | None = None, limit: int = 200) -> list[Doc]:
        """Cases, newest first, older than the id `before`."""
        return [{"id": doc.doc_id, **doc} for doc in self._table.newest(limit, before=before)]

    def case(self, id: int) -> Doc | None:
        doc = self._table.get(doc_id=id)
        return {"id": id, **doc} if isinstance(doc, Document) else None

    def case_of(self, call: int) -> int | None:
        """The id of the case that a call is in."""
        return self._index().get(call)

    def calls_of(self, case: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """The calls of a case, newest first."""
        found = (self._call(id) for id in sorted(case["calls"], reverse=True))
        return [call for call in found if call is not None]

    def prepare(self, call_id: int) -> Doc | None:
        """The case of a call: the one that it is in, or that is being prepared about its like, or a new one.

        A new one has the calls of its like that the owner marked or that were blocked. None where there is no such
        call. Raises ValueError with the code `most`, OSError.
        """
        with self._changing:
            known = self.case_of(call_id)
            call = self._call(call_id)
            if known is not None or call is None:
                return None if known is None else self.case(known)
            for case in self.cases(limit=MOST_CASES):
                if case["state"] == State.PREPARED and is_about(case["about"], call["number"]):
                    return self._keep(case["id"], {**case, "calls": [*case["calls"], call_id][-MOST_CALLS:]})
            if len(self._table) >= MOST_CASES:
                raise ValueError("most")
            about = self._about(call)
            alike = [other["id"] for other in self._others(about, [call_id]) if _unwanted(other)]
            doc: Doc = {
                "form": self._form_for(call).id,
                "about": about,
                "calls": sorted([call_id, *alike[: MOST_CALLS - 1]]),
                "answers": {},
                "state": State.PREPARED.value,
                "reference": "",
                "answer": "",
                "created": _now(),
                "filed": None,
            }
            return self._keep(None, doc)

    def offers(self, case: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Calls of the same like that are in no case, newest first."""
        return self._others(case["about"], case["calls"])

    def change(self, id: int, changes: Mapping[str, Any]) -> Doc | None:
        """Change some of CHANGES; None where there is no such case.

        `answers` changes those that it names, and an empty one is taken back. Raises ValueError with the name of what
        makes no sense, LookupError where the log has none of its calls, OSError.
        """
        with self._changing:
            case = self.case(id)
            if case is None:
                return None
            return self._keep(id, {**case, **self._checked(case, changes)})

    def remove(self, id: int) -> bool:
        """Drop a case, and leave its calls in the log; False where there is none. Raises OSError."""
        with self._changing:
            if self.case(id) is None:
                return False
            self._table.write({id: None})
            self._case_of = None
            return True

    def put_back(self, changes: Changes) -> None:
        """Take changes of cases and of the owner's details back, all or none.

        Raises Changed where one has been changed since, or a call of a case is gone or in another one; OSError.
        """
        with self._changing:
            for id, change in changes.get(TABLE, {}).items():
                case = back(self._table.get(doc_id=id), *change)
                for call in case["calls"] if case else ():
                    if self._call(call) is None or self.case_of(call) not in (None, id):
                        raise Changed
            self._store().put_back(changes)
            self._case_of = None

    def calls_gone(self, ids: Iterable[int]) -> None:
        """Take calls out that the log has dropped, and drop the cases that have none left. Raises OSError."""
        gone = set(ids)
        with self._changing:
            touched: dict[int, Doc | None] = {}
            for id in {case for call, case in self._index().items() if call in gone}:
                case = self.case(id)
                left = [call for call in case["calls"] if call not in gone] if case else []
                touched[id] = {**_document(case), "calls": left} if case and left else None
            if touched:
                self._table.write(touched)
                self._case_of = None

    def own(self) -> dict[str, str]:
        """What the owner has said of themselves for the forms, by the names of OWN."""
        doc = self._store().table(OWN_TABLE).get(doc_id=1)
        kept = doc if isinstance(doc, Document) else {}
        return {name: str(kept.get(name, "")) for name in OWN}

    def change_own(self, changes: Mapping[str, Any]) -> dict[str, str]:
        """Keep some of the owner's details. Raises ValueError with the name of what makes no sense, OSError."""
        unknown = changes.keys() - set(OWN)
        if unknown:
            raise ValueError(min(unknown))
        for name, text in changes.items():
            if not isinstance(text, str) or len(text) > LONGEST_OWN or not (text.isprintable() or not text):
                raise ValueError(name)
        with self._changing:
            own = {**self.own(), **changes}
            self._store().table(OWN_TABLE).write(
                {1: {name: text for name, text in own.items() if text} or None}
            )
            return own

    def filled(self, case: Mapping[str, Any], lead: int | None = None) -> tuple[list[Filled], str | None]:
        """The fields of a case's form, and the text of its short message where there is one.

        `lead`: the call that the form is about, where it is not the newest. Raises LookupError where no call is left.
        """
        about, form = self._facts(case, lead), find_form(case["form"])
        return fill(form, about), short_message(form, about)

    def said_lately(self, most: int = 6) -> list[str]:
        """The last things that the owner wrote down as said, each once."""
        said = (call.get("said") for call in self._calls(LATELY))
        return list(islice(dict.fromkeys(filter(None, said)), most))

    def _facts(self, case: Mapping[str, Any], lead: int | None = None) -> Case:
        calls = self.calls_of(case)
        first = next((call for call in calls if call["id"] == lead), calls[0])
        return Case(calls, first, case["answers"], self.own(), self._place()[0], self._zone())

    @property
    def _table(self) -> JournalTable:
        return self._store().table(TABLE)

    def _index(self) -> dict[int, int]:
        with self._changing:
            if self._case_of is None:
                self._case_of = {call: id for id, doc in self._table.raw() for call in doc["calls"]}
            return self._case_of

    def _keep(self, id: int | None, doc: Mapping[str, Any]) -> Doc:
        document = _document(doc)
        if id is None:
            (id,) = self._table.write({}, [document])
        else:
            self._table.write({id: document})
        self._case_of = None
        return {"id": id, **document}

    def _checked(self, case: Doc, changes: Mapping[str, Any]) -> Doc:
        unknown = changes.keys() - set(CHANGES)
        if unknown:
            raise ValueError(min(unknown))
        checked: Doc = {}
        if "form" in changes:
            if changes["form"] not in {form.id for form in forms_for(self._place()[0])}:
                raise ValueError("form")
            checked["form"] = changes["form"]
        form = find_form(str(checked.get("form", case["form"])))
        if "answers" in changes:
            checked["answers"] = self._answers(form, case, changes["answers"])
        for name, most in (("reference", LONGEST_REFERENCE), ("answer", LONGEST_REPLY)):
            if name in changes:
                checked[name] = _text(name, changes[name], most)
        if "state" in changes:
            if changes["state"] not in list(State):
                raise ValueError("state")
            filed = changes["state"] != State.PREPARED
            checked |= {"state": str(changes["state"]), "filed": (case["filed"] or _now()) if filed else None}
        if "calls" in changes:
            checked["calls"] = self._checked_calls(case, changes["calls"])
        return checked

    def _answers(self, form: Form, case: Doc, changes: Any) -> dict[str, str]:
        """The answers with what changes in them, but those that the log gives by itself."""
        if not isinstance(changes, dict):
            raise ValueError("answers")
        fields = {field.name: field for field in form.fields if takes_answer(field)}
        answers = dict(case["answers"])
        facts = self._facts(case)
        for name, given in changes.items():
            field = fields.get(name)
            if field is None:
                raise ValueError("answers")
            text = _text(name, given, field.most)
            if field.choices and text and field.choice(text) is None:
                raise ValueError(name)
            answers[name] = text
            if text in ("", by_itself(form, field, facts)):
                del answers[name]
        return answers

    def _checked_calls(self, case: Doc, ids: Any) -> list[int]:
        if not (isinstance(ids, list) and all(type(id) is int for id in ids) and 0 < len(ids) <= MOST_CALLS):
            raise ValueError("calls")
        for id in set(ids) - set(case["calls"]):
            if self._call(id) is None or self.case_of(id) is not None:
                raise ValueError("calls")
        return sorted(set(ids))

    def _about(self, call: Mapping[str, Any]) -> str | None:
        number = call["number"]
        if not number:
            return None
        left_open = min(self._open_digits(number), len(number))
        return f"{number[: len(number) - left_open]}{OPEN * left_open}"

    def _others(self, about: str | None, known: Iterable[int]) -> list[Mapping[str, Any]]:
        """The latest calls of the log from such numbers that are in no case, but those that are `known`."""
        taken = self._index().keys() | set(known)
        calls = self._calls(LOOKED_THROUGH) if about is not None else []
        return [call for call in calls if call["id"] not in taken and is_about(about, call["number"])][
            :MOST_CALLS
        ]

    def _form_for(self, call: Mapping[str, Any]) -> Form:
        """The region's first form that knows the call's kind, or its first."""
        forms = forms_for(self._place()[0])
        kind = call.get("kind")
        return next((form for form in forms if kind in {one.code for one in form.kinds}), forms[0])


def is_about(about: str | None, number: str | None) -> bool:
    """Whether a number is one of those that a case is about."""
    return (
        about is not None
        and number is not None
        and len(number) == len(about)
        and number.startswith(about.rstrip(OPEN))
    )


def is_case(doc: Mapping[str, Any]) -> bool:
    """Whether a document, as of a backup, is a case."""
    kinds = {"form": str, "calls": list, "answers": dict, "reference": str, "answer": str, "created": str}
    return (
        all(isinstance(doc.get(name), kind) for name, kind in kinds.items())
        and all(isinstance(doc.get(name), str | None) for name in ("about", "filed"))
        and doc.get("state") in list(State)
        and all(type(id) is int for id in doc["calls"])
        and all(isinstance(text, str) for text in doc["answers"].values())
    )


def _text(name: str, text: Any, most: int) -> str:
    if not isinstance(text, str) or len(text) > most or _NO_TEXT.search(text):
        raise ValueError(name)
    return text


def _unwanted(call: Mapping[str, Any]) -> bool:
    """Whether the owner has marked the call, or it was blocked."""
    return bool(call.get("kind")) or bool(call["verdict"] and call["verdict"]["action"] == Action.BLOCK)


def _document(case: Mapping[str, Any]) -> Doc:
    return {name: value for name, value in case.items() if name != "id"}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
