"""Parts of caller ID put together into messages."""

from __future__ import annotations

from typing import Any

from firmware.call import CallerId
from firmware.callerid.said import Said

LONGEST_RAW = 2048


class Messages:
    """Counts messages, and gives each as it stands after every part.

    A part begins another message when it repeats a field, after a silence, or when it has rung since the number
    came. A name that comes after one more ring is still this caller's.
    """

    def __init__(self) -> None:
        self._count = 0
        self._fields: dict[str, Any] = {}
        self._lines: list[str] = []
        self._open = False
        self._rings = 0

    def ring(self) -> None:
        """It rang."""
        self._rings += 1

    def close(self) -> None:
        """Whatever comes next is another message."""
        self._open = False

    def take(self, said: Said, line: str) -> CallerId:
        """The message to which `said` belongs, as it stands now; `line` is what the modem printed."""
        fields = said.fields
        if self._another(fields):
            self._count += 1
            self._fields = {}
            self._lines = []
            self._open = True
        elif "number" in self._fields:
            fields.pop("absence", None)
        if "number" in fields or "absence" in fields:
            self._rings = 0
        self._fields |= fields
        if line not in self._lines[-1:]:
            self._lines.append(line)
        return self._caller_id()

    def _another(self, fields: dict[str, Any]) -> bool:
        if not self._open:
            return True
        if self._rings and ("number" in self._fields or "absence" in self._fields):
            return self._rings > 1 or fields.keys() - {"name"} != set()
        return not fields.keys().isdisjoint(self._fields)

    def _caller_id(self) -> CallerId:
        given = self._fields
        number = given.get("number")
        return CallerId(
            number=number,
            name=given.get("name"),
            date=given.get("date"),
            time=given.get("time"),
            absence=None if number else given.get("absence") or given.get("nameless"),
            raw="\n".join(self._lines)[:LONGEST_RAW],
            message=self._count,
        )
