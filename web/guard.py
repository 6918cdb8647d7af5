"""Who may do what: every request passes here first, and what is not allowed by name is refused."""

from __future__ import annotations

import ipaddress
import math
import socket
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, redirect, request, url_for
from flask_login import LoginManager, UserMixin, current_user
from flask_wtf import CSRFProtect
from werkzeug.exceptions import Forbidden, RequestEntityTooLarge, TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from web import problems
from web.account import Account
from web.language import say
from web.scopes import ADMIN, GRANTED, READ, WRITE
from web.within import accounts, appliance, pace, tokens

OPEN = {
    "static",
    "access.claim",
    "access.sign_in",
    "language.choose",
    "api.health",
    "home_screen.manifest",
    "home_screen.worker",
    "home_screen.offline",
}
"""What anyone in the house may ask for without signing in."""

SAFE = {"GET", "HEAD", "OPTIONS"}

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

View = TypeVar("View", bound=Callable[..., Any])


class Person(UserMixin):  # type: ignore[misc]
    """Somebody who has signed in. The id is their session's key."""

    def __init__(self, key: str, account: Account) -> None:
        self.id = key
        self.account = account


def init_app(app: Flask, csrf: CSRFProtect) -> None:
    """Put the guard before every view of `app`."""
    manager = LoginManager(app)
    manager.session_protection = None  # an address changes with the phone's Wi-Fi
    app.jinja_env.globals.update(
        may_change=lambda: WRITE in granted(),
        may_manage=lambda: ADMIN in granted(),
        several_accounts=lambda: len(accounts().all()) > 1,
    )

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(key: str) -> Person | None:
        account = accounts().signed_in(key)
        return Person(key, account) if account else None

    @app.before_request
    def check() -> AnyResponse | None:
        if not _host_is_ours(request.host):
            return Response(say("This box does not go by that name."), 421, mimetype="text/plain")
        if current_app.config["TLS"] and not request.is_secure:
            return _over_tls()
        if request.method not in SAFE and _comes_from_elsewhere():
            raise Forbidden
        if request.routing_exception:
            return None
        wait = pace().wait(_who()) if request.blueprint == "api" else 0.0
        if wait:
            raise TooManyRequests(f"Ask again in {math.ceil(wait)} seconds.", retry_after=math.ceil(wait))
        if not admitted():
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
        if _is_trustworthy():
            response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def takes(most: int) -> Callable[[View], View]:
    """Let a view take a body of up to `most` bytes, from those who are let in."""
    return _marked("largest_body", most)


def needs(scope: str) -> Callable[[View], View]:
    """Let a view be asked for by those who are granted `scope`, in place of the usual one."""
    return _marked("scope", scope)


def _marked(name: str, value: object) -> Callable[[View], View]:
    def mark(view: View) -> View:
        setattr(view, name, value)
        return view

    return mark


def largest_body() -> int:
    """How many bytes the body of this request may have; what its head says decides, before any of the body is read."""
    usual: int = current_app.config["MAX_CONTENT_LENGTH"]
    most: int = getattr(_view(), "largest_body", usual)
    return most if most <= usual or admitted() else usual


def needed() -> str:
    """The scope that this request needs: to read for looking, to write for everything else, unless its view says."""
    return str(getattr(_view(), "scope", READ if request.method in SAFE else WRITE))


def granted() -> frozenset[str]:
    """What who sent this request may do, as of now."""
    token = _bearer()
    if token is not None:
        found = tokens().known(token)
        return found.scopes if found else frozenset()
    signed_in = current_user.is_authenticated and accounts().signed_in(current_user.id)
    return GRANTED[signed_in.role] if signed_in else frozenset()


def admitted() -> bool:
    """Whether who sent this request may have what it asks for, as of now: an answer that goes on asks again."""
    return request.endpoint in OPEN or needed() in granted()


def _view() -> object:
    return current_app.view_functions.get(request.endpoint or "")


def _bearer() -> str | None:
    """The request's bearer token, if it has one and it is the API that is asked."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and request.blueprint == "api" else None


def _who() -> str:
    """Who asks the API: a program by its token, anybody else by the address."""
    found = tokens().known(_bearer() or "")
    return found.id if found else request.remote_addr or ""


def _turn_away() -> AnyResponse:
    if granted():
        raise Forbidden(f"This needs the scope {needed()}.")
    if request.blueprint == "api":
        response = problems.problem(401, "Sign in, or send a token that `ringfence token NAME` has printed.")
        response.headers["WWW-Authenticate"] = 'Bearer realm="ringfence"'
        return response
    if not accounts().claimed:
        return redirect(url_for("access.claim"), 303)
    if "HX-Request" in request.headers:
        shown = _path_in(request.headers.get("HX-Current-URL"))
        return Response(status=401, headers={"HX-Redirect": url_for("access.sign_in", next=shown)})
    wanted = request.full_path.rstrip("?") if request.method == "GET" else _path_in(request.referrer)
    return redirect(url_for("access.sign_in", next=wanted), 303)


def _path_in(address: str | None) -> str | None:
    """The path and query of the page that a browser says is open, whatever its host; None where there is none."""
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return None
    return parts._replace(scheme="", netloc="", fragment="").geturl() or None


def _over_tls() -> AnyResponse:
    """To the same address over TLS; what was sent in plain is not taken, since anyone may have read it."""
    if request.method not in SAFE:
        return Response(say("This page is there over https alone."), 403, mimetype="text/plain")
    return redirect(request.url.replace("http://", "https://", 1), 308)


def _host_is_ours(host: str) -> bool:
    """Whether a browser on this network could mean us: an address, or a name that no stranger's DNS can give.

    Keeps out DNS rebinding, in which a stranger's name points to our address.
    """
    name = _name_in(host)
    try:
        ipaddress.ip_address(name)
    except ValueError:
        ours = {
            "localhost",
            "ringfence",
            socket.gethostname().lower(),
            *map(str.lower, appliance().wiring.page_hosts),
        }
        return name in ours or name.endswith((".local", ".lan", ".home.arpa", ".internal", ".localhost"))
    return True


def _is_trustworthy() -> bool:
    """Whether a browser may rely on who answers: over TLS, or on its own machine (W3C Secure Contexts, 3.1).

    It complains of an opener policy from anybody else.
    """
    name = _name_in(request.host)
    try:
        return request.is_secure or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def _name_in(host: str) -> str:
    """The name or address alone, of what a request calls its host."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    return name.strip("[]").rstrip(".").lower()


def _comes_from_elsewhere() -> bool:
    """Whether another site's page sent this (Fetch Metadata; RFC 6454 where a browser has none)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is not None and origin != f"{request.scheme}://{request.host}"
