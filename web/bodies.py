"""How much of a request's body waitress takes: what the application says at the sight of its head."""

from __future__ import annotations

from copy import copy
from typing import Any

from flask import Flask
from waitress.parser import HTTPRequestParser
from waitress.utilities import RequestEntityTooLarge

from web.connections import Place
from web.guard import largest_body


class Request(HTTPRequestParser):  # type: ignore[misc]
    """A request whose body ends where it grows too large, so that the application refuses it in its own way."""

    application: Flask
    adj: Any
    error: Any

    def received(self, data: bytes) -> int:
        consumed: int = super().received(data)
        if isinstance(self.error, RequestEntityTooLarge):
            self.error = None
            self.expect_continue = False
            self.headers |= {
                "CONNECTION": "close",
                "CONTENT_LENGTH": str(max(self.content_length, self.body_bytes_received)),
            }
        return consumed

    def parse_header(self, head: bytes) -> None:
        super().parse_header(head)
        if self.chunked or self.content_length >= self.adj.max_request_body_size:
            with self.application.request_context(self._environment()):
                most = largest_body()
            self.adj = copy(self.adj)
            self.adj.max_request_body_size = most + 1

    def _environment(self) -> dict[str, Any]:
        """As much of a WSGI environment (PEP 3333) as says who asks for what."""
        return {
            "REQUEST_METHOD": self.command,
            "PATH_INFO": self.path,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "wsgi.url_scheme": self.url_scheme,
        } | {f"HTTP_{name}": value for name, value in self.headers.items()}


def channel(app: Flask) -> type[Place]:
    """The kind of connection over which `app` is served."""

    class Asking(Request):
        application = app

    class Channel(Place):
        parser_class = Asking

    return Channel
