"""The page over a real appliance: simulated modem, simulated pins, everything else as it runs."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from asking import Ask, held_against
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright
from running import free_port
from visiting import PASSWORD, Visitor
from werkzeug.test import TestResponse

from firmware.appliance import Appliance
from firmware.lines.simulator import Cadence, SimulatedModem
from firmware.settings import Wiring
from web import create_app
from web.account import setup_code
from web.pace import Pace
from web.scopes import SCOPES
from web.server import page as served
from web.tokens import issue

RINGING = Cadence(0.02, 0.05)
CHROMIUM = "/usr/bin/chromium"


@pytest.fixture
def modem(tmp_path: Path) -> Iterator[SimulatedModem]:
    modem = SimulatedModem(link=tmp_path / "ttyACM0")
    yield modem
    modem.close()


@pytest.fixture
def appliance(tmp_path: Path) -> Iterator[Appliance]:
    """An appliance that has not begun to guard."""
    wiring = Wiring(
        data=tmp_path / "data",
        pins="mock",
        modem_port=str(tmp_path / "ttyACM0"),
        http=f"127.0.0.1:{free_port()}",
    )
    with Appliance(wiring) as appliance:
        yield appliance


@pytest.fixture
def guarding(appliance: Appliance, modem: SimulatedModem, wait_until: Callable[..., None]) -> Appliance:
    """The appliance with its line guarded."""
    appliance.start()
    wait_until(lambda: appliance.status()["line"]["state"] == "guarding")
    return appliance


@pytest.fixture
def ring(guarding: Appliance, modem: SimulatedModem, wait_until: Callable[..., None]) -> Callable[..., int]:
    """Rings once, and gives the call's id when it is over."""
    ringing = guarding.line.ringing
    heard = ringing.silence = 60.0

    def newest() -> dict[str, Any]:
        return next(iter(guarding.calls(limit=1)), {"id": 0, "over": True})

    def ring(number: str | None, name: str | None = None, **how: str) -> int:
        before = newest()["id"]
        modem.call(number, name, rings=1, cadence=RINGING, **how)
        wait_until(lambda: newest()["id"] > before and bool(newest()["name"]) == bool(name))
        wait_until(lambda: newest()["rings"] and newest()["verdict"])
        ringing.silence = 0.0
        wait_until(lambda: newest()["over"])
        ringing.silence = heard
        return int(newest()["id"])

    return ring


@pytest.fixture
def app(appliance: Appliance) -> Flask:
    return create_app(appliance)


@pytest.fixture
def code(app: Flask, appliance: Appliance) -> str:
    """The set-up code of an appliance that nobody has claimed."""
    code = setup_code(appliance.data)
    assert code
    return code


@pytest.fixture
def stranger(app: Flask, code: str) -> Visitor:
    """Somebody in the house who has not signed in; the appliance is claimed."""
    Visitor(app).claim(code, PASSWORD)
    return Visitor(app)


@pytest.fixture
def owner(stranger: Visitor) -> Visitor:
    assert stranger.sign_in().status_code == 303
    return stranger


@pytest.fixture
def viewer(app: Flask, stranger: Visitor) -> Visitor:
    """Somebody who has signed in and may look."""
    app.extensions["accounts"].add("granny", "viewer", PASSWORD)
    assert stranger.sign_in(name="granny").status_code == 303
    return stranger


@pytest.fixture
def program(app: Flask, appliance: Appliance) -> Callable[..., object]:
    """Asks the API as a program does, with a token; more often than one may."""
    app.extensions["pace"] = Pace(100_000, 1000)
    bearer = {"Authorization": f"Bearer {issue(appliance.data, 'tests', SCOPES)}"}
    client = app.test_client()

    def ask(method: str, path: str, headers: dict[str, str] | None = None, **how: Any) -> TestResponse:
        return client.open(path, method=method, headers=bearer | (headers or {}), **how)

    return ask


@pytest.fixture
def described(program: Ask) -> dict[str, Any]:
    """The API's own description."""
    found: dict[str, Any] = program("GET", "/api/v1/openapi.json").json
    return found


@pytest.fixture
def ask(program: Ask, described: dict[str, Any]) -> Ask:
    """Asks the API, and holds each answer against the API's own description."""
    return held_against(described, program)


# A browser.


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def address(guarding: Appliance) -> Iterator[str]:
    with served(guarding):
        host, port = guarding.wiring.address
        yield f"http://{host}:{port}"


@pytest.fixture
def wrong() -> Iterator[list[str]]:
    """What the browser finds wrong with the page, which fails the test unless the test asked for it."""
    found: list[str] = []
    yield found
    assert not found


@pytest.fixture
def tab(chromium: Browser, address: str, wrong: list[str]) -> Iterator[Page]:
    """A phone's browser that speaks English."""
    context = chromium.new_context(
        base_url=address, locale="en-GB", viewport={"width": 390, "height": 844}, reduced_motion="reduce"
    )
    tab = context.new_page()
    tab.set_default_timeout(5000)
    tab.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    yield tab
    context.close()


@pytest.fixture
def home(tab: Page, guarding: Appliance) -> Page:
    """The page as the owner sees it after the claim."""
    tab.goto("/")
    tab.get_by_label("Set-up code").fill(setup_code(guarding.data) or "")
    tab.get_by_label("A password of your choice").fill(PASSWORD)
    tab.get_by_role("button", name="Begin").click()
    tab.get_by_role("link", name="Later").click()
    expect(tab.get_by_role("heading", name="Guarding the line")).to_be_visible()
    return tab
