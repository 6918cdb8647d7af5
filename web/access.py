"""Claiming the appliance, signing in and out."""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import current_user, login_user, logout_user
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response as AnyResponse

from web.account import LONGEST_NAME, LONGEST_PASSWORD, SHORTEST_PASSWORD, Account
from web.first_run import first_run
from web.guard import Person, needs
from web.language import say
from web.safely import local_path
from web.scopes import READ
from web.within import accounts

DEVICE = "device"
DEVICE_LIFE = timedelta(days=400)

blueprint = Blueprint("access", __name__)


@blueprint.route("/claim", methods=["GET", "POST"])
def claim() -> AnyResponse | str:
    """Set the owner's password with the set-up code."""
    if not accounts().claimable:
        return redirect(url_for("access.sign_in"), 303)
    if request.method == "GET":
        return render_template("claim.html", error=None)
    password, name = request.form.get("password", ""), request.form.get("name", "").strip()
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        error = say("The password must have at least %(count)s characters.", count=SHORTEST_PASSWORD)
        return _again("claim.html", error, 400)
    if len(name) > LONGEST_NAME or not name.isprintable():
        return _again("claim.html", say("A name has 1 to 40 characters."), 400)
    wait = accounts().doors.attempt(_address())
    if wait:
        return _too_often("claim.html", wait)
    owner = accounts().claim(request.form.get("code", ""), password, name)
    if owner is None:
        return _again("claim.html", say("That is not the set-up code."), 403)
    _enter(owner)
    first_run().begin()
    return redirect(url_for("pages.welcome"), 303)


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> AnyResponse | str:
    """Let somebody in who has an account."""
    if not accounts().claimed:
        return redirect(url_for("access.claim"), 303)
    if request.method == "GET":
        return render_template("sign_in.html", error=None)
    name, password = request.form.get("name", ""), request.form.get("password", "")
    if len(name) > LONGEST_NAME or len(password) > LONGEST_PASSWORD:
        return _again("sign_in.html", _wrong(name), 403)
    found = accounts().named(name)
    tried = found.name if found else name
    wait = accounts().doors.attempt(_address(), tried, _device(found))
    if wait:
        return _too_often("sign_in.html", wait)
    account = accounts().verify(name, password)
    return _enter(account) if account else _again("sign_in.html", _wrong(name), 403)


@blueprint.post("/sign-out")
@needs(READ)
def sign_out() -> AnyResponse:
    """End this session, or every one of this account."""
    if request.form.get("everywhere") == "yes":
        accounts().sessions.end_all(current_user.account.id)
    else:
        accounts().sessions.end(current_user.id)
    logout_user()
    session.clear()
    return redirect(url_for("access.sign_in"), 303)


@blueprint.post("/password")
@needs(READ)
def password() -> AnyResponse:
    """Change one's own password; every other session of the account ends."""
    me: Account = current_user.account
    old, new = request.form.get("old", ""), request.form.get("new", "")
    device = _device(me)
    if (
        len(old) > LONGEST_PASSWORD
        or accounts().doors.attempt(_address(), me.name, device)
        or not accounts().verify(me.name, old)
    ):
        return redirect(url_for("pages.accounts", said="password_wrong"), 303)
    accounts().doors.succeeded(_address(), me.name, device)
    if not SHORTEST_PASSWORD <= len(new) <= LONGEST_PASSWORD:
        return redirect(url_for("pages.accounts", said="password_short"), 303)
    accounts().change(me.id, {"password": new})
    _begin(me)
    return redirect(url_for("pages.accounts", said="password_changed"), 303)


def _enter(account: Account) -> AnyResponse:
    device = _device(account)
    accounts().doors.succeeded(_address(), account.name, device)
    _begin(account)
    response = redirect(local_path(request.args.get("next")), 303)
    if device is None:
        value = _devices().dumps([account.id, secrets.token_hex(8)])
        response.set_cookie(
            DEVICE, value, DEVICE_LIFE, path="/", secure=request.is_secure, httponly=True, samesite="Strict"
        )
    return response


def _begin(account: Account) -> None:
    """Begin a new session, with nothing left of the one before."""
    if current_user.is_authenticated:
        accounts().sessions.end(current_user.id)
    session.clear()
    session.permanent = True
    login_user(Person(accounts().sessions.begin(account.id), account))


def _device(account: Account | None) -> str | None:
    """What tells this device apart, if `account` has signed in on it before."""
    try:
        id, device = _devices().loads(request.cookies.get(DEVICE, ""), round(DEVICE_LIFE.total_seconds()))
    except (BadData, ValueError, TypeError):
        return None
    return str(device) if account and id == account.id else None


def _devices() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=DEVICE)


def _wrong(name: str) -> str:
    return (
        say("That is not the password.")
        if not name and accounts().named(name)
        else say("This name and this password do not go together.")
    )


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
