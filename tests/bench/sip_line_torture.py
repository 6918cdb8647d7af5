"""Mutated SIP messages at the port of an account's line, with calls between that are to be judged rightly.

    python tests/bench/sip_line_torture.py [--count 10000] [--rounds 3]

All of RFC 4475 by name goes first in each round. The messages come from the registrar's own address, since others are
not read, and as fast as they are read. The table counts what went wrong; memory is that of the process when it has
forgotten the transactions of the round.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "lines" / "sip"))
sys.path.insert(0, str(Path(__file__).parents[1] / "lines" / "sip" / "extension"))
from attacking import Attacker
from house import UNWANTED, WANTED, House
from registrar import running

BETWEEN = 500
FORGOTTEN_SECONDS = 40.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    print(
        "| round | RFC 4475 | mutated | processes lost | calls between | wrong verdicts | MiB before | after |"
    )
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with running(folder) as registrar, House(folder, registrar) as home:
            home.ready()
            for place in range(1, given.rounds + 1):
                agent, before = home.line._agent, _held(home)
                wrong = judged = deaths = 0
                with Attacker(home.line.state.port or 0) as attacker:
                    named = len(list(attacker.torment()))
                    for sent, message in enumerate(attacker.mutated(given.count, seed=place)):
                        attacker.send([message])
                        if sent % BETWEEN == 0:
                            judged += 2
                            wrong += home.caller(UNWANTED).outcome() != "taken"
                            wrong += home.caller(WANTED, patience=100).outcome() != "487"
                            deaths += home.line._agent is not agent
                            agent = home.line._agent
                time.sleep(FORGOTTEN_SECONDS)
                figures = f"{named} | {given.count} | {deaths} | {judged} | {wrong} | {before:.1f} | {_held(home):.1f}"
                print(f"| {place} | {figures} |", flush=True)


def _held(home: House) -> float:
    agent = home.line._agent
    status = Path(f"/proc/{agent.pid}/status").read_text() if agent else ""
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main()
