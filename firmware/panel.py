"""What lamps and display show: the most pressing of what is so now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from firmware.board.buttons import Buttons
from firmware.board.lamps import Shows
from firmware.board.relay import Relay
from firmware.call import Call
from firmware.household import Household
from firmware.lines import Line, LineState

FAULTS = {str(shows): shows for shows in Shows}


def present(lines: Mapping[str, Line]) -> list[Line]:
    """The lines that there are: without a modem there is no line behind it, where another one is."""
    found = list(lines.values())
    return [line for line in found if line.state.fault != "no_modem"] or found


def worst(lines: Mapping[str, Line]) -> LineState:
    """The state of the line that is worst off."""
    order = ("fault", "starting", "guarding")
    return min((line.state for line in present(lines)), key=lambda state: order.index(state.state))


def shown(
    relay: Relay,
    buttons: Buttons,
    line: LineState,
    ringing: Call | None,
    household: Household,
    *,
    asking: bool = False,
) -> tuple[Shows, float]:
    """What is to be shown, and the fraction that is left of it where it runs out.

    `asking`: whether the owner is asked about a pool.
    """
    if relay.cut and (ringing is None or ringing.verdict):
        return Shows.CUT, 1.0
    if not relay.ready.is_set():
        return (Shows.RELAY if line.state != "starting" else Shows.STARTING), 1.0
    if line.state != "guarding":
        return FAULTS.get(line.fault or line.state, Shows.LINE), 1.0
    if ringing or relay.cut:
        return Shows.RINGING, 1.0
    if buttons.jammed:
        return Shows.JAMMED, 1.0
    if household.paused():
        return Shows.PAUSED, 1.0
    if courier := household.screening.passes.courier(now := datetime.now(UTC)):
        return Shows.EXPECTING, courier.left(now)
    if asking:
        return Shows.ASKING, 1.0
    return Shows.GUARDING, 1.0
