"""Lines: what is wrong with one, and accounts at SIP registrars."""

from __future__ import annotations

from flask_babel import lazy_gettext

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
    "no_proxy": (
        lazy_gettext("The SIP proxy does not answer"),
        lazy_gettext(
            "Is the service ringfence-sip running? As long as it is not, SIP phones cannot be called."
        ),
    ),
    "no_redis": (
        lazy_gettext("Redis does not answer"),
        lazy_gettext("SIP calls are judged by what was published last, or come through."),
    ),
    "sip_lost": (
        lazy_gettext("The connection to the telephone system was lost"),
        lazy_gettext("It is being made again. Calls ring at your telephones meanwhile."),
    ),
    "sip_unknown_host": (
        lazy_gettext("No server of that name is found"),
        lazy_gettext("Check the server, and whether the box has a network."),
    ),
    "sip_unreachable": (
        lazy_gettext("The server cannot be reached"),
        lazy_gettext("Check the server, the transport and the network. It is being tried again."),
    ),
    "sip_silent": (
        lazy_gettext("The server does not answer"),
        lazy_gettext("Check the server and the transport. It is being tried again."),
    ),
    "sip_certificate": (
        lazy_gettext("The certificate of the server is not trusted"),
        lazy_gettext("Routers make their own: choose TLS without a check of the certificate, or TCP."),
    ),
    "sip_refused": (
        lazy_gettext("The server refuses the registration"),
        lazy_gettext("Check user name, login and password. It is tried again after five minutes, or now."),
    ),
    "sip_unwell": (
        lazy_gettext("The server cannot register anybody now"),
        lazy_gettext("It is being tried again."),
    ),
    "relay": (
        lazy_gettext("The relay cannot be driven"),
        lazy_gettext("Handset and line stay connected. The check-up under “Board” says what to do."),
    ),
}

HINTS = {
    "country_refused": lazy_gettext(
        "The modem does not know this country, and may miss the caller ID of its lines."
    ),
    "left_out": lazy_gettext(
        "Some rules cannot be applied by the SIP proxies: those over names, patterns, expressions, places abroad."
    ),
    "caller_id_never_comes": lazy_gettext(
        "Calls keep coming without any caller ID. Ask your operator to switch the service on (来电显示)."
    ),
}

NAMES = {"modem": lazy_gettext("Modem"), "proxy": lazy_gettext("SIP proxy")}
"""Of lines that nobody has named."""

SIP_ENDINGS = {
    "take": lazy_gettext("is taken at once, and ended (works everywhere)"),
    "603": lazy_gettext("is declined for all telephones (603)"),
    "607": lazy_gettext("is declined as unwanted (607)"),
}

SIP_TRANSPORTS = {
    "udp": lazy_gettext("UDP (usual)"),
    "tcp": lazy_gettext("TCP"),
    "tls": lazy_gettext("TLS"),
    "tls-unchecked": lazy_gettext("TLS, without a check of the certificate"),
}

REFUSALS = {
    "sip_name": lazy_gettext("A name has 1 to 32 letters, digits, spaces, dots and dashes."),
    "sip_taken": lazy_gettext("Another line has that name."),
    "sip_server": lazy_gettext("A server is a name or an address, perhaps with a colon and the port."),
    "sip_proxy": lazy_gettext("A proxy is a name or an address, perhaps with a colon and the port."),
    "sip_user": lazy_gettext("That is no user name. It has neither spaces nor an @."),
    "sip_login": lazy_gettext("That is no login."),
    "sip_password": lazy_gettext("Please give the password again: it would go somewhere else than before."),
    "sip_transport": lazy_gettext("Please choose a transport."),
    "sip_ending": lazy_gettext("Please choose what becomes of a blocked call."),
    "sip_expiry": lazy_gettext("A registration lasts from 60 to 3600 seconds."),
    "sip_wait": lazy_gettext("The box rings along for at most 120 seconds."),
    "sip_internal": lazy_gettext("Numbers of the house have at most 8 digits."),
    "sip_exempt": lazy_gettext("At most 20 such callers, with spaces between."),
    "sip_most": lazy_gettext("There are as many accounts as the box can keep. Remove one first."),
}

SUCCESSES = {
    "sip_kept": lazy_gettext("The line is kept, and is being registered."),
    "sip_changed": lazy_gettext("The line is changed."),
    "sip_registering": lazy_gettext("It is being registered. What comes of it is shown here."),
    "sip_removed": lazy_gettext("The line is removed."),
}


def name(line: str) -> str:
    """What a line is called."""
    return str(NAMES.get(line, line))
