"""A provider over TLS: what is sent goes to whoever proves to be the provider, and to nobody else."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pytest
from plain import Peer, answer, header, headers, request
from running import COMMAND, free_port
from sipp import House
from started import ended, started

from firmware.lines.sip.agent.framing import Frames
from firmware.lines.sip.proxy.control import ask

Wait = Callable[..., None]

NAME = "127.0.0.1"
"""The provider's: Kamailio, which goes to it by itself with a call for help, asks no hosts file."""
EC = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2")


@dataclass
class Signed:
    """A certificate with its key."""

    certificate: Path
    key: Path

    @classmethod
    def made(cls, folder: Path, name: str, *options: str | Path) -> Self:
        made = cls(folder / f"{name}.pem", folder / f"{name}.key")
        files = ("-keyout", made.key, "-out", made.certificate)
        command = ("openssl", "req", "-x509", *EC, "-subj", f"/CN={name}", *files, *options)
        subprocess.run(command, check=True, capture_output=True)
        return made


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Signed:
    """The one that this machine trusts."""
    return Signed.made(tmp_path_factory.mktemp("authority"), "authority")


def signed(folder: Path, name: str, authority: Signed) -> Signed:
    """One for a server, `name` as in `DNS:x.example`."""
    by = ("-CA", authority.certificate, "-CAkey", authority.key)
    names = ("-addext", f"subjectAltName={name}", "-addext", "basicConstraints=CA:FALSE")
    return Signed.made(folder, "server", *by, *names)


class Provider:
    """A SIP server over TLS on 127.0.0.1. `heard`: what came, `tried`: how many connections were begun, `talking`:
    those over which something came."""

    def __init__(self, shown: Signed) -> None:
        self.heard: list[str] = []
        self.tried = 0
        self.talking: list[ssl.SSLSocket] = []
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(shown.certificate, shown.key)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._connections: list[socket.socket] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for one in (self._listening, *self._connections):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def send(self, message: str) -> str:
        self.talking[-1].sendall(message.encode())
        return message

    def about(self, message: str, start: str) -> str | None:
        """The last message with its Call-ID that begins so."""
        same = (one for one in reversed(self.heard) if header(one, "Call-ID") == header(message, "Call-ID"))
        return next((one for one in same if one.startswith(start)), None)

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                plain, _ = self._listening.accept()
                threading.Thread(target=self._talk, args=(plain,), daemon=True).start()

    def _talk(self, plain: socket.socket) -> None:
        self.tried += 1
        with suppress(OSError):
            connection = self._context.wrap_socket(plain, server_side=True)
            self._connections.append(connection)
            frames = Frames()
            while data := connection.recv(1 << 16):
                if connection not in self.talking:
                    self.talking.append(connection)
                self.heard += [message.decode() for message in frames.feed(data)]


@pytest.fixture
def begun(
    tmp_path: Path, house: House, authority: Signed, monkeypatch: pytest.MonkeyPatch, wait_until: Wait
) -> Iterator[Callable[[Provider, str], Path]]:
    """Begins `ringfence sip-proxy` for a provider, and waits until Kamailio answers; gives its log."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
    running = []

    def begin(provider: Provider, transport: str) -> Path:
        config, log = tmp_path / "ringfence.toml", tmp_path / "log"
        config.write_text(
            f"""[proxy]
