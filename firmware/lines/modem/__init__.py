"""A serial modem as a line: AT dialects, replies, hot-plug."""

from firmware.lines.modem.line import LineState, ModemLine

__all__ = ["LineState", "ModemLine"]
