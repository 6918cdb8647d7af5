"""Who calls: kinds of number and of caller, operators, countries."""

from __future__ import annotations

from flask_babel import get_locale, lazy_gettext

ABSENCES = {
    "withheld": lazy_gettext("Number withheld"),
    "unavailable": lazy_gettext("Number unavailable"),
    None: lazy_gettext("No caller ID"),
}

KINDS = {
    "mobile": lazy_gettext("mobile"),
    "mvno": lazy_gettext("virtual operator"),
    "landline": lazy_gettext("landline"),
    "toll-free": lazy_gettext("free of charge"),
    "shared-cost": lazy_gettext("shared cost"),
    "service": lazy_gettext("service number"),
    "m2m": lazy_gettext("machine"),
    "satellite": lazy_gettext("satellite phone"),
    "premium": lazy_gettext("premium rate"),
    "voip": lazy_gettext("Internet telephone"),
}

OPERATORS = {
    "China Mobile": lazy_gettext("China Mobile"),
    "China Unicom": lazy_gettext("China Unicom"),
    "China Telecom": lazy_gettext("China Telecom"),
    "China Broadnet": lazy_gettext("China Broadnet"),
}

CALLERS = {
    "anyone": lazy_gettext("everyone"),
    "withheld": lazy_gettext("callers who withhold their number"),
    "unavailable": lazy_gettext("callers whose number is unavailable"),
    "international": lazy_gettext("calls from abroad"),
    "impossible": lazy_gettext("numbers that cannot exist"),
    "unverified": lazy_gettext("numbers that the network checked and could not confirm"),
    "ring-once": lazy_gettext("numbers that rang once and gave up"),
    "mobile": lazy_gettext("mobile phones"),
    "mvno": lazy_gettext("numbers of virtual operators"),
    "landline": lazy_gettext("landlines"),
    "toll-free": lazy_gettext("numbers free of charge"),
    "shared-cost": lazy_gettext("shared-cost numbers, such as 400"),
    "service": lazy_gettext("service numbers, such as 95588"),
    "m2m": lazy_gettext("machines"),
    "satellite": lazy_gettext("satellite phones"),
    "premium": lazy_gettext("premium-rate numbers"),
    "voip": lazy_gettext("Internet telephones"),
}
"""The kinds of caller of which a rule may speak, in the order in which they are offered."""


def country(region: str) -> str:
    """The name of an ISO 3166 region."""
    return str(get_locale().territories.get(region, region))
