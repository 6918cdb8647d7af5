"""The accounts at SIP registrars, kept in the store with their passwords, which are never told."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from firmware.household.kept import Doc, Kept
from firmware.lines.sip.account import FIELDS, Account, account_from
from firmware.store import Change, Changed, back

MOST_ACCOUNTS = 8
OTHER_LINES = frozenset({"modem", "proxy"})
WHERE_THE_PASSWORD_GOES = ("server", "proxy", "transport", "user", "login")
GIVEN = "given"
"""A field that changes with the password and with where it goes, so that neither is taken back without the other."""


class KeptAccounts(Kept):
    def accounts(self) -> dict[int, Account]:
        """Every account that makes sense to this version, by id."""
        return accounts_from(self._table("sip").raw())

    def add_account(self, wish: Mapping[str, Any]) -> int:
        """Keep a new account; gives its id. Raises ValueError as `account_from`, `most` or `taken`; OSError."""
        with self._changing:
            account = account_from(wish)
            present = self.accounts()
            if len(present) >= MOST_ACCOUNTS:
                raise ValueError("most")
            if self._is_taken(account, present):
                raise ValueError("taken")
            id = int(self._keep("sip", None, _document(account))["id"])
        self._on_change("sip", id)
        return id

    def change_account(self, id: int, changes: Mapping[str, Any]) -> bool:
        """Keep what is changed; False where there is no such account. Raises as `add_account`.

        A password stays as it is where none is given, unless it would go somewhere else than it was meant for: then
        ValueError `password`.
        """
        with self._changing:
            present = self.accounts()
            before = present.pop(id, None)
            if before is None:
                return False
            account = account_from(changes, before)
            if before.password and "password" not in changes and not _goes_the_same_way(account, before):
                raise ValueError("password")
            if self._is_taken(account, present):
                raise ValueError("taken")
            self._keep("sip", id, _document(account, before, (self._found("sip", id) or {}).get(GIVEN)))
        self._on_change("sip", id)
        return True

    def remove_account(self, id: int) -> bool:
        """Drop an account. Raises OSError."""
        with self._changing:
            gone = self._remove("sip", id) is not None
        if gone:
            self._on_change("sip", id)
        return gone

    def account_of(self, id: int, doc: Mapping[str, Any]) -> Doc:
        """An account of a backup, which has no passwords: it keeps that of the present one where that is the same.

        Raises ValueError.
        """
        account = account_from({name: value for name, value in doc.items() if name in FIELDS})
        before = self.accounts().get(id)
        same = before and _goes_the_same_way(account, before)
        return account.document() | {"password": before.password if before and same else ""}

    def _refuse_lines(self, changes: Mapping[int, Change]) -> None:
        """Raises Changed where an account that is put back would find no room, or its name taken."""
        present = self.accounts()
        for id, change in changes.items():
            present.pop(id, None)
            account = _read(back(self._found("sip", id), *change) or {})
            if account and (len(present) >= MOST_ACCOUNTS or self._is_taken(account, present)):
                raise Changed

    @staticmethod
    def _is_taken(account: Account, others: Mapping[int, Account]) -> bool:
        """Whether another line has its name."""
        return account.name in OTHER_LINES or any(other.name == account.name for other in others.values())


def _goes_the_same_way(one: Account, other: Account) -> bool:
    """Whether the password of one may be given to the other."""
    return all(getattr(one, name) == getattr(other, name) for name in WHERE_THE_PASSWORD_GOES)


def _document(account: Account, before: Account | None = None, given: str | None = None) -> Doc:
    """As an account is kept; `given`: what it had in GIVEN `before`."""
    same = before and before.password == account.password and _goes_the_same_way(account, before)
    return account.document() | {GIVEN: given if same else secrets.token_hex(4)}


def accounts_from(documents: Iterable[tuple[int, Mapping[str, Any]]]) -> dict[int, Account]:
    """The accounts that make sense to this version, by id."""
    return {id: account for id, doc in documents if (account := _read(doc))}


def _read(doc: Mapping[str, Any]) -> Account | None:
    try:
        return account_from({name: value for name, value in doc.items() if name in FIELDS})
    except ValueError:
        return None
