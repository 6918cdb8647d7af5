"""A house with a registrar: the line under test, what it says, and what it is to block."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from phones import Caller, number
from registrar import HOUSE, PASSWORD, Registrar, until

from firmware.call import Call
from firmware.lines.sip.account import Account, account_from
from firmware.lines.sip.line import SipLine, SipState

UNWANTED, WANTED = "16210123456", "13800138000"


def account(registrar: Registrar, **wishes: Any) -> Account:
    given = {
        "name": "Home",
        "server": f"127.0.0.1:{registrar.port}",
        "user": HOUSE,
        "password": PASSWORD,
        **wishes,
    }
    return account_from(given)


class House:
    """A line that blocks UNWANTED; `calls` as it told them, each once, and `states`."""

    def __init__(self, folder: Path, registrar: Registrar, **wishes: Any) -> None:
        self.folder, self.registrar = folder, registrar
        self.calls: list[Call] = []
        self.states: list[SipState] = []
        self.fails = False
        self.line = SipLine(account(registrar, **wishes), on_calls=self._take, on_state=self.states.append)

    def __enter__(self) -> Self:
        self.line.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.line.close()

    def guarding(self) -> bool:
        return self.line.state.state == "guarding"

    def ready(self) -> Self:
        until(self.guarding, "it is not registered")
        return self

    def ringing(self) -> Call | None:
        return next((call for call in self.calls if not call.over), None)

    def over(self, count: int = 1) -> list[Call]:
        """The calls, once as many are over."""
        until(lambda: sum(call.over for call in self.calls) >= count, "the call is not over")
        return self.calls

    def caller(self, who: str, *headers: str, **options: Any) -> Caller:
        who = who if who.endswith(">") else number(who)
        return Caller(self.folder, self.registrar.port, who, *headers, **options)

    def _take(self, calls: Sequence[Call]) -> None:
        for call in calls:
            if not any(call is known for known in self.calls):
                self.calls.append(call)
            if self.fails:
                raise RuntimeError("a fault of ours")
            if not call.over and call.caller_id and call.caller_id.number == UNWANTED:
                self.line.reject(call, "cut")
