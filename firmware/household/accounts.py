"""The accounts at SIP registrars, kept in the store with their passwords, which are never told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from firmware.household.kept import Doc, Kept
from firmware.lines.sip.account import FIELDS, Account, account_from

MOST_ACCOUNTS = 8
OTHER_LINES = frozenset({"modem", "proxy"})
WHERE_THE_PASSWORD_GOES = ("server", "proxy", "transport", "user", "login")


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
            self._refuse_taken(account, present)
            id = int(self._keep("sip", None, account.document())["id"])
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
            moved = any(getattr(account, name) != getattr(before, name) for name in WHERE_THE_PASSWORD_GOES)
            if moved and before.password and "password" not in changes:
                raise ValueError("password")
            self._refuse_taken(account, present)
            self._keep("sip", id, account.document())
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
        same = before and all(
            getattr(before, name) == getattr(account, name) for name in WHERE_THE_PASSWORD_GOES
        )
        return account.document() | {"password": before.password if before and same else ""}

    @staticmethod
    def _refuse_taken(account: Account, others: Mapping[int, Account]) -> None:
        if account.name in OTHER_LINES or any(other.name == account.name for other in others.values()):
            raise ValueError("taken")


def accounts_from(documents: Iterable[tuple[int, Mapping[str, Any]]]) -> dict[int, Account]:
    """The accounts that make sense to this version, by id."""
    return {id: account for id, doc in documents if (account := _read(doc))}


def _read(doc: Mapping[str, Any]) -> Account | None:
    try:
        return account_from({name: value for name, value in doc.items() if name in FIELDS})
    except ValueError:
        return None
