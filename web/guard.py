"""Who may do what: every request passes here first, and what is not allowed by name is refused."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, redirect, request, url_for
from flask_login import LoginManager, UserMixin, current_user
from flask_wtf import CSRFProtect
from werkzeug.exceptions import Forbidden, RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from web import problems
from web.within import account, tokens
from web.wording import say

OPEN = {"static", "access.claim", "access.sign_in", "language.choose", "api.health"}
"""What anyone in the house may ask for without signing in."""

SAFE = {"GET", "HEAD", "OPTIONS"}

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

View = TypeVar("View", bound=Callable[..., Any])


class Owner(UserMixin):  # type: ignore[misc]
    """The signed-in owner. Its id is the password's epoch, so that a new password ends old sessions."""

    def __init__(self, epoch: str) -> None:
        self.id = epoch


def init_app(app: Flask, csrf: CSRFProtect) -> None:
    """Put the guard before every view of `app`."""
    manager = LoginManager(app)
    manager.session_protection = None  # an address changes with the phone's Wi-Fi

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(id: str) -> Owner | None:
        return Owner(id) if id == account().epoch else None

    @app.before_request
    def check() -> AnyResponse | None:
        if not _host_is_ours(request.host):
            return Response(say("This box does not go by that name."), 421, mimetype="text/plain")
        if request.method not in SAFE and _comes_from_elsewhere():
            raise Forbidden
        if request.routing_exception:
            return None
        if request.endpoint not in OPEN and not admitted():
            return _turn_away()
        request.max_content_length = largest_body()
        if (request.content_length or 0) > request.max_content_length:
            raise RequestEntityTooLarge
        if request.method not in SAFE and _bearer() is None:
            csrf.protect()
        return None

    @app.after_request
    def harden(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def takes(most: int) -> Callable[[View], View]:
    """Let a view take a body of up to `most` bytes, from those who are let in."""

    def mark(view: View) -> View:
        view.largest_body = most  # type: ignore[attr-defined]
        return view

    return mark


def largest_body() -> int:
    """How many bytes the body of this request may have; what its head says decides, before any of the body is read."""
    usual: int = current_app.config["MAX_CONTENT_LENGTH"]
    view = current_app.view_functions.get(request.endpoint or "")
    most: int = getattr(view, "largest_body", usual)
    return most if most <= usual or admitted() else usual


def admitted() -> bool:
    """Whether who sent this request is let in, as of now: an answer that goes on asks again."""
    token = _bearer()
    if token is not None:
        return tokens().known(token)
    return bool(current_user.is_authenticated and current_user.id == account().epoch)


def _bearer() -> str | None:
    """The request's bearer token, if it has one and it is the API that is asked."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and request.blueprint == "api" else None


def _turn_away() -> AnyResponse:
    if request.blueprint == "api":
        response = problems.problem(401, "Sign in, or send a token that `ringfence token NAME` has printed.")
        response.headers["WWW-Authenticate"] = 'Bearer realm="ringfence"'
        return response
    if account().epoch is None:
        return redirect(url_for("access.claim"), 303)
    if "HX-Request" in request.headers:
        return Response(status=401, headers={"HX-Redirect": url_for("access.sign_in")})
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("access.sign_in", next=wanted), 303)


def _host_is_ours(host: str) -> bool:
    """Whether a browser on this network could mean us: an address, or a name that no stranger's DNS can give.

    Keeps out DNS rebinding, in which a stranger's name points to our address.
    """
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    name = name.strip("[]").rstrip(".").lower()
    try:
        ipaddress.ip_address(name)
    except ValueError:
        ours = {"localhost", "ringfence", socket.gethostname().lower()}
        return name in ours or name.endswith((".local", ".lan", ".home.arpa", ".internal", ".localhost"))
    return True


def _comes_from_elsewhere() -> bool:
    """Whether another site's page sent this (Fetch Metadata; RFC 6454 where a browser has none)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is not None and origin != f"{request.scheme}://{request.host}"
