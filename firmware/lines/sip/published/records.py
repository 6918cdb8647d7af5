"""Calls as Kamailio writes them into a Redis stream when they are over, and as the log has them.

    {"call": …, "to": …, "number": …, "absence": …, "verdict": "TENANT ACTION REASON ID MATCH",
     "at": …, "rang": …, "answered": …, "ended": …, "refused": 0 | 1}

What callers and wishes say is in base64; times are seconds since 1970, 0 for what did not happen.
"""

from __future__ import annotations

import binascii
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from firmware.call import Absence, Action, Call, CallerId, Reason, Verdict
from firmware.callerid.said import LONGEST_NUMBER, printable
from firmware.lines.sip.proxy.calls import RING_SECONDS
from firmware.numbers import understand
from firmware.screening import Screening

LONGEST_SECONDS = 7 * 86_400.0


class Garbled(Exception):
    """No record of a call."""


def call_from(text: bytes, line: str, screening: Screening) -> Call:
    """The call of a record. Raises Garbled."""
    try:
        told = json.loads(text)
        number = printable(_text(told["number"]))[:LONGEST_NUMBER] or None
        absence = Absence(told["absence"]) if told["absence"] else None
        at, ended = float(told["at"]), float(told["ended"])
        started = datetime.fromtimestamp(at, UTC)
        call = Call(line, started, CallerId(number, absence=absence), over=True, cut=told["refused"] == 1)
        call.verdict = _verdict(_text(told["verdict"]), screening)
        until = float(told["answered"]) or ended
        call.duration = _seconds(at, until)
        if told["rang"]:
            call.rings = 1 + int(_seconds(float(told["rang"]), until) / RING_SECONDS)
        if told["answered"]:
            call.talked = round(_seconds(float(told["answered"]), ended), 1)
    except (ValueError, KeyError, TypeError, ArithmeticError, OSError, RecursionError) as error:
        raise Garbled(repr(text[:200])) from error
    if number:
        policy = screening.policy
        call.number = understand(number, policy.region, policy.area)
    return call


def _verdict(said: str, screening: Screening) -> Verdict | None:
    """What the function in Redis said; None where nobody was asked or nothing was answered."""
    if not said:
        return None
    _, action, reason, id, match = said.split(" ", 4)
    if reason == Reason.LIST:
        names: Mapping[int, Any] = {one.id: one.name for one in screening.lists}
        match = f"{names.get(int(id), id)}: {match}"
    return Verdict(Action(action), Reason(reason), int(id) or None, printable(match)[:200] or None)


def _seconds(start: float, end: float) -> float:
    return min(LONGEST_SECONDS, max(0.0, end - start))


def _text(encoded: str) -> str:
    return binascii.a2b_base64(encoded.encode("ascii"), strict_mode=True).decode("utf-8", "replace")
