"""The description of `web.api.lines`."""

from __future__ import annotations

from firmware.lines.sip.account import ENDINGS, LIMITS, TRANSPORTS
from web.openapi.terms import BOOLEAN, INTEGER, ONE, STRING, Schema, array, named, operation, optional, record


def _between(name: str) -> Schema:
    least, most = LIMITS[name]
    return {"type": "integer", "minimum": least, "maximum": most}


LINE: dict[str, Schema] = {
    "name": STRING,
    "state": {"enum": ["starting", "guarding", "fault"]},
    "fault": optional(STRING),
    "hint": optional(STRING),
}

SIP_PASSWORD: Schema = {**STRING, "maxLength": 255, "description": "Taken, and never told"}

SIP: dict[str, Schema] = {
    "name": {**STRING, "description": "By which rules and calls know the line"},
    "server": {**STRING, "description": "The registrar: HOST or HOST:PORT"},
    "user": STRING,
    "login": {**STRING, "description": "The name that the password goes with, where it is not the user"},
    "transport": {"enum": list(TRANSPORTS)},
    "proxy": {**STRING, "description": "To which everything is sent, where it is not the server"},
    "expiry": _between("expiry"),
    "ending": {"enum": list(ENDINGS), "description": "How a blocked call ends: taken and ended, or declined"},
    "wait": {
        **_between("wait"),
        "description": "Seconds for which a wanted call rings here; 0 is to its end",
    },
    "internal": {**_between("internal"), "description": "Digits up to which a caller is one of the house"},
    "exempt": {**STRING, "description": "Patterns of callers who are never judged"},
    "on": BOOLEAN,
}

SCHEMAS: dict[str, Schema] = {
    "Line": record(**LINE),
    "Lines": record(lines=array(named("Line"))),
    "SipWish": record(*(SIP.keys() - {"name", "server", "user"}), "password", **SIP, password=SIP_PASSWORD),
    "SipChange": record(*SIP, "password", **SIP, password=SIP_PASSWORD),
    "SipAccount": record(
        id=INTEGER,
        **SIP,
        has_password=BOOLEAN,
        line=optional(
            record(
                state=LINE["state"],
                fault=optional(STRING),
                hint=optional(STRING),
                port=optional(INTEGER),
                server=optional(STRING),
                seconds=optional(INTEGER),
                status={**optional(INTEGER), "description": "With which the registrar refused"},
            )
        ),
    ),
    "SipAccounts": record(accounts=array(named("SipAccount"))),
}

PATHS: dict[str, Schema] = {
    "/api/v1/lines": {"get": operation("Every line and its state", "Lines")},
    "/api/v1/lines/sip": {
        "get": operation("The accounts at SIP registrars", "SipAccounts"),
        "post": operation("Keep an account, and register", "SipAccount", status=201, body="SipWish"),
    },
    "/api/v1/lines/sip/{id}": {
        "patch": operation("Change an account", "SipAccount", 404, body="SipChange", parameters=ONE),
        "delete": operation("Drop an account", None, 404, 507, status=204, parameters=ONE),
    },
    "/api/v1/lines/sip/{id}/register": {
        "post": operation("Register again now", None, 404, status=202, parameters=ONE)
    },
}
