#!/usr/bin/python3
"""In a whole machine of another architecture: `telephony.py`, with a reboot.

    emulated.py IMAGE BOOT

Run by `prove`.
"""

import sys
import tempfile
from pathlib import Path

from checking import CHECKOUT, check, failed
from machine import Machine

PATIENCE = 6


def proved(machine: Machine, *options: str) -> None:
    check(f"it is up after {machine.wait():.0f} s: {machine.root('uname -mr')}", True)
    told, _, status = machine.root(
        f"{CHECKOUT}/tests/roots/telephony.py {' '.join(options)}; echo $?"
    ).rpartition("\n")
    print(told)
    check("every check in it holds", status == "0")
    machine.shut_down()


def main() -> None:
    image, boot = map(Path, sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        for options in ([], ["rebooted"]):
            with Machine(Path(folder), image, boot) as machine:
                proved(machine, *options)


main()
sys.exit(failed())
