"""What somebody may be let in for, and which of it each kind of account and token is granted."""

from __future__ import annotations

from typing import Final

READ: Final = "read"
WRITE: Final = "write"
ADMIN: Final = "admin"
METRICS: Final = "metrics"

OWNER: Final = "owner"
VIEWER: Final = "viewer"

SCOPES = (READ, WRITE, ADMIN, METRICS)
"""To look, to change, to manage accounts and tokens, to read /metrics."""

USUAL = (READ, WRITE)
"""What a token is for, where that is not said."""

GRANTED = {OWNER: frozenset(SCOPES), VIEWER: frozenset({READ})}
"""What an account may do, by its role."""
