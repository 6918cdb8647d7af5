"""The accounts: a set-up code that claims the appliance for its first owner, and names with passwords from then on."""

from __future__ import annotations

import contextlib
import secrets
import threading
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from firmware.files import created, put_in_place, sync
from firmware.store import Changed, Changes, JournalTable, Store
from web.scopes import GRANTED, OWNER, VIEWER
from web.sessions import Sessions
from web.throttle import Doors

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 200
LONGEST_NAME = 40
MOST = 20
TABLE = "accounts"
FIRST_NAME = "owner"
"""The name of an owner who has claimed the appliance without giving one."""

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""argon2id with 19 MiB and two passes: the least that OWASP's Password Storage Cheat Sheet advises, on a 512 MB box."""


def begun(data: Path) -> bool:
    """Whether there has been a page over this data."""
    return (data / "secret").exists()


def session_secret(data: Path) -> bytes:
    """The key that signs sessions, made at the first start. Raises OSError."""
    if not begun(data):
        write_privately(data / "secret", secrets.token_hex(32))
    return (data / "secret").read_bytes()


def setup_code(data: Path) -> str | None:
    """The code that claims the appliance; None when it has been used."""
    try:
        return (data / "setup-code").read_text("ascii")
    except FileNotFoundError:
        return None


def make_setup_code(data: Path) -> str:
    """A new code: sixty bits, in three groups without letters that look alike. Raises OSError."""
    code = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))
    write_privately(data / "setup-code", code)
    return code


