"""A voice modem on a pseudo-terminal, for the demonstration and the tests: it answers AT commands and rings."""

from __future__ import annotations

import contextlib
import os
import pty
import random
import re
import select
import threading
import time
import tty
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of modem: its answers to ATI, its caller-ID command, and the countries it knows (None: no +GCI)."""

    ati: dict[str, str] = field(default_factory=lambda: {"0": "56000", "3": "CX93001-EIS_V0.2013-V92"})
    caller_id: str = "+VCID"
    countries: frozenset[str] | None = frozenset({"26", "B4", "B5", "42", "3D"})


CONEXANT = Profile()
USROBOTICS = Profile(
    {"0": "5601", "3": "U.S. Robotics 56K FAX USB V1.2.23"}, countries=frozenset({"B5", "B4", "42"})
)
ROCKWELL = Profile({"0": "14400", "3": "Rockwell RC144"}, caller_id="#CID", countries=None)


@dataclass(frozen=True, slots=True)
class Cadence:
    """Seconds of ring and of silence (ITU-T E.180 supplement 2)."""

    on: float
    off: float


CHINA = Cadence(1.0, 4.0)
US = Cadence(2.0, 4.0)


class SimulatedModem:
    """The far end of a serial port at `path`.

    `link`: a symbolic link to keep pointing at the terminal, as udev does; may be changed while unplugged.
    `seed`: send everything in random fragments. `mode` may be set at any time: "command", "silent" (hears
    nothing, says nothing), "echo" (only repeats what it gets) or "data" (deaf until `+++`). `commands` are those
    it was given.
    """

    def __init__(
        self, profile: Profile = CONEXANT, *, link: Path | None = None, seed: int | None = None
    ) -> None:
        self.profile = profile
        self.mode = "command"
        self.commands: list[str] = []
        self.answered = threading.Event()
        self.link = link
        self._random = random.Random(seed) if seed is not None else None  # noqa: S311 - not a secret
        self._reading = threading.Lock()
        self._writing = threading.Lock()
        self._closing = threading.Event()
        self.reset()
        self.plug()
        self._thread = threading.Thread(target=self._serve, name="simulated modem", daemon=True)
        self._thread.start()

    def reset(self) -> None:
        """What a loss of power does to the settings."""
        self.caller_id = "0"
        self.country = "B5"
        self._echo = True

    def plug(self) -> None:
        """Appear as a new terminal."""
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self.path = os.ttyname(self._slave)
        if self.link:
            fresh = self.link.with_name(f"{self.link.name}.new")
            fresh.symlink_to(self.path)
            fresh.replace(self.link)

    def unplug(self) -> None:
        """Vanish, settings and all."""
        with self._reading, self._writing:
            os.close(self._slave)
            os.close(self._master)
            self._master = self._slave = -1
        if self.link:
            self.link.unlink(missing_ok=True)
        self.reset()

    def close(self) -> None:
        self._closing.set()
        self._thread.join(2.0)
        if self._master >= 0:
            self.unplug()

    def send(self, text: str | bytes) -> None:
        """Say something, in random fragments where there is a seed."""
        data = text.encode("gb18030") if isinstance(text, str) else text
        with self._writing:
            while data and self._master >= 0:
                size = self._random.randint(1, 7) if self._random else len(data)
                os.write(self._master, data[:size])
                data = data[size:]
                if self._random and self._random.random() < 0.2:
                    time.sleep(0.001)

    def result(self, text: str) -> None:
        """A line of a reply or an unsolicited result code."""
        self.send(f"\r\n{text}\r\n")

    def caller(self, number: str | None, name: str | None = None, *, absence: str = "O") -> None:
        """Report caller ID, where it was turned on. `absence`: O or P, in place of the number."""
        if self.caller_id == "0":
            return
        now = datetime.now().astimezone()
        fields = [f"DATE = {now:%m%d}", f"TIME = {now:%H%M}", f"NMBR = {number or absence}"]
        fields += [f"NAME = {name}"] if name else []
        self.send("".join(f"\r\n{text}\r\n" for text in fields))

    def call(
        self,
        number: str | None,
        name: str | None = None,
        *,
        rings: int = 3,
        cadence: Cadence = CHINA,
        caller_id: str = "fsk",
        absence: str = "O",
    ) -> None:
        """Ring, until answered by ATH1 or ATA. `caller_id`: "fsk" (after ring one), "dtmf" (before it), "none"."""
        self.answered.clear()
        if caller_id == "dtmf":
            self.caller(number, name, absence=absence)
            self.answered.wait(0.3)
        for ring in range(rings):
            if self.answered.is_set() or self._closing.is_set():
                return
            self.result("RING")
            quiet = cadence.off
            if ring == 0 and caller_id == "fsk":
                self.answered.wait(min(cadence.on + 0.5, quiet))
                self.caller(number, name, absence=absence)
                quiet = max(0.0, quiet - 0.5)
            self.answered.wait(cadence.on + quiet if ring + 1 < rings else 0)

    def _serve(self) -> None:
        heard = b""
        while not self._closing.is_set():
            with self._reading, contextlib.suppress(OSError, ValueError):
                if self._master >= 0 and select.select([self._master], [], [], 0.05)[0]:
                    heard = self._hear(heard + os.read(self._master, 1024))
            time.sleep(0 if self._master >= 0 else 0.01)

    def _hear(self, heard: bytes) -> bytes:
        if self.mode == "silent":
            return b""
        if self.mode == "echo":
            self.send(heard)
            return b""
        if self.mode == "data":
            if heard.endswith(b"+++"):
                self.mode = "command"
                self.result("OK")
            return heard[-3:] if self.mode == "data" else b""
        *lines, rest = heard.split(b"\r")
        for line in lines:
            command = line.decode("ascii", "replace").strip()
            if self._echo:
                self.send(f"{command}\r")
            start = command.upper().find("AT")
            if start >= 0:
                self.commands.append(command[start:])
                self._answer(command[start + 2 :].upper())
        return rest

    def _answer(self, command: str) -> None:
        name, _, value = command.partition("=")
        match name:
            case "" | "Z" | "H" | "H0":
                self.result("OK")
            case "H1" | "A":
                self.answered.set()
                self.result("OK" if name == "H1" else "NO CARRIER")
            case "+GCI" if self.profile.countries and value in self.profile.countries:
                self.country = value
                self.result("OK")
            case "+GCI?" if self.profile.countries:
                self.result(f"+GCI: {self.country}")
                self.result("OK")
            case self.profile.caller_id if value in ("0", "1", "2"):
                self.caller_id = value
                self.result("OK")
            case _ if name == f"{self.profile.caller_id}?":
                self.result(self.caller_id)
                self.result("OK")
            case _ if identity := re.fullmatch(r"I(\d?)", name):
                self.result(self.profile.ati.get(identity[1] or "0", ""))
                self.result("OK")
            case _ if re.fullmatch(r"(?:[EQV][01])+|S0=0", command):
                self._echo = "E0" not in command and self._echo
                self.result("OK")
            case _:
                self.result("ERROR")
