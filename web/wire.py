"""How answers go over the wire: packed where the browser unpacks them, and our own files kept until they change."""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

PACKED = frozenset({
    "text/html", "text/css", "text/javascript", "application/json", "application/problem+json",
    "application/manifest+json", "image/svg+xml",
})  # fmt: skip
LEAST_BYTES = 600
LEVEL = 5
FOR_EVER = "public, max-age=31536000, immutable"
REMEMBERED = 64


def init_app(app: Flask) -> None:
    """Name each file by its content in addresses, and pack what is worth it."""
    folder = Path(app.static_folder or "")

    @app.url_defaults
    def name_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "v" not in values:
            values["v"] = _version(folder / values["filename"])

    @app.after_request
    def send(response: Response) -> Response:
        if request.endpoint == "static" and request.args.get("v") and response.status_code in (200, 304):
            response.headers["Cache-Control"] = FOR_EVER
        return _pack(response) if _is_worth_packing(response) else response


def _is_worth_packing(response: Response) -> bool:
    """Whether to pack an answer; never one that another site has had the browser ask for.

    Its length would tell that site how much of what it put into the address is on the page too (BREACH, 2013).
    """
    return (
        request.accept_encodings["gzip"] > 0
        and request.headers.get("Sec-Fetch-Site", "none") in ("none", "same-origin")
        and response.status_code == 200
        and response.mimetype in PACKED
        and (request.endpoint == "static" or not response.is_streamed)
    )


def _pack(response: Response) -> Response:
    response.direct_passthrough = False
    whole = response.get_data()
    response.headers.add("Vary", "Accept-Encoding")
    if len(whole) >= LEAST_BYTES:
        response.set_data(_packed_once(whole) if request.endpoint == "static" else _packed(whole))
        response.headers["Content-Encoding"] = "gzip"
        etag, _ = response.get_etag()
        if etag:
            response.set_etag(etag, weak=True)
    return response


def _packed(whole: bytes) -> bytes:
    return gzip.compress(whole, LEVEL, mtime=0)


_packed_once = lru_cache(REMEMBERED)(_packed)


@lru_cache(REMEMBERED)
def _version(file: Path) -> str | None:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
    except OSError:
        return None
