"""Tables for a spreadsheet (RFC 4180), in which what strangers wrote stays text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

BYTE_ORDER_MARK = "\ufeff"
"""By which spreadsheets know UTF-8."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""With one of these, or its full-width form, a cell would be a formula to a spreadsheet."""


def line(cells: Iterable[Any]) -> str:
    """A line of the table with its end."""
    text = io.StringIO()
    csv.writer(text).writerow(map(harmless, cells))
    return text.getvalue()


def harmless(cell: Any) -> Any:
    """A cell that no spreadsheet calculates."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(FORMULA) else cell
