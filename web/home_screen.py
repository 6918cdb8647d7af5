"""The page on a phone's home screen where TLS is on: its manifest, and a worker that keeps nothing private."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, current_app, json, render_template, url_for

from web import language
from web.language import say

SIZES = {"icon-192.png": "192x192", "icon-512.png": "512x512", "icon-maskable.png": "512x512"}
KEPT = {".css", ".js", ".svg"}
GROUND, GOOD = "#f5f2ea", "#1a6a58"

blueprint = Blueprint("home_screen", __name__)


@blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    """What it is called and looks like (W3C Web Application Manifest). A browser asks for it without any cookie."""
    tag = language.TAGS[language.chosen()]
    found = {
        "id": "/",
        "name": say("Ringfence"),
        "short_name": "铃盾" if tag == language.TAGS["zh"] else "Ringfence",
        "lang": tag,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": GOOD,
        "icons": [
            {
                "src": url_for("static", filename=name),
                "sizes": size,
                "type": "image/png",
                "purpose": "maskable" if "maskable" in name else "any",
            }
            for name, size in SIZES.items()
        ],
    }
    return Response(json.dumps(found), mimetype="application/manifest+json")


@blueprint.get("/worker.js")
def worker() -> Response:
    """The service worker (W3C Service Workers)."""
    folder = Path(current_app.static_folder or "")
    kept = sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.suffix in KEPT)
    files = [url_for("static", filename=name) for name in kept]
    return Response(render_template("worker.js", files=files), mimetype="text/javascript")


@blueprint.get("/offline")
def offline() -> str:
    """What is shown where the box cannot be reached: the same for everybody."""
    return render_template("offline.html")
