"""Mutated SIP messages at the port of an account's line, with calls between that are to be judged rightly.

    python tests/bench/sip_line_torture.py [--count 10000]

All of RFC 4475 by name goes first. The messages come from the registrar's own address, since others are not read, and
as fast as they are read. The table counts what went wrong.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "lines" / "sip"))
sys.path.insert(0, str(Path(__file__).parents[1] / "lines" / "sip" / "extension"))
from hostile import Attacker
from house import UNWANTED, WANTED, House
from registrar import running

BETWEEN = 500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=10_000)
    count = parser.parse_args().count
    wrong = judged = deaths = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with running(folder) as registrar, House(folder, registrar) as home:
            agent = home.ready().line._agent
            before = _held(home)
            with Attacker(home.line.state.port or 0) as attacker:
                named = len(list(attacker.torment()))
                for sent, message in enumerate(attacker.mutated(count)):
                    attacker.send([message])
                    if sent % BETWEEN == 0:
                        judged += 2
                        wrong += home.caller(UNWANTED).outcome() != "taken"
                        wrong += home.caller(WANTED, patience=100).outcome() != "487"
                        deaths += home.line._agent is not agent
                        agent = home.line._agent
            after = _held(home)
    print("| RFC 4475 | mutated | processes lost | calls between | wrong verdicts | MiB before | after |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    print(f"| {named} | {count} | {deaths} | {judged} | {wrong} | {before:.1f} | {after:.1f} |")


def _held(home: House) -> float:
    agent = home.line._agent
    status = Path(f"/proc/{agent.pid}/status").read_text() if agent else ""
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main()
