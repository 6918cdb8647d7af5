"""Claiming the appliance, signing in and out."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, session, url_for
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from web.account import LONGEST_PASSWORD, SHORTEST_PASSWORD
from web.guard import Owner
from web.safely import local_path
from web.within import account
from web.wording import say

blueprint = Blueprint("access", __name__)


@blueprint.route("/claim", methods=["GET", "POST"])
def claim() -> AnyResponse | str:
    """Set the owner's password with the set-up code."""
    if not account().claimable:
        return redirect(url_for("access.sign_in"), 303)
    if request.method == "GET":
        return render_template("claim.html", error=None)
    wait = account().throttle.wait(_address())
    if wait:
        return _too_often("claim.html", wait)
    password = request.form.get("password", "")
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        error = say("The password must have at least %(count)s characters.", count=SHORTEST_PASSWORD)
        return _again("claim.html", error, 400)
    if not account().claim(request.form.get("code", ""), password):
        account().throttle.failed(_address())
        return _again("claim.html", say("That is not the set-up code."), 403)
    return _enter()


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> AnyResponse | str:
    """Let the owner in."""
    if account().epoch is None:
        return redirect(url_for("access.claim"), 303)
    if request.method == "GET":
        return render_template("sign_in.html", error=None)
    wait = account().throttle.wait(_address())
    if wait:
        return _too_often("sign_in.html", wait)
    password = request.form.get("password", "")
    if len(password) > LONGEST_PASSWORD or not account().verify(password):
        account().throttle.failed(_address())
        return _again("sign_in.html", say("That is not the password."), 403)
    return _enter()


@blueprint.post("/sign-out")
def sign_out() -> AnyResponse:
    """End this session."""
    logout_user()
    session.clear()
    return redirect(url_for("access.sign_in"), 303)


@blueprint.post("/password")
def password() -> AnyResponse:
    """Change the password; every other session ends."""
    wait = account().throttle.wait(_address())
    old, new = request.form.get("old", ""), request.form.get("new", "")
    if wait or len(old) > LONGEST_PASSWORD or not account().verify(old):
        account().throttle.failed(_address())
        return redirect(url_for("pages.settings", said="password_wrong"), 303)
    if not SHORTEST_PASSWORD <= len(new) <= LONGEST_PASSWORD:
        return redirect(url_for("pages.settings", said="password_short"), 303)
    account().set_password(new)
    _sign_in()
    return redirect(url_for("pages.settings", said="password_changed"), 303)


def _enter() -> AnyResponse:
    account().throttle.succeeded(_address())
    _sign_in()
    return redirect(local_path(request.args.get("next")), 303)


def _sign_in() -> None:
    """Begin a new session, with nothing left of the one before."""
    session.clear()
    session.permanent = True
    login_user(Owner(account().epoch or ""))


def _again(page: str, error: str, status: int) -> Response:
    return make_response(render_template(page, error=error), status)


def _too_often(page: str, wait: float) -> Response:
    seconds = int(wait) + 1
    error = say("Too many attempts. Please wait %(seconds)s seconds.", seconds=seconds)
    response = _again(page, error, 429)
    response.headers["Retry-After"] = str(seconds)
    return response


def _address() -> str:
    return request.remote_addr or ""
