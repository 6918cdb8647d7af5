"""The verdict: what the owner wants, in a fixed order, with the step that decided."""

from firmware.screening.answers import Answer, Answers, Says
from firmware.screening.caller import Caller
from firmware.screening.contacts import Contacts
from firmware.screening.explain import explain, path
from firmware.screening.passes import Pass, Passes
from firmware.screening.pools import Found, Pools
from firmware.screening.recent import Recent
from firmware.screening.rulebook import Rulebook
from firmware.screening.rules import Rule, rule_from
from firmware.screening.verdict import Listed, Policy, Screening, Step, Wish

__all__ = [
    "Answer",
    "Answers",
    "Caller",
    "Contacts",
    "Found",
    "Listed",
    "Pass",
    "Passes",
    "Policy",
    "Pools",
    "Recent",
    "Rule",
    "Rulebook",
    "Says",
    "Screening",
    "Step",
    "Wish",
    "explain",
    "path",
    "rule_from",
]
