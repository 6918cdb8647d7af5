"""What codes and calls mean in plain words, in the visitor's language."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, request
from flask_babel import format_date, get_locale, gettext, lazy_gettext

from web import language

FAULTS = {
    "no_modem": (
        lazy_gettext("No modem found"),
        lazy_gettext("Plug the modem in. Calls come through as if the box were not there."),
    ),
    "silent": (
        lazy_gettext("The modem does not answer"),
        lazy_gettext("It is being tried again and again. If this stays, unplug it for ten seconds."),
    ),
    "lost": (
        lazy_gettext("The modem was lost"),
        lazy_gettext("Check its plug. It is found again by itself, under whatever name."),
    ),
    "no_caller_id": (
        lazy_gettext("The modem knows no caller ID"),
        lazy_gettext("Another modem is needed: one with caller ID (来电显示)."),
    ),
    "relay": (
        lazy_gettext("The relay cannot be driven"),
        lazy_gettext("Run `ringfence doctor`. Handset and line stay connected."),
    ),
}

HINTS = {
    "country_refused": lazy_gettext(
        "The modem does not know this country, and may miss the caller ID of its lines."
    ),
    "caller_id_never_comes": lazy_gettext(
        "Calls keep coming without any caller ID. Ask your operator to switch the service on (来电显示)."
    ),
}

STATES = {
    "starting": lazy_gettext("Starting"),
    "guarding": lazy_gettext("Guarding the line"),
    "ringing": lazy_gettext("A call rings"),
    "fault": lazy_gettext("Not guarding"),
}

LAMPS = {"guard": lazy_gettext("Guarding"), "call": lazy_gettext("Call"), "cut": lazy_gettext("Cut")}

RELAY = {
    "connected": lazy_gettext("Handset and line are connected"),
    "cut": lazy_gettext("The handset is cut off while this call rings"),
}

ABSENCES = {
    "withheld": lazy_gettext("Number withheld"),
    "unavailable": lazy_gettext("Number unavailable"),
    None: lazy_gettext("No caller ID"),
}

REFUSALS = {
    "empty": lazy_gettext("Please enter a number or the beginning of one."),
    "characters": lazy_gettext(
        "A number has digits, perhaps a + before them and a * after them, and nothing else."
    ),
    "too_long": lazy_gettext("That is too long for a number."),
    "protected": lazy_gettext("Emergency and public-service numbers cannot be blocked."),
    "action": lazy_gettext("Please choose to block or to allow."),
    "note_too_long": lazy_gettext("The note is too long."),
    "password_wrong": lazy_gettext("That is not the password."),
    "password_short": lazy_gettext("The password must have at least 8 characters."),
}

SUCCESSES = {
    "password_changed": lazy_gettext("The password is changed. Other devices have to sign in again."),
    "settings_kept": lazy_gettext("The settings are kept."),
    "rule_kept": lazy_gettext("The rule is kept and in force."),
    "token_removed": lazy_gettext("The program has no access any more."),
    "rule_removed": lazy_gettext("The rule is removed."),
}

SETTING_NAMES = {
    "region": lazy_gettext("Country of the line"),
    "area": lazy_gettext("Area code of the line, such as 010: callers nearby are shown without it"),
    "block_action": lazy_gettext("A blocked call"),
    "withheld": lazy_gettext("Callers who withhold their number"),
    "unavailable": lazy_gettext("Callers whose number is unavailable"),
    "silence_s": lazy_gettext("Seconds without a ring after which a call is over"),
    "retention_days": lazy_gettext("Days for which calls are kept"),
    "retention_calls": lazy_gettext("Calls kept at most"),
}

CHOICES = {
    "cut": lazy_gettext("is cut off from the handset"),
    "cut+hangup": lazy_gettext("is cut off, answered and hung up"),
    "hangup": lazy_gettext("is answered and hung up"),
    "allow": lazy_gettext("Allow"),
    "block": lazy_gettext("Block"),
}

STEPS = {
    "protected": lazy_gettext("Protected numbers"),
    "rule": lazy_gettext("Your rules"),
    "default": lazy_gettext("Everyone else"),
}


PROBLEMS = {
    403: lazy_gettext("That did not come from this page."),
    404: lazy_gettext("There is nothing here."),
    507: lazy_gettext("The card refuses to keep this. Nothing was changed."),
}


def init_app(app: Flask) -> None:
    """Give templates these words."""
    app.jinja_env.globals.update(
        faults=FAULTS, hints=HINTS, states=STATES, lamps=LAMPS, relays=RELAY, setting_names=SETTING_NAMES,
        choices=CHOICES, steps=STEPS, languages=language.LANGUAGES, verdict_words=verdict, caller_words=caller,
        choice_words=choice,
        day_words=day, clock_words=clock, what_was_said=said,
    )  # fmt: skip
    app.context_processor(lambda: {"tag": language.TAGS[language.chosen()]})


def say(words: str, **values: object) -> str:
    """English words in the visitor's language."""
    return str(gettext(words, **values))


def problem_words(status: int) -> str:
    """What an HTTP status means to a person."""
    return str(PROBLEMS.get(status) or lazy_gettext("That did not work. Please go back and try again."))


def choice(setting: str, value: str) -> str:
    """A choice of a setting; countries by their name."""
    if setting == "region":
        return str(get_locale().territories.get(value, value))
    return str(CHOICES[value])


def caller(call: dict[str, Any]) -> str:
    """Who called, as a person writes it."""
    number = call["presented"] or call["number"]
    return str(number) if number else str(ABSENCES[call["absence"]])


def verdict(call: dict[str, Any]) -> str:
    """What became of a call, and why."""
    found = call["verdict"]
    if found is None:
        return say("Ringing")
    blocked = found["action"] == "block"
    match found["reason"]:
        case "rule" if blocked:
            return say("Blocked by your rule %(match)s", match=found["match"])
        case "rule":
            return say("Allowed by your rule %(match)s", match=found["match"])
        case "protected":
            return say("Let through: an emergency or public-service number")
        case "withheld" if blocked:
            return say("Blocked: the number is withheld")
        case "unavailable" if blocked:
            return say("Blocked: the number is unavailable")
        case "withheld" | "unavailable":
            return say("Let through: as your settings say")
    return say("Let through: no rule is against it")


def day(started: str) -> str:
    """The day of an ISO 8601 time, on this box's clock."""
    when = datetime.fromisoformat(started).astimezone()
    today = datetime.now().astimezone().date()
    if when.date() == today:
        return say("Today")
    return str(format_date(when, "full" if str(get_locale()) == "zh" else "EEEE, d MMMM"))


def clock(started: str) -> str:
    """The time of day of an ISO 8601 time, on this box's clock."""
    return f"{datetime.fromisoformat(started).astimezone():%H:%M}"


def said() -> tuple[str, str] | None:
    """What the last change came to: "good" or "bad", and the words; only codes that are known."""
    code = request.args.get("said", "")
    if code in SUCCESSES:
        return "good", str(SUCCESSES[code])
    return ("bad", str(REFUSALS[code])) if code in REFUSALS else None
