"""The callers of the demonstration: what a household in Beijing hears in a day, in a few minutes."""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from firmware.lines.simulator import CHINA, SimulatedModem

CALLERS: tuple[dict[str, Any], ...] = (
    {"number": "16210123456"},
    {"number": "01065551234", "name": "社区医院"},
    {"number": "17021550198"},
    {"number": None, "absence": "P"},
    {"number": "13900010086", "name": "外卖"},
    {"number": "016533217890", "caller_id": "dtmf"},
    {"number": None, "absence": "O"},
    {"number": "95588"},
    {"number": "16210129871"},
    {"number": "057196110"},
    {"number": "+12025550123"},
    {"number": None, "caller_id": "none"},
    {"number": "17129981234", "name": "<b>贷款</b>"},
)
RINGS = 2


@contextlib.contextmanager
def simulated_callers(data: Path, pace: float) -> Iterator[str]:
    """The serial port of a simulated modem on which a caller rings every `pace` seconds."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    modem = SimulatedModem(link=data / "modem")
    over = threading.Event()

    def ring() -> None:
        for caller in itertools.cycle(CALLERS):
            if over.wait(pace):
                return
            modem.call(**caller, rings=RINGS, cadence=CHINA)

    thread = threading.Thread(target=ring, name="callers", daemon=True)
    thread.start()
    try:
        yield str(data / "modem")
    finally:
        over.set()
        modem.close()
