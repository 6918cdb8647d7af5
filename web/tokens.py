"""Bearer tokens for the API (RFC 6750), each a file named by its hash, so that any process can add one."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from web.account import sync, write_privately

PREFIX = "rf_"
LONGEST_NAME = 64


def issue(data: Path, name: str) -> str:
    """A new token for `name`, on disk when it returns; it is kept as a hash and cannot be shown again.

    Raises ValueError for a name that is empty, too long or not printable, OSError when the disk refuses.
    """
    if not name.isprintable() or not 0 < len(name.strip()) <= LONGEST_NAME:
        raise ValueError(f"a name of 1 to {LONGEST_NAME} printable characters is wanted")
    token = PREFIX + secrets.token_urlsafe(32)
    folder = data / "tokens"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_privately(folder / _digest(token), name.strip().encode("unicode_escape").decode("ascii"))
    return token


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class Tokens:
    """Says whether a token is known. A token issued later is known at once, a file deleted is forgotten at once."""

    def __init__(self, data: Path) -> None:
        self._folder = data / "tokens"

    def issued(self) -> list[tuple[str, str]]:
        """The id and the name of each token, by name."""
        files = self._folder.glob("[0-9a-f]*") if self._folder.is_dir() else ()
        names = ((file.name, file.read_bytes().decode("unicode_escape")) for file in files)
        return sorted(names, key=lambda token: token[1])

    def remove(self, id: str) -> bool:
        """Forget the token with this id; False when there is none. Raises OSError."""
        found = next((file for file in self._folder.glob("[0-9a-f]*") if file.name == id), None)
        if found:
            found.unlink(missing_ok=True)
            sync(self._folder)
        return found is not None

    def known(self, token: str) -> bool:
        return token.startswith(PREFIX) and os.access(self._folder / _digest(token), os.F_OK)
