"""A visitor of the page: Flask's test client, with what a browser adds by itself."""

from __future__ import annotations

import io
import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

PASSWORD = "correct horse"


class Visitor:
    """One browser with its cookies. Nothing is followed: a test sees each answer."""

    def __init__(self, app: Flask, language: str = "en") -> None:
        self.client = app.test_client()
        self.headers = {"Accept-Language": language}

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, headers=self.headers | named(headers))

    def post(self, path: str, form: dict[str, Any] | None = None, **headers: str) -> TestResponse:
        """Send a form with the token that the page gave it."""
        form = {"csrf_token": self.csrf()} | (form or {})
        return self.client.post(path, data=form, headers=self.headers | named(headers))

    def csrf(self) -> str:
        """The token of this session, from any page that has a form."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get("/sign-in").text)
        return found[1] if found else token_of(self.get("/claim").text)

    def sign_in(self, password: str = PASSWORD, path: str = "/sign-in", name: str = "") -> TestResponse:
        return self.post(path, {"name": name, "password": password})

    def claim(self, code: str, password: str = PASSWORD) -> TestResponse:
        return self.post("/claim", {"code": code, "password": password})

    @property
    def inside(self) -> bool:
        return self.get("/").status_code == 200


def led(answer: TestResponse) -> str:
    """Where an answer leads, without the way back that it offers."""
    return re.sub(r"&undo=[\w-]+", "", answer.location or "")


def file(text: str | bytes, name: str = "file.txt") -> tuple[io.BytesIO, str]:
    """A file in a form."""
    return io.BytesIO(text.encode() if isinstance(text, str) else text), name


def token_of(html: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', html)
    assert found, html
    return found[1]


def named(headers: dict[str, str]) -> dict[str, str]:
    """`Sec_Fetch_Site="…"` as a header's name is written."""
    return {name.replace("_", "-"): value for name, value in headers.items()}
