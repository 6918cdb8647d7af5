"""The owner: a set-up code that claims the appliance, and a password from then on."""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
import time
from collections import OrderedDict
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from tinydb import TinyDB
from tinydb.table import Document

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 200
_OWNER = 1
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
    fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(fd, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(fd)
    fresh.replace(path)
    sync(path.parent)


def sync(folder: Path) -> None:
    """Have the disk keep which files there are. Raises OSError."""
    fd = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


class Account:
    """The one account, kept in the store's table `accounts`."""

    def __init__(self, db: TinyDB, data: Path) -> None:
        self._table = db.table("accounts")
        self._data = data
        self._hashing = threading.Lock()
        self.throttle = Throttle()
        found = self._table.get(doc_id=_OWNER)
        self._kept: dict[str, str] | None = dict(found) if isinstance(found, Document) else None
        if self._kept is None and setup_code(data) is None:
            make_setup_code(data)

    @property
    def claimable(self) -> bool:
        """Whether a set-up code waits to be used."""
        return setup_code(self._data) is not None

    @property
    def epoch(self) -> str | None:
        """Names the password's time: sessions of an earlier one are over. None before the claim."""
        return self._kept["epoch"] if self._kept else None

    def claim(self, code: str, password: str) -> bool:
        """Set the password, if `code` is the set-up code, which is then used up. Raises OSError."""
        right = setup_code(self._data)
        given = code.upper().replace("-", "").replace(" ", "")
        if right is None or not secrets.compare_digest(right.replace("-", "").encode(), given.encode()):
            return False
        self.set_password(password)
        with contextlib.suppress(FileNotFoundError):
            (self._data / "setup-code").unlink()
        return True

    def set_password(self, password: str) -> None:
        """Change the password and end every session. Raises OSError."""
        with self._hashing:
            kept = {"password": hasher.hash(password), "epoch": secrets.token_hex(8)}
        self._table.upsert(Document(kept, doc_id=_OWNER))
        self._kept = kept

    def verify(self, password: str) -> bool:
        """Whether this is the password. One at a time, since each check takes 19 MiB."""
        with self._hashing:
            try:
                return self._kept is not None and hasher.verify(self._kept["password"], password)
            except (Argon2Error, InvalidHashError):
                return False


class Throttle:
    """Slows down whoever guesses: after five failures an address waits, twice as long each time, up to an hour."""

    FREE = 5
    LONGEST = 3600.0
    REMEMBERED = 1024

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def wait(self, address: str) -> float:
        """Seconds until `address` may try again."""
        with self._lock:
            _, until = self._failures.get(address, (0, 0.0))
        return max(0.0, until - time.monotonic())

    def failed(self, address: str) -> None:
        with self._lock:
            count = self._failures.pop(address, (0, 0.0))[0] + 1
            pause = 0.0 if count < self.FREE else min(2.0 ** (count - self.FREE), self.LONGEST)
            self._failures[address] = count, time.monotonic() + pause
            while len(self._failures) > self.REMEMBERED:
                self._failures.popitem(last=False)

    def succeeded(self, address: str) -> None:
        with self._lock:
            self._failures.pop(address, None)
