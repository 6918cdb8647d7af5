"""Accounts, programs and passwords."""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import lazy_gettext

from web.scopes import ADMIN, METRICS, OWNER, READ, VIEWER, WRITE

ROLES = {
    OWNER: lazy_gettext("change everything"),
    VIEWER: lazy_gettext("only look at everything"),
}

SCOPES = {
    READ: lazy_gettext("See calls, rules, lists and settings"),
    WRITE: lazy_gettext("Change them"),
    ADMIN: lazy_gettext("Manage accounts and programs"),
    METRICS: lazy_gettext("Read the metrics (Prometheus)"),
}

REFUSALS = {
    "account_name": lazy_gettext("A name has 1 to 40 characters."),
    "account_taken": lazy_gettext("Somebody else has that name."),
    "account_role": lazy_gettext("Please choose what the account may do."),
    "account_password": lazy_gettext("The password must have at least 8 characters."),
    "account_most": lazy_gettext("There are as many accounts as the box can keep. Remove one first."),
    "account_last_owner": lazy_gettext("Somebody has to be able to change things: there is no other owner."),
    "account_gone": lazy_gettext("There is no such account any more."),
    "token_name": lazy_gettext("A program needs a name of 1 to 64 characters."),
    "token_scopes": lazy_gettext("Please choose what the program may do."),
    "token_most": lazy_gettext("There are as many programs as the box can keep. Remove one first."),
    "password_wrong": lazy_gettext("That is not the password."),
    "password_short": lazy_gettext("The password must have at least 8 characters."),
}

SUCCESSES = {
    "account_kept": lazy_gettext("The account is kept."),
    "account_changed": lazy_gettext("The account is changed."),
    "account_removed": lazy_gettext("The account is removed, and signed out."),
    "password_changed": lazy_gettext("The password is changed. Other devices have to sign in again."),
    "token_removed": lazy_gettext("The program has no access any more."),
}


def token_words(granted: Collection[str]) -> str:
    """What a program may do."""
    return " · ".join(str(words) for scope, words in SCOPES.items() if scope in granted)
