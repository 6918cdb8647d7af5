import logging
import socket
import ssl
import subprocess
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

import pytest
from browsing import Http, Stream
from visiting import Visitor

from firmware.appliance import Appliance
from web import certificates
from web.server import page


class Https(Http):
    """One browser that trusts the box's authority."""

    def __init__(self, address: tuple[str, int], authority: Path) -> None:
        super().__init__(address)
        self.authority = authority
        self.source = "127.0.0.1"
        self.context = ssl.create_default_context(cafile=str(authority))

    def connect(self) -> HTTPConnection:
        return HTTPSConnection(
            *self.address, timeout=30, context=self.context, source_address=(self.source, 0)
        )


@pytest.fixture
def over_tls(appliance: Appliance) -> Appliance:
    appliance.wiring = replace(appliance.wiring, page_certificate="local")
    return appliance


@pytest.fixture
def https(over_tls: Appliance) -> Iterator[Https]:
    with page(over_tls):
        yield Https(over_tls.wiring.address, certificates.authority(over_tls.data))


def test_a_browser_that_trusts_the_authority_signs_in(stranger: Visitor, https: Https) -> None:
    https.sign_in()
    assert https.get("/")[0] == 200
    for cookie in https.attributes.values():
        assert "Secure" in cookie


def test_who_does_not_trust_it_is_warned(https: Https) -> None:
    https.context = ssl.create_default_context()
    with pytest.raises(ssl.SSLCertVerificationError):
        https.get("/claim")


def test_what_comes_in_plain_is_sent_to_tls_and_a_password_is_not_taken(
    stranger: Visitor, https: Https
) -> None:
    plain = Http(https.address)
    answer = plain.open("GET", "/check?number=95588")
    host, port = https.address
    assert (answer.status, answer.getheader("Location")) == (308, f"https://{host}:{port}/check?number=95588")
    answer = plain.open("POST", "/sign-in", b"password=correct+horse")
    assert answer.status == 403
    assert answer.getheader("Set-Cookie") is None
    answer = plain.open("GET", "/", headers={"Host": "evil.example"})
    assert answer.status == 421


def test_an_old_protocol_is_refused(https: Https) -> None:
    https.context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings(action="ignore"):
        https.context.minimum_version = https.context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(ssl.SSLError, match=r"(?i)alert.(protocol.version|internal.error)"):
        https.get("/claim")


def test_a_large_body_comes_whole_however_it_is_cut(stranger: Visitor, https: Https) -> None:
    https.sign_in()
    csrf = https.get("/sign-in")[1].partition('name="csrf_token" value="')[2].partition('"')[0]
    vcard = "".join(
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:N{n}\r\nTEL:+861621012{n:04}\r\nEND:VCARD\r\n" for n in range(9000)
    )
    body = vcard.encode()
    connection = https.connect()
    headers = {
        "Cookie": https.cookie,
        "X-CSRFToken": csrf,
        "Content-Type": "text/vcard",
        "Content-Length": str(len(body)),
    }
    connection.putrequest("POST", "/api/v1/contacts/import")
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    for start in range(0, len(body), 70_001):
        connection.send(body[start : start + 70_001])
    answer = connection.getresponse()
    assert (answer.status, b'"new": 9000' in answer.read()) == (200, True)


def test_a_large_answer_comes_whole_to_who_reads_slowly(stranger: Visitor, https: Https) -> None:
    answer = https.open("GET", "/static/vendor/htmx.min.js")
    read = b""
    while piece := answer.read(977):
        read += piece
    assert read == (Path(certificates.__file__).parent / "static/vendor/htmx.min.js").read_bytes()


def test_news_come_over_tls(stranger: Visitor, https: Https, wait_until: Callable[..., None]) -> None:
    https.sign_in()
    with Stream(https) as stream:
        wait_until(lambda: stream.named("status"))


