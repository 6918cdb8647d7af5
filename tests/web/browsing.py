"""The page over HTTP, as its server sends it: whole answers, and streams that go on."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Self
from urllib.parse import urlencode

from visiting import PASSWORD, token_of


class Http:
    """One browser with its cookie, at an address."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self.headers = {"Accept-Language": "en"}
        self.cookies: dict[str, str] = {}
        self.attributes: dict[str, str] = {}

    def connect(self) -> HTTPConnection:
        return HTTPConnection(*self.address, timeout=30)

    def open(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> HTTPResponse:
        """An answer of which nothing has been read yet."""
        connection = self.connect()
        connection.request(method, path, body, {"Cookie": self.cookie} | self.headers | (headers or {}))
        answer = connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
            self.attributes[name] = cookie
        return answer

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        answer = self.open("GET", path, headers=headers)
        return answer.status, answer.read().decode()

    def post(self, path: str, **form: str) -> int:
        form["csrf_token"] = token_of(self.get("/claim" if path == "/claim" else "/sign-in")[1])
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = self.open("POST", path, urlencode(form).encode(), kind)
        answer.read()
        return answer.status

    def claim(self, code: str) -> None:
        assert self.post("/claim", code=code, password=PASSWORD) == 303

    def sign_in(self) -> None:
        assert self.post("/sign-in", password=PASSWORD) == 303


class Stream:
    """Server-sent events as they arrive."""

    def __init__(self, http: Http, path: str = "/live", **headers: str) -> None:
        self.answer = http.open("GET", path, headers=headers)
        self.events: list[tuple[str, str]] = []
        self.text = ""
        self.over = threading.Event()
        self._socket = self.answer.fp.raw._sock  # type: ignore[union-attr]
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self.answer.close()

    def named(self, name: str) -> list[str]:
        """The data of the events with this name."""
        return [data for event, data in self.events if event == name]

    def _read(self) -> None:
        message = ""
        with suppress(OSError, HTTPException, ValueError):
            for line in self.answer:
                self.text += line.decode()
                message += line.decode()
                if line == b"\n":
                    event = re.search(r"^event: (.*)$", message, re.M)
                    if event:
                        data = re.findall(r"^data: (.*)$", message, re.M)
                        self.events.append((event[1], "\n".join(data)))
                    message = ""
        self.over.set()
