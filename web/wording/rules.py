"""Rules, their sets and the steps to a verdict."""

from __future__ import annotations

from flask_babel import lazy_gettext

STEPS = {
    "protected": lazy_gettext("Emergency and public service"),
    "contact": lazy_gettext("Contacts"),
    "pause": lazy_gettext("The pause"),
    "number": lazy_gettext("Your rules for this very number"),
    "utility": lazy_gettext("Public utilities"),
    "pass": lazy_gettext("Couriers expected, and known callers"),
    "redial": lazy_gettext("Called again at once"),
    "rule": lazy_gettext("Your other rules"),
    "list": lazy_gettext("Lists"),
    "pool": lazy_gettext("Pools of look-alikes"),
    "default": lazy_gettext("Everyone else"),
}

SETS = {
    "mvno": (
        lazy_gettext("Virtual operators"),
        lazy_gettext(
            "Operators without a network of their own: many nuisance callers are with them, and some couriers."
        ),
    ),
    "call-centres": (
        lazy_gettext("Call centres"),
        lazy_gettext("The codes of call centres. Banks, airlines and utilities have others, and stay open."),
    ),
    "international": (
        lazy_gettext("Calls from abroad"),
        lazy_gettext("Every number of another country, and those that pretend to be one."),
    ),
    "withheld": (lazy_gettext("Hidden numbers"), lazy_gettext("Callers who withhold their number.")),
    "ring-once": (
        lazy_gettext("One-ring callers"),
        lazy_gettext("A number that rang once and gave up wants to be called back, at your cost."),
    ),
    "impossible": (
        lazy_gettext("Impossible numbers"),
        lazy_gettext("A number that cannot exist is a forged one."),
    ),
    "night": (
        lazy_gettext("Quiet at night"),
        lazy_gettext("Nobody rings but contacts, whom you allow, and emergency services."),
    ),
}

REMARKS = {
    "replaces": lazy_gettext("It takes the place of the rule that does the opposite: %(match)s."),
    "contradicts": lazy_gettext(
        "At other times or on other terms, another rule does the opposite: %(match)s."
    ),
    "repeats": lazy_gettext("Another rule already does the same: %(match)s."),
    "exception": lazy_gettext("It is an exception, and decides before this rule: %(match)s."),
    "excepted": lazy_gettext("An exception stays, which goes on deciding before it: %(match)s."),
    "contact": lazy_gettext("%(match)s is one of your contacts, and comes through all the same."),
}

REFUSALS = {
    "empty": lazy_gettext(
        "Please say whom the rule is about: a number, the beginning of one, or something from “More”."
    ),
    "several": lazy_gettext("A rule is about one thing: a number, a kind, a name, a place or an operator."),
    "places": lazy_gettext("Several places have that name. Add the province, such as Suzhou, Jiangsu."),
    "characters": lazy_gettext(
        "A number has digits, perhaps a + before them and a * or ? for those that are open, and nothing else."
    ),
    "too_long": lazy_gettext("That is too long for a number."),
    "range": lazy_gettext("The ends of a range have as many digits, and the lower one stands first."),
    "stars": lazy_gettext("A number may have two * at most, and never side by side."),
    "expression": lazy_gettext("That is no regular expression (RE2)."),
    "most": lazy_gettext("There are as many regular expressions as the box can keep. Remove one first."),
    "kind": lazy_gettext("There is no such kind of caller."),
    "match": lazy_gettext("That is nothing by which callers can be told apart."),
    "protected": lazy_gettext("Emergency and public-service numbers cannot be blocked."),
    "action": lazy_gettext("Please choose to block or to allow."),
    "note": lazy_gettext("The note is too long."),
    "how": lazy_gettext("A call cannot be rejected like that."),
    "line": lazy_gettext("There is no such line."),
    "when": lazy_gettext("Please give both times of day, and let them differ."),
    "until": lazy_gettext("That is no day and time."),
}

SUCCESSES = {
    "rule_kept": lazy_gettext("The rule is kept and in force."),
    "rule_changed": lazy_gettext("The rule is changed, and in force as it is now."),
    "rule_on": lazy_gettext("The rule is in force again."),
    "rule_off": lazy_gettext("The rule is off."),
    "rule_removed": lazy_gettext("The rule is removed."),
    "set_on": lazy_gettext("The set is on, and in force."),
    "set_off": lazy_gettext("The set is off."),
}
