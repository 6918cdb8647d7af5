"""Where a visitor may be sent."""

from __future__ import annotations

from flask import url_for


def local_path(wanted: str | None) -> str:
    """`wanted` if it is a path of ours, else the first page. Another host never is, however it is written."""
    if wanted and wanted.startswith("/") and wanted[1:2] not in ("/", "\\") and wanted.isprintable():
        return wanted
    return url_for("pages.home")
