"""Bearer tokens for the API (RFC 6750), each a file named by its hash, so that any process can add one."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from firmware.files import sync
from web.account import write_privately
from web.scopes import SCOPES, USUAL

PREFIX = "rf_"
LONGEST_NAME = 64
MOST = 50
LONGEST_FILE = 4096


@dataclass(frozen=True, slots=True)
class Token:
    """A token that was issued; its id is its hash (SHA-256, hexadecimal)."""

    id: str
    name: str
    scopes: frozenset[str]
    created: str | None = None


def issue(data: Path, name: str, scopes: Collection[str] = USUAL) -> str:
    """A new token for `name`, on disk when it returns; it is kept as a hash and cannot be shown again.

    Raises ValueError with what is wrong: name (empty, too long, not printable), scopes (none, or unknown), most;
    OSError when the disk refuses.
    """
    if not name.isprintable() or not 0 < len(name.strip()) <= LONGEST_NAME:
        raise ValueError("name")
    if not scopes or not set(scopes) <= set(SCOPES):
        raise ValueError("scopes")
    if len(Tokens(data).issued()) >= MOST:
        raise ValueError("most")
    token = PREFIX + secrets.token_urlsafe(32)
    folder = data / "tokens"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    created = datetime.now(UTC).isoformat(timespec="seconds")
    kept = {"name": name.strip(), "scopes": sorted(set(scopes)), "created": created}
    write_privately(folder / _digest(token), json.dumps(kept))
    return token


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


class Tokens:
    """Says what a token is for. A token issued later is known at once, a file deleted is forgotten at once."""

    def __init__(self, data: Path) -> None:
        self._folder = data / "tokens"

    def issued(self) -> list[Token]:
        """Every token, by name."""
        return sorted(filter(None, map(_read, self._files())), key=lambda token: token.name)

    def remove(self, id: str) -> bool:
        """Forget the token with this id; False when there is none. Raises OSError."""
        found = next((file for file in self._files() if file.name == id), None)
        if found:
            found.unlink(missing_ok=True)
            sync(self._folder)
        return found is not None

    def known(self, token: str) -> Token | None:
        """What was issued as `token`. How long it takes tells nothing of how much of it was right."""
        digest = _digest(token)
        found = [file for file in self._files() if secrets.compare_digest(file.name, digest)]
        return _read(found[0]) if found else None

    def _files(self) -> Iterator[Path]:
        return self._folder.glob("[0-9a-f]*")


def _read(file: Path) -> Token | None:
    """A token's file, unless it is gone; one of before there were scopes holds its name alone."""
    try:
        text = file.read_bytes()[:LONGEST_FILE].decode("ascii", "replace")
    except FileNotFoundError:
        return None
    try:
        kept = json.loads(text)
        scopes = frozenset(kept["scopes"]) & frozenset(SCOPES)
        return Token(file.name, str(kept["name"]), scopes, kept.get("created"))
    except (ValueError, TypeError, LookupError, AttributeError):
        return Token(file.name, text.encode().decode("unicode_escape", "replace"), frozenset(USUAL))