provider = "{NAME}:{provider.port};transport={transport}"
handsets = ["{house.handset}"]
listen = ["udp:{house.proxy}:5060"]
events = {free_port()}
"""
        )
        options = ["--config", str(config), "--data", str(tmp_path / "data")]
        running.append(started([*COMMAND, "sip-proxy", *options], log))
        wait_until(lambda: answers(tmp_path / "data" / "proxy"), 30)
        return log

    yield begin
    for process in running:
        ended(process)


def answers(folder: Path) -> bool:
    try:
        return bool(ask(folder, "core.uptime"))
    except OSError:
        return False


def tries_until(begin: Callable[[], str], done: Callable[[str], object], wait_until: Wait) -> str:
    """Sends what `begin` makes, anew each second as a phone does; gives the one with which `done` came true."""
    tried = [begin()]
    again = time.monotonic() + 1

    def comes_about() -> bool:
        nonlocal again
        if not done(tried[-1]) and time.monotonic() > again:
            tried.append(begin())
            again = time.monotonic() + 1
        return any(map(done, tried))

    wait_until(comes_about, 60)
    return next(one for one in reversed(tried) if done(one))


def registers(phone: Peer, house: House) -> str:
    return phone.send(request("REGISTER", f"sip:{NAME}", phone.at, to=f"sip:100@{NAME}"), house.proxy)


def calls(phone: Peer, house: House, number: str) -> str:
    return phone.send(request("INVITE", f"sip:{number}@{NAME}", phone.at), house.proxy)


@pytest.mark.parametrize("name", [f"IP:{NAME}", f"DNS:other.example,URI:sip:{NAME}"])
def test_a_provider_with_its_certificate_is_spoken_to(
    tmp_path: Path,
    house: House,
    phone: Peer,
    authority: Signed,
    begun: Callable[..., Path],
    wait_until: Wait,
    name: str,
) -> None:
    with Provider(signed(tmp_path, name, authority)) as provider:
        begun(provider, "tls")
        register = tries_until(
            lambda: registers(phone, house), lambda one: provider.about(one, "REGISTER"), wait_until
        )
        heard = provider.about(register, "REGISTER")
        assert heard
        assert header(heard, "Via").startswith(f"SIP/2.0/TLS {house.proxy}:5061")
        contact = header(heard, "Contact")
        assert ";transport=tls" in contact
        provider.send(answer(heard, "200 OK", f"Contact: {contact};expires=300"))
        assert phone.final(register).startswith("SIP/2.0 200")

        far = f"{NAME}:{provider.port}"
        via = f"Via: SIP/2.0/TLS {far};branch=z9hG4bK1;rport"
        reached = f"Contact: <sip:far@{far};transport=tls>"
        call = provider.send(request("INVITE", contact.strip("<>"), far, via, reached))
        invite = phone.hear(call)
        assert invite.startswith(f"INVITE sip:line@{phone.at} ")
        phone.send(answer(invite, "200 OK", f"Contact: <sip:line@{phone.at}>"), house.proxy)
        wait_until(lambda: provider.about(call, "SIP/2.0 200"))

        routes = [f"Route: {route}" for route in headers(invite, "Record-Route")]
        ends = f"From: {header(invite, 'To')};tag=answered", f"To: {header(invite, 'From')}"
        same = *ends, f"Call-ID: {header(call, 'Call-ID')}"
        target = header(invite, "Contact").strip("<>")
        bye = phone.send(request("BYE", target, phone.at, *same, *routes), house.proxy)
        wait_until(lambda: provider.about(bye, "BYE"))
        assert len(provider.talking) == 1


STRANGERS = {
    "another name": ("DNS:other.example", b"is not that of 127.0.0.1, but of DNS:other.example"),
    "a SIP domain of another": (
        f"IP:{NAME},URI:sip:other.example",
        b"but of IP Address:127.0.0.1, URI:sip:other",
    ),
    "another authority": (f"IP:{NAME}", b"CERTIFICATE_VERIFY_FAILED"),
}


@pytest.mark.parametrize("shown", STRANGERS)
def test_nothing_but_a_call_for_help_goes_to_whoever_is_not_the_provider(
    tmp_path: Path,
    house: House,
    phone: Peer,
    authority: Signed,
    begun: Callable[..., Path],
    wait_until: Wait,
    shown: str,
) -> None:
    signer = Signed.made(tmp_path, "other") if shown == "another authority" else authority
    name, said = STRANGERS[shown]
    with Provider(signed(tmp_path, name, signer)) as provider:
        log = begun(provider, "tls")
        tries_until(lambda: registers(phone, house), lambda one: said in log.read_bytes(), wait_until)
        tried = provider.tried
        tries_until(lambda: calls(phone, house, "020"), lambda one: provider.tried > tried, wait_until)
        assert provider.heard == []

        call = tries_until(
            lambda: calls(phone, house, "110"), lambda one: provider.about(one, "INV"), wait_until
        )
        heard = provider.about(call, f"INVITE sip:110@{NAME} ")
        assert heard
        provider.send(answer(heard, "200 OK", f"Contact: <sip:far@{NAME}:{provider.port};transport=tls>"))
        answered = phone.final(call)
        routes = [f"Route: {route}" for route in reversed(headers(answered, "Record-Route"))]
        same = [f"{field}: {header(answered, field)}" for field in ("From", "To", "Call-ID")]
        target = header(answered, "Contact").strip("<>")
        phone.send(request("BYE", target, phone.at, *same, *routes, cseq=2), house.proxy)
        wait_until(lambda: provider.about(call, "BYE"))
        assert len(provider.talking) == 1


def test_whoever_wishes_so_takes_any_certificate(
    tmp_path: Path, house: House, phone: Peer, begun: Callable[..., Path], wait_until: Wait
) -> None:
    with Provider(Signed.made(tmp_path, "other.example")) as provider:
        begun(provider, "tls-unchecked")
        tries_until(lambda: registers(phone, house), lambda one: provider.about(one, "REGISTER"), wait_until)