def write_privately(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all. Raises OSError."""
    fresh = path.with_name(f".{path.name}.new")
    with created(fresh) as file:
        file.write(text.encode("ascii"))
        put_in_place(file, fresh, path)


@dataclass(frozen=True, slots=True)
class Account:
    """One who may sign in; `role` is a key of GRANTED, `password` a hash."""

    id: int
    name: str
    role: str
    password: str = field(repr=False)


class Accounts:
    """Who may sign in, kept in the store's TABLE. There is an owner from the claim on."""

    def __init__(self, db: Store, data: Path) -> None:
        self._db = db
        self._table = db.table(TABLE)
        self._data = data
        self._changing = threading.RLock()
        self._hashing = threading.Lock()
        self._kept = _all_in(self._table)
        self.sessions = Sessions(db)
        self.doors = Doors()
        if not self._kept and setup_code(data) is None:
            make_setup_code(data)

    @cached_property
    def _nobody(self) -> str:
        """The hash of a password that nobody has."""
        return hasher.hash(secrets.token_hex(16))

    @property
    def claimable(self) -> bool:
        """Whether a set-up code waits to be used."""
        return setup_code(self._data) is not None

    @property
    def claimed(self) -> bool:
        """Whether anybody can sign in."""
        return bool(self._kept)

    def all(self) -> list[Account]:
        return list(self._kept.values())

    def get(self, id: int | None) -> Account | None:
        return None if id is None else self._kept.get(id)

    def named(self, name: str) -> Account | None:
        """The account of that name, however it is written; of the only one the name need not be given."""
        if not name and len(self._kept) == 1:
            return next(iter(self.all()))
        wanted = _plain(name)
        return next((one for one in self.all() if _plain(one.name) == wanted), None)

    def signed_in(self, key: str) -> Account | None:
        """The account whose session has this key."""
        return self.get(self.sessions.account_of(key))

    def claim(self, code: str, password: str, name: str = "") -> Account | None:
        """The owner whom the set-up code makes, and is then used up; None when it is another code.

        An account of that name, or the first one where none is given, gets the password. Raises ValueError as `add`
        does, OSError.
        """
        with self._changing:
            right = setup_code(self._data)
            given = code.upper().replace("-", "").replace(" ", "")
            if right is None or not secrets.compare_digest(right.replace("-", "").encode(), given.encode()):
                return None
            found = self.named(name) if name else next(iter(self.all()), None)
            if found:
                owner = self._keep(replace(found, role=OWNER), password)
                self.sessions.end_all(owner.id)
            else:
                owner = self._keep(Account(0, name or FIRST_NAME, OWNER, ""), password)
            with contextlib.suppress(FileNotFoundError):
                (self._data / "setup-code").unlink()
                sync(self._data)
            return owner

    def add(self, name: str, role: str, password: str) -> Account:
        """Keep a new account.

        Raises ValueError with what is wrong: name, taken, role, password, most; OSError.
        """
        with self._changing:
            if len(self._kept) >= MOST:
                raise ValueError("most")
            return self._keep(Account(0, name, role, ""), password)

    def change(self, id: int, changes: Mapping[str, str]) -> Account | None:
        """Change an account's name, role or password, which ends its sessions; None when there is no such account.

        Raises ValueError as `add` does, and `last_owner`; OSError.
        """
        with self._changing:
            found = self.get(id)
            if found is None:
                return None
            if changes.get("role", OWNER) != OWNER:
                self._spare_the_last_owner(found)
            wished = replace(
                found, name=changes.get("name", found.name), role=changes.get("role", found.role)
            )
            changed = self._keep(wished, changes.get("password"))
            if "password" in changes:
                self.sessions.end_all(id)
            return changed

    def remove(self, id: int) -> bool:
        """Drop an account and end its sessions; False when there is none. Raises ValueError("last_owner"), OSError."""
        with self._changing:
            found = self.get(id)
            if found is None:
                return False
            self._spare_the_last_owner(found)
            self.sessions.end_all(id)  # first: an id that is free may be given anew
            self._table.write({id: None})
            self._kept = {kept: one for kept, one in self._kept.items() if kept != id}
            return True

    def put_back(self, changes: Changes) -> None:
        """Take changes of TABLE back: who was removed may sign in again, and has to.

        Raises Changed where the name has been given to somebody else, or the place; OSError.
        """
        with self._changing:
            back = [_account(id, doc) for id, (doc, _) in changes[TABLE].items() if doc]
            taken = {_plain(one.name) for one in self.all()}
            if len(self._kept) + len(back) > MOST or any(_plain(one.name) in taken for one in back):
                raise Changed
            self._db.put_back(changes)
            self._kept = _all_in(self._table)

    def verify(self, name: str, password: str) -> Account | None:
        """The account with this name and password. One at a time: each check takes 19 MiB. No name takes as long."""
        found = self.named(name)
        with self._hashing:
            try:
                hasher.verify(found.password if found else self._nobody, password)
            except (Argon2Error, InvalidHashError):
                return None
        return found

    def _spare_the_last_owner(self, account: Account) -> None:
        if not any(one.role == OWNER for one in self.all() if one.id != account.id):
            raise ValueError("last_owner")

    def _keep(self, account: Account, password: str | None) -> Account:
        """`account` as it is kept: its name plain, with a new password where one is given, on disk."""
        name = unicodedata.normalize("NFC", account.name).strip()
        if not name.isprintable() or not 0 < len(name) <= LONGEST_NAME:
            raise ValueError("name")
        if any(_plain(one.name) == _plain(name) for one in self.all() if one.id != account.id):
            raise ValueError("taken")
        if account.role not in GRANTED:
            raise ValueError("role")
        account = replace(account, name=name, password=self._hashed(password) or account.password)
        doc = {"name": name, "role": account.role, "password": account.password}
        if account.id:
            self._table.write({account.id: doc})
        else:
            account = replace(account, id=self._table.write({}, [doc])[0])
        self._kept = {**self._kept, account.id: account}
        return account

    def _hashed(self, password: str | None) -> str | None:
        if password is None:
            return None
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise ValueError("password")
        with self._hashing:
            return hasher.hash(password)


def _all_in(table: JournalTable) -> dict[int, Account]:
    return {id: _account(id, doc) for id, doc in sorted(table.raw())}


def _account(id: int, doc: Mapping[str, Any]) -> Account:
    """An account as it was kept; one of before there were names is the first owner's."""
    role = str(doc.get("role", OWNER))
    return Account(
        id,
        str(doc.get("name", FIRST_NAME)),
        role if role in GRANTED else VIEWER,
        str(doc.get("password", "")),
    )


def _plain(name: str) -> str:
    """A name as it is compared."""
    return unicodedata.normalize("NFKC", name).strip().casefold()
