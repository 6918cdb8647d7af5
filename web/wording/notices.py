"""Notices, and why one did not go out."""

from __future__ import annotations

from flask_babel import lazy_gettext

UNSENT = {
    "url": lazy_gettext("No service has such an address. Is something missing in it?"),
    "address": lazy_gettext("The address leads into a home network; the box writes to public ones alone."),
    "name": lazy_gettext("The server is not found. Is the box on the Internet?"),
    "denied": lazy_gettext("The server cannot be reached, or refuses the message. Is the key right?"),
    "timeout": lazy_gettext("The server took too long."),
    "error": lazy_gettext("The message could not be sent."),
}
"""Why a notice did not go out."""

REFUSALS = {
    "notices_name": lazy_gettext("An address needs a name of 1 to 100 characters."),
    "notices_most": lazy_gettext("There are as many addresses as the box can keep. Remove one first."),
    "notices_url": lazy_gettext("No service has such an address. Is something missing in it?"),
} | {f"unsent_{code}": words for code, words in UNSENT.items()}

SUCCESSES = {
    "notices_kept": lazy_gettext("The address is kept. Send a test to see whether it arrives."),
    "notices_sent": lazy_gettext("The test is sent."),
    "notices_removed": lazy_gettext("The address is removed."),
}
