"""Callers, verdicts, rules and times in plain words, in the visitor's language and on the line's clock."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from math import ceil
from typing import Any

import phonenumbers
from flask import Flask
from flask_babel import format_date, format_decimal, get_locale, ngettext
from markupsafe import Markup, escape
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from firmware.complaints import kind_of
from firmware.numbers import segment, understand
from firmware.numbers.place_names import in_english
from firmware.screening.matches import RANGE_SIGN, Sort, kept
from firmware.screening.schedule import DAYS
from web.language import chosen, meaning, say
from web.within import household
from web.wording.callers import ABSENCES, CALLERS, KINDS, OPERATORS, country
from web.wording.rules import REMARKS

Doc = Mapping[str, Any]


def init_app(app: Flask) -> None:
    """Give templates these words."""
    app.jinja_env.filters.update(whom=whom, grouped=grouped)
    app.jinja_env.globals.update(
        caller_words=caller, told_words=told, who_words=who, verdict_words=verdict, whom_words=whom,
        number_words=number, when_words=when, day_words=day, clock_words=clock, second_words=second,
        moment_words=moment, talk_words=talk,
        days_of_week=days_of_week, pool_digits=pool_digits, pool_reasons=pool_reasons, pool_odds=pool_odds,
        about_words=about, kind_words=kind, seconds_words=seconds,
        day_and_clock_words=day_and_clock,
        date_words=date_of, time_words=time_of, number_here=format_decimal,
    )  # fmt: skip


def caller(call: Doc) -> str:
    """Who called, as a person writes it."""
    shown = call["presented"] or call["number"]
    return str(shown) if shown else str(ABSENCES[call["absence"]])


def who(identity: Doc | None) -> str:
    """What a number's digits tell: kind, operator, country unless it is the line's own, place. May be nothing."""
    if not identity:
        return ""
    kind, host = KINDS.get(identity["kind"]), identity["host"]
    if kind and host:
        kind = say("%(kind)s on %(network)s", kind=kind, network=OPERATORS.get(host, host))
    abroad = identity["country"] not in (None, household().place()[0])
    parts = (
        kind,
        OPERATORS.get(identity["operator"], identity["operator"]),
        country(identity["country"]) if abroad else None,
        place(identity["place"]),
    )
    return " · ".join(str(part) for part in parts if part)


def place(kept: str | None) -> str | None:
    """A place, or a part of its name, in the visitor's language where that is known."""
    return in_english(kept) if kept and chosen() == "en" else kept


def told(identity: Doc | None) -> list[tuple[str, str]]:
    """What a number's digits tell, each with its name."""
    if not identity:
        return []
    parts = (
        (say("Kind"), KINDS.get(identity["kind"])),
        (say("Operator"), OPERATORS.get(identity["operator"], identity["operator"])),
        (say("Host network"), OPERATORS.get(identity["host"], identity["host"])),
        (say("Place"), place(identity["place"])),
        (say("Country"), country(identity["country"]) if identity["country"] else None),
    )
    return [(name, str(words)) for name, words in parts if words]


def verdict(found: Doc | None) -> str:
    """What becomes of a call, and why."""
    if found is None:
        return say("Ringing")
    blocked = found["action"] == "block"
    told = found["match"] or ""
    match found["reason"]:
        case "protected":
            return say("Let through: an emergency or public-service number")
        case "contact":
            return say("Let through: %(name)s is one of your contacts", name=told)
        case "pause":
            return say("Let through: the blocking was paused")
        case "number" if blocked:
            return say("Blocked by your rule for this number")
        case "number":
            return say("Let through by your rule for this number")
        case "utility":
            return say("Let through: a public utility")
        case "pass" if told.endswith("*"):
            return say("Let through: a courier is expected")
        case "pass":
            return say("Let through: the number is known here")
        case "redial":
            return say("Let through: the caller tried again at once")
        case "rule" if blocked:
            return say("Blocked by your rule: %(match)s", match=whom(told))
        case "rule":
            return say("Let through by your rule: %(match)s", match=whom(told))
        case "list" if blocked:
            return say("Blocked: on the list %(name)s", name=told.rpartition(": ")[0])
        case "list":
            return say("Let through: on the list %(name)s", name=told.rpartition(": ")[0])
        case "pool":
            return say("Blocked: one of the look-alikes %(digits)s", digits=pool_digits(told))
        case "withheld" if blocked:
            return say("Blocked: the number is withheld")
        case "unavailable" if blocked:
            return say("Blocked: the number is unavailable")
        case "withheld" | "unavailable":
            return say("Let through: as your settings say")
    return say("Let through: no rule is against it")


