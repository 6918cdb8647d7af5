"""Downloads from real servers on loopback, most of which do not mean well."""

import hashlib
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from firmware.lists import address
from firmware.lists.address import Refused
from firmware.lists.downloading import Download, download

pytestmark = pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
"""Whatever comes, nothing is left behind whose end fails."""

TEXT = b"16210123456\n" * 1000
OLD = b"13800138000\n"
Answer = Callable[[socket.socket, bytes], None]
Serve = Callable[..., str]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where an earlier download lies."""
    path = tmp_path / "list.txt"
    path.write_bytes(OLD)
    return path


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves a connection after the other with the answers given, the last for all that follow; gives its URL."""
    listeners: list[socket.socket] = []

    def start(*answers: Answer | bytes, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> str:
        listener = socket.create_server((host, 0))
        listeners.append(listener)
        threading.Thread(target=_serving, args=(listener, answers, tls), daemon=True).start()
        return f"{'https' if tls else 'http'}://{host}:{listener.getsockname()[1]}/list"

    yield start
    for listener in listeners:
        listener.close()


def _serving(
    listener: socket.socket, answers: tuple[Answer | bytes, ...], tls: ssl.SSLContext | None
) -> None:
    count = 0
    while True:
        try:
            peer, _ = listener.accept()
        except OSError:
            return
        answer = answers[min(count, len(answers) - 1)]
        count += 1
        threading.Thread(target=_serve, args=(peer, answer, tls), daemon=True).start()


def _serve(peer: socket.socket, answer: Answer | bytes, tls: ssl.SSLContext | None) -> None:
    with peer:
        peer.settimeout(10)
        try:
            if tls:
                peer = tls.wrap_socket(peer, server_side=True)
            asked = b""
            while b"\r\n\r\n" not in asked:
                asked += peer.recv(4096)
            if callable(answer):
                answer(peer, asked)
            else:
                peer.sendall(answer)
        except OSError:
            pass


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder, and the URL at which the standard library serves it."""
    shared = tmp_path / "shared"
    shared.mkdir()

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the base class's name
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(shared))) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield shared, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def answer(status: str, body: bytes = b"", **headers: object) -> bytes:
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def redirect(to: str) -> bytes:
    return answer("302 Found", Location=to, Content_Length=0)


def code_of(url: str, path: Path, **options: Any) -> str:
    """Why a download is refused, after which the earlier one must still be there, and nothing else."""
    with pytest.raises(Refused) as refused:
        download(url, path, **{"lan": True, "idle": 0.3, "total": 2.0, **options})
    assert path.read_bytes() == OLD
    assert [entry.name for entry in path.parent.iterdir() if entry.is_file()] == [path.name]
    return refused.value.code


def test_a_list_is_downloaded_and_then_only_when_it_changed(folder: tuple[Path, str], path: Path) -> None:
    shared, url = folder
    (shared / "list").write_bytes(TEXT)
    first = download(f"{url}/list", path, lan=True)
    assert isinstance(first, Download)
    assert path.read_bytes() == TEXT
    assert path.stat().st_mode & 0o777 == 0o600
    assert (first.size, first.sha256) == (len(TEXT), hashlib.sha256(TEXT).hexdigest())
    assert download(f"{url}/list", path, lan=True, modified=first.modified) is None
    (shared / "list").write_bytes(OLD)
    os.utime(shared / "list", (2_000_000_000, 2_000_000_000))
    assert download(f"{url}/list", path, lan=True, modified=first.modified)
    assert path.read_bytes() == OLD


def noting(seen: list[bytes], reply: bytes) -> Answer:
    def send(peer: socket.socket, asked: bytes) -> None:
        seen.append(asked)
        peer.sendall(reply)

    return send


def test_an_etag_is_sent_back(serve: Serve, path: Path) -> None:
    seen: list[bytes] = []
    full = answer("200 OK", TEXT, ETag='"v1"', Content_Length=len(TEXT))
    url = serve(noting(seen, full), noting(seen, answer("304 Not Modified")))
    first = download(url, path, lan=True)
    assert first is not None
    assert first.etag == '"v1"'
    assert download(url, path, lan=True, etag=first.etag) is None
    assert b"If-None-Match" not in seen[0]
    assert b'If-None-Match: "v1"\r\n' in seen[1]
    assert path.read_bytes() == TEXT


def test_a_kept_etag_cannot_add_a_header(serve: Serve, path: Path) -> None:
    seen: list[bytes] = []
    url = serve(noting(seen, answer("200 OK", TEXT, Content_Length=len(TEXT))))
    download(url, path, lan=True, etag='"x"\r\nCookie: y')
    assert b"Cookie" not in seen[0]


def test_of_an_etag_no_more_is_kept_than_may_be_sent_back(serve: Serve, path: Path) -> None:
    for etag in ('"\xff"', f'"{"x" * 300}"', '"a\tb"'):
        url = serve(answer("200 OK", TEXT, ETag=etag, Last_Modified=etag, Content_Length=len(TEXT)))
        found = download(url, path, lan=True)
        assert found is not None
        assert (found.etag, found.modified) == ("", "")


def test_a_token_is_sent_as_a_bearer_token(serve: Serve, path: Path) -> None:
    seen: list[bytes] = []
    url = serve(redirect("/other"), noting(seen, answer("200 OK", TEXT, Content_Length=len(TEXT))))
    download(url, path, lan=True, token="s3cret")
    assert b"\r\nAuthorization: Bearer s3cret\r\n" in seen[0]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2"])
def test_a_token_goes_to_no_other_server(serve: Serve, path: Path, host: str) -> None:
    seen: list[bytes] = []
    full = answer("200 OK", TEXT, Content_Length=len(TEXT))
    back: list[str] = []

    def send_back(peer: socket.socket, asked: bytes) -> None:
        seen.append(asked)
        peer.sendall(redirect(back[0]))

    elsewhere = serve(send_back, host=host)
    back.append(serve(redirect(elsewhere), noting(seen, full)))
    download(back[0], path, lan=True, token="s3cret")
    assert not any(b"Authorization" in asked for asked in seen)
    assert len(seen) == 2


def test_a_token_cannot_add_a_header(serve: Serve, path: Path) -> None:
    seen: list[bytes] = []
    url = serve(noting(seen, answer("200 OK", TEXT, Content_Length=len(TEXT))))
    download(url, path, lan=True, token="x\r\nCookie: y")
    assert b"Cookie" not in seen[0]


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden"])
def test_a_server_that_wants_another_token_is_told_from_others(serve: Serve, path: Path, status: str) -> None:
    assert code_of(serve(answer(status, Content_Length=0)), path, token="s3cret") == "denied"


def test_chunks_are_put_together(serve: Serve, path: Path) -> None:
    chunked = b"%x\r\n%s\r\n" % (len(TEXT), TEXT) * 3 + b"0\r\n\r\n"
    url = serve(answer("200 OK", chunked, Transfer_Encoding="chunked"))
    found = download(url, path, lan=True)
    assert found is not None
    assert path.read_bytes() == TEXT * 3


def test_redirects_are_followed_and_told(serve: Serve, path: Path) -> None:
    end = serve(answer("200 OK", TEXT, Content_Length=len(TEXT)))
    found = download(serve(redirect(end)), path, lan=True)
    assert found is not None
    assert found.url == end


def test_a_relative_redirect_stays_with_its_server(serve: Serve, path: Path) -> None:
    url = serve(redirect("/other"), answer("200 OK", TEXT, Content_Length=len(TEXT)))
    found = download(url, path, lan=True)
    assert found is not None
    assert found.url == url.replace("/list", "/other")


def test_redirects_without_end_are_refused(serve: Serve, path: Path) -> None:
    assert code_of(serve(redirect("/list")), path) == "redirects"


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("http://169.254.169.254/latest/meta-data/", "address"),
        ("http://[fe80::1]/", "address"),
        ("http://0.0.0.0/", "address"),
        ("file:///etc/passwd", "scheme"),
        ("http://user@127.0.0.1/", "userinfo"),
        ("", "redirects"),
    ],
)
def test_each_redirect_is_checked_anew(serve: Serve, path: Path, to: str, code: str) -> None:
    assert code_of(serve(redirect(to)), path) == code


@pytest.mark.parametrize("lan", [False, True])
@pytest.mark.parametrize("to", ["127.0.0.1", "[::1]", "0x7f000001", "2130706433", "lists.example.com"])
def test_no_redirect_leads_from_a_public_address_into_the_house(
    serve: Serve, path: Path, monkeypatch: pytest.MonkeyPatch, to: str, lan: bool
) -> None:
    """127.0.0.2 counts as public here, and its port as 80."""
    real, resolve = address.is_public, socket.getaddrinfo

    def public(checked: address.Address) -> bool:
        return str(checked) == "127.0.0.2" or real(checked)

    def resolving(host: str, *rest: Any, **hints: Any) -> Any:
        return resolve("127.0.0.1" if host == "lists.example.com" else host, *rest, **hints)

    reached: list[bool] = []
    inside = serve(lambda peer, asked: reached.append(True))
    port = int(inside.rpartition(":")[2].removesuffix("/list"))
    url = serve(redirect(f"http://{to}:{port}/list"), host="127.0.0.2")
    monkeypatch.setattr(address, "PORTS", {port, int(url.rpartition(":")[2].removesuffix("/list"))})
    monkeypatch.setattr(address, "is_public", public)
    monkeypatch.setattr("firmware.lists.downloading.is_public", public)
    monkeypatch.setattr(socket, "getaddrinfo", resolving)
    assert code_of(url, path, lan=lan) == "address"
    assert not reached


def test_the_address_that_was_checked_is_the_one_that_is_reached(
    serve: Serve, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that resolves otherwise the second time is not asked for a second time."""
    resolve, asked = socket.getaddrinfo, []

    def rebinding(host: str, *rest: Any, **hints: Any) -> Any:
        if host != "lists.example.com":
            return resolve(host, *rest, **hints)
        asked.append(host)
        return resolve("127.0.0.1" if len(asked) == 1 else "192.0.2.1", *rest, **hints)

    url = serve(answer("200 OK", TEXT, Content_Length=len(TEXT)))
    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    assert download(url.replace("127.0.0.1", "lists.example.com"), path, lan=True)
    assert len(asked) == 1


def drip(data: bytes, pause: float = 0.1) -> Answer:
    def send(peer: socket.socket, asked: bytes) -> None:
        for octet in data:
            peer.sendall(bytes([octet]))
            time.sleep(pause)

    return send


def endless(head: bytes, body: bytes) -> Answer:
    def send(peer: socket.socket, asked: bytes) -> None:
        peer.sendall(head)
        while True:
            peer.sendall(body)

    return send


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (drip(answer("200 OK", TEXT, Content_Length=len(TEXT))), "timeout"),
        (drip(answer("200 OK"), pause=1.0), "timeout"),
        (lambda peer, asked: time.sleep(2), "timeout"),
        (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), "timeout"),
        (answer("200 OK", TEXT[:-1], Content_Length=len(TEXT)), "truncated"),
        (answer("200 OK", b"ff\r\nshort", Transfer_Encoding="chunked"), "truncated"),
        (answer("200 OK", b"zz\r\n", Transfer_Encoding="chunked"), "truncated"),
        (answer("200 OK", TEXT), "length"),
        (answer("200 OK", TEXT, Content_Length="many"), "length"),
        (answer("200 OK", TEXT, Content_Length=10**12), "too_large"),
        (endless(answer("200 OK", Transfer_Encoding="chunked"), b"4\r\n123\n\r\n" * 9999), "too_large"),
        (endless(b"HTTP/1.1 200 OK\r\n", b"A: b\r\n"), "protocol"),
        (endless(b"HTTP/1.1 200 OK\r\nA: ", b"x" * 9999), "protocol"),
        (b"\x00\xff rubbish\r\n\r\n", "protocol"),
        (b"", "protocol"),
        (answer("404 Not Found", TEXT, Content_Length=len(TEXT)), "status"),
        (answer("206 Partial Content", TEXT, Content_Length=len(TEXT)), "status"),
        (answer("304 Not Modified"), "status"),
        (answer("500 Error", Content_Length=0), "status"),
    ],
)
def test_a_broken_download_is_refused_and_leaves_the_old_list(
    serve: Serve, path: Path, reply: Answer | bytes, code: str
) -> None:
    total = 0.8 if code == "timeout" else 30
    assert code_of(serve(reply), path, total=total, most_bytes=1 << 20) == code


