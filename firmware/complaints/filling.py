"""What goes into the fields of a form: facts from the log, the owner's answers, and what was said, word for word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from firmware.complaints.forms import Choice, Field, Fill, Form
from firmware.numbers import understand

Doc = Mapping[str, Any]
ONCE_RINGS = 1
_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Filled:
    """A field with its `value` as the form wants it, empty where nobody knows it yet.

    `given`: as the owner answers it, the code of a choice or a text; `known`: whether the log tells it by itself.
    """

    field: Field
    value: str
    given: str
    known: bool

    @property
    def choice(self) -> Choice | None:
        return self.field.choice(self.given)

    @property
    def enough(self) -> bool:
        """Whether the form would take it: given, and as long as it wants."""
        return len(self.value) >= max(self.field.least, 1)

    @property
    def asked(self) -> bool:
        """Whether the owner is asked for it: what nobody else knows, or what they may know better."""
        if self.field.fill in (Fill.OWN, Fill.SAID, Fill.KIND, Fill.MANNER):
            return True
        return takes_answer(self.field) and not self.known


@dataclass(frozen=True, slots=True)
class Case:
    """What a form is filled from: the calls, newest first, the one that the form is about, and the owner's words.

    `answers` and `own`: by the names of fields; of a field with choices the code of one. `zone`: the line's clock.
    """

    calls: Sequence[Doc]
    lead: Doc
    answers: Mapping[str, str]
    own: Mapping[str, str]
    region: str
    zone: tzinfo | None = None


def fill(form: Form, case: Case) -> list[Filled]:
    """Every field of the form in its order. An answer of the owner goes before what the log says."""
    return [_filled(form, field, case) for field in form.fields]


def in_one_text(filled: Sequence[Filled], most: int | None = None) -> str:
    """The fields that have a value, a line each; of at most so many bytes in UTF-8.

    What is too long goes without the table of calls, and is cut with "…" where that is not enough.
    """
    text = _lines((one.field.label, one.value) for one in filled)
    if most is None or len(text.encode()) <= most:
        return text
    without = ((one.field.label, one.given if one.field.fill is Fill.SAID else one.value) for one in filled)
    return _cut(_lines(without), most)


def _lines(values: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"{label}: {value}" for label, value in values if value)


def short_message(form: Form, case: Case) -> str | None:
    """The text of the short message, in one line; None where the authority takes none."""
    if form.sms is None:
        return None
    values = {str(field.fill): _filled(form, field, case, table=False).value for field in form.fields}
    parts = {name: _one_line(values.get(name, "")) for name in ("number", "date", "time", "kind", "said")}
    return _one_line(form.sms.text.format(**parts))[: form.sms.most].rstrip()


def by_itself(form: Form, field: Field, case: Case) -> str:
    """What the log tells for a field without an answer: the code of a choice, or a text, which may be empty."""
    if field.choices:
        return _code(field, case) or ""
    if field.fill is Fill.SAID:
        return "\n".join(_said(case.calls))
    return _value(form, field, case)


def takes_answer(field: Field) -> bool:
    """Whether the owner may answer a field in a case: what the log cannot know, or may know wrong."""
    return field.fill in (Fill.ANSWER, Fill.SAID) or bool(field.choices)


def _filled(form: Form, field: Field, case: Case, *, table: bool = True) -> Filled:
    told = by_itself(form, field, case)
    given = case.answers.get(field.name) or told
    choice = field.choice(given)
    value = choice.label if choice else "" if field.choices else given
    if field.fill is Fill.SAID and table:
        value = _with_table(form, field, case, value)
    return Filled(field, value[: field.most], given, bool(told))


def _code(field: Field, case: Case) -> str | None:
    """Which of a field's choices the log tells; None where it does not."""
    lead = case.lead
    match field.fill:
        case Fill.KIND:
            return _most_common(case.calls, field)
        case Fill.MANNER if lead["talked"] is None and lead["rings"] <= ONCE_RINGS and not lead["cut"]:
            return "once"
        case Fill.DURATION:
            seconds = 0.0 if lead["talked"] is None and lead["cut"] else lead["talked"]
            if seconds is None:
                return None
            fits = (one for one in field.choices if one.under is not None and seconds < max(one.under, 0.1))
            return next((one.code for one in fits), None)
        case Fill.OWN | Fill.ANSWER if len(field.choices) == 1:
            return field.choices[0].code
    return None


def _value(form: Form, field: Field, case: Case) -> str:
    lead, same = case.lead, [call for call in case.calls if call["number"] == case.lead["number"]]
    match field.fill:
        case Fill.OWN:
            return case.own.get(field.name, "")
        case Fill.NUMBER:
            return _number(form, lead, case)
        case Fill.DATE:
            return f"{_at(lead, case):{form.date}}"
        case Fill.TIME:
            return f"{_at(lead, case):{form.time}}"
        case Fill.RINGS:
            return str(lead["rings"])
        case Fill.COUNT:
            return str(len(same))
        case Fill.FIRST:
            return f"{_at(same[-1], case):{form.date}}"
        case Fill.LAST:
            return f"{_at(same[0], case):{form.date}}"
        case Fill.TIMES:
            return _within(
                [f"{_at(call, case):{form.date} {form.time}}" for call in same], field.most, form.table.more
            )
    return ""


def _with_table(form: Form, field: Field, case: Case, said: str) -> str:
    """What was said, and below it the other calls of the case, as many as the field takes."""
    others = [call for call in case.calls if call is not case.lead]
    said = said[: field.most]
    if not others:
        return said
    lines = [
        form.table.line.format(
            number=_number(form, call, case),
            date=f"{_at(call, case):{form.date}}",
            time=f"{_at(call, case):{form.time}}",
        )
        for call in others
    ]
    opening = f"{said}\n\n" if said else ""
    opening += form.table.heading.format(count=len(others)) + "\n"
    rows = _within(lines, field.most - len(opening), form.table.more)
    return opening + rows if rows else said


def _within(lines: Sequence[str], most: int, more: str) -> str:
    """As many lines as fit in `most` characters, and how many there are more; nothing where none fits."""
    text = "\n".join(lines)
    if len(text) <= most:
        return text
    for count in range(len(lines) - 1, 0, -1):
        text = "\n".join([*lines[:count], more.format(count=len(lines) - count)])
        if len(text) <= most:
            return text
    return ""


def _said(calls: Sequence[Doc]) -> list[str]:
    """What was said in these calls, each once, as it was written down."""
    return list(dict.fromkeys(call["said"] for call in calls if call.get("said")))


def _most_common(calls: Sequence[Doc], field: Field) -> str | None:
    """The kind that most of the calls are marked with, among those that the form knows."""
    marked = Counter(call["kind"] for call in calls if call.get("kind") and field.choice(call["kind"]))
    return next((code for code, _ in marked.most_common(1)), None)


def _number(form: Form, call: Doc, case: Case) -> str:
    return understand(call["number"], case.region).national if call["number"] else form.unknown


def _at(call: Doc, case: Case) -> datetime:
    return datetime.fromisoformat(call["started"]).astimezone(case.zone)


def _one_line(text: str) -> str:
    return _BLANK.sub(" ", text).strip()


def _cut(text: str, most: int) -> str:
    octets = text.encode()
    if len(octets) <= most:
        return text
    return octets[: most - len("…".encode())].decode("utf-8", "ignore") + "…"
