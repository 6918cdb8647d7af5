"""The verdict: what the owner wants, in a fixed order, with the step that decided."""

from firmware.screening.explain import explain
from firmware.screening.rules import Rule, Rulebook, rule_from
from firmware.screening.verdict import Policy, Screening, Step

__all__ = ["Policy", "Rule", "Rulebook", "Screening", "Step", "explain", "rule_from"]