def whom(text: str) -> str:
    """Whom a kept match is about."""
    try:
        found = kept(text)
    except ValueError:
        return text
    about = text.partition(":")[2]
    match found.sort:
        case Sort.NUMBER:
            return number(text)
        case Sort.EXPRESSION:
            return say("numbers that fit %(expression)s", expression=text)
        case Sort.NAME:
            return say("callers whose name has “%(text)s” in it", text=about)
        case Sort.ORIGIN if text.startswith("place:"):
            return say("numbers from %(place)s", place=place(about))
        case Sort.ORIGIN:
            return say("numbers of %(operator)s", operator=OPERATORS.get(about, about))
        case Sort.KIND | Sort.ANYONE:
            return str(CALLERS[about])
    low, sign, high = text.partition(RANGE_SIGN)
    if sign:
        return say("numbers from %(low)s to %(high)s", low=low, high=high)
    opening = text.removesuffix("*")
    if opening.removeprefix("+").isdecimal():
        return say("numbers that begin with %(digits)s", digits=opening)
    return say("numbers like %(pattern)s", pattern=text)


def about(shared: str | None) -> str:
    """Whom a complaint is about, by the digits that the callers share (`+861621012????`)."""
    if shared is None:
        return say("callers without a number")
    digits = shared.rstrip("?")
    return number(shared) if digits == shared else whom(f"{segment(digits, household().place()[0])}*")


def kind(code: str) -> str:
    """A kind of harassment, as its form names it, and what that means where it is in another language."""
    found = kind_of(code, household().place()[0])
    if found is None:
        return code
    words = meaning(found.means)
    return f"{found.label} ({words})" if words else found.label


def seconds(length: float) -> str:
    """How long something lasted, shortly."""
    return say("%(count)s s", count=round(length))


def number(normal: str) -> str:
    """A number as people dial it here."""
    return understand(normal, household().place()[0]).national


def grouped(text: str) -> Markup:
    """A number with its groups set apart as people write them there; who copies it gets its digits alone."""
    part = Markup('<span class="part">{}</span>')
    groups = _groups(text, household().place()[0])
    return Markup("").join(map(part.format, groups)) if groups else escape(text)


@lru_cache(1024)
def _groups(text: str, region: str) -> tuple[str, ...]:
    """The groups of a whole number; none where it has none, or is something else."""
    if not re.fullmatch(r"\+?\d{7,17}", text):
        return ()
    try:
        found = phonenumbers.parse(text, region)
    except NumberParseException:
        return ()
    if not phonenumbers.is_valid_number(found):
        return ()
    cut = (tuple(re.findall(r"[+\d]+", one)) for one in _written(found, region))
    return next((groups for groups in cut if "".join(groups) == text), ())


def _written(number: PhoneNumber, region: str) -> Iterator[str]:
    """A number in the ways in which it may be shown in a region."""
    yield phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    yield phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    yield phonenumbers.format_out_of_country_calling_number(number, region)


def when(text: str) -> str:
    """A kept schedule: mon-fri 22:00-07:00."""
    names = dict(zip(DAYS, days_of_week().values(), strict=True))
    return re.sub(r"[a-z]{3}", lambda day: names[day[0]], text).replace("-", "–")


def days_of_week() -> dict[str, str]:
    """The days of the week as schedules write them, and as people do."""
    words = get_locale().days["format"]["abbreviated"]
    return {day: words[place] for place, day in enumerate(DAYS)}


def pool_digits(match: str) -> str:
    """The numbers of a pool, with dots for what differs."""
    digits = match.rstrip("?")
    return digits + "·" * (len(match) - len(digits))


