"""Lists, and how far they have come."""

from __future__ import annotations

from flask_babel import lazy_gettext

LIST_FAULTS = {
    "url": lazy_gettext("That is no address of a list."),
    "scheme": lazy_gettext("The address leads to something other than https or http."),
    "userinfo": lazy_gettext("The address has a name or password in it."),
    "port": lazy_gettext("The address leads to an unusual port."),
    "name": lazy_gettext("There is no server of that name. Is the box on the Internet?"),
    "address": lazy_gettext(
        "The server is inside a home network, and lists are fetched from public ones alone."
    ),
    "redirects": lazy_gettext("The server leads from one address to the next without end."),
    "connection": lazy_gettext("The server cannot be reached."),
    "certificate": lazy_gettext("The server cannot prove who it is (its certificate is not valid)."),
    "tls": lazy_gettext("There was no secure connection to the server."),
    "timeout": lazy_gettext("The server took too long."),
    "protocol": lazy_gettext("What answers is no web server."),
    "denied": lazy_gettext("The server wants a token, or another one than it got."),
    "left_out": lazy_gettext(
        "The backup had the name of this list without its numbers. Please upload its file again."
    ),
    "status": lazy_gettext("The server has no such list, or does not give it out."),
    "length": lazy_gettext("The server does not say how long the list is."),
    "truncated": lazy_gettext("The connection broke before the list was whole."),
    "too_large": lazy_gettext("The list is too large."),
    "too_many": lazy_gettext("The list has more than ten million numbers."),
    "gzip": lazy_gettext("The list is packed in a way that cannot be read."),
    "no_numbers": lazy_gettext("There are no numbers in it."),
    "no_list": lazy_gettext("It is no list of numbers: most lines are something else."),
    "disk": lazy_gettext("The card has no room, or refuses to keep it."),
    "error": lazy_gettext("It could not be compiled."),
}

LIST_PHASES = {
    "fetching": lazy_gettext("Being fetched"),
    "reading": lazy_gettext("Being read"),
    "writing": lazy_gettext("Being sorted and written"),
}

REFUSALS = {
    "list_name": lazy_gettext("A list needs a name of 1 to 100 characters."),
    "list_action": lazy_gettext("Please choose to block or to allow."),
    "list_most": lazy_gettext("There are as many lists as the box can keep. Remove one first."),
    "list_url": lazy_gettext("That is no address of a list."),
    "list_scheme": lazy_gettext("The address of a list begins with https:// or http://."),
    "list_userinfo": lazy_gettext("An address with a name or password in it is not taken."),
    "list_port": lazy_gettext("Lists come from the usual ports, 443 and 80, alone."),
    "list_token": lazy_gettext("That is no token, or the address does not begin with https://."),
    "list_too_large": lazy_gettext("The file is too large: 32 MB at most."),
    "list_file": lazy_gettext("Please choose a file."),
}

SUCCESSES = {
    "list_kept": lazy_gettext("The list is kept, and being read."),
    "list_changed": lazy_gettext("The list is changed."),
    "list_wanted": lazy_gettext("The list is fetched again."),
    "list_removed": lazy_gettext("The list is removed."),
}
