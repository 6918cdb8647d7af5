"""The page behind nginx, set up as hw/nginx.conf says."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from browsing import Http, Stream
from running import free_port
from test_tls import Https
from visiting import Visitor

from firmware.appliance import Appliance
from web import certificates
from web.server import page
from web.throttle import Doors

EXAMPLE = Path(__file__).parents[2] / "hw/nginx.conf"
HOST = "ringfence.example.org"


@pytest.fixture
def behind(appliance: Appliance) -> Appliance:
    appliance.wiring = replace(appliance.wiring, page_proxy="127.0.0.1", page_hosts=(HOST,))
    return appliance


@pytest.fixture
def nginx(behind: Appliance, tmp_path: Path, wait_until: Callable[..., None]) -> Iterator[Https]:
    """A browser's way through nginx to the page."""
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    certificate, key = certificates.made(tmp_path / "proxy", (HOST,))
    port = free_port()
    site = EXAMPLE.read_text()
    for there, here in (
        ("443", f"127.0.0.1:{port}"),
        ("127.0.0.1:8080", ":".join(map(str, behind.wiring.address))),
        ("/etc/ssl/ringfence.pem", str(certificate)),
        ("/etc/ssl/ringfence.key", str(key)),
    ):
        assert there in site
        site = site.replace(there, here)
    folders = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{name}_temp_path {tmp_path}/{name};\n" for name in folders)
    whole = tmp_path / "nginx.conf"
    whole.write_text(
        f"daemon off; master_process off; pid {tmp_path}/pid; error_log stderr;\n"
        f"events {{}}\nhttp {{ access_log off; {temporary} {site} }}\n"
    )
    with (
        page(behind),
        subprocess.Popen([program, "-c", str(whole), "-p", str(tmp_path)], env=os.environ) as server,
    ):
        try:
            browser = Https(("127.0.0.1", port), certificates.authority(tmp_path / "proxy"))
            browser.headers |= {"Host": HOST}
            wait_until(lambda: is_there(browser))
            yield browser
        finally:
            server.terminate()


def is_there(browser: Http) -> bool:
    with suppress(ConnectionRefusedError):
        return browser.get("/claim")[0] in (200, 303)
    return False


def test_one_signs_in_through_nginx(stranger: Visitor, nginx: Https, wait_until: Callable[..., None]) -> None:
    nginx.sign_in()
    assert nginx.get("/")[0] == 200
    assert all("Secure" in cookie for cookie in nginx.attributes.values())
    with Stream(nginx) as stream:
        wait_until(lambda: stream.named("status"))


def test_the_throttle_sees_who_is_behind_nginx(stranger: Visitor, nginx: Https) -> None:
    statuses = []
    for n in range(Doors.FREE + 1):
        nginx.headers |= {"X-Forwarded-For": f"10.0.0.{n}"}
        statuses.append(nginx.post("/sign-in", password="guess"))
    assert statuses == [403] * Doors.FREE + [429]
    nginx.source = "127.0.0.2"
    assert nginx.post("/sign-in", password="guess") == 403


@pytest.mark.parametrize("proxy", ["", "192.0.2.1"])
def test_a_header_of_who_is_no_proxy_is_not_believed(
    stranger: Visitor, appliance: Appliance, proxy: str
) -> None:
    appliance.wiring = replace(appliance.wiring, page_proxy=proxy, page_hosts=())
    with page(appliance):
        direct = Http(appliance.wiring.address)
        forged = {"X-Forwarded-For": "10.0.0.1", "X-Forwarded-Proto": "https", "X-Forwarded-Host": HOST}
        assert direct.open("GET", "/sign-in", headers=forged).status == 200
        (cookie,) = direct.attributes.values()
        assert "Secure" not in cookie


def test_a_name_of_the_owners_is_answered_and_no_other(behind: Appliance) -> None:
    with page(behind):
        direct = Http(behind.wiring.address)
        statuses = {
            host: direct.open("GET", "/claim", headers={"Host": host}).status for host in (HOST, f"x{HOST}")
        }
    assert statuses == {HOST: 200, f"x{HOST}": 421}
