"""Complaints about calls: the authorities' forms, what goes into their fields, and the cases with their state.

Nothing is sent from here. What a caller said goes into a form as the owner wrote it down, word for word.
"""

from firmware.complaints.cases import Complaints, State
from firmware.complaints.filling import Filled, fill, in_one_text, short_message
from firmware.complaints.forms import Field, Fill, Form, find_form, forms_for, kind_of, kinds_for

__all__ = [
    "Complaints",
    "Field",
    "Fill",
    "Filled",
    "Form",
    "State",
    "fill",
    "find_form",
    "forms_for",
    "in_one_text",
    "kind_of",
    "kinds_for",
    "short_message",
]
