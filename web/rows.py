"""Calls as rows of the page. A row that is shown again, to anyone, is not made again."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from flask import json, render_template

from firmware.call import Action, Reason
from web.language import chosen
from web.within import household

REMEMBERED = 256


def row(call: dict[str, Any], *, refused: bool = False) -> str:
    """A call as HTML; `refused` says that a tap came to nothing."""
    today = datetime.now().astimezone().date().isoformat()
    return _row(chosen(), today, json.dumps(call), offer(call), refused)


def offer(call: dict[str, Any]) -> str | None:
    """What can be done about a caller: "block" or "allow", or None where the number is protected or unknown."""
    if not call["number"]:
        return None
    verdict = household().judge(call["number"])
    if verdict.reason is Reason.PROTECTED:
        return None
    return "allow" if verdict.action is Action.BLOCK else "block"


@lru_cache(REMEMBERED)
def _row(_language: str, _today: str, call: str, offer: str | None, refused: bool) -> str:
    return render_template("_call.html", call=json.loads(call), offer=offer, refused=refused)
