"""What a browser really fetches."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page


class Scale:
    """Bytes as they come over the wire, streams of news left out."""

    def __init__(self, page: Page) -> None:
        self.session = page.context.new_cdp_session(page)
        self._streams: set[str] = set()
        self.bytes = 0
        self.session.send("Network.enable")
        self.session.on("Network.responseReceived", self._heard)
        self.session.on("Network.loadingFinished", self._done)

    def _heard(self, event: dict[str, Any]) -> None:
        if event["type"] == "EventSource":
            self._streams.add(event["requestId"])

    def _done(self, event: dict[str, Any]) -> None:
        if event["requestId"] not in self._streams:
            self.bytes += int(event["encodedDataLength"])
