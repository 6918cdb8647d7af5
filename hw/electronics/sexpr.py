"""KiCad's files: nested lists as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

Expression: TypeAlias = "str | float | Sequence[Expression]"
"""A bare word or a quoted string, a number, or a list of these."""


class Quoted(str):
    """A string that KiCad wants in quotes."""

    __slots__ = ()


def write(expression: Expression, depth: int = 0) -> str:
    """The expression as KiCad reads it, a list with lists inside on lines of its own."""
    match expression:
        case Quoted():
            return '"' + expression.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case float():
            return f"{expression:.4f}".rstrip("0").rstrip(".") if expression else "0"
        case list():
            words = [write(item, depth + 1) for item in expression]
            line = f"({' '.join(words)})"
            if len(line) + 2 * depth <= 110 and "\n" not in line:
                return line
            indent = "\n" + "  " * (depth + 1)
            head = 1
            while head < len(words) and not isinstance(expression[head], list):
                head += 1
            return f"({' '.join(words[:head])}{''.join(indent + word for word in words[head:])})"
    return str(expression)
