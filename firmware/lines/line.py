"""What every line is to the appliance: something that reports calls and can reject one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from firmware.call import Call


@dataclass(frozen=True, slots=True)
class LineState:
    """What is known of a line. `state`: starting, guarding or fault; `fault` and `hint` are codes or None."""

    state: str = "starting"
    fault: str | None = None
    hint: str | None = None


class Line(Protocol):
    """A source of calls, read by a thread of its own.

    That thread gives every call that changed to the appliance, which decides on it at once and then calls `reject` or
    `admit`; neither waits or raises. `pulse` is the monotonic second in which the thread last went round.
    """

    name: str
    pulse: float

    @property
    def state(self) -> LineState: ...

    @property
    def alive(self) -> bool: ...

    def start(self) -> None:
        """Start reading, or start again where the thread has died."""

    def close(self) -> None: ...

    def reject(self, call: Call, how: str, *, again: bool = False) -> None:
        """Keep a call that rings from whoever would answer. `how` as `How`; `again`: it is being done."""

    def admit(self, call: Call, /) -> None:
        """Let a call ring, whatever was done with it before; also what is done once a call is over."""

    def reconsider(self) -> None:
        """Have the call that rings decided on once more: what the verdict depends on has changed."""
