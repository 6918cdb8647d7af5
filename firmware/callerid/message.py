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
        self._raw = ""
        self._last_line = ""
        self._open = False
        self._rings = 0

    @property
    def numbered(self) -> bool:
        """Whether what comes next belongs to a message that has its number."""
        return self._open and not self._rings and "number" in self._fields

    def ring(self) -> list[CallerId]:
        """It rang. The message, where that settles it."""
        self._rings += 1
        return self._settled()

    def close(self) -> list[CallerId]:
        """Whatever comes next is another message. The one until now, where that settles it."""
        settled = self._settled()
        self._open = False
        return settled

    def take(self, said: Said, line: str) -> CallerId:
        """The message to which `said` belongs, as it stands now; `line` is what the modem printed."""
        fields = said.fields
        if self._another(fields):
            self._count += 1
            self._fields = {}
            self._raw = self._last_line = ""
            self._open = True
        elif "number" in self._fields:
            fields.pop("absence", None)
        if "number" in fields or "absence" in fields:
            self._rings = 0
        self._fields |= fields
        if line != self._last_line:
            self._raw = f"{self._raw}\n{line}".lstrip("\n")[:LONGEST_RAW]
            self._last_line = line
        return self._caller_id()

    def _another(self, fields: dict[str, Any]) -> bool:
        if not self._open:
            return True
        if self._rings and ("number" in self._fields or "absence" in self._fields):
            return self._rings > 1 or fields.keys() - {"name", "nameless"} != set()
        return not (fields.keys() - {"nameless"}).isdisjoint(self._fields)

    def _settled(self) -> list[CallerId]:
        """Why there is no name is why there is no number, where nothing has been said of the number.

        Known only now: modems print `NAME = O` also before the number.
        """
        if not self._open or "nameless" not in self._fields or self._fields.keys() & {"number", "absence"}:
            return []
        self._fields["absence"] = self._fields["nameless"]
        return [self._caller_id()]

    def _caller_id(self) -> CallerId:
        given = self._fields
        number = given.get("number")
        return CallerId(
            number=number,
            name=given.get("name"),
            date=given.get("date"),
            time=given.get("time"),
            absence=None if number else given.get("absence"),
            raw=self._raw,
            message=self._count,
        )
