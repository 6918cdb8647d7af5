"""The lines of the accounts: one for each that is on, as the owner has it now."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence

from firmware.call import Call
from firmware.lines.line import Line, LineState
from firmware.lines.sip.account import Account
from firmware.lines.sip.line import SipLine

FIRST_PORT = 5160
"""The UDP port of the account with the id 0; the others follow. A port that stays leaves no dead contact behind."""


class Extensions:
    """Has each account's line among `lines` once it is read, and no other there. `on_calls` and `on_state` as for
    SipLine.
    """

    def __init__(
        self,
        lines: dict[str, Line],
        *,
        on_calls: Callable[[Sequence[Call]], None],
        on_state: Callable[[LineState], None],
    ) -> None:
        self._all = lines
        self._on_calls = on_calls
        self._on_state = on_state
        self._lines: dict[int, SipLine] = {}
        self._changing = threading.Lock()

    def keep(self, accounts: Mapping[int, Account]) -> None:
        """Begin the lines that are wanted and not there, and end those that are not wanted as they are."""
        with self._changing:
            for id, line in list(self._lines.items()):
                if accounts.get(id) != line.account or not line.account.on:
                    line.close()
                    del self._lines[id]
                    del self._all[line.name]
            for id, account in accounts.items():
                if account.on and id not in self._lines and account.name not in self._all:
                    line = self._lines[id] = SipLine(
                        account, port=FIRST_PORT + id, on_calls=self._on_calls, on_state=self._on_state
                    )
                    line.start()
                    self._all[account.name] = line

    def line(self, id: int) -> SipLine | None:
        """The line of an account; None where it is off or not there."""
        return self._lines.get(id)
