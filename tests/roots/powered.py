#!/usr/bin/python3
"""In a whole machine with a kernel of its own: sticks come and go, and the plug is pulled while rules are written.

    powered.py IMAGE BOOT [--pulls 5]

The machine is qemu's, which is killed where the plug is pulled: what its kernel had not handed to the disk is gone. Run
by `prove`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from checking import check, failed, seconds_until
from machine import BOOT_SECONDS, Machine

PLUG_SECONDS = 60.0
STICK = "/media/ringfence"
WRITING_SECONDS = (1.0, 5.0)


class Page:
    """The page of a machine, which is given time to start."""

    def __init__(self, machine: Machine) -> None:
        self._machine, self._token = machine, ""
        took = seconds_until(self._answers, BOOT_SECONDS)
        check(f"it is up after {took:.0f} s", took < BOOT_SECONDS)
        scopes = "--scope read --scope write --scope admin"
        self._token = machine.root(f"ringfence token prove-$RANDOM {scopes}").split()[-1]

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Status and body of an answer. Raises OSError where there is none."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._machine.port}/api/v1/{path}",
            None if body is None else json.dumps(body).encode(),
            {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def _answers(self) -> bool:
        with contextlib.suppress(OSError, ValueError):
            return self.ask("GET", "settings")[0] == 401
        return False

    def knows_stick(self) -> bool:
        return STICK in self.ask("GET", "backups")[1]["folders"]

    def rules(self) -> set[str]:
        found: set[str] = set()
        before: str = ""
        while page := self.ask("GET", f"rules?limit=200{before}")[1]["rules"]:
            found |= {rule["match"] for rule in page}
            before = f"&before={page[-1]['id']}"
        return found


def sticks(machine: Machine, page: Page, stick: Path) -> None:
    """Plugged in, backed up to, pulled out, plugged in again, and pulled out in the middle of a backup."""
    plug_in = partial(machine.plug, "device_add", driver="usb-storage", id="stick", drive="stick")
    check("without a stick none is offered", not page.knows_stick())
    plug_in()
    took = seconds_until(page.knows_stick, PLUG_SECONDS)
    check(f"a stick that is plugged in is offered after {took:.1f} s", took < PLUG_SECONDS)
    mounted = machine.root(f"findmnt --noheadings --output OPTIONS {STICK}; stat --format %U:%a {STICK}")
    check(f"it belongs to the service, and nothing on it is run: {mounted}", "ringfence:700" in mounted)
    check("nothing on it is run", all(option in mounted for option in ("noexec", "nosuid", "nodev")))
    check("it is chosen", page.ask("PATCH", "settings", {"backup_folder": STICK})[0] == 200)
    made = [page.ask("POST", "backups")]
    check(f"a backup is made on it: {made[0]}", made[0][0] == 201)

    before = machine.root("systemctl show --value --property MainPID ringfence")
    machine.plug("device_del", id="stick")
    took = seconds_until(lambda: not page.knows_stick(), PLUG_SECONDS)
    check(f"pulled out it is gone after {took:.1f} s", took < PLUG_SECONDS)
    status, problem = page.ask("POST", "backups")
    check(f"a backup is refused, and says why: {problem.get('code')}", status == 507)
    plug_in()
    took = seconds_until(page.knows_stick, PLUG_SECONDS)
    check(f"plugged in again it is offered after {took:.1f} s", took < PLUG_SECONDS)
    while len(made) < 4:
        made.append(page.ask("POST", "backups"))
        time.sleep(1.1)
    machine.plug("device_del", id="stick")
    names = {body["name"] for status, body in made if status == 201}
    check(f"{len(names)} of {len(made)} backups were acknowledged", len(names) == len(made))
    listed = subprocess.run(["mdir", "-b", "-i", stick, "::/"], text=True, capture_output=True).stdout
    check("all of them are on the stick", all(name in listed for name in names))
    for name in names:
        text = subprocess.run(["mtype", "-i", stick, f"::/{name}"], text=True, capture_output=True).stdout
        check(
            f"{name} is whole", text and all(isinstance(json.loads(line), dict) for line in text.splitlines())
        )
    check(
        "the service went on",
        machine.root("systemctl show --value --property MainPID ringfence") == before and int(before) > 0,
    )


def pulled(start: Callable[[], Machine], pulls: int) -> None:
    """The plug is pulled while rules are written: those that were acknowledged are there afterwards."""
    acknowledged: set[str] = set()
    number = 16_200_000_000
    for _ in range(pulls):
        with start() as machine:
            page = Page(machine)
            lost = acknowledged - page.rules()
            check(f"{len(acknowledged)} acknowledged rules, {len(lost)} lost", not lost)
            until = time.monotonic() + random.uniform(*WRITING_SECONDS)
            while time.monotonic() < until:
                number += 1
                status, kept = page.ask("POST", "rules", {"match": str(number), "action": "block"})
                if status == 201:
                    acknowledged.add(kept["match"])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in ("image", "boot"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--pulls", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        stick = Path(name) / "stick"
        subprocess.run(["truncate", "--size", "64M", stick], check=True)
        subprocess.run(["mkfs.vfat", "-n", "RINGFENCE", stick], check=True, stdout=subprocess.DEVNULL)
        port = ("-blockdev", f"driver=file,filename={stick},node-name=stick", "-device", "qemu-xhci")
        start = partial(Machine, Path(name), given.image, given.boot, *port)
        with start() as machine:
            sticks(machine, Page(machine), stick)
        pulled(start, given.pulls + 1)


main()
sys.exit(failed())
