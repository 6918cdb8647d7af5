"""The description of `web.api.accounts`."""

from __future__ import annotations

from web.openapi.terms import (
    INTEGER,
    MOMENT,
    NAMED,
    ONE,
    STRING,
    Schema,
    array,
    named,
    operation,
    optional,
    record,
    streamed,
)
from web.scopes import GRANTED, SCOPES

ROLE: Schema = {"enum": list(GRANTED)}
ACCOUNT_NAME: Schema = {**STRING, "minLength": 1, "maxLength": 40}
PASSWORD: Schema = {**STRING, "minLength": 8, "maxLength": 200}
SCOPE: Schema = {"enum": list(SCOPES)}
TOKEN = {"id": STRING, "name": STRING, "scopes": array(SCOPE), "created": optional(MOMENT)}

SCHEMAS: dict[str, Schema] = {
    "Account": record(
        id=INTEGER,
        name=STRING,
        role=ROLE,
        sessions={**INTEGER, "description": "On how many devices it is signed in"},
    ),
    "Accounts": record(accounts=array(named("Account"))),
    "AccountWish": record("role", name=ACCOUNT_NAME, role=ROLE, password=PASSWORD),
    "AccountChange": record("name", "role", "password", name=ACCOUNT_NAME, role=ROLE, password=PASSWORD),
    "PasswordChange": record(name=ACCOUNT_NAME, old=STRING, new=PASSWORD),
    "Token": record(**TOKEN),
    "Tokens": record(tokens=array(named("Token"))),
    "TokenWish": record(
        name={**STRING, "minLength": 1, "maxLength": 64}, scopes={**array(SCOPE), "minItems": 1}
    ),
    "FreshToken": record(**TOKEN, token={**STRING, "description": "Shown this once"}),
}

PATHS: dict[str, Schema] = {
    "/api/v1/accounts": {
        "get": operation("Every account", "Accounts"),
        "post": operation("Keep an account", "Account", status=201, body="AccountWish"),
    },
    "/api/v1/accounts/{id}": {
        "get": operation("One account", "Account", 404, parameters=ONE),
        "patch": operation(
            "Change an account; a new password signs it out everywhere",
            "Account",
            404,
            body="AccountChange",
            parameters=ONE,
        ),
        "delete": operation("Drop an account", None, 404, 422, 507, status=204, parameters=ONE),
    },
    "/api/v1/accounts/{id}/sessions": {
        "delete": operation("Sign an account out everywhere", None, 404, 507, status=204, parameters=ONE)
    },
    "/api/v1/password": {
        "put": operation(
            "Change the password of an account, whose old one has to be known; it is signed out everywhere",
            None,
            status=204,
            body="PasswordChange",
        )
    },
    "/api/v1/tokens": {
        "get": operation("Every token, by name; none is shown", "Tokens"),
        "post": operation("Issue a token", "FreshToken", 409, status=201, body="TokenWish"),
    },
    "/api/v1/tokens/{id}": {
        "delete": operation(
            "Forget a token",
            None,
            404,
            507,
            status=204,
            parameters=NAMED,
        )
    },
    "/api/v1/authority.crt": {
        "get": streamed(
            "The authority of the certificate that the box has made itself", "application/x-x509-ca-cert", 404
        )
    },
}
