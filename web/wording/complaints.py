"""Complaints and their forms."""

from __future__ import annotations

from flask_babel import lazy_gettext

CASE_STATES = {
    "prepared": lazy_gettext("Not yet filed"),
    "filed": lazy_gettext("Filed"),
    "answered": lazy_gettext("Answered"),
}

OWN_NAMES = {
    "mobile": lazy_gettext("Mobile number"),
    "line": lazy_gettext("Number of this line"),
    "name": lazy_gettext("Your name"),
    "street": lazy_gettext("Postal address"),
    "email": lazy_gettext("E-mail"),
    "provider": lazy_gettext("Telephone company"),
}

OWN_AUTOCOMPLETE = {
    "mobile": "tel", "line": "off", "name": "name", "street": "street-address", "email": "email", "provider": "off",
}  # fmt: skip

REFUSALS = {
    "own_wrong": lazy_gettext("Your details have at most 200 characters each, on one line."),
    "complaint_answer": lazy_gettext("That was not kept: it is too long, or no text."),
    "complaint_state": lazy_gettext("That was not kept: it is too long, or no text."),
    "complaint_calls": lazy_gettext("A complaint has at least one call, and a call is in one complaint."),
    "complaints_most": lazy_gettext("There are as many complaints as the box can keep. Delete one first."),
}

SUCCESSES = {
    "complaint_begun": lazy_gettext("The complaint is made ready."),
    "complaint_answer_kept": lazy_gettext("What you know is kept."),
    "complaint_calls_kept": lazy_gettext("The calls of the complaint are changed."),
    "complaint_state_kept": lazy_gettext("How far the complaint has come is kept."),
    "own_kept": lazy_gettext("Your details are kept."),
    "complaint_prepared": lazy_gettext("The complaint is kept as not yet filed."),
    "complaint_filed": lazy_gettext("The complaint is kept as filed."),
    "complaint_answered": lazy_gettext("The answer is kept."),
    "complaint_removed": lazy_gettext("The complaint is deleted. Its calls are still in the log."),
}
