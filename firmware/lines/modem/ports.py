"""Where the modem is: the configured port, else whatever serial port there is."""

from __future__ import annotations

import os
import re
import select
from glob import glob
from pathlib import Path

import serial
from serial.tools import list_ports

PROBE = ("/dev/ringfence-modem", "/dev/serial/by-id/*", "/dev/ttyACM*", "/dev/ttyUSB*")

_USB_ID = re.compile(r"usb:([0-9a-f]{4}):([0-9a-f]{4})\Z", re.IGNORECASE)

READ_SECONDS = 0.1
READ_BYTES = 4096
WRITE_SECONDS = 1.0


def ports(configured: str, probe: tuple[str, ...] = PROBE) -> list[str]:
    """The ports to try, the configured one first.

    `configured` is a path, `usb:VID:PID` in hexadecimal, or `auto`. `probe` holds the patterns of paths that
    are tried after it: a modem that is plugged in again may come back under another name.
    """
    found: list[str] = []
    usb = _USB_ID.match(configured)
    if usb:
        ids = tuple(int(part, 16) for part in usb.groups())
        found += [port.device for port in list_ports.comports() if (port.vid, port.pid) == ids]
    elif configured != "auto":
        found += [configured]
    for pattern in probe:
        found += sorted(glob(pattern))  # noqa: PTH207 - patterns are absolute
    distinct = {Path(path).resolve(): path for path in reversed(found) if Path(path).exists()}
    return list(reversed(distinct.values()))


def open_port(path: str, speed: int) -> serial.Serial:
    """The port opened for us alone, 8N1. Raises serial.SerialException."""
    return serial.Serial(path, speed, timeout=0, write_timeout=WRITE_SECONDS, exclusive=True)


def receive(port: serial.Serial, within: float = READ_SECONDS) -> bytes:
    """What has come within some seconds; empty when nothing did. Raises OSError when the port is lost.

    `Serial.read` makes five system calls where two do, and at each another thread may take the interpreter.
    """
    if not select.select([port.fileno()], [], [], within)[0]:
        return b""
    data = os.read(port.fileno(), READ_BYTES)
    if not data:
        raise serial.SerialException(f"{port.name} hung up")
    return data
