"""What the doctor sees, on real ports and a real store."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from firmware.backups.folder import Backups
from firmware.board.pins import is_pi
from firmware.certificates import make
from firmware.doctor import Finding, examine
from firmware.household import Household
from firmware.lines.simulator import SimulatedModem
from firmware.store import open_store
from firmware.wiring import Wiring


@pytest.fixture
def wiring(tmp_path: Path) -> Wiring:
    (tmp_path / "data").mkdir(mode=0o700)
    return Wiring(data=tmp_path / "data", pins="mock", modem_port=str(tmp_path / "ttyACM0"), modem_probe=())


@pytest.fixture
def modem(tmp_path: Path) -> Iterator[SimulatedModem]:
    modem = SimulatedModem(link=tmp_path / "ttyACM0")
    yield modem
    modem.close()


def finding(wiring: Wiring, part: str) -> Finding:
    return next(found for found in examine(wiring) if found.part == part)


def test_a_modem_that_answers_is_named(wiring: Wiring, modem: SimulatedModem) -> None:
    found = finding(wiring, "modem")
    assert found.verdict == "ok"
    assert "56000" in found.says


def test_a_silent_modem_fails(wiring: Wiring, modem: SimulatedModem) -> None:
    modem.mode = "silent"
    assert finding(wiring, "modem").verdict == "fail"


def test_no_modem_fails_with_advice(wiring: Wiring) -> None:
    found = finding(wiring, "modem")
    assert (found.verdict, bool(found.advice)) == ("fail", True)


def test_an_account_that_cannot_be_registered_is_named(wiring: Wiring) -> None:
    with open_store(wiring.data / "store.journal") as db:
        Household(db).add_account({"name": "Home", "server": "nowhere.invalid", "user": "620"})
    found = finding(wiring, "sip")
    assert (found.verdict, bool(found.advice)) == ("fail", True)
    assert "nowhere.invalid" in found.says


def account(wiring: Wiring, server: str, transport: str) -> Wiring:
    with open_store(wiring.data / "store.journal") as db:
        Household(db).add_account({"name": "Home", "server": server, "user": "620", "transport": transport})
    return wiring


def test_an_account_without_a_port_is_looked_for_at_the_usual_one(wiring: Wiring) -> None:
    with socket.create_server(("127.77.0.1", 5060)):
        assert finding(account(wiring, "127.77.0.1", "tcp"), "sip").verdict == "ok"


@pytest.mark.parametrize(("transport", "verdict"), [("tls", "fail"), ("tls-unchecked", "ok")])
def test_a_server_with_the_certificate_of_another_is_told_of(
    tmp_path: Path, wiring: Wiring, monkeypatch: pytest.MonkeyPatch, transport: str, verdict: str
) -> None:
    certificate, key = tmp_path / "other.pem", tmp_path / "other.key"
    make(certificate, key, "other", "subjectAltName = URI:sip:other.example", days=2)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setattr("firmware.doctor.ANSWER_SECONDS", 20.0)
    shown = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    shown.load_cert_chain(certificate, key)
    with shown.wrap_socket(socket.create_server(("127.0.0.1", 0)), server_side=True) as listening:

        def serve() -> None:
            while listening.fileno() >= 0:
                with suppress(OSError), listening.accept()[0] as connection:
                    connection.recv(1)

        threading.Thread(target=serve, daemon=True).start()
        server = f"127.0.0.1:{listening.getsockname()[1]}"
        proxy = replace(wiring, proxy_provider=f"{server};transport={transport}")
        for part, wired in (("sip", account(wiring, server, transport)), ("proxy", proxy)):
            found = [
                one for one in examine(wired) if one.part == part and server.partition(":")[0] in one.says
            ]
            if verdict == "fail":
                assert "is not that of 127.0.0.1, but of URI:sip:other.example" in found[-1].says
            assert part == "proxy" or found[-1].verdict == verdict


def test_without_accounts_there_is_no_word_of_sip(wiring: Wiring) -> None:
    assert not any(found.part == "sip" for found in examine(wiring))


def test_a_data_folder_that_others_can_read_is_reported(wiring: Wiring, modem: SimulatedModem) -> None:
    wiring.data.chmod(0o755)
    assert finding(wiring, "permissions").verdict == "warn"


def test_a_damaged_store_is_reported(wiring: Wiring, modem: SimulatedModem) -> None:
    journal = wiring.data / "store.journal"
    with open_store(journal) as db:
        for note in ("one", "two", "three"):
            db.table("rules").insert({"match": "162*", "action": "block", "note": note})
    content = bytearray(journal.read_bytes())
    content[len(content) // 2] ^= 1
    journal.write_bytes(content)
    verdicts = [found.verdict for found in examine(wiring) if found.part == "storage"]
    assert "warn" in verdicts


def test_a_store_in_use_can_be_examined(wiring: Wiring, modem: SimulatedModem) -> None:
    with open_store(wiring.data / "store.journal"):
        assert finding(wiring, "storage").verdict == "ok"


@pytest.mark.skipif(is_pi(), reason="this machine has pins")
def test_a_machine_without_pins_fails_unless_they_are_simulated(
    wiring: Wiring, modem: SimulatedModem
) -> None:
    assert finding(replace(wiring, pins="auto"), "pins").verdict == "fail"
    assert finding(wiring, "pins").verdict == "ok"


def test_every_fault_comes_with_advice(wiring: Wiring) -> None:
    wiring.data.chmod(0o755)
    for found in examine(wiring):
        assert found.verdict == "ok" or found.advice, found


def test_the_newest_backup_is_told_where_they_are_made_regularly(wiring: Wiring) -> None:
    def told() -> list[str]:
        return [found.verdict for found in examine(wiring) if found.part == "backup"]

    def want(**settings: str) -> None:
        with open_store(wiring.data / "store.journal") as db:
            Household(db).change_settings(settings)

    open_store(wiring.data / "calls.journal").close()
    want()
    assert told() == []
    want(backup_every="daily")
    assert told() == ["warn"]
    backups = Backups(wiring.data, [])
    backups.make("", 7, datetime.now(UTC) - timedelta(days=3))
    assert told() == ["fail"]
    backups.make("", 7, datetime.now(UTC))
    assert told() == ["ok"]
    want(backup_folder="/nowhere")
    assert told() == ["fail"]


def test_a_proxy_is_looked_at_where_there_is_one(wiring: Wiring) -> None:
    assert not [found for found in examine(wiring) if found.part == "proxy"]
    wrong = finding(replace(wiring, proxy_provider="sip.example.net", proxy_refuse=404), "proxy")
    assert (wrong.verdict, wrong.says) == ("fail", "proxy.refuse makes no sense")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        answering = replace(wiring, proxy_provider="sip.example.net", proxy_events=port)
        assert finding(answering, "proxy").verdict == "ok"
    assert finding(answering, "proxy").says == f"nobody answers at 127.0.0.1:{port}"