def pool_reasons(pool: Doc) -> str:
    """What speaks for a pool, and against it."""
    first, last = datetime.fromisoformat(pool["first"]), datetime.fromisoformat(pool["last"])
    days = max(1, ceil((last - first) / timedelta(days=1)))
    in_time = ngettext("%(num)s day", "%(num)s days", days)
    digits = pool["match"].rstrip("?")
    words = [
        ngettext(
            "%(num)s number from %(digits)s in %(time)s",
            "%(num)s different numbers from %(digits)s in %(time)s",
            pool["numbers"],
            digits=digits,
            time=in_time,
        )
    ]
    if pool["hung_up"]:
        words.append(
            ngettext("%(num)s hung up on within 8 s", "%(num)s hung up on within 8 s", pool["hung_up"])
        )
    if pool["marked"]:
        words.append(ngettext("%(num)s blocked by you", "%(num)s blocked by you", pool["marked"]))
    if pool["listed"]:
        words.append(ngettext("%(num)s on a list", "%(num)s on a list", pool["listed"]))
    if pool["reported"]:
        words.append(
            ngettext(
                "%(num)s number of %(digits)s is on the list",
                "%(num)s numbers of %(digits)s are on the list",
                pool["reported"],
                digits=digits,
            )
        )
    words.append(
        ngettext("%(num)s wanted", "%(num)s wanted", pool["wanted"]) if pool["wanted"] else say("none wanted")
    )
    if pool["stopped"]:
        words.append(ngettext("%(num)s call blocked", "%(num)s calls blocked", pool["stopped"]))
    return say(", ").join(map(str, words))


def pool_odds(pool: Doc) -> str:
    """What is to be expected of a pool."""
    odds = round(pool["odds"])
    return str(
        ngettext(
            "%(num)s unwanted call is to be expected to each wanted one",
            "%(num)s unwanted calls are to be expected to each wanted one",
            odds,
        )
    )


def remark(found: Doc) -> str:
    """What a person should know of a rule."""
    told = found["match"] if found["code"] == "contact" else whom(found["match"])
    return str(REMARKS[found["code"]]) % {"match": told}


def talk(seconds: float) -> str:
    """How long somebody talked."""
    if seconds < 60:
        return str(ngettext("talked for %(num)s second", "talked for %(num)s seconds", round(seconds)))
    return str(ngettext("talked for %(num)s minute", "talked for %(num)s minutes", int(seconds // 60)))


def day(started: str) -> str:
    """The day of an ISO 8601 time."""
    at = here(datetime.fromisoformat(started))
    days = (now().date() - at.date()).days
    if days in (0, 1):
        return say("Yesterday") if days else say("Today")
    return _date(at, "M月d日 EEE", "EEEE, d MMMM")


def clock(started: str) -> str:
    """The time of day of an ISO 8601 time."""
    return f"{here(datetime.fromisoformat(started)):%H:%M}"


def second(text: str) -> str:
    """The time of day of an ISO 8601 time, with its seconds."""
    return f"{here(datetime.fromisoformat(text)):%H:%M:%S}"


def moment(text: str) -> str:
    """An ISO 8601 time, with its day where that is not today."""
    at = here(datetime.fromisoformat(text))
    return clock(text) if at.date() == now().date() else f"{_date(at, 'M月d日', 'd MMM')} {clock(text)}"


def day_and_clock(started: str) -> str:
    """An ISO 8601 time in full, as on paper."""
    return f"{_day(here(datetime.fromisoformat(started)).date(), 'y年M月d日', 'd MMM y')} {clock(started)}"


def date_of(day: date) -> str:
    """A day of this year."""
    return _day(day, "M月d日", "d MMM")


def time_of(seconds: float) -> str:
    """A time as people say it, to the minute, or the half hour."""
    minutes = round(seconds / 60)
    if minutes < 120:
        return str(ngettext("about %(num)s minute", "about %(num)s minutes", max(1, minutes)))
    return say("about %(hours)s hours", hours=format_decimal(round(minutes / 30) / 2))


def network(found: Doc) -> str:
    """An operator, or the host of virtual ones, as the statistics name it."""
    host = found["host"]
    if host:
        return say("%(kind)s on %(network)s", kind=KINDS["mvno"], network=OPERATORS.get(host, host))
    return str(OPERATORS.get(found["operator"], found["operator"]))


def _date(at: datetime, chinese: str, english: str) -> str:
    """A day, with its year where that is not this one."""
    if at.year == now().year:
        return _day(at.date(), chinese, english)
    return _day(at.date(), f"y年{chinese}", f"{english} y")


def _day(day: date, chinese: str, english: str) -> str:
    return str(format_date(day, chinese if str(get_locale()) == "zh" else english))


def here(at: datetime) -> datetime:
    """A moment on the line's clock."""
    return at.astimezone(household().screening.policy.zone)


def now() -> datetime:
    return here(datetime.now().astimezone())


def written_moment(text: str) -> datetime | None:
    """The moment that a person gave in a form, by the line's clock; None where none was. Raises ValueError."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
        return here(at if at.tzinfo else at.replace(tzinfo=household().screening.policy.zone))
    except OverflowError as error:
        raise ValueError(text) from error
