"""What the process that sends notices may do: connect to admitted addresses, and read what it is made of.

The address that the owner gave is read by some hundred services of another hand. So the limits are set where all of
them pass, at the interpreter's own audit events (PEP 578), and not in the address.
"""

from __future__ import annotations

import ipaddress
import os
import sys
from dataclasses import dataclass
from typing import Any

from firmware.lists.address import is_admitted

READABLE = ("/usr", "/etc/ssl", "/etc/localtime", "/etc/timezone", "/etc/mime.types", "/dev/null")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CONNECTS = {"socket.connect", "socket.sendto", "socket.sendmsg"}
"""Their second argument is the address; a message over a connection has none."""
NEVER = {
    "socket.bind",
    "subprocess.Popen",
    "syslog.syslog",
    *(f"os.{name}" for name in ("exec", "fork", "forkpty", "posix_spawn", "spawn", "system")),
    *(f"os.{name}" for name in ("chmod", "chown", "link", "mkdir", "remove", "rename", "rmdir", "symlink")),
}


@dataclass(slots=True)
class Seen:
    """How many connections were begun, and how many refused for their address."""

    connections: int = 0
    refused: int = 0


def confine(*, lan: bool) -> Seen:
    """Set the limits of this process, for good, which raise PermissionError; `lan` admits private addresses."""
    seen = Seen()
    readable = tuple(map(os.path.realpath, (*READABLE, sys.prefix, sys.base_prefix, *filter(None, sys.path))))

    def connect(place: object) -> None:
        if not _is_admitted(place, lan=lan):
            seen.refused += 1
            raise PermissionError("an address that is not admitted")
        seen.connections += 1

    def read(path: object, flags: object) -> None:
        if isinstance(path, int):
            return
        found = os.path.realpath(os.fsdecode(path)) if isinstance(path, str | bytes) else ""
        if not isinstance(flags, int) or flags & WRITES or not _is_within(found, readable):
            raise PermissionError("a file that is not this program's")

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event in CONNECTS:
            if args[1] is not None:
                connect(args[1])
        elif event == "open":
            read(args[0], args[2])
        elif event in NEVER:
            raise PermissionError(event)

    sys.addaudithook(hook)
    return seen


def _is_admitted(place: object, *, lan: bool) -> bool:
    """Whether a socket's address is one of the Internet's that may be asked; a name is none, for who knows its."""
    if not (isinstance(place, tuple) and place and isinstance(place[0], str)):
        return False
    try:
        return is_admitted(ipaddress.ip_address(place[0].partition("%")[0]), lan=lan)
    except ValueError:
        return False


def _is_within(path: str, folders: tuple[str, ...]) -> bool:
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)