def test_a_server_that_is_not_there_is_told(serve: Serve, path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert code_of(f"http://127.0.0.1:{port}/", path) == "connection"


def test_a_card_that_cannot_be_written_is_told(serve: Serve, tmp_path: Path) -> None:
    url = serve(answer("200 OK", TEXT, Content_Length=len(TEXT)))
    with pytest.raises(Refused) as refused:
        download(url, tmp_path / "none" / "list", lan=True)
    assert refused.value.code == "disk"


def test_room_for_the_store_is_left_on_the_card(
    serve: Serve, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(path.parent)
    monkeypatch.setattr("firmware.lists.downloading.SPARE_BYTES", usage.total)
    assert code_of(serve(answer("200 OK", TEXT, Content_Length=len(TEXT))), path) == "disk"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for `localhost`, signed by itself, and its key in one file."""
    path = tmp_path / "tls" / "certificate.pem"
    path.parent.mkdir()
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
    ]
    command += ["-days", "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(
        [*command, "-keyout", path, "-out", path.with_suffix(".crt")], check=True, capture_output=True
    )
    with path.open("ab") as file:
        file.write(path.with_suffix(".crt").read_bytes())
    return path


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_tls_is_verified_for_the_name_not_the_address(
    serve: Serve, path: Path, certificate: Path, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    url = serve(answer("200 OK", TEXT, Content_Length=len(TEXT)), tls=tls)
    assert code_of(url, path) == "certificate"
    assert download(url.replace("127.0.0.1", "localhost"), path, lan=True)


def test_a_certificate_that_nobody_vouches_for_is_refused(
    serve: Serve, path: Path, tls: ssl.SSLContext
) -> None:
    url = serve(answer("200 OK", TEXT, Content_Length=len(TEXT)), tls=tls)
    assert code_of(url.replace("127.0.0.1", "localhost"), path) == "certificate"


def test_a_redirect_does_not_leave_https(
    serve: Serve, path: Path, certificate: Path, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    url = serve(redirect(serve(answer("200 OK", TEXT, Content_Length=len(TEXT)))), tls=tls)
    assert code_of(url.replace("127.0.0.1", "localhost"), path) == "scheme"


def test_a_server_without_tls_is_told(serve: Serve, path: Path) -> None:
    url = serve(b"")
    assert code_of(url.replace("http:", "https:"), path, total=0.5) in {"tls", "timeout"}
