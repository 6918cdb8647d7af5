"""What changed from version to version: the changelog, which the package's metadata has after the README."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import metadata

HEADING = "\n# Changelog\n"


@dataclass(frozen=True, slots=True)
class Release:
    """A version as its heading names it, what it is about, and what it brings."""

    name: str
    about: str
    changes: tuple[str, ...]


def releases() -> list[Release]:
    """The newest first."""
    return releases_in(str(metadata("ringfence").get_payload()).partition(HEADING)[2])  # type: ignore[attr-defined]


def releases_in(text: str) -> list[Release]:
    """The releases of a changelog: headings (`##`), a paragraph, and a list (`-`)."""
    found = []
    for part in text.split("\n## ")[1:]:
        name, _, rest = part.partition("\n")
        about, *changes = f"\n{rest}".split("\n- ")
        found.append(Release(name.strip(), _line(about), tuple(map(_line, changes))))
    return found


def _line(text: str) -> str:
    return " ".join(text.split())
