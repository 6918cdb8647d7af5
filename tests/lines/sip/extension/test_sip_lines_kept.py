"""The accounts' lines among those of the appliance."""

from __future__ import annotations

from house import account
from registrar import Registrar

from firmware.lines.line import Line
from firmware.lines.sip.extensions import Extensions


def test_a_line_is_read_by_a_thread_before_it_is_among_those_that_are_watched(registrar: Registrar) -> None:
    """Else the supervisor would take its thread for dead, and start another beside it."""
    alive = []

    class Watched(dict[str, Line]):
        def __setitem__(self, name: str, line: Line) -> None:
            alive.append(line.alive)
            super().__setitem__(name, line)

    lines = Watched()
    extensions = Extensions(lines, on_calls=lambda calls: None, on_state=lambda state: None)
    extensions.keep({1: account(registrar)})
    assert (list(lines), alive) == (["Home"], [True])
    extensions.keep({})
    assert lines == {}