def test_who_says_nothing_or_nonsense_keeps_nobody_waiting(https: Https) -> None:
    silent = [socket.create_connection(https.address, 5) for _ in range(20)]
    for noise in (b"\x16", b"\x16\x03\x01\x02\x00" + b"\0" * 512, b"\x16" * 5000, b"\0", b"GET"):
        with socket.create_connection(https.address, 5) as connection, suppress(OSError):
            connection.sendall(noise)
            connection.shutdown(socket.SHUT_WR)
            connection.recv(1000)
    assert https.get("/claim")[0] == 200
    for connection in silent:
        connection.close()


def test_many_at_once_are_answered(https: Https) -> None:
    answers: list[int] = []

    def ask() -> None:
        browser = Https(https.address, https.authority)
        answers.extend(browser.get("/claim")[0] for _ in range(5))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert answers == [200] * 40


def test_the_owners_own_certificate_is_shown(appliance: Appliance, tmp_path: Path) -> None:
    certificate, key = certificates.made(tmp_path / "elsewhere")
    whole = tmp_path / "whole.pem"
    whole.write_text(certificate.read_text() + key.read_text())
    for settings in (
        {"page_certificate": str(whole)},
        {"page_certificate": str(certificate), "page_key": str(key)},
    ):
        appliance.wiring = replace(appliance.wiring, **settings)
        with page(appliance):
            browser = Https(appliance.wiring.address, certificates.authority(tmp_path / "elsewhere"))
            assert browser.get("/claim")[0] == 200


def test_without_its_certificate_there_is_no_page_and_the_line_is_guarded(
    guarding: Appliance, caplog: pytest.LogCaptureFixture
) -> None:
    guarding.wiring = replace(guarding.wiring, page_certificate="/nowhere.pem")
    with page(guarding):
        assert guarding.status()["line"]["state"] == "guarding"
        with pytest.raises(ConnectionRefusedError):
            Http(guarding.wiring.address).get("/claim")
    assert "no page without its certificate" in caplog.text


def test_a_telephone_gets_the_authority_whose_fingerprint_is_announced(
    stranger: Visitor, over_tls: Appliance, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "web.server")
    with page(over_tls):
        https = Https(over_tls.wiring.address, certificates.authority(over_tls.data))
        https.sign_in()
        answer = https.open("GET", "/api/v1/authority.crt")
        assert answer.getheader("Content-Type") == "application/x-x509-ca-cert"
        der = ssl.PEM_cert_to_DER_cert(answer.read().decode())
    assert sha256(der).digest().hex(":").upper() in caplog.text


def test_the_authority_stays_and_the_certificate_is_new_at_every_start(tmp_path: Path) -> None:
    first = [file.read_bytes() for file in (*certificates.made(tmp_path), certificates.authority(tmp_path))]
    again = [file.read_bytes() for file in (*certificates.made(tmp_path), certificates.authority(tmp_path))]
    assert [a == b for a, b in zip(first, again, strict=True)] == [False, False, True]


def test_keys_are_readable_by_the_appliance_alone(tmp_path: Path) -> None:
    certificates.made(tmp_path)
    assert (tmp_path / "tls").stat().st_mode & 0o777 == 0o700
    for key in (tmp_path / "tls").glob("*.key"):
        assert key.stat().st_mode & 0o077 == 0


def test_the_authority_speaks_for_the_home_and_for_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even a stolen key of it is no use against a bank."""

    def verified(host: str) -> bool:
        certificate, _ = certificates.made(tmp_path, (host,))
        command = [
            "openssl",
            "verify",
            "-CAfile",
            certificates.authority(tmp_path),
            "-verify_hostname",
            host,
            certificate,
        ]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    certificates.made(tmp_path)
    assert verified("ringfence.local")
    assert not verified("bank.example")


def test_a_disk_that_refuses_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "tls").write_text("in the way")
    with pytest.raises(OSError, match="tls"):
        certificates.made(tmp_path)
