"""A rule: what the owner said about some callers, as it is written and as it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from firmware.call import Action, How
from firmware.numbers import is_protected, understand
from firmware.screening.matches import Match, Sort, expression, kept, match_from
from firmware.screening.schedule import Schedule, schedule

LONGEST_NOTE = 200
LONGEST_LINE_NAME = 40
FIELDS = {"match", "action", "note", "created", "how", "line", "when", "until", "on", "of"}


@dataclass(frozen=True, slots=True)
class Terms:
    """When and where a rule speaks, and how it rejects; None leaves it open, or to the owner's settings.

    `until` is UTC.
    """

    how: How | None = None
    line: str | None = None
    when: Schedule | None = None
    until: datetime | None = None

    def hold(self, line: str, at: datetime) -> bool:
        """Whether they hold for a call on `line` at the moment `at`, on the owner's clock."""
        return (
            (self.line is None or self.line == line)
            and (self.until is None or at < self.until)
            and (self.when is None or self.when.holds(at))
        )


ALWAYS = Terms()


@dataclass(frozen=True, slots=True)
class Rule:
    """What to do with the callers that `match`. `of` names the ready-made set to which it belongs."""

    match: Match
    action: Action
    note: str = ""
    terms: Terms = ALWAYS
    on: bool = True
    of: str | None = None

    def document(self) -> dict[str, Any]:
        """The rule as the store, the API and a backup have it; what is left open is left out."""
        terms = self.terms
        return {"match": self.match.text, "action": str(self.action), "note": self.note} | {
            name: value
            for name, value in (
                ("how", terms.how and str(terms.how)),
                ("line", terms.line),
                ("when", terms.when and terms.when.text),
                ("until", terms.until and terms.until.isoformat(timespec="seconds")),
                ("on", None if self.on else False),
                ("of", self.of),
            )
            if value is not None
        }


def rule_from(wish: Mapping[str, Any], region: str, area: str = "") -> Rule:
    """The rule that a person or program wishes for, in the form in which numbers are compared.

    `wish` has `match` and `action`, perhaps `note`, `how`, `line`, `when`, `until` (ISO 8601 with its offset), `on` and
    `of`. Raises ValueError with the name of the one that makes no sense, the code `protected`, or one of `match_from`.
    """
    given = {name: value for name, value in wish.items() if value not in (None, "")}
    rule = _over(match_from(_text(given, "match", ""), region, area), given)
    if rule.match.sort is Sort.NUMBER and rule.action is Action.BLOCK and _is_protected(rule.match, region):
        raise ValueError("protected")
    return rule


def rule_of(doc: Mapping[str, Any]) -> Rule:
    """The rule that a document of the store describes.

    Raises ValueError with the name of the field that makes no sense to this version, or `fields` for one that it does
    not know and that may narrow the rule.
    """
    if doc.keys() - FIELDS:
        raise ValueError("fields")
    text = _text(doc, "match", None)
    if not text:
        raise ValueError("match")
    match = kept(text)
    if match.sort is Sort.EXPRESSION:
        expression(text)
    return _over(match, doc)


def _over(match: Match, given: Mapping[str, Any]) -> Rule:
    """The rule over `match` of which everything else is given."""
    action = _one_of(Action, given, "action")
    if action is None:
        raise ValueError("action")
    on = given.get("on", True)
    if not isinstance(on, bool):
        raise ValueError("on")
    note, of = _text(given, "note", "", LONGEST_NOTE), _text(given, "of", None, LONGEST_LINE_NAME)
    return Rule(match, action, note, terms_of(given), on, of)


def terms_of(given: Mapping[str, Any]) -> Terms:
    """The terms of a wish or of a kept rule. Raises ValueError as `rule_from`."""
    when = _text(given, "when", None)
    return Terms(
        _one_of(How, given, "how"),
        _text(given, "line", None, LONGEST_LINE_NAME),
        schedule(when) if when else None,
        _moment(given.get("until")),
    )


def _is_protected(match: Match, region: str) -> bool:
    return is_protected(understand(match.text, region), region)


def _one_of(kind: Any, given: Mapping[str, Any], name: str) -> Any:
    value = given.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or value not in set(kind):
        raise ValueError(name)
    return kind(value)


def _text(given: Mapping[str, Any], name: str, default: Any, longest: int = 1000) -> Any:
    value = given.get(name, default)
    if value is not default and not (
        isinstance(value, str) and len(value) <= longest and value.isprintable()
    ):
        raise ValueError(name)
    return value


def _moment(text: Any) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC).replace(microsecond=0) if moment.tzinfo else _refused("until")
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError("until") from error


def _refused(name: str) -> datetime:
    raise ValueError(name)
