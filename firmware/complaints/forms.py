"""The authorities' forms as they ask today: a file each in `authorities`, which cites where its facts are from."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

LONGEST_ANSWER = 1000
PLAIN = "plain"
"""The form for the regions that have none of their own."""


class Fill(StrEnum):
    """Where the value of a field comes from."""

    FORM = "form"  # given on the form itself: a code, an agreement
    OWN = "own"  # the owner's details, kept once for all cases
    ANSWER = "answer"  # what the owner alone knows of this case
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    DURATION = "duration"
    RINGS = "rings"
    MANNER = "manner"
    KIND = "kind"
    SAID = "said"
    COUNT = "count"
    TIMES = "times"
    FIRST = "first"
    LAST = "last"


Words = Mapping[str, str]
"""What something means by the page's language ("en", "zh"); nothing where the form's own words are in it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a field's options. `under`: the seconds of talk below which it is the one, where it is about them."""

    code: str
    label: str
    means: Words
    under: float | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its label in the form's own words, and the least and most characters that it takes."""

    name: str
    fill: Fill
    label: str
    means: Words
    choices: tuple[Choice, ...] = ()
    least: int = 0
    most: int = LONGEST_ANSWER

    def choice(self, code: str | None) -> Choice | None:
        return next((one for one in self.choices if one.code == code), None)


@dataclass(frozen=True, slots=True)
class Table:
    """How the other calls of a case are listed below what was said, in the form's language."""

    heading: str
    line: str
    more: str


@dataclass(frozen=True, slots=True)
class ShortMessage:
    """To whom a complaint can be sent as a short message, with what, in how many characters, and what to know of it."""

    to: str
    text: str
    most: int
    means: Words


@dataclass(frozen=True, slots=True)
class Form:
    """An authority's form: for the lines of which regions, in which language, its fields in their order."""

    id: str
    regions: tuple[str, ...]
    language: str
    name: str
    means: Words
    before: Words
    address: str | None
    mail: str | None
    date: str
    time: str
    unknown: str
    fields: tuple[Field, ...]
    table: Table
    sms: ShortMessage | None

    def field(self, fill: Fill) -> Field | None:
        """The first field that is filled from there."""
        return next((field for field in self.fields if field.fill is fill), None)

    @property
    def kinds(self) -> tuple[Choice, ...]:
        field = self.field(Fill.KIND)
        return field.choices if field else ()


@cache
def all_forms() -> Mapping[str, Form]:
    """Every form by its id, the name of its file."""
    folder = files("firmware.complaints").joinpath("authorities")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return {
        name.removesuffix(".toml"): _form(
            name.removesuffix(".toml"), tomllib.loads(folder.joinpath(name).read_text("utf-8"))
        )
        for name in names
    }


def find_form(id: str) -> Form:
    """The form with this id, or the plain one where an earlier version knew another."""
    return all_forms().get(id) or all_forms()[PLAIN]


@cache
def forms_for(region: str) -> tuple[Form, ...]:
    """The forms for a line in a region (ISO 3166): those that know most kinds of call first; the plain one last."""
    own = [form for form in all_forms().values() if region in form.regions]
    return (*sorted(own, key=lambda form: -len(form.kinds)), all_forms()[PLAIN])


@cache
def kinds_for(region: str) -> tuple[Choice, ...]:
    """The kinds of harassment that the forms of a region know, each once."""
    own = [form for form in forms_for(region) if form.regions] or forms_for(region)
    return tuple({kind.code: kind for form in reversed(own) for kind in reversed(form.kinds)}.values())[::-1]


def kind_of(code: str, region: str) -> Choice | None:
    """A kind by its code, for a line in this region first and then in any."""
    known = (*kinds_for(region), *(kind for form in all_forms().values() for kind in form.kinds))
    return next((kind for kind in known if kind.code == code), None)


def _form(id: str, table: dict[str, Any]) -> Form:
    sms = table.get("sms")
    return Form(
        id=id,
        regions=tuple(table["regions"]),
        language=table["language"],
        name=table["name"],
        means=_words(table),
        before=_words(table["before"]),
        address=table.get("address"),
        mail=table.get("mail"),
        date=table["date"],
        time=table["time"],
        unknown=table["unknown"],
        fields=tuple(_field(field) for field in table["field"]),
        table=Table(**table["table"]),
        sms=ShortMessage(sms["to"], sms["text"], sms["most"], _words(sms)) if sms else None,
    )


def _field(table: dict[str, Any]) -> Field:
    return Field(
        name=table["name"],
        fill=Fill(table["fill"]),
        label=table["label"],
        means=_words(table),
        choices=tuple(
            Choice(one["code"], one["label"], _words(one), one.get("under"))
            for one in table.get("choices", ())
        ),
        least=table.get("least", 0),
        most=table.get("most", LONGEST_ANSWER),
    )


def _words(table: dict[str, Any]) -> Words:
    return {language: table[language] for language in ("en", "zh") if language in table}
