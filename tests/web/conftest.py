"""The page over a real appliance: simulated modem, simulated pins, everything else as it runs."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from asking import Ask, held_against
from browsing import Http
from compiled import compiled_once
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright
from running import free_port
from seeing import CHROMIUM, IDS, LAN, PHONE, VIEWS, View, look
from visiting import PASSWORD, Visitor
from werkzeug.test import TestResponse

from firmware.appliance import Appliance
from firmware.lines.simulator import Cadence, SimulatedModem
from firmware.wiring import Wiring
from web import create_app
from web.account import setup_code
from web.pace import Pace
from web.scopes import SCOPES
from web.server import page as served
from web.tokens import issue

RINGING = Cadence(0.02, 0.05)


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    with compiled_once():
        yield


@pytest.fixture
def modem(tmp_path: Path) -> Iterator[SimulatedModem]:
    modem = SimulatedModem(link=tmp_path / "ttyACM0")
    yield modem
    modem.close()


@pytest.fixture
def wiring(tmp_path: Path) -> Wiring:
    return Wiring(
        data=tmp_path / "data",
        pins="mock",
        modem_port=str(tmp_path / "ttyACM0"),
        http=f"127.0.0.1:{free_port()}",
    )


@pytest.fixture
def appliance(wiring: Wiring) -> Iterator[Appliance]:
    """An appliance that has not begun to guard."""
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
def next_lamp(guarding: Appliance, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Lamps that are tried light one after another when the test says so."""
    monkeypatch.setattr("firmware.board.lamps.TRIAL_SECONDS", 60.0)
    lamps = guarding.lamps

    def next_lamp() -> None:
        with lamps._changed:
            lamps._trial_at = 0.0
            lamps._changed.notify()

    return next_lamp


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


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        args = ["--no-sandbox", "--ignore-certificate-errors", f"--host-resolver-rules=MAP {LAN} 127.0.0.1"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=args)
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
def window(chromium: Browser, address: str, wrong: list[str]) -> Iterator[Callable[..., View]]:
    """Opens windows before the box, by `language`, `width` and `cookies`."""
    views = []

    def window(language: str = "en", width: int = 390, cookies: Mapping[str, str] | None = None) -> View:
        place = address.replace("127.0.0.1", LAN) if width == PHONE else address
        views.append(look(chromium, place, wrong, language, width, cookies))
        return views[-1]

    yield window
    for view in views:
        view.tab.context.close()


@pytest.fixture
def claimed(address: str, guarding: Appliance) -> dict[str, str]:
    """The owner's cookies, of a box that is theirs."""
    http = Http(guarding.wiring.address)
    http.claim(setup_code(guarding.data) or "")
    return http.cookies


@pytest.fixture(params=VIEWS, ids=IDS)
def newcomer(window: Callable[..., View], request: pytest.FixtureRequest) -> View:
    """Somebody before a box that nobody has claimed: in each language, on a phone and on a desk."""
    return window(*request.param)


@pytest.fixture(params=VIEWS, ids=IDS)
def view(window: Callable[..., View], claimed: dict[str, str], request: pytest.FixtureRequest) -> View:
    """The owner: in each language, on a phone and on a desk."""
    return window(*request.param, claimed)


@pytest.fixture
def home(window: Callable[..., View], claimed: dict[str, str]) -> Page:
    """The first page as the owner sees it, in English, on a larger phone."""
    tab = window(cookies=claimed).tab
    tab.goto("/")
    expect(tab.get_by_role("heading", name="Guarding the line")).to_be_visible()
    return tab


@pytest.fixture
def shelf(appliance: Appliance) -> Appliance:
    """The appliance with its lists at work."""
    appliance.lists.start()
    return appliance
