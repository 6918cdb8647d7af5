"""Which calls a visitor looks for: the filters in the address of the calls' page and of the API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from firmware.calls.statistics import Outcome, outcome_of
from firmware.numbers import without_punctuation
from firmware.numbers.place_names import in_english
from web.describing import here, who
from web.within import appliance

LONGEST = 64


@dataclass(frozen=True)
class Filters:
    """What is looked for; empty is anything.

    `text` is in the number, the name, what the owner said of the call, or what the number tells, as the visitor reads
    it, and as it is kept. `verdict` is an Outcome; `since` and `until` are days by the owner's clock, the last one
    included.
    """

    text: str = ""
    verdict: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Filters:
        """The filters that are given. Raises ValueError with the name of one that makes no sense."""
        if "verdict" in args and args["verdict"] not in tuple(Outcome):
            raise ValueError("verdict")
        return cls(
            " ".join(args.get("search", "")[:LONGEST].split()),
            args.get("verdict", ""),
            _day("since", args),
            _day("until", args),
        )

    @classmethod
    def filled_in(cls, args: Mapping[str, str]) -> Filters:
        """The filters of a form, whose empty fields say nothing. Raises as `of`."""
        return cls.of({name: value for name, value in args.items() if value})

    @property
    def given(self) -> dict[str, str]:
        """Those that are not empty, as an address has them."""
        found = {"search" if name == "text" else name: value for name, value in asdict(self).items()}
        return {name: value for name, value in found.items() if value}

    def find(
        self, *, before: int | None = None, down_to: int = 1, limit: int = 50
    ) -> tuple[list[dict[str, Any]], int | None]:
        """Calls before an id, as `Appliance.search` gives them."""
        if self.until:
            end = appliance().calls_log.first_since(_midnight(self.until, days=1))
            before = end if before is None else min(before, end)
        since = _midnight(self.since) if self.since else None
        return appliance().search(self._wanted(), before=before, down_to=down_to, since=since, limit=limit)

    def _wanted(self) -> Callable[[dict[str, Any]], bool]:
        text, digits = self.text.casefold(), without_punctuation(self.text).replace("*", "")
        told: dict[object, str] = {}

        def tells(number: str | None) -> str:
            """What a number tells, in words, which are few."""
            found = appliance().who(number)
            key = found and tuple(found.values())
            if key not in told:
                place = found["place"] if found else None
                told[key] = " ".join(
                    filter(None, (who(found), place, place and in_english(place)))
                ).casefold()
            return told[key]

        def wanted(call: dict[str, Any]) -> bool:
            if self.verdict and self.verdict != outcome_of(call["verdict"]):
                return False
            if not text:
                return True
            written = (call["name"], call["note"], call["said"])
            return (
                bool(digits) and any(digits in (call[name] or "") for name in ("number", "presented"))
            ) or any(text in part.casefold() for part in (*filter(None, written), tells(call["number"])))

        return wanted


def _day(name: str, args: Mapping[str, str]) -> str:
    if name not in args:
        return ""
    try:
        return date.fromisoformat(args[name][:10]).isoformat()
    except ValueError as error:
        raise ValueError(name) from error


def _midnight(day: str, days: int = 0) -> datetime:
    """The beginning of a day by the owner's clock, or of one `days` later."""
    zone = here(datetime.now().astimezone()).tzinfo
    then = date.fromisoformat(day)
    later = min(then, date.max - timedelta(days=days + 1)) + timedelta(days=days)
    return datetime.combine(max(later, date(1971, 1, 1)), time(), zone)
