"""Who may come in: one's own password and sessions; for an owner, every account and every token."""

from __future__ import annotations

from flask import make_response, render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from web import certificates
from web.guard import needs
from web.pages.answering import blueprint, done
from web.scopes import ADMIN, VIEWER
from web.steps import kept_as
from web.tokens import issue
from web.within import accounts as kept
from web.within import appliance, tokens


@blueprint.get("/settings/accounts")
def accounts() -> AnyResponse:
    """Who may come in."""
    return _page()


@blueprint.post("/settings/accounts")
@needs(ADMIN)
def add_account() -> AnyResponse:
    """Let somebody else in."""
    form = request.form
    try:
        kept().add(form.get("name", ""), form.get("role", VIEWER), form.get("password", ""))
    except ValueError as error:
        return done("accounts", f"account_{error}")
    return done("accounts", "account_kept")


@blueprint.post("/settings/accounts/<int:id>")
@needs(ADMIN)
def change_account(id: int) -> AnyResponse:
    """Change somebody's role or, where one is given, their password."""
    changes = {name: request.form[name] for name in ("role", "password") if request.form.get(name)}
    try:
        changed = kept().change(id, changes)
    except ValueError as error:
        return done("accounts", f"account_{error}")
    return done("accounts", "account_changed" if changed else "account_gone")


@blueprint.post("/settings/accounts/<int:id>/remove")
@needs(ADMIN)
def remove_account(id: int) -> AnyResponse:
    """Let somebody in no more."""
    try:
        with kept_as("account_removed") as step:
            removed = kept().remove(id)
    except ValueError as error:
        return done("accounts", f"account_{error}")
    return done("accounts", "account_removed" if removed else "account_gone", step)


@blueprint.post("/settings/tokens")
@needs(ADMIN)
def add_token() -> AnyResponse:
    """Let a program in; its token is shown this once."""
    try:
        token = issue(appliance().data, request.form.get("name", ""), request.form.getlist("scope"))
    except ValueError as error:
        return done("accounts", f"token_{error}")
    return _page(token)


@blueprint.post("/settings/tokens/<id>/remove")
@needs(ADMIN)
def remove_token(id: str) -> AnyResponse:
    """Shut a program out."""
    tokens().remove(id)
    return done("accounts", "token_removed")


def _page(fresh: str | None = None) -> AnyResponse:
    me = current_user.account
    return make_response(
        render_template(
            "accounts.html",
            me=me,
            sessions=kept().sessions.count(me.id),
            accounts=kept().all(),
            tokens=tokens().issued(),
            fresh=fresh,
            local=appliance().wiring.page_certificate == certificates.LOCAL,
        )
    )
