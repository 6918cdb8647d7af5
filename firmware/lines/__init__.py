"""Where calls come from, and how one is rejected."""

from firmware.lines.line import Line, LineState

__all__ = ["Line", "LineState"]
