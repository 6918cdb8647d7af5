"""Reads or uses one address of a notification service, in a process that gives way to all others.

    python -m firmware.notices

Standard input, one JSON object:   {"url": …, "lan": …}                             whose address is it?
                                   {"url": …, "lan": …, "title": …, "body": …}      send this text
Standard output, one JSON object:  {"service": …}                                   the service's name: done
                                   {"fault": …}                                     as in `sending.Unsent`
"""

from __future__ import annotations

import json
import sys
from typing import Any

import apprise

from firmware.humble import give_way
from firmware.notices.confinement import confine

LOCAL = ("syslog", "dbus", "glib", "gnome", "windows", "macosx", "blink1", "growl")
"""Schemes of services of a desktop or of this very machine."""


def answer(request: dict[str, Any]) -> dict[str, str]:
    """Do what is asked for."""
    asset = apprise.AppriseAsset(
        app_id="Ringfence",
        app_desc="Ringfence",
        app_url="",
        image_url_mask="",
        image_url_logo="",
        async_mode=False,
        http_redirects=False,
        pgp_autogen=False,
        pem_autogen=False,
        storage_mode="memory",
    )
    service = None
    if not request["url"].lower().startswith(tuple(f"{scheme}:" for scheme in LOCAL)):
        service = apprise.Apprise.instantiate(request["url"], asset=asset, suppress_exceptions=True)
    if service is None:
        return {"fault": "url"}
    if "body" in request:
        seen = confine(lan=request["lan"])
        sent = service.notify(
            title=request["title"],
            body=request["body"],
            notify_type=apprise.NotifyType.INFO,
            body_format=apprise.NotifyFormat.TEXT,
        )
        if not sent:
            return {"fault": "address" if seen.refused else "denied" if seen.connections else "name"}
    return {"service": str(service.service_name)}


def main() -> None:
    give_way()
    json.dump(answer(json.load(sys.stdin)), sys.stdout)


if __name__ == "__main__":
    main()
