"""A real appliance in this process with its page served, for whoever looks at every page."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from playwright.sync_api import StorageState
from running import free_port
from seeing import signed_in
from visiting import PASSWORD, Visitor
from werkzeug.routing import Rule

from firmware.appliance import Appliance
from firmware.lines.simulator import SimulatedModem
from firmware.wiring import Wiring
from web import create_app
from web.account import setup_code
from web.server import page as served

EXAMPLES = {"name": "mvno", "filename": "icon.svg"}
"""What stands in an address for a part of it; for all others 1."""

MORE = {"check": "number=16210123456"}
"""What an address has after it so that its page has something to show."""


class Living:
    """An appliance over `folder`, guarding a simulated modem's line, its page served at `address`, claimed or not.

    `wiring`: more fields of `Wiring`.
    """

    def __init__(self, folder: Path, *, claimed: bool = True, certificate: str = "", **wiring: Any) -> None:
        self._claimed, self._certificate = claimed, certificate
        self.modem = SimulatedModem(link=folder / "ttyACM0")
        self._open = ExitStack()
        self._open.callback(self.modem.close)
        port = free_port()
        self.address = f"{'https' if certificate else 'http'}://127.0.0.1:{port}"
        wiring = Wiring(
            data=folder / "data",
            pins="mock",
            modem_port=str(folder / "ttyACM0"),
            http=f"127.0.0.1:{port}",
            **wiring,
        )
        self.appliance = self._open.enter_context(Appliance(wiring))
        self.appliance.start()
        self.app = create_app(self.appliance)

    def __enter__(self) -> Self:
        self.visitor = Visitor(self.app)
        if self._claimed:
            self.visitor.claim(setup_code(self.appliance.data) or "", PASSWORD)
        self.appliance.wiring = replace(self.appliance.wiring, page_certificate=self._certificate)
        self._open.enter_context(served(self.appliance))
        self.appliance.ready()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Take it away."""
        self._open.close()

    @property
    def signed_in(self) -> StorageState:
        """What the owner's browser keeps."""
        cookie = self.visitor.client.get_cookie("ringfence")
        return signed_in({"ringfence": cookie.value} if cookie else {}, self.address)

    def pages(self) -> dict[str, str]:
        """The address of every whole page that the owner may open, by its endpoint: whatever is in the URL map."""
        found = {}
        for rule in self.app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and rule.endpoint.partition(".")[0] not in (
                "static",
                "api",
                "live",
            ):
                path = address_of(rule)
                answer = self.visitor.get(path)
                assert answer.status_code < 400, path
                if answer.status_code == 200 and answer.text.startswith("<!doctype html>"):
                    found[rule.endpoint.removeprefix("pages.")] = path
        return found


def address_of(rule: Rule) -> str:
    """An address that leads to a route."""
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda part: EXAMPLES.get(part[1], "1"), rule.rule)
    more = MORE.get(rule.endpoint.removeprefix("pages."))
    return f"{path}?{more}" if more else path
