"""A serial modem as a line: AT dialects, replies, hot-plug."""

from firmware.lines.modem.line import ModemLine, ModemState

__all__ = ["ModemLine", "ModemState"]
