"""Being registered, whatever the registrar does: over each transport, and again after each fault."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from house import UNWANTED, House
from registrar import HOUSE, Registrar, running, until


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tls") / "registrar.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=router",
    ]
    subprocess.run([*command, "-keyout", path, "-out", path], check=True, capture_output=True)
    return path


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory, certificate: Path) -> Iterator[Registrar]:
    with running(tmp_path_factory.mktemp("secured"), certificate=certificate) as registrar:
        yield registrar


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls-unchecked"])
def test_an_account_is_reached_over_each_transport(
    tmp_path: Path, secured: Registrar, transport: str
) -> None:
    port = secured.tls_port if transport.startswith("tls") else secured.port
    server = f"127.0.0.1:{port}"
    with House(tmp_path, secured, transport=transport, server=server) as home:
        assert (home.ready().line.state.server or "").startswith("kamailio (")
        assert home.caller(UNWANTED).outcome() == "taken"


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path, secured: Registrar) -> None:
    with House(tmp_path, secured, transport="tls", server=f"127.0.0.1:{secured.tls_port}") as home:
        until(lambda: home.line.state.fault == "sip_certificate", "it is not refused")


def test_a_line_that_is_closed_is_registered_no_longer(tmp_path: Path, registrar: Registrar) -> None:
    with House(tmp_path, registrar) as home:
        home.ready()
    assert home.caller(UNWANTED).outcome() == "480"


def test_a_wrong_password_is_a_fault_and_is_not_tried_again_at_once(
    tmp_path: Path, registrar: Registrar
) -> None:
    with House(tmp_path, registrar, password="wrong") as home:
        until(lambda: home.line.state.fault == "sip_refused", "it is not refused")
        assert home.line.state.status == 401
        home.line.register()
        until(lambda: registrar.log().count("REGISTER refused") >= 4, "it is not tried when asked to")
        assert registrar.log().count("REGISTER refused") == 4


def test_a_login_may_differ_from_the_user(tmp_path: Path, registrar: Registrar) -> None:
    with House(tmp_path, registrar, user="another", login=HOUSE) as home:
        home.ready()


def test_a_host_that_nobody_knows_is_a_fault(tmp_path: Path, registrar: Registrar) -> None:
    with House(tmp_path, registrar, server="nowhere.invalid") as home:
        until(lambda: home.line.state.fault == "sip_unknown_host", "it is not told")


def test_a_registrar_that_is_not_there_is_a_fault(tmp_path: Path, registrar: Registrar) -> None:
    with House(tmp_path, registrar, server="127.0.0.1:9", transport="tcp") as home:
        until(lambda: home.line.state.fault == "sip_unreachable", "it is not told")


def test_a_registrar_that_does_not_answer_is_a_fault(tmp_path: Path, registrar: Registrar) -> None:
    with House(tmp_path, registrar, server="127.0.0.1:9") as home:
        until(lambda: home.line.state.fault == "sip_silent", "it is not told")


def test_an_expiry_that_is_too_short_for_the_registrar_is_raised_to_its_own(tmp_path: Path) -> None:
    with running(tmp_path, least=300) as registrar, House(tmp_path, registrar, expiry=60) as home:
        assert home.ready().line.state.seconds == 300


def test_a_registrar_that_is_not_well_is_asked_again_when_it_says(tmp_path: Path) -> None:
    refuse = 'append_to_reply("Retry-After: 3\\r\\n"); sl_send_reply("503", "Later"); exit;'
    registrar = Registrar(tmp_path)
    registrar.start(refuse=refuse)
    try:
        with House(tmp_path, registrar) as home:
            until(lambda: home.line.state.fault == "sip_unwell", "it is not told")
            assert home.line.state.status == 503
            registrar.stop()
            registrar.start()
            home.ready()
    finally:
        registrar.stop()


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_after_a_restart_of_the_registrar_calls_come_again(tmp_path: Path, transport: str) -> None:
    registrar = Registrar(tmp_path)
    registrar.start(most=10)
    try:
        with House(tmp_path, registrar, transport=transport) as home:
            home.ready()
            registrar.stop()
            registrar.start(most=10)
            until(lambda: home.caller(UNWANTED).outcome() == "taken", "no call comes")
    finally:
        registrar.stop()
