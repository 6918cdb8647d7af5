"""Who may come in: accounts and tokens, for those who manage them."""

from __future__ import annotations

from dataclasses import asdict
from math import ceil
from typing import Any

from flask import Response, request, send_file
from werkzeug.exceptions import TooManyRequests

from web import certificates
from web.account import LONGEST_NAME, LONGEST_PASSWORD, Account
from web.api.asking import answer, asked, blueprint, gone, refusal, text, texts
from web.guard import needs
from web.problems import problem
from web.scopes import ADMIN, READ, VIEWER
from web.steps import kept_as
from web.tokens import Token, issue
from web.within import accounts as kept
from web.within import appliance
from web.within import tokens as known

REFUSALS = {
    "name": "A name has 1 to 40 printable characters, that of a token up to 64.",
    "taken": "Another account has that name.",
    "role": "The role is owner or viewer.",
    "password": "A password has 8 to 200 characters.",
    "most": "There are as many as there may be.",
    "last_owner": "There is no other owner.",
    "old": "This name and this password do not go together.",
    "scopes": "The scopes are some of read, write, admin and metrics.",
}


@blueprint.get("/api/v1/accounts")
@needs(ADMIN)
def accounts() -> Response:
    """Every account."""
    return answer({"accounts": [_account(one) for one in kept().all()]})


@blueprint.post("/api/v1/accounts")
@needs(ADMIN)
def add_account() -> Response:
    """Keep an account."""
    body = asked({"name", "role", "password"})
    name, role, password = text(body, "name"), text(body, "role", VIEWER), text(body, "password")
    try:
        return answer(_account(kept().add(name, role, password)), 201)
    except ValueError as error:
        return refusal(error, REFUSALS)


@blueprint.get("/api/v1/accounts/<int:id>")
@needs(ADMIN)
def account(id: int) -> Response:
    """One account."""
    found = kept().get(id)
    return answer(_account(found)) if found else gone(False, "account")


@blueprint.patch("/api/v1/accounts/<int:id>")
@needs(ADMIN)
def change_account(id: int) -> Response:
    """Change an account's name, role or password, which signs it out everywhere."""
    body = asked({"name", "role", "password"})
    try:
        changed = kept().change(id, {name: text(body, name) for name in body})
    except ValueError as error:
        return refusal(error, REFUSALS)
    return answer(_account(changed)) if changed else gone(False, "account")


@blueprint.delete("/api/v1/accounts/<int:id>")
@needs(ADMIN)
@kept_as("account_removed")
def remove_account(id: int) -> Response:
    """Drop an account."""
    try:
        return gone(kept().remove(id), "account")
    except ValueError as error:
        return refusal(error, REFUSALS)


@blueprint.delete("/api/v1/accounts/<int:id>/sessions")
@needs(ADMIN)
def sign_out_everywhere(id: int) -> Response:
    """Sign an account out everywhere."""
    if kept().get(id) is None:
        return gone(False, "account")
    kept().sessions.end_all(id)
    return Response(status=204)


@blueprint.put("/api/v1/password")
@needs(READ)
def change_password() -> Response:
    """Change the password of the account of that name, whose old one has to be known; it is signed out everywhere."""
    body = asked({"name", "old", "new"})
    name, old, new = (text(body, field) for field in ("name", "old", "new"))
    address = request.remote_addr or ""
    if len(name) > LONGEST_NAME or len(old) > LONGEST_PASSWORD:
        return problem(422, REFUSALS["old"], code="old")
    account = kept().named(name)
    tried = account.name if account else name
    wait = kept().doors.attempt(address, tried)
    if wait:
        raise TooManyRequests(f"Ask again in {ceil(wait)} seconds.", retry_after=ceil(wait))
    found = kept().verify(name, old)
    if found is None:
        return problem(422, REFUSALS["old"], code="old")
    kept().doors.succeeded(address, tried)
    try:
        kept().change(found.id, {"password": new})
    except ValueError as error:
        return refusal(error, REFUSALS)
    return Response(status=204)


@blueprint.get("/api/v1/tokens")
@needs(ADMIN)
def tokens() -> Response:
    """Every token, by name; none is shown."""
    return answer({"tokens": [_token(one) for one in known().issued()]})


@blueprint.post("/api/v1/tokens")
@needs(ADMIN)
def add_token() -> Response:
    """Issue a token, which is in this answer and nowhere else."""
    body = asked({"name", "scopes"})
    name, scopes = text(body, "name"), texts(body, "scopes")
    try:
        token = issue(appliance().data, name, scopes)
    except ValueError as error:
        return refusal(error, REFUSALS)
    found = known().known(token)
    return (
        answer({**_token(found), "token": token}, 201)
        if found
        else problem(409, "The token is gone already.")
    )


@blueprint.delete("/api/v1/tokens/<id>")
@needs(ADMIN)
def remove_token(id: str) -> Response:
    """Forget a token."""
    return gone(known().remove(id), "token")


@blueprint.get("/api/v1/authority.crt")
def authority() -> Response:
    """The authority of the certificate that the box has made itself, for a telephone to keep."""
    file = certificates.authority(appliance().data)
    if not file.is_file():
        return gone(False, "certificate")
    return send_file(file, "application/x-x509-ca-cert", as_attachment=True, download_name="ringfence.crt")


def _account(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "name": account.name,
        "role": account.role,
        "sessions": kept().sessions.count(account.id),
    }


def _token(token: Token) -> dict[str, Any]:
    return {**asdict(token), "scopes": sorted(token.scopes)}
